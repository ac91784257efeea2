import Domain

extension ModelDecoder {
    /// Reads `promotion:` in the order of the file.
    ///
    /// Which metrics there are follows from the task; where the step writes the metrics itself,
    /// any name may be one.
    mutating func promotion(
        _ node: YAMLNode?, _ evaluation: EvaluationDeclaration?
    ) -> [PromotionRule] {
        var rules: [PromotionRule] = []
        for entry in node?.entries ?? [] {
            guard case .table = entry.value.value else { continue }
            if let evaluation, evaluation.metrics == nil {
                let known = metricNames(evaluation.task)
                guard known.contains(entry.key) else {
                    diagnostics.append(
                        unknownKey(
                            entry.key, at: entry.place(in: file), among: known, kind: "metric"))
                    continue
                }
            }
            let found = bounds(of: entry, evaluation)
            if found.isEmpty, entry.value.entries.allSatisfy({ qualifiers.contains($0.key) }) {
                diagnostics.append(
                    Diagnostic(
                        at: entry.place(in: file),
                        "`promotion.\(quoted(entry.key))` has no limit",
                        hint: "add at_least, at_most or another limit"))
            }
            rules += found
        }
        return rules
    }

    private mutating func bounds(
        of metric: YAMLNode.Entry, _ evaluation: EvaluationDeclaration?
    ) -> [PromotionRule] {
        let confidence = metric.value["confidence"]?.number
        let samples = metric.value["samples_at_least"]?.integer
        var rules: [PromotionRule] = []
        for entry in metric.value.entries {
            guard let limit = entry.value.number,
                let bound = PromotionRule.Bound(key: entry.key, limit: limit)
            else { continue }
            if let problem = impossible(bound, metric.key, evaluation) {
                report(entry.value, "`promotion.\(quoted(metric.key)).\(entry.key)` \(problem)")
            }
            rules.append(
                PromotionRule(
                    metric: metric.key, bound: bound, confidence: confidence,
                    samplesAtLeast: samples, place: entry.place(in: file)))
        }
        if confidence != nil, let evaluation, evaluation.metrics != nil,
            let node = metric.value["confidence"]
        {
            report(node, "`confidence` needs `evaluation.predictions`: metrics have no interval")
        }
        return rules
    }

    /// Says why no report could ever meet (or miss) the bound; nil when one could.
    private func impossible(
        _ bound: PromotionRule.Bound, _ metric: String, _ evaluation: EvaluationDeclaration?
    ) -> String? {
        guard let evaluation else { return nil }
        switch bound {
        case .eachClassAtLeast, .eachClassAtMost:
            guard evaluation.metrics == nil, classMetrics.contains(metric) else {
                return "is only for \(classMetrics.joined(separator: ", ")) of predictions"
            }
        case .eachSliceAtLeast, .eachSliceAtMost:
            guard evaluation.metrics == nil, !evaluation.slices.isEmpty else {
                return "needs `evaluation.slices`"
            }
        case .atLeast, .atMost, .notBelowBaselineBy, .notAboveBaselineBy: break
        }
        guard evaluation.metrics == nil else { return nil }
        let range = metricRange(metric)
        switch bound {
        case .atLeast(let limit), .eachClassAtLeast(let limit), .eachSliceAtLeast(let limit):
            return limit > range.upperBound
                ? "cannot be reached: \(metric) is at most \(shortest(range.upperBound))" : nil
        case .atMost(let limit), .eachClassAtMost(let limit), .eachSliceAtMost(let limit):
            return limit < range.lowerBound
                ? "cannot be reached: \(metric) is at least \(shortest(range.lowerBound))" : nil
        case .notBelowBaselineBy, .notAboveBaselineBy: return nil
        }
    }
}

private let qualifiers: Set<String> = ["confidence", "samples_at_least"]
private let classMetrics = ["precision", "recall", "f1"]

/// The metrics that evaluation computes from predictions.
func metricNames(_ task: EvaluationDeclaration.Task) -> [String] {
    switch task {
    case .classification:
        ["accuracy", "balanced_accuracy", "log_loss", "roc_auc"]
            + classMetrics.flatMap { [$0, "\($0)_macro", "\($0)_micro", "\($0)_weighted"] }
    case .regression: ["mse", "rmse", "mae", "r2", "mape"]
    }
}

/// Every value that the metric can take.
private func metricRange(_ metric: String) -> ClosedRange<Double> {
    switch metric {
    case "mse", "rmse", "mae", "mape", "log_loss": 0 ... .infinity
    case "r2": -.infinity...1
    default: 0...1
    }
}

extension PromotionRule.Bound {
    init?(key: String, limit: Double) {
        switch key {
        case "at_least": self = .atLeast(limit)
        case "at_most": self = .atMost(limit)
        case "each_class_at_least": self = .eachClassAtLeast(limit)
        case "each_class_at_most": self = .eachClassAtMost(limit)
        case "each_slice_at_least": self = .eachSliceAtLeast(limit)
        case "each_slice_at_most": self = .eachSliceAtMost(limit)
        case "not_below_baseline_by": self = .notBelowBaselineBy(limit)
        case "not_above_baseline_by": self = .notAboveBaselineBy(limit)
        default: return nil
        }
    }

    /// The key in `model.yaml`.
    var key: String {
        switch self {
        case .atLeast: "at_least"
        case .atMost: "at_most"
        case .eachClassAtLeast: "each_class_at_least"
        case .eachClassAtMost: "each_class_at_most"
        case .eachSliceAtLeast: "each_slice_at_least"
        case .eachSliceAtMost: "each_slice_at_most"
        case .notBelowBaselineBy: "not_below_baseline_by"
        case .notAboveBaselineBy: "not_above_baseline_by"
        }
    }

    var limit: Double {
        switch self {
        case .atLeast(let limit), .atMost(let limit), .eachClassAtLeast(let limit),
            .eachClassAtMost(let limit), .eachSliceAtLeast(let limit),
            .eachSliceAtMost(let limit), .notBelowBaselineBy(let limit),
            .notAboveBaselineBy(let limit):
            limit
        }
    }

    /// Whether a greater limit is easier to meet.
    var greaterIsEasier: Bool {
        switch self {
        case .atLeast, .eachClassAtLeast, .eachSliceAtLeast: false
        case .atMost, .eachClassAtMost, .eachSliceAtMost, .notBelowBaselineBy,
            .notAboveBaselineBy:
            true
        }
    }
}

/// A number as people write it: `1`, `0.95`.
func shortest(_ number: Double) -> String {
    number == number.rounded() && number.magnitude < 1e15 ? "\(Int64(number))" : "\(number)"
}
