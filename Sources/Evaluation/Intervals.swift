import Domain

/// The bounds that the promotion rules need and a report has no room for.
struct WantedBounds {
    struct Wish: Hashable {
        var metric: String
        var confidence: Double
    }

    private(set) var overall: [Wish] = []
    private(set) var classes: [Wish] = []
    private(set) var slices: [Wish] = []

    init(_ rules: [PromotionRule]) {
        for rule in rules {
            guard let confidence = rule.confidence else { continue }
            let wish = Wish(metric: rule.metric, confidence: confidence)
            switch rule.bound {
            case .atLeast, .atMost, .notBelowBaselineBy, .notAboveBaselineBy:
                if !overall.contains(wish) { overall.append(wish) }
            case .eachClassAtLeast, .eachClassAtMost:
                if !classes.contains(wish) { classes.append(wish) }
            case .eachSliceAtLeast, .eachSliceAtMost:
                if !slices.contains(wish) { slices.append(wish) }
            }
        }
    }

    func overallBounds(_ bootstrap: Bootstrap) -> [IntervalBound] {
        overall.compactMap { bound($0, .overall, bootstrap, key: bootstrapName($0.metric)) }
    }

    func classBounds(_ bootstrap: Bootstrap, labels: [String]) -> [IntervalBound] {
        classes.flatMap { wish in
            labels.enumerated().compactMap { label, name in
                let key = ConfusionCells.classMetric(wish.metric, label: label)
                return bound(wish, .label(name), bootstrap, key: key)
            }
        }
    }

    func sliceBounds(_ bootstrap: Bootstrap, column: String, value: String) -> [IntervalBound] {
        slices.compactMap {
            bound(
                $0, .slice(column: column, value: value), bootstrap,
                key: bootstrapName($0.metric))
        }
    }

    private func bound(
        _ wish: Wish, _ scope: Scope, _ bootstrap: Bootstrap, key: String
    ) -> IntervalBound? {
        bootstrap.interval(key, confidence: wish.confidence).map {
            IntervalBound(
                metric: wish.metric, scope: scope, confidence: wish.confidence, low: $0.low,
                high: $0.high)
        }
    }
}

/// Fills in the 95 % intervals.
func withIntervals(_ metrics: [Metric], _ bootstrap: Bootstrap) -> [Metric] {
    metrics.map { metric in
        guard metric.value != nil,
            let interval = bootstrap.interval(bootstrapName(metric.name), confidence: 0.95)
        else { return metric }
        return Metric(
            name: metric.name, value: metric.value, low: interval.low, high: interval.high)
    }
}

/// The name under which a bootstrap keeps a metric: plain names are macro averages.
private func bootstrapName(_ metric: String) -> String {
    classMetrics.contains(metric) ? "\(metric)_macro" : metric
}

/// Measures the rows of every value of every slice column.
///
/// Values are in label order; a slice has no intervals in the report.
func measureSlices(
    _ table: PredictionTable, declaration: EvaluationDeclaration, wanted: WantedBounds,
    metrics: ([Int]) -> [Metric], bootstrap: ([Int]) -> Bootstrap
) throws(EvaluationError) -> (reports: [SliceReport], bounds: [IntervalBound]) {
    var reports: [SliceReport] = []
    var bounds: [IntervalBound] = []
    for (column, cells) in zip(declaration.slices, table.slices) {
        var rowsByText: [String: [Int]] = [:]
        for (row, text) in cells.enumerated() { rowsByText[text, default: []].append(row) }
        guard rowsByText.count <= slicesMax else {
            throw .tooManySlices(column: column, max: slicesMax, Place(file: table.file, line: 1))
        }
        for value in sliceOrder(rowsByText.keys) {
            let rows = rowsByText[value] ?? []
            reports.append(
                SliceReport(
                    column: column, value: value, rows: rows.count, metrics: metrics(rows)))
            if !wanted.slices.isEmpty {
                bounds += wanted.sliceBounds(bootstrap(rows), column: column, value: value)
            }
        }
    }
    return (reports, bounds)
}

private let slicesMax = 200

/// By value when all are numbers, else by code points.
private func sliceOrder(_ texts: some Collection<String>) -> [String] {
    let numbers = texts.compactMap { text in finiteNumber(text).map { (value: $0, text: text) } }
    guard numbers.count == texts.count else {
        return texts.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }
    return numbers.sorted { ($0.value, $0.text) < ($1.value, $1.text) }.map(\.text)
}
