package import Domain

/// Judges a report under the promotion rules.
///
/// A rule compares the point estimate; with `confidence:` it compares the worse bound of that
/// two-sided interval: the lower one where more is better, the upper one where less is. The 95 %
/// bounds of overall metrics are taken from the report, all others from `bounds`, as `evaluate`
/// returned them; a bound that is not there is not enough evidence. `baseline` is nil when the
/// environment assigns no version. Throws when a rule names something that is not measured.
package func judge(
    _ report: Report, bounds: [IntervalBound] = [], baseline: Report?, rules: [PromotionRule]
) throws(EvaluationError) -> Verdict {
    var verdicts: [RuleVerdict] = []
    for rule in rules {
        verdicts.append(
            try GateRule(rule: rule, report: report, bounds: bounds, baseline: baseline).verdict())
    }
    return Verdict(outcome: outcome(of: verdicts), rules: verdicts)
}

/// One failed rule fails all; otherwise one without enough evidence leaves all undecided.
private func outcome(of verdicts: [RuleVerdict]) -> Verdict.Outcome {
    if verdicts.contains(where: { $0.outcome == .failed }) { return .failed }
    if verdicts.contains(where: { $0.outcome == .notEnoughEvidence }) { return .notEnoughEvidence }
    return .passed
}

/// One rule and everything that it can be compared with.
struct GateRule {
    let rule: PromotionRule
    let report: Report
    let bounds: [IntervalBound]
    let baseline: Report?

    /// Because 0.98 − 0.005 and 0.975 differ in their last bit: what is this close is equal.
    private static let tolerance = 1e-12

    func verdict() throws(EvaluationError) -> RuleVerdict {
        switch rule.bound {
        case .atLeast(let limit):
            return try overall(against: limit, isFloor: true, about: nil)
        case .atMost(let limit):
            return try overall(against: limit, isFloor: false, about: nil)
        case .eachClassAtLeast(let limit):
            return worst(of: try classSubjects(isFloor: true), limit: limit, isFloor: true)
        case .eachClassAtMost(let limit):
            return worst(of: try classSubjects(isFloor: false), limit: limit, isFloor: false)
        case .eachSliceAtLeast(let limit):
            return worst(of: try sliceSubjects(isFloor: true), limit: limit, isFloor: true)
        case .eachSliceAtMost(let limit):
            return worst(of: try sliceSubjects(isFloor: false), limit: limit, isFloor: false)
        case .notBelowBaselineBy(let allowance):
            return try againstBaseline(allowance: -allowance, isFloor: true)
        case .notAboveBaselineBy(let allowance):
            return try againstBaseline(allowance: allowance, isFloor: false)
        }
    }

    // MARK: Overall and baseline

    private func overall(
        against limit: Double, isFloor: Bool, about: String?
    ) throws(EvaluationError) -> RuleVerdict {
        let metric = try overallMetric()
        let subject = Subject(
            about: about, rows: report.rows, low: metric.low, high: metric.high,
            value: compared(metric, scope: .overall, isFloor: isFloor))
        return decide(subject, limit: limit, isFloor: isFloor)
    }

    private func againstBaseline(
        allowance: Double, isFloor: Bool
    ) throws(EvaluationError) -> RuleVerdict {
        let metric = try overallMetric()
        guard let baseline else {
            return RuleVerdict(
                rule: name, outcome: .notApplicable, value: metric.value, low: metric.low,
                high: metric.high, about: "no baseline", place: rule.place)
        }
        guard let reference = baseline.metric(rule.metric)?.value else {
            return RuleVerdict(
                rule: name, outcome: .notEnoughEvidence, value: metric.value, low: metric.low,
                high: metric.high, about: "undefined for the baseline", place: rule.place)
        }
        return try overall(
            against: reference + allowance, isFloor: isFloor,
            about: "baseline \(shortNumber(reference))")
    }

    private func overallMetric() throws(EvaluationError) -> Metric {
        guard let metric = report.metric(rule.metric) else {
            throw .unknownMetric(rule: name, known: report.metrics.map(\.name), rule.place)
        }
        return metric
    }

    // MARK: Classes and slices

