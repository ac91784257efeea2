package import Domain

/// Finds rules that could never be judged, before anything is trained.
///
/// Of metrics that the step writes itself nothing is known yet, so only rules over classes and
/// slices are wrong there.
package func diagnostics(
    for rules: [PromotionRule], evaluation: EvaluationDeclaration
) -> [Diagnostic] {
    rules.compactMap { rule in
        guard let error = problem(rule, evaluation) else { return nil }
        return Diagnostic(at: rule.place, error.what, hint: error.hint)
    }
}

/// The metrics that a predictions file of this declaration gives, in the report's order.
package func metricNames(_ evaluation: EvaluationDeclaration) -> [String] {
    switch evaluation.task {
    case .classification:
        ClassCounts.names[0...1] + classMetrics
            + (evaluation.score == nil ? [] : ScoreMetrics.names) + ClassCounts.names[2...]
    case .regression: RegressionRows.names
    }
}

private func problem(
    _ rule: PromotionRule, _ evaluation: EvaluationDeclaration
) -> EvaluationError? {
    let writesOwnMetrics = evaluation.predictions == nil
    switch rule.bound {
    case .eachClassAtLeast, .eachClassAtMost:
        if writesOwnMetrics || evaluation.task == .regression {
            return .nothingToCompare(rule: ruleName(rule), needs: "classes", rule.place)
        }
        return classMetrics.contains(rule.metric)
            ? nil : .unknownMetric(rule: ruleName(rule), known: classMetrics, rule.place)
    case .eachSliceAtLeast, .eachSliceAtMost:
        if writesOwnMetrics || evaluation.slices.isEmpty {
            return .nothingToCompare(rule: ruleName(rule), needs: "slices", rule.place)
        }
    case .atLeast, .atMost, .notBelowBaselineBy, .notAboveBaselineBy:
        if writesOwnMetrics { return nil }
    }
    let known = metricNames(evaluation)
    return known.contains(rule.metric)
        ? nil : .unknownMetric(rule: ruleName(rule), known: known, rule.place)
}
