import Domain

/// A dataset manifest with what follows from it.
struct PlannedDataset: Hashable, Sendable {
    var manifest: DatasetManifest
    var digest: Digest
    /// The files of DVC, or of pins, that say what its files are; those that are not there yet too.
    var sources: [String] = []

    /// Every file that the dataset follows from.
    var paths: [String] {
        [manifest.path] + sources + manifest.sourcePaths
            + manifest.rawFiles.map { $0.folder ?? $0.path }
    }
}

/// What the files of one kind say, by name.
struct Declared<Key: Name, Value: Sendable>: Sendable {
    var whole: [Key: Value] = [:]
    /// The first thing that is wrong in each file that has errors.
    var broken: [Key: Place] = [:]
    /// Of those that another one breaks, which has errors itself: that one.
    var breakers: [Key: Key] = [:]

    /// The first thing that is wrong in each, and behind it that in what breaks it.
    var faults: [Key: [Place]] {
        var faults: [Key: [Place]] = [:]
        for (name, place) in broken {
            var places = [place]
            var last = name
            while let next = breakers[last], let place = broken[next] {
                places.append(place)
                last = next
            }
            faults[name] = places
        }
        return faults
    }

    var names: [String] { whole.keys.map(\.text) + broken.keys.map(\.text) }
}

/// Puts a model's draft together with the files around it.
struct ModelResolver {
    let tree: Tree
    let datasets: Declared<DatasetName, PlannedDataset>
    let classified: ClassifiedFiles
    let environments: Declared<EnvironmentName, EnvironmentDeclaration>
    /// `review:` of the commit's own `slipway.yaml`.
    let policy: ReviewPolicy
    let name: ModelName
    let folder: String
    let draft: ModelDraft
    /// What `serving.warmup` holds; nil when no such file is there.
    let warmup: Parsed<JSONValue>?
    var diagnostics: [Diagnostic]

    var file: String { "\(folder)/model.yaml" }

    /// Returns the plan; nil when `diagnostics` holds an error afterwards.
    mutating func resolve() -> ModelPlan? {
        let datasets = resolveDatasets()
        let uses = classifiedUses(datasets)
        refuseData(uses)
        let environment = resolveEnvironment()
        let requirements = resolvePython()
        resolveIncludes()
        let steps = resolveSteps()
        let evaluation = resolveEvaluation(steps ?? [])
        let warmup = resolveWarmup()
        guard !diagnostics.hasErrors, let steps, let evaluation else { return nil }
        checkFolds(datasets, steps, evaluation)
        guard !diagnostics.hasErrors else { return nil }
        var declaration = ModelDeclaration(
            name: name, folder: folder, description: draft.description, owner: draft.owner,
            datasets: draft.datasets.mapValues(\.value), parameters: draft.parameters,
            python: requirements.map { _ in draft.python?.value ?? defaultRequirements },
            includes: draft.includes.map(\.value), ignore: draft.ignore, steps: steps,
            evaluation: evaluation, promotion: draft.promotion, review: draft.review,
            serving: serving(environment), schedule: draft.schedule)
        declaration.folds = draft.folds
        var plan = plan(declaration, datasets, environment, requirements, warmup)
        plan.classifiedUses = uses
        return plan
    }

    /// The files that touch the model, as far as a draft that may be broken tells.
    static func paths(
        folder: String, draft: ModelDraft?, datasets: Declared<DatasetName, PlannedDataset>
    ) -> ModelPaths {
        guard let draft else { return ModelPaths(folder: folder) }
        var others = draft.includes.map(\.value).filter {
            $0 != folder && inside(folder, $0) == nil
        }
        for dataset in draft.datasets.values {
            others.append("datasets/\(dataset.value).yaml")
            guard let planned = datasets.whole[dataset.value] else { continue }
            others += planned.paths
            for reference in planned.manifest.references {
                others.append("datasets/\(reference.name).yaml")
                others += datasets.whole[reference.name]?.paths ?? []
            }
        }
        if let serving = draft.serving {
            // Without a name the only environment is meant, so any of them may matter.
            let named = serving.environment.map { "environments/\($0.value).yaml" }
            others.append(named ?? "environments")
            if let warmup = serving.warmup, let path = repositoryPath(warmup.value, from: folder) {
                others.append(path)
            }
        }
        let python = draft.python?.value ?? defaultRequirements
        if let path = repositoryPath(python, from: folder) { others.append(path) }
        if draft.steps == nil { others += defaultScripts.map { "\(folder)/\($0)" } }
        return ModelPaths(folder: folder, others: others, ignore: draft.ignore)
    }

