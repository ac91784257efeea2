import Domain
import Evaluation
import Logging
import Planning
import Registry

/// Judges what is assigned by rules that came later.
struct Hindsight: Sendable {
    let workshop: Workshop
    let plan: ModelPlan

    /// Whether the stored outcome of the plan's candidate passes the plan's rules; nil when there
    /// are no rules, or what was measured is not kept any more.
    ///
    /// Rules that compare do not apply, because the baseline is the version itself.
    @concurrent
    func wouldPass() async -> Bool? {
        let rules = plan.declaration.promotion
        guard !rules.isEmpty else { return nil }
        do {
            guard let evaluated = try evaluated(rules) else { return nil }
            let verdict = try judge(
                evaluated.report, bounds: evaluated.bounds, baseline: nil, rules: rules)
            return verdict.outcome == .passed
        } catch {
            // Because it is said for people's information and decides nothing.
            workshop.logger.warning(
                "\(plan.declaration.name): what is assigned cannot be judged again: \(error)")
            return nil
        }
    }

    private func evaluated(_ rules: [PromotionRule]) throws -> Evaluated? {
        let store = workshop.store
        guard let outcome = try Outcomes(store).outcome(of: plan.candidate.fingerprint) else {
            return nil
        }
        guard let predictions = outcome.predictions else {
            return try decodeJSON(Evaluated.self, store.read(outcome.evaluation))
        }
        return try evaluate(
            plan.declaration.evaluation,
            predictions: store.read(predictions, limitBytes: Measurement.predictionsBytesMax),
            fileName: "predictions", rules: rules)
    }
}
