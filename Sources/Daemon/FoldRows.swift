import Domain
import Host
import Planning
import Training
import Validation

/// The rows of a model's folds, laid out beside what the model's datasets are.
struct FoldRows: Sendable {
    let run: RunTask

    private var place: DataPlace { run.folder.data }
    private var preparing: DataPreparing { DataPreparing(checkout: run.checkout, place: place) }

    /// Lays the rows of every fold out; the checkout must have been made.
    func lay(_ plan: FoldPlan) async throws {
        let whole = try await preparing.lay(plan.whole)
        try refuse(whole, plan)
        for fold in plan.folds {
            await run.progress.stage("preparing fold \(fold.number) of \(plan.folds.count)")
            // Because all of them together are many times the data, and each is made of the whole.
            _ = try await preparing.lay(fold.train, keepsRows: false)
            _ = try await preparing.lay(fold.test)
        }
        await run.progress.stage("train")
    }

    /// Every row is once in the whole, and for each fold in one of its parts.
    private func refuse(_ whole: PreparationReport, _ plan: FoldPlan) throws {
        let (bytes, isTooMuch) = whole.bytes.multipliedReportingOverflow(by: plan.folds.count + 1)
        let bytesMax = run.workshop.data.bytesMax
        guard isTooMuch || bytes > bytesMax else { return }
        throw Failure(
            "the \(plan.folds.count) folds of `\(plan.whole.name)` have \(bytes) bytes, more than "
                + "\(bytesMax)", at: run.order.plan.declaration.folds?.place.description,
            hint: "ask for fewer folds, or raise `dataBytesMax` in config.json",
            .wait(for: "a commit"))
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
            _ = try await run.checkout.ensure(run.progress, "evaluate")
            counts.append(try await preparing.lay(fold.test).rows)
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
        "\(place.prepared)/\(manifest.files.first?.path ?? "")"
    }
}