    private func plan(
        _ declaration: ModelDeclaration, _ datasets: [RoleName: PlannedDataset],
        _ environment: EnvironmentDeclaration?, _ requirements: TreeFile?, _ warmup: JSONValue?
    ) -> ModelPlan {
        let paths = Self.paths(folder: folder, draft: draft, datasets: self.datasets)
        var digests: [DatasetName: Digest] = [:]
        var validations: [DatasetName: Fingerprint] = [:]
        var found: [DatasetName: [TreeFile]] = [:]
        let named = datasets.values.flatMap(\.manifest.references).map(\.name)
        var references: [DatasetName: DatasetManifest] = [:]
        var referenceFingerprints: [DatasetName: Fingerprint] = [:]
        for name in Set(named) {
            guard let other = self.datasets.whole[name]?.manifest else { continue }
            references[name] = other
            referenceFingerprints[name] = validationFingerprint(of: other, found: held(other))
        }
        for dataset in datasets.values {
            digests[dataset.manifest.name] = dataset.digest
            let files = held(dataset.manifest)
            found[dataset.manifest.name] = files
            let names = Set(dataset.manifest.references.map(\.name))
            validations[dataset.manifest.name] = validationFingerprint(
                of: dataset.manifest, found: files,
                references: referenceFingerprints.filter { names.contains($0.key) })
        }
        var folds: FoldPlan?
        if let declared = declaration.folds, let rows = datasets[declared.role]?.manifest {
            folds = FoldPlan(declared, of: declaration, rows: rows)
        }
        let inputs = ModelInputs(
            declaration: declaration,
            code: paths.code(in: tree, includes: declaration.includes),
            requirements: requirements, datasetDigests: digests, datasetFiles: found, folds: folds)
        return ModelPlan(
            declaration: declaration,
            candidate: Candidate(
                model: name, fingerprint: inputs.candidate(),
                environment: environment?.name ?? defaultEnvironment),
            datasets: datasets.mapValues(\.manifest),
            datasetPlaces: draft.datasets.mapValues(\.place), references: references,
            environment: environment,
            requirements: requirements, warmup: warmup, code: inputs.code, inputs: paths,
            stepFingerprints: folds.map { inputs.steps($0) } ?? inputs.steps(),
            evaluateFingerprint: inputs.evaluate(),
            validationFingerprints: validations, datasetDigests: digests,
            referenceFingerprints: referenceFingerprints, folds: folds)
    }

    /// What the commit itself holds of a dataset.
    private func held(_ manifest: DatasetManifest) -> [TreeFile] {
        manifest.rawFiles.sorted { isBefore($0.path, $1.path) }.flatMap {
            tree.files(of: $0)
        }
    }

    private func serving(_ environment: EnvironmentDeclaration?) -> ServingDeclaration? {
        guard let draft = draft.serving, let environment else { return nil }
        return ServingDeclaration(
            environment: environment.name, runtime: draft.runtime, warmup: draft.warmup?.value,
            startTimeoutSeconds: draft.startTimeoutSeconds)
    }
}

let defaultRequirements = "requirements.txt"
let defaultScripts = ["train.py", "evaluate.py"]
/// What a candidate names that no environment serves.
let defaultEnvironment = EnvironmentName(checked: "production")

extension ModelResolver {
    private mutating func resolveDatasets() -> [RoleName: PlannedDataset] {
        var found: [RoleName: PlannedDataset] = [:]
        for (role, mention) in draft.datasets.sorted(by: { $0.key < $1.key }) {
            if let dataset = datasets.whole[mention.value] {
                found[role] = dataset
            } else if let place = datasets.broken[mention.value] {
                report(
                    mention.place, "the dataset `\(mention.value)` has errors",
                    hint: "see \(place)")
            } else {
                diagnostics.append(
                    unknownKey(
                        mention.value.text, at: mention.place, among: datasets.names,
                        kind: "dataset"))
            }
        }
        return found
    }

    /// Neither the commit's policy nor the model's own word may be broken; who wrote them decides
    /// nothing, because the trusted policy is held against the plan besides.
    private mutating func refuseData(_ uses: [ClassifiedUse]) {
        let own = DataUse(model: name, allowed: draft.allowedData, rule: "`data` of \(file)")
        let common = DataUse(
            model: name, allowed: policy.allowedData(of: name),
            rule: "`review.data` of \(repositoryFile)")
        diagnostics += own.problems(uses) + common.problems(uses)
    }

