import Domain
import Evaluation
import Planning

/// Finds what of the baseline's numbers may stand beside a candidate's.
///
/// As the gate does: the baseline's own report counts only where test data and evaluate step are
/// the same; else the gate measured the baseline anew, and what its rules kept of that counts.
struct Comparison {
    /// What both commits say about the model.
    struct Plans {
        var before: ModelPlan
        var after: ModelPlan
    }

    let view: ReportView
    let baseline: SemanticVersion
    /// nil: there is no clone that has both.
    let plans: Plans?

    func live(_ earlier: Report?) -> ReviewSheet.Live {
        guard let plans else {
            return .init(
                version: baseline, report: nil,
                note: "run it in a clone to know whether both were measured on the same rows")
        }
        guard plans.before.evaluateFingerprint != plans.after.evaluateFingerprint else {
            return .init(version: baseline, report: earlier)
        }
        let how = hasOtherRows(plans) ? "on other rows" : "by other evaluation code"
        let own = "\(baseline)'s own report was measured \(how), so it is not compared"
        let metrics = measuredAnew(plans)
        guard !metrics.isEmpty else { return .init(version: baseline, report: nil, note: own) }
        let anew = metrics.map(\.name).joined(separator: ", ")
        return .init(
            version: baseline,
            report: Report(task: view.report.task, rows: view.report.rows, metrics: metrics),
            note: "\(own); the gate measured it anew as this one was: \(anew)")
    }

    private func hasOtherRows(_ plans: Plans) -> Bool {
        testData(plans.before) != testData(plans.after)
    }

    /// Without a role `test` any of the datasets may be what is measured on.
    private func testData(_ plan: ModelPlan) -> [RoleName: Digest?] {
        let roles = plan.declaration.datasets
        let test = roles.filter { $0.key.text == "test" }
        return (test.isEmpty ? roles : test).mapValues { plan.datasetDigests[$0] }
    }

    /// The limit of a rule that compares is the baseline's new value and the allowance.
    private func measuredAnew(_ plans: Plans) -> [Metric] {
        var found: [Metric] = []
        for rule in plans.after.declaration.promotion {
            let name = ruleName(rule)
            guard let limit = view.verdict.rules.first(where: { $0.rule == name })?.limit,
                !found.contains(where: { $0.name == rule.metric })
            else { continue }
            switch rule.bound {
            case .notBelowBaselineBy(let allowance):
                found.append(Metric(name: rule.metric, value: limit + allowance))
            case .notAboveBaselineBy(let allowance):
                found.append(Metric(name: rule.metric, value: limit - allowance))
            default: continue
            }
        }
        return found
    }
}
