import Domain
import Host
import Planning
import Training
import Validation

/// The rows of a model's folds, laid out beside what the model's datasets are.
struct FoldRows: Sendable {
    let run: RunTask
    /// The checkout.
    let root: String

    private var preparing: DataPreparing { DataPreparing(checkout: run.checkout, root: root) }

    /// Lays the rows of every fold out; what is there stays.
    func lay(_ plan: FoldPlan) async throws {
        _ = try await preparing.lay(plan.whole)
        for fold in plan.folds {
            await run.progress.stage("preparing fold \(fold.number) of \(plan.folds.count)")
            for part in [fold.train, fold.test] { _ = try await preparing.lay(part) }
        }
        await run.progress.stage("train")
    }

    /// How many rows each fold has.
    func counts(_ plan: FoldPlan) async throws -> [Int] {
        var counts: [Int] = []
        for fold in plan.folds {
            if let known = try await preparing.known(fold.test) {
                counts.append(known.rows)
                continue
            }
            // Because every step may have been found, and the rows of folds are gone.
            let checkout = try await run.checkout.ensure(run.progress, "evaluate")
            counts.append(
                try await DataPreparing(checkout: run.checkout, root: checkout).lay(fold.test).rows)
        }
        return counts
    }

    /// How the rows of the folds came to be, as far as it is known: all rows, unless the dataset
    /// is prepared anyway, then those that each fold is measured on. What a fold is trained on are
    /// all others.
    func lineage(_ plan: FoldPlan) async throws -> [DataLineage] {
        var found: [DataLineage] = []
        for manifest in [plan.whole] + plan.folds.map(\.test) {
            guard let part = manifest.files.first?.part(of: manifest.name),
                let known = try await preparing.known(manifest)
            else { continue }
            var made = known.remembered
            made.part = part
            found.append(made)
        }
        return found
    }

    /// The steps with what those of a fold see of it.
    func settled(_ steps: [StepWork], _ plan: FoldPlan) -> [StepWork] {
        steps.map { work in
            guard let step = plan.steps.first(where: { $0.step.name == work.step.name }),
                let fold = plan.folds.first(where: { $0.number == step.fold })
            else { return work }
            var work = work
            let names = plan.steps.filter { $0.fold == fold.number }.map { ($0.step.name, $0.base) }
            work.setting = StepSetting(
                datasets: [
                    plan.role: path(fold.train), FoldDeclaration.testRole: path(fold.test),
                ],
                variables: [
                    "SLIPWAY_FOLD": "\(fold.number)", "SLIPWAY_FOLDS": "\(plan.folds.count)",
                ],
                inputNames: Dictionary(uniqueKeysWithValues: names))
            return work
        }
    }

    private func path(_ manifest: DatasetManifest) -> String {
        "\(root)/\(manifest.files.first?.path ?? "")"
    }
}