    private mutating func resolveEnvironment() -> EnvironmentDeclaration? {
        guard let serving = draft.serving else { return nil }
        guard let mention = serving.environment else {
            let names = environments.names
            if names.count == 1, let only = environments.whole.values.first { return only }
            report(
                serving.place, "`serving.environment` is missing",
                hint: names.isEmpty
                    ? "add environments/production.yaml and name it here"
                    : "known here: " + names.sorted().joined(separator: ", "))
            return nil
        }
        if let environment = environments.whole[mention.value] { return environment }
        if let place = environments.broken[mention.value] {
            report(
                mention.place, "the environment `\(mention.value)` has errors",
                hint: "see \(place)")
        } else {
            diagnostics.append(
                unknownKey(
                    mention.value.text, at: mention.place, among: environments.names,
                    kind: "environment"))
        }
        return nil
    }

    private mutating func resolvePython() -> TreeFile? {
        guard let python = draft.python else {
            return tree.file(at: "\(folder)/\(defaultRequirements)")
        }
        return existing(python, of: "python")
    }

    /// Returns the file that a path relative to the model's folder names, or reports it.
    private mutating func existing(_ mention: Mention<String>, of key: String) -> TreeFile? {
        guard let path = repositoryPath(mention.value, from: folder) else {
            report(
                mention.place, "`\(key): \(quoted(mention.value))` is not inside the repository")
            return nil
        }
        guard let file = tree.file(at: path) else {
            report(mention.place, "`\(key)` names a file that is not there: \(quoted(path))")
            return nil
        }
        return file
    }

    private mutating func resolveIncludes() {
        for include in draft.includes
        where tree.file(at: include.value) == nil && tree.files(below: include.value).isEmpty {
            report(
                include.place,
                "`includes` names a file or folder that is not there: \(quoted(include.value))",
                hint: "`includes` are relative to the root of the repository")
        }
    }

    private mutating func resolveSteps() -> [StepDeclaration]? {
        if let steps = draft.steps { return steps }
        let missing = defaultScripts.filter { tree.file(at: "\(folder)/\($0)") == nil }
        guard missing.isEmpty else {
            let files = missing.map { "`\($0)`" }.joined(separator: " and no ")
            report(
                Place(file: file, line: 1, column: 1),
                "`steps` is missing, and \(folder) has no \(files)",
                hint: "add the file, or say under `steps:` what to run")
            return nil
        }
        let train = StepName(checked: "train")
        return [
            StepDeclaration(name: train, run: "python train.py", produces: ["model"]),
            StepDeclaration(
                name: defaultEvaluateStep, run: "python evaluate.py", needs: [train],
                produces: ["predictions.csv"]),
        ]
    }

    private mutating func resolveEvaluation(
        _ steps: [StepDeclaration]
    ) -> EvaluationDeclaration? {
        guard let draft = draft.evaluation, !steps.isEmpty else { return nil }
        var evaluation = draft.declaration
        if let step = draft.step {
            guard steps.contains(where: { $0.name == step.value }) else {
                diagnostics.append(
                    unknownKey(
                        step.value.text, at: step.place, among: steps.map(\.name.text),
                        kind: "step"))
                return nil
            }
            return evaluation
        }
        let wanted = evaluation.predictions ?? evaluation.metrics ?? ""
        let producers = steps.filter { $0.produces.contains(wanted) }
        if producers.count == 1 { evaluation.step = producers[0].name }
        guard steps.contains(where: { $0.name == evaluation.step }) else {
            report(
                draft.place,
                "`evaluation.step` is missing: no single step produces `\(quoted(wanted))`",
                hint: "known here: " + steps.map(\.name.text).sorted().joined(separator: ", "))
            return nil
        }
        return evaluation
    }

    private mutating func resolveWarmup() -> JSONValue? {
        guard let mention = draft.serving?.warmup,
            existing(mention, of: "serving.warmup") != nil, let warmup
        else { return nil }
        for problem in warmup.diagnostics {
            report(mention.place, problem.message, hint: problem.hint)
        }
        return warmup.draft
    }

    mutating func report(_ place: Place, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: place, message, hint: hint))
    }
}
