import Domain

// What a verdict says of its rules, computed again from the report beside it.

extension Judgement {
    /// The first thing that a rule says and the report does not; nil: all of it follows.
    ///
    /// Limits, and bounds at other levels than 95 %, are not in the report: of those only the side
    /// of the value on which they must lie is checked.
    var contradiction: String? {
        for rule in verdict.rules {
            if let words = RuleAudit(rule, self).contradiction {
                return "rule \(rule.rule) \(words)"
            }
        }
        return nil
    }
}

/// One rule of a verdict beside the report that it judged.
private struct RuleAudit {
    /// Because the allowance was added and the limit taken off in binary.
    private static let tolerance = 1e-9

    private let rule: RuleVerdict
    private let judgement: Judgement
    private let metric: String
    private let bound: String

    init(_ rule: RuleVerdict, _ judgement: Judgement) {
        self.rule = rule
        self.judgement = judgement
        let dot = rule.rule.lastIndex(of: ".") ?? rule.rule.startIndex
        metric = String(rule.rule[..<dot])
        bound = String(rule.rule[dot...].drop { $0 == "." })
    }

    private var isFloor: Bool { bound.hasSuffix("at_least") || bound == "not_below_baseline_by" }
    private var compares: Bool { bound.hasSuffix("_baseline_by") }

    /// What the rule is about, as the report measured it.
    private var subjects: [(about: String?, metric: Metric)] {
        let report = judgement.report
        if bound.hasPrefix("each_class") {
            return report.classes.filter { $0.support > 0 }.map { one in
                let value: Double? =
                    switch metric {
                    case "precision": one.precision
                    case "recall": one.recall
                    case "f1": one.f1
                    default: nil
                    }
                return ("class \(one.label)", Metric(name: metric, value: value))
            }
        }
        if bound.hasPrefix("each_slice") {
            return report.slices.compactMap { slice in
                slice.metrics.first { $0.name == metric }
                    .map { ("slice \(slice.column) = \(slice.value)", $0) }
            }
        }
        return report.metric(metric).map { [(nil, $0)] } ?? []
    }

    var contradiction: String? {
        let isEach = bound.hasPrefix("each_")
        guard
            let subject = subjects.first(where: { !isEach || $0.about == rule.about })?.metric,
            let measured = subject.value
        else { return "is about nothing in the report" }
        if rule.outcome == .notApplicable {
            return compares && judgement.baseline == nil
                ? nil : "was left out, and there was a baseline to compare with"
        }
        guard let value = rule.value, let limit = rule.limit, let margin = rule.margin else {
            return "passed without a value, a limit and a margin"
        }
        if !isEach, rule.low != subject.low || rule.high != subject.high {
            return "has another interval than the report"
        }
        let isBound = isFloor ? value < measured : value > measured
        let mayBeBound = isEach || subject.low != nil
        if value != measured, !(mayBeBound && isBound) {
            return "has the value \(value), and the report says \(measured)"
        }
        let distance = isFloor ? value - limit : limit - value
        guard abs(distance - margin) <= Self.tolerance, margin >= 0 else {
            return "has the margin \(margin), and \(value) is \(distance) from its limit"
        }
        return isEach ? exception(limit) : nil
    }

    /// A class or slice that is on the wrong side of the limit, whatever the rule names.
    private func exception(_ limit: Double) -> String? {
        for subject in subjects {
            guard let value = subject.metric.value, let about = subject.about else { continue }
            if isFloor ? value < limit - Self.tolerance : value > limit + Self.tolerance {
                return "passed, and the report says \(value) of \(about)"
            }
        }
        return nil
    }
}
