/// What evaluation found about one candidate.
package struct Report: Hashable, Codable, Sendable {
    package var task: EvaluationDeclaration.Task
    /// Number of test rows measured; 0 when the step wrote the metrics itself.
    package var rows: Int
    /// Over all rows, in the order in which they are shown.
    package var metrics: [Metric]
    /// Classification only, in label order.
    package var classes: [ClassReport]
    /// Classification only; nil otherwise.
    package var confusion: ConfusionMatrix?
    package var slices: [SliceReport]
    /// Resamples and seed behind the intervals.
    package var resamples: Int
    package var seed: UInt64
    /// nil: the rows are of a dataset of their own.
    package var folds: FoldReport?

    package init(
        task: EvaluationDeclaration.Task, rows: Int, metrics: [Metric],
        classes: [ClassReport] = [], confusion: ConfusionMatrix? = nil,
        slices: [SliceReport] = [], resamples: Int = 0, seed: UInt64 = 0
    ) {
        self.task = task
        self.rows = rows
        self.metrics = metrics
        self.classes = classes
        self.confusion = confusion
        self.slices = slices
        self.resamples = resamples
        self.seed = seed
    }

    /// The metric over all rows that has this name.
    package func metric(_ name: String) -> Metric? { metrics.first { $0.name == name } }
}

/// One number with its 95 % interval.
package struct Metric: Hashable, Codable, Sendable {
    package var name: String
    /// nil: undefined on these rows, for example ROC AUC with one class only.
    package var value: Double?
    /// Bounds of the 95 % percentile bootstrap interval; nil when it was not computed.
    package var low: Double?
    package var high: Double?

    package init(name: String, value: Double?, low: Double? = nil, high: Double? = nil) {
        self.name = name
        self.value = value
        self.low = low
        self.high = high
    }
}

/// The metrics of one class.
package struct ClassReport: Hashable, Codable, Sendable {
    package var label: String
    /// Rows whose truth is this class.
    package var support: Int
    package var precision: Double
    package var recall: Double
    package var f1: Double

    package init(label: String, support: Int, precision: Double, recall: Double, f1: Double) {
        self.label = label
        self.support = support
        self.precision = precision
        self.recall = recall
        self.f1 = f1
    }
}

/// Counts by truth (row) and prediction (column).
package struct ConfusionMatrix: Hashable, Codable, Sendable {
    package var labels: [String]
    /// `counts[truth][prediction]`
    package var counts: [[Int]]

    package init(labels: [String], counts: [[Int]]) {
        self.labels = labels
        self.counts = counts
    }
}

/// The metrics of the rows in which `column` has `value`.
package struct SliceReport: Hashable, Codable, Sendable {
    package var column: String
    package var value: String
    package var rows: Int
    package var metrics: [Metric]

    package init(column: String, value: String, rows: Int, metrics: [Metric]) {
        self.column = column
        self.value = value
        self.rows = rows
        self.metrics = metrics
    }
}
