package import Domain
import FoundationEssentials

/// A report and the interval bounds that the promotion rules asked for beside it.
package struct Evaluated: Hashable, Codable, Sendable {
    package var report: Report
    /// Bounds at other levels than 95 %, and of single classes and slices.
    package var bounds: [IntervalBound]

    package init(report: Report, bounds: [IntervalBound] = []) {
        self.report = report
        self.bounds = bounds
    }
}

/// What a bound is about: all rows, one class, or one slice.
package enum Scope: Hashable, Codable, Sendable {
    case overall
    case label(String)
    case slice(column: String, value: String)
}

/// The two-sided bootstrap interval of one metric at one confidence level.
package struct IntervalBound: Hashable, Codable, Sendable {
    package var metric: String
    package var scope: Scope
    /// Between 0 and 1.
    package var confidence: Double
    package var low: Double
    package var high: Double

    package init(
        metric: String, scope: Scope, confidence: Double, low: Double, high: Double
    ) {
        self.metric = metric
        self.scope = scope
        self.confidence = confidence
        self.low = low
        self.high = high
    }
}

/// Measures a predictions file.
///
/// `rules` only says which bounds beside the 95 % of the overall metrics are worth computing; it
/// never changes the report. The same bytes, declaration and rules give the same result on every
/// machine. Errors name `fileName`, line and column.
package func evaluate(
    _ declaration: EvaluationDeclaration, predictions bytes: [UInt8], fileName: String,
    rules: [PromotionRule] = []
) throws(EvaluationError) -> Evaluated {
    let table = try PredictionTable(bytes, declaration: declaration, file: fileName)
    switch declaration.task {
    case .classification:
        return try evaluateClassification(table, declaration: declaration, rules: rules)
    case .regression:
        return try evaluateRegression(table, declaration: declaration, rules: rules)
    }
}

/// Makes the report of metrics that the step wrote itself: a JSON object of name to number.
///
/// Such a report has no rows, intervals, classes or slices; `null` is an undefined metric. The
/// metrics are sorted by name.
package func report(
    fromMetrics bytes: [UInt8], declaration: EvaluationDeclaration, fileName: String
) throws(EvaluationError) -> Report {
    let decoded: [String: JSONValue]
    do {
        decoded = try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
    } catch {
        throw .notMetrics(file: fileName)
    }
    guard !decoded.isEmpty else { throw .noMetrics(file: fileName) }
    var metrics: [Metric] = []
    for (name, value) in decoded.sorted(by: { $0.key < $1.key }) {
        switch value {
        case .integer(let number): metrics.append(Metric(name: name, value: Double(number)))
        case .number(let number) where number.isFinite:
            metrics.append(Metric(name: name, value: number))
        case .null: metrics.append(Metric(name: name, value: nil))
        case .number, .bool, .string, .array, .object:
            throw .notANumber(metric: name, file: fileName)
        }
    }
    return Report(task: declaration.task, rows: 0, metrics: metrics)
}
