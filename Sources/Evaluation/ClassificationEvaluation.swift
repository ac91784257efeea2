import Domain

/// Makes the report of a classification's predictions file.
func evaluateClassification(
    _ table: PredictionTable, declaration: EvaluationDeclaration, rules: [PromotionRule]
) throws(EvaluationError) -> Evaluated {
    let all = try ClassificationRows(table, declaration: declaration)
    let wanted = WantedBounds(rules)
    let bootstrap = all.bootstrap(declaration, classes: !wanted.classes.isEmpty)
    let slices = try measureSlices(
        table, declaration: declaration, wanted: wanted,
        metrics: { all.subset($0).metrics() },
        bootstrap: { all.subset($0).bootstrap(declaration, classes: false) })
    let counts = all.cells.counts
    let classes = all.labels.names.enumerated().map { label, name in
        ClassReport(
            label: name, support: counts.truths[label], precision: counts.precision(label),
            recall: counts.recall(label), f1: counts.f1(label))
    }
    let report = Report(
        task: .classification, rows: table.rows,
        metrics: withIntervals(all.metrics(), bootstrap), classes: classes,
        confusion: all.cells.matrix(names: all.labels.names), slices: slices.reports,
        resamples: declaration.resamples, seed: declaration.seed)
    let bounds =
        wanted.overallBounds(bootstrap)
        + wanted.classBounds(bootstrap, labels: all.labels.names) + slices.bounds
    return Evaluated(report: report, bounds: bounds)
}

/// The rows of a classification as label numbers and scores.
struct ClassificationRows {
    let labels: Labels
    private let truths: [Int]
    private let predictions: [Int]
    private let scores: [(label: Int, scores: [Double])]
    /// Whether log loss and ROC AUC are part of the report.
    private let hasScores: Bool
    /// One score column, of the positive class.
    private let isSingleScore: Bool
    /// The label whose curve stands for both of two classes.
    private let positive: Int?

    init(_ table: PredictionTable, declaration: EvaluationDeclaration) throws(EvaluationError) {
        let texts = Set(table.truths).union(table.predictions)
        try refuseNumbersWithHoles(texts, table, declaration)
        let labels = Labels(texts)
        guard labels.names.count <= Labels.max else {
            throw .tooManyLabels(labels.names.count, max: Labels.max, Place(file: table.file))
        }
        self.labels = labels
        truths = table.truths.map { labels.number(of: $0) ?? 0 }
        predictions = table.predictions.map { labels.number(of: $0) ?? 0 }
        hasScores = !table.scoreLabels.isEmpty
        isSingleScore = table.scoreLabels == [""]
        let header = Place(file: table.file, line: 1)
        positive = try Self.positive(declaration, labels, header)
        if isSingleScore {
            guard labels.names.count <= 2 else {
                throw .scoreNeedsTwoClasses(labels: labels.names.count, header)
            }
            scores = [(positive ?? 0, table.scores[0])]
        } else {
            scores = zip(table.scoreLabels, table.scores).map { label, values in
                (labels.number(of: label) ?? -1, values)
            }
            let missing = labels.names.indices.filter { label in
                hasScores && !scores.contains { $0.label == label }
            }
            guard missing.isEmpty else {
                throw .missingScores(
                    prefix: declaration.score ?? "", missing: missing.map { labels.names[$0] },
                    header)
            }
        }
    }

    private init(_ all: ClassificationRows, rows: [Int]) {
        labels = all.labels
        truths = rows.map { all.truths[$0] }
        predictions = rows.map { all.predictions[$0] }
        scores = all.scores.map { one in (one.label, rows.map { one.scores[$0] }) }
        hasScores = all.hasScores
        isSingleScore = all.isSingleScore
        positive = all.positive
    }

    func subset(_ rows: [Int]) -> ClassificationRows { ClassificationRows(self, rows: rows) }

    var cells: ConfusionCells {
        ConfusionCells(truths: truths, predictions: predictions, labels: labels.names.count)
    }

    /// All metrics without intervals, the plain names of the macro averages third to fifth.
    func metrics() -> [Metric] {
        let found = zip(ClassCounts.names, cells.counts.values()).map(metric)
        let plain = found[2...4].map { Metric(name: plainName($0.name), value: $0.value) }
        let scored =
            hasScores
            ? zip(ScoreMetrics.names, scoreMetrics?.values() ?? [.nan, .nan]).map(metric) : []
        return found[0...1] + plain + scored + found[2...]
    }

    func bootstrap(_ declaration: EvaluationDeclaration, classes: Bool) -> Bootstrap {
        guard declaration.resamples > 0 else { return Bootstrap(resamples: 0) }
        var bootstrap = cells.bootstrap(
            resamples: declaration.resamples, seed: declaration.seed, classes: classes)
        if let scoreMetrics {
            bootstrap.merge(
                scoreMetrics.bootstrap(resamples: declaration.resamples, seed: declaration.seed))
        }
        return bootstrap
    }

    /// nil without scores, and for a single score column when only one class occurs.
    private var scoreMetrics: ScoreMetrics? {
        guard hasScores, labels.names.count > 1 || !isSingleScore else { return nil }
        guard labels.names.count == 2, scores.count == 2, let positive else {
            return ScoreMetrics(truths: truths, classes: scores, binary: isSingleScore)
        }
        return ScoreMetrics(
            truths: truths, classes: scores, binary: false, curves: [positive])
    }

    private static func positive(
        _ declaration: EvaluationDeclaration, _ labels: Labels, _ header: Place
    ) throws(EvaluationError) -> Int? {
        guard labels.names.count == 2 else { return nil }
        guard let name = declaration.positive else { return 1 }
        guard let number = labels.number(of: name) else {
            throw .unknownPositive(name, labels: labels.names, header)
        }
        return number
    }

    private func metric(_ name: String, _ value: Double) -> Metric {
        Metric(name: name, value: value.isNaN ? nil : value)
    }
}

/// Throws for a NaN or infinity among labels that are numbers otherwise.
///
/// Because a data frame writes a missing number as `nan`, which would silently be one more class.
private func refuseNumbersWithHoles(
    _ texts: Set<String>, _ table: PredictionTable, _ declaration: EvaluationDeclaration
) throws(EvaluationError) {
    let holes = texts.filter { finiteNumber($0) == nil && isNonFinite($0) }
    guard !holes.isEmpty,
        texts.allSatisfy({ finiteNumber($0) != nil || holes.contains($0) })
    else { return }
    for row in 0..<table.rows {
        if holes.contains(table.truths[row]) {
            throw .notFinite(
                column: declaration.label, cell: table.truths[row],
                table.place(row: row, truth: true))
        }
        if holes.contains(table.predictions[row]) {
            throw .notFinite(
                column: declaration.prediction, cell: table.predictions[row],
                table.place(row: row, truth: false))
        }
    }
}

private func isNonFinite(_ text: String) -> Bool {
    let word = text.lowercased()
    return ["nan", "inf", "+inf", "-inf", "infinity", "-infinity"].contains(word)
}

/// `recall` of `recall_macro`.
func plainName(_ name: String) -> String { String(name.dropLast("_macro".count)) }
