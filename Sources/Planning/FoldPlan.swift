package import Domain

/// What a model's folds come to: the rows of each, and what runs on them.
package struct FoldPlan: Hashable, Sendable {
    /// One fold.
    package struct Fold: Hashable, Sendable {
        /// From 1.
        package var number: Int
        /// All rows but the fold's.
        package var train: DatasetManifest
        /// The fold's rows.
        package var test: DatasetManifest
    }

    /// One step of a run: of the model itself, or of a fold.
    package struct Step: Hashable, Sendable {
        /// Named and needing others as they are in the run: `train-fold-2`.
        package var step: StepDeclaration
        /// As the model declares it.
        package var base: StepName
        /// nil: it makes what is released, on all rows.
        package var fold: Int?
    }

    package var role: RoleName
    /// All rows, written as those of the folds are.
    package var whole: DatasetManifest
    package var folds: [Fold]
    /// Those that make the model, then those of each fold.
    package var steps: [Step]

    /// What a step is called in a fold.
    package static func name(_ base: StepName, fold: Int) -> StepName {
        StepName(checked: "\(base)-fold-\(fold)")
    }
}

extension ModelPlan {
    /// What a run carries out.
    package var runSteps: [StepDeclaration] {
        folds?.steps.map(\.step) ?? declaration.steps
    }
}

extension FoldPlan {
    init(_ declaration: FoldDeclaration, of model: ModelDeclaration, rows: DatasetManifest) {
        role = declaration.role
        whole = rows.preparation == nil ? rows.rows([], "whole", declaration.place) : rows
        folds = (1...declaration.count).map { number in
            func part(_ name: String, keepsOthers: Bool) -> DatasetManifest {
                let split = declaration.split(number, keepsOthers: keepsOthers)
                let step = PreparationStep(.split(split), place: declaration.place)
                return rows.rows([step], "fold-\(number).\(name)", declaration.place)
            }
            return Fold(
                number: number, train: part("train", keepsOthers: true),
                test: part("test", keepsOthers: false))
        }
        let evaluated = model.stepsLeading(to: model.evaluation.step)
        let kept = model.stepsBefore(model.evaluation.step)
        steps = kept.map { Step(step: $0, base: $0.name, fold: nil) }
        for fold in folds {
            steps += evaluated.map { step in
                var own = step
                own.name = Self.name(step.name, fold: fold.number)
                own.needs = step.needs.map { Self.name($0, fold: fold.number) }
                return Step(step: own, base: step.name, fold: fold.number)
            }
        }
    }
}

extension DatasetManifest {
    /// Some of the rows of a dataset, as one more file of it.
    fileprivate func rows(
        _ steps: [PreparationStep], _ part: String, _ place: Place
    ) -> DatasetManifest {
        var manifest = DatasetManifest(name: name, path: path, files: [], format: format)
        manifest.columns = columns
        manifest.preparation = DataPreparation(source: .manifest(self), steps: steps, place: place)
        return PlannedDataset(manifest: manifest, digest: digest(of: manifest))
            .prepared(from: self, part: part).manifest
    }
}

extension ModelDeclaration {
    /// The step and everything that it needs, in the order of the declaration.
    func stepsLeading(to goal: StepName) -> [StepDeclaration] {
        var wanted: Set<StepName> = []
        var open: Set<StepName> = [goal]
        while let name = open.popFirst() {
            guard wanted.insert(name).inserted else { continue }
            open.formUnion(steps.first { $0.name == name }?.needs ?? [])
        }
        return steps.filter { wanted.contains($0.name) }
    }

    /// The steps that need neither the step nor what needs it.
    func stepsBefore(_ step: StepName) -> [StepDeclaration] {
        var behind: Set<StepName> = [step]
        while let next = steps.first(where: {
            !behind.contains($0.name) && !behind.isDisjoint(with: $0.needs)
        }) {
            behind.insert(next.name)
        }
        return steps.filter { !behind.contains($0.name) }
    }
}

extension ModelInputs {
    /// The fingerprints of the steps of a run with folds, by their names in it.
    func steps(_ plan: FoldPlan) -> [StepName: Fingerprint] {
        let kept = Set(plan.steps.filter { $0.fold == nil }.map(\.base))
        let whole = JSONValue.object(["whole": .string(digest(of: plan.whole).hex)])
        var found = steps(fold: whole).filter { kept.contains($0.key) }
        for fold in plan.folds {
            let own = steps(
                fold: .object([
                    "number": .integer(Int64(fold.number)),
                    "count": .integer(Int64(plan.folds.count)),
                    "train": .string(digest(of: fold.train).hex),
                    "test": .string(digest(of: fold.test).hex),
                ]))
            for step in plan.steps where step.fold == fold.number {
                found[step.step.name] = own[step.base]
            }
        }
        return found
    }
}

extension ModelResolver {
    /// Puts folds together with the model's datasets and steps, or says why that cannot be.
    mutating func checkFolds(
        _ datasets: [RoleName: PlannedDataset], _ steps: [StepDeclaration],
        _ evaluation: EvaluationDeclaration
    ) {
        guard let folds = draft.folds else { return }
        let roles = draft.datasets.keys.map(\.text)
        if let rows = datasets[folds.role]?.manifest {
            if let fault = rows.rowsFault(at: folds.place) { diagnostics.append(fault) }
            let declared = rows.knownColumns.map(\.name)
            for column in folds.columns where !declared.isEmpty && !declared.contains(column) {
                let meant = nearest(to: column, among: declared)
                report(
                    folds.place,
                    "`\(rows.name)` has no column `\(quoted(column))`"
                        + (meant.map { "; did you mean `\(quoted($0))`?" } ?? ""),
                    hint: "see \(rows.path)")
            }
        } else if draft.datasets[folds.role] == nil {
            report(
                folds.place, "`datasets` has no role `\(folds.role)`, which `folds` parts",
                hint: "known here: " + roles.sorted().joined(separator: ", "))
        }
        if draft.datasets[FoldDeclaration.testRole] != nil {
            report(
                folds.place, "`folds` makes the role `test`, and `datasets` has one too",
                hint: "take one out, or call the dataset otherwise")
        }
        let own = steps.first { $0.name == evaluation.step }
        if own?.needs.isEmpty ?? true {
            report(
                folds.place,
                "`folds` needs a step that trains before `\(evaluation.step)`, which evaluates",
                hint: "evaluate: {run: …, needs: [train], produces: [predictions.csv]}")
        }
        let names = Set(steps.map(\.name))
        for step in steps {
            let made = (1...folds.count).map { FoldPlan.name(step.name, fold: $0) }
            guard let clash = made.first(where: { names.contains($0) || !isName($0.text) }) else {
                continue
            }
            report(folds.place, "a step cannot be called `\(clash)`, as one of a fold would be")
        }
    }
}
