import Domain

/// Turns the tree of a commit into a plan, and remembers enough to turn the next one fast.
///
/// Files are read and decoded once per path and content. What the last plan found out about a
/// model is kept while no file that touches it has changed. An actor, because the loop and the
/// answer to a hook may ask at the same time.
package actor Planner {
    private var cache = DeclarationCache()
    private var last: (tree: Tree, plan: RepositoryPlan)?

    package init() {}

    /// Returns what the commit with these files says.
    ///
    /// `files` is every file of the commit, best in the order of paths; `read` returns the bytes
    /// of one of them. Whatever `read` throws ends the call and changes nothing: unknown is not
    /// empty. A file that is wrong is a diagnostic and hides no other file.
    package func plan(
        files: [TreeFile], read: @Sendable (TreeFile) async throws -> [UInt8]
    ) async throws -> RepositoryPlan {
        let tree = Tree(files)
        guard let root = tree.file(at: repositoryFile) else { return planWithoutRepository() }
        let found = DeclarationFiles(tree)
        var decoded = DecodedFiles()
        for file in found.all + [root] {
            if let known = cache[file] {
                decoded[file] = known
            } else {
                decoded[file] = CachedDeclaration(try await read(file), file)
            }
        }
        for file in warmups(found, tree, decoded) {
            if let known = cache[warmup: file] {
                decoded[warmup: file] = known
            } else {
                decoded[warmup: file] = decodeWarmup(try await read(file), file: file.path)
            }
        }
        // Whatever another caller did during the reads, from here on nothing waits.
        cache.keep(decoded)
        let plan = assemble(tree, Declarations(root, found, decoded), decoded)
        last = (tree, plan)
        return plan
    }

    private func planWithoutRepository() -> RepositoryPlan {
        RepositoryPlan(
            repository: RepositoryDeclaration(), repositoryIsBroken: true, models: [:],
            brokenModels: [:], environments: [:], datasets: [:],
            diagnostics: [
                Diagnostic(
                    at: Place(file: repositoryFile), "the repository has no `slipway.yaml`",
                    hint: "add one at the root; an empty file means all defaults")
            ], index: InputIndex())
    }

    /// The warm-up files that the drafts name and that are there.
    private func warmups(
        _ found: DeclarationFiles, _ tree: Tree, _ decoded: DecodedFiles
    ) -> [TreeFile] {
        found.models.compactMap { model in
            guard case .model(let parsed) = decoded[model.file] else { return nil }
            return warmup(parsed.draft, folder: model.folder, tree)
        }
    }

    private func warmup(_ draft: ModelDraft?, folder: String, _ tree: Tree) -> TreeFile? {
        guard let written = draft?.serving?.warmup?.value,
            let path = repositoryPath(written, from: folder)
        else { return nil }
        return tree.file(at: path)
    }

    private func assemble(
        _ tree: Tree, _ declared: Declarations, _ decoded: DecodedFiles
    ) -> RepositoryPlan {
        var plan = RepositoryPlan(
            repository: declared.repository.draft ?? RepositoryDeclaration(),
            repositoryIsBroken: declared.repository.diagnostics.hasErrors,
            models: last?.plan.models ?? [:], brokenModels: last?.plan.brokenModels ?? [:],
            environments: declared.environments.whole,
            datasets: declared.datasets.whole.mapValues(\.manifest),
            diagnostics: (declared.diagnostics + danglingMentions(declared, decoded)).inOrder(),
            index: last?.plan.index ?? InputIndex())
        var touched: Set<ModelName> = []
        for path in last.map({ tree.changedPaths(since: $0.tree) }) ?? [] {
            plan.index.collect(path, into: &touched)
        }
        let present = Set(declared.models.map(\.name))
        for name in plan.modelNames.subtracting(present) {
            plan.set(name, nil, paths: nil)
        }
        for model in declared.models
        where touched.contains(model.name) || plan.models[model.name] == nil {
            // A broken one always: its hints name datasets and environments that it does not use.
            resolve(model, tree, declared, decoded, into: &plan)
        }
        return plan
    }

    private func resolve(
        _ model: DeclarationFiles.Model, _ tree: Tree, _ declared: Declarations,
        _ decoded: DecodedFiles, into plan: inout RepositoryPlan
    ) {
        guard case .model(let parsed) = decoded[model.file] else {
            preconditionFailure("every declaration was decoded before")
        }
        let paths = ModelResolver.paths(
            folder: model.folder, draft: parsed.draft, datasets: declared.datasets)
        guard let draft = parsed.draft else {
            return plan.set(model.name, .failure(parsed.diagnostics), paths: paths)
        }
        let warmupFile = warmup(draft, folder: model.folder, tree)
        var resolver = ModelResolver(
            tree: tree, datasets: declared.datasets, environments: declared.environments,
            name: model.name, folder: model.folder, draft: draft,
            warmup: warmupFile.flatMap { decoded[warmup: $0] }, diagnostics: parsed.diagnostics)
        if let planned = resolver.resolve() {
            plan.set(model.name, .success(planned), paths: paths)
        } else {
            plan.set(model.name, .failure(resolver.diagnostics.inOrder()), paths: paths)
        }
    }
}

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
        index.set(name, paths)
        switch outcome {
        case .success(let plan): models[name] = plan
        case .failure(let diagnostics): brokenModels[name] = diagnostics
        case nil: break
        }
    }
}
