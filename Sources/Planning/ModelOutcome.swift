import Domain

/// What became of a model: a plan, or what is wrong with it.
enum ModelOutcome {
    case success(ModelPlan)
    case failure([Diagnostic])
}

extension RepositoryPlan {
    /// Replaces what is said about a model; nil takes it away.
    mutating func set(_ name: ModelName, _ outcome: ModelOutcome?, paths: ModelPaths?) {
        models[name] = nil
        brokenModels[name] = nil
        schedules[name] = nil
        zonePlaces[name] = nil
        index.set(name, paths)
        switch outcome {
        case .success(let plan):
            models[name] = plan
            schedules[name] = plan.declaration.schedule
        case .failure(let diagnostics): brokenModels[name] = diagnostics
        case nil: break
        }
    }

    /// Finds out what the files say about a model; its own file must be decoded.
    mutating func resolve(
        _ model: DeclarationFiles.Model, _ tree: Tree, _ declared: Declarations,
        _ decoded: DecodedFiles
    ) {
        guard case .model(let parsed) = decoded[model.file] else {
            preconditionFailure("every declaration was decoded before")
        }
        let paths = ModelResolver.paths(
            folder: model.folder, draft: parsed.draft, datasets: declared.datasets)
        guard let draft = parsed.draft else {
            return set(model.name, .failure(parsed.diagnostics), paths: paths)
        }
        var resolver = ModelResolver(
            tree: tree, datasets: declared.datasets, classified: declared.classified,
            environments: declared.environments, policy: declared.policy,
            name: model.name, folder: model.folder, draft: draft,
            warmup: warmupFile(of: model, tree, decoded).flatMap { decoded[warmup: $0] },
            diagnostics: parsed.diagnostics)
        if let planned = resolver.resolve() {
            set(model.name, .success(planned), paths: paths)
            zonePlaces[model.name] = draft.zonePlace
        } else {
            set(model.name, .failure(resolver.diagnostics.inOrder()), paths: paths)
        }
    }
}

/// The warm-up file that a model's draft names; nil also when it is not there.
func warmupFile(
    of model: DeclarationFiles.Model, _ tree: Tree, _ decoded: DecodedFiles
) -> TreeFile? {
    guard case .model(let parsed) = decoded[model.file],
        let written = parsed.draft?.serving?.warmup?.value,
        let path = repositoryPath(written, from: model.folder)
    else { return nil }
    return tree.file(at: path)
}
