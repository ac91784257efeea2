import Domain
import Evaluation
package import Planning

/// Finds what of the baseline's numbers may stand beside a candidate's.
///
/// As the gate does: the baseline's own report counts only where test data and evaluate step are
/// the same; else the gate measured the baseline anew, and what its rules kept of that counts.
package struct Comparison: Sendable {
    /// What the commits of the baseline and the candidate say about the model.
    package struct Plans: Sendable {
        package var before: ModelPlan
        package var after: ModelPlan

        package init(before: ModelPlan, after: ModelPlan) {
            self.before = before
            self.after = after
        }
    }

    let view: ReportView
    let baseline: SemanticVersion
    let plans: Plans

    func live(_ earlier: Report?) -> ReviewSheet.Live {
        guard plans.before.evaluateFingerprint != plans.after.evaluateFingerprint else {
            return .init(version: baseline, report: earlier)
        }
        let how = hasOtherRows ? "on other rows" : "by other evaluation code"
        let own = "\(baseline)'s own report was measured \(how), so it is not compared"
        let metrics = measuredAnew
        guard !metrics.isEmpty else { return .init(version: baseline, report: nil, note: own) }
        let anew = metrics.map(\.name).joined(separator: ", ")
        return .init(
            version: baseline,
            report: Report(task: view.report.task, rows: view.report.rows, metrics: metrics),
            note: "\(own); the gate measured it anew as this one was: \(anew)")
    }

    private var hasOtherRows: Bool { testData(plans.before) != testData(plans.after) }

    /// Without a role `test` any of the datasets may be what is measured on.
    private func testData(_ plan: ModelPlan) -> [RoleName: Digest?] {
        let roles = plan.declaration.datasets
        let test = roles.filter { $0.key.text == "test" }
        return (test.isEmpty ? roles : test).mapValues { plan.datasetDigests[$0] }
    }

    /// The limit of a rule that compares is the baseline's new value and the allowance.
    private var measuredAnew: [Metric] {
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

    /// What changed, what was lowered first.
    var changes: [ReviewSheet.Change] {
        differences(from: plans.before, to: plans.after).map {
            ReviewSheet.Change(text: $0.text, isLowered: $0.lowers)
        } + rowChanges
    }

    /// How much data there is more or less, where both manifests count their rows.
    private var rowChanges: [ReviewSheet.Change] {
        plans.after.datasets.sorted { $0.key < $1.key }.compactMap { role, manifest in
            guard let earlier = plans.before.datasets[role] else { return nil }
            let (before, after) = (rows(of: earlier), rows(of: manifest))
            guard let before, let after, before != after else { return nil }
            return ReviewSheet.Change(
                text: "dataset \(manifest.name): \(before) → \(after) rows", isLowered: false)
        }
    }

    private func rows(of manifest: DatasetManifest) -> Int? {
        let counts = manifest.files.map(\.rows)
        return counts.reduce(Optional(0)) { sum, count in
            guard let sum, let count else { return nil }
            // Because a manifest may claim any number, and what cannot be counted is not told.
            let (total, isTooMany) = sum.addingReportingOverflow(count)
            return isTooMany ? nil : total
        }
    }
}
