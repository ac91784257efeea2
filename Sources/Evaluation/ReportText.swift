package import Domain

/// Renders a report, and the verdict on it, for a terminal: plain text, at most 100 columns.
package func render(_ report: Report, verdict: Verdict? = nil) -> String {
    var sections = [headline(report), metricTable(report)]
    if let folds = report.folds { sections.append(foldTable(folds)) }
    if !report.classes.isEmpty { sections.append(classTable(report.classes)) }
    if let confusion = report.confusion { sections.append(confusionTable(confusion)) }
    if !report.slices.isEmpty { sections.append(sliceTable(report)) }
    if let verdict { sections.append(render(verdict)) }
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
}

/// Renders a verdict: each rule with value, limit, margin and 95 % interval.
package func render(_ verdict: Verdict) -> String {
    var table = TextTable(
        ["rule", "outcome", "value", "limit", "margin", "95 % interval", "about"],
        left: [0, 1, 6])
    for rule in verdict.rules {
        table.add([
            rule.rule, words(rule.outcome), shortNumber(rule.value), shortNumber(rule.limit),
            signed(rule.margin), interval(rule.low, rule.high), rule.about ?? "",
        ])
    }
    let title = "gate: \(words(verdict.outcome))"
    return verdict.rules.isEmpty ? "\(title), no rules" : "\(title)\n\(table.text)"
}

private func headline(_ report: Report) -> String {
    let key = report.task == .classification ? "accuracy" : "rmse"
    let rows = report.rows == 0 ? "metrics of the step" : "\(report.rows) rows"
    guard let metric = report.metric(key), metric.value != nil else {
        return "\(report.task.rawValue), \(rows)"
    }
    var line = "\(key) \(shortNumber(metric.value))"
    if metric.low != nil { line += "  95 % interval \(interval(metric.low, metric.high))" }
    return "\(line)  on \(rows)"
}

/// The plain names stand for the macro averages, which are therefore not shown twice.
private func metricTable(_ report: Report) -> String {
    var table = TextTable(["metric", "value", "95 % interval"], left: [0])
    for metric in report.metrics where !(metric.name.hasSuffix("_macro") && report.rows > 0) {
        table.add([
            metric.name, shortNumber(metric.value), interval(metric.low, metric.high),
        ])
    }
    return table.text
}

private func foldTable(_ folds: FoldReport) -> String {
    var table = TextTable(["metric", "mean over folds", "deviation"], left: [0])
    for metric in folds.metrics {
        table.add([metric.name, shortNumber(metric.mean), shortNumber(metric.deviation)])
    }
    return table.text
}

private func classTable(_ classes: [ClassReport]) -> String {
    var table = TextTable(["class", "precision", "recall", "f1", "rows"], left: [0])
    // Because a terminal is no place for a thousand classes: the worst are what matters.
    let shown = classes.count <= 40 ? classes : Array(classes.sorted { $0.f1 < $1.f1 }.prefix(40))
    for one in shown {
        table.add([
            one.label, shortNumber(one.precision), shortNumber(one.recall), shortNumber(one.f1),
            String(one.support),
        ])
    }
    return classes.count <= 40
        ? table.text : "the 40 worst of \(classes.count) classes by f1\n\(table.text)"
}

private func confusionTable(_ confusion: ConfusionMatrix) -> String {
    let names = confusion.labels.map { cut($0, to: 8) }
    let widest = confusion.counts.joined().max() ?? 0
    let width = Swift.max(names.map(\.count).max() ?? 0, String(widest).count) + 2
    guard names.count * width + 16 <= 100 else { return largestConfusions(confusion) }
    var table = TextTable(["truth \\ predicted"] + names, left: [0])
    for (name, counts) in zip(confusion.labels, confusion.counts) {
        table.add([cut(name, to: 16)] + counts.map { $0 == 0 ? "·" : String($0) })
    }
    return "confusion matrix\n\(table.text)"
}

private func largestConfusions(_ confusion: ConfusionMatrix) -> String {
    var mistakes: [(count: Int, truth: String, prediction: String)] = []
    for (truth, counts) in confusion.counts.enumerated() {
        for (prediction, count) in counts.enumerated() where truth != prediction && count > 0 {
            mistakes.append((count, confusion.labels[truth], confusion.labels[prediction]))
        }
    }
    guard !mistakes.isEmpty else { return "" }
    var table = TextTable(["truth", "predicted", "rows"], left: [0, 1])
    for mistake in mistakes.sorted(by: { $0.count > $1.count }).prefix(10) {
        table.add([mistake.truth, mistake.prediction, String(mistake.count)])
    }
    return "largest confusions\n\(table.text)"
}

private func sliceTable(_ report: Report) -> String {
    let names =
        report.task == .classification
        ? ["accuracy", "balanced_accuracy", "f1"] : ["rmse", "mae", "r2"]
    var table = TextTable(["slice", "value", "rows"] + names, left: [0, 1])
    for slice in report.slices {
        let values = names.map { name in
            shortNumber(slice.metrics.first { $0.name == name }?.value)
        }
        table.add([slice.column, slice.value, String(slice.rows)] + values)
    }
    return table.text
}

private func words(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .failed: "failed"
    case .notEnoughEvidence: "not enough evidence"
    }
}

/// The outcome of a rule in words.
func words(_ outcome: RuleVerdict.Outcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .failed: "FAILED"
    case .notEnoughEvidence: "no evidence"
    case .notApplicable: "n/a"
    }
}

/// A number with its sign.
func signed(_ value: Double?) -> String {
    guard let value else { return "–" }
    return (value > 0 ? "+" : "") + shortNumber(value)
}

/// The bounds of an interval; empty when it was not computed.
func interval(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "" }
    return "\(shortNumber(low)) … \(shortNumber(high))"
}