    private func classSubjects(isFloor: Bool) throws(EvaluationError) -> [Subject] {
        guard !report.classes.isEmpty else {
            throw .nothingToCompare(rule: name, needs: "classes", rule.place)
        }
        guard classMetrics.contains(rule.metric) else {
            throw .unknownMetric(rule: name, known: classMetrics, rule.place)
        }
        return report.classes.map { one in
            // Because a class that no row has shows nothing about its recall.
            let metric = Metric(
                name: rule.metric, value: one.support == 0 ? nil : classValue(rule.metric, of: one))
            return subject(
                metric, about: "class \(one.label)", rows: one.support, scope: .label(one.label),
                isFloor: isFloor)
        }
    }

    private func sliceSubjects(isFloor: Bool) throws(EvaluationError) -> [Subject] {
        guard !report.slices.isEmpty else {
            throw .nothingToCompare(rule: name, needs: "slices", rule.place)
        }
        _ = try overallMetric()
        return report.slices.map { slice in
            let metric = slice.metrics.first { $0.name == rule.metric }
            return subject(
                metric ?? Metric(name: rule.metric, value: nil),
                about: "slice \(slice.column) = \(slice.value)", rows: slice.rows,
                scope: .slice(column: slice.column, value: slice.value), isFloor: isFloor)
        }
    }

    private func subject(
        _ metric: Metric, about: String, rows: Int, scope: Scope, isFloor: Bool
    ) -> Subject {
        let interval = bounds.first {
            $0.metric == metric.name && $0.scope == scope && $0.confidence == 0.95
        }
        return Subject(
            about: about, rows: rows, low: interval?.low, high: interval?.high,
            value: compared(metric, scope: scope, isFloor: isFloor))
    }

    /// The worst failed one decides, else the first without enough evidence, else the worst.
    private func worst(of subjects: [Subject], limit: Double, isFloor: Bool) -> RuleVerdict {
        let verdicts = subjects.map { decide($0, limit: limit, isFloor: isFloor) }
        func worst(_ outcome: RuleVerdict.Outcome) -> RuleVerdict? {
            verdicts.filter { $0.outcome == outcome }
                .min { ($0.margin ?? 0) < ($1.margin ?? 0) }
        }
        return worst(.failed) ?? worst(.notEnoughEvidence) ?? worst(.passed)
            ?? RuleVerdict(rule: name, outcome: .notEnoughEvidence, limit: limit, place: rule.place)
    }

    // MARK: One comparison

    /// What is compared with the limit.
    private struct Subject {
        var about: String?
        var rows: Int
        var low: Double?
        var high: Double?
        /// nil: undefined, or the bound that the rule asks for is not known.
        var value: Double?
    }

    private func compared(_ metric: Metric, scope: Scope, isFloor: Bool) -> Double? {
        guard metric.value != nil, let confidence = rule.confidence else { return metric.value }
        if confidence == 0.95, scope == .overall, metric.low != nil {
            return isFloor ? metric.low : metric.high
        }
        let bound = bounds.first {
            $0.metric == metric.name && $0.scope == scope && $0.confidence == confidence
        }
        return isFloor ? bound?.low : bound?.high
    }

    private func decide(_ subject: Subject, limit: Double, isFloor: Bool) -> RuleVerdict {
        var verdict = RuleVerdict(
            rule: name, outcome: .notEnoughEvidence, value: subject.value, low: subject.low,
            high: subject.high, limit: limit, about: subject.about, place: rule.place)
        guard let value = subject.value, value.isFinite else { return verdict }
        let distance = isFloor ? value - limit : limit - value
        let margin = abs(distance) <= Self.tolerance ? 0 : distance
        verdict.margin = margin
        if subject.rows >= (rule.samplesAtLeast ?? 0) {
            verdict.outcome = margin >= 0 ? .passed : .failed
        }
        return verdict
    }

    private var name: String { ruleName(rule) }
}

/// A metric of one class by its name; nil for a name that classes do not have.
private func classValue(_ metric: String, of report: ClassReport) -> Double? {
    switch metric {
    case "precision": report.precision
    case "recall": report.recall
    case "f1": report.f1
    default: nil
    }
}

/// The rule as the file writes it: `accuracy.at_least`.
package func ruleName(_ rule: PromotionRule) -> String {
    let word =
        switch rule.bound {
        case .atLeast: "at_least"
        case .atMost: "at_most"
        case .eachClassAtLeast: "each_class_at_least"
        case .eachClassAtMost: "each_class_at_most"
        case .eachSliceAtLeast: "each_slice_at_least"
        case .eachSliceAtMost: "each_slice_at_most"
        case .notBelowBaselineBy: "not_below_baseline_by"
        case .notAboveBaselineBy: "not_above_baseline_by"
        }
    return "\(rule.metric).\(word)"
}
