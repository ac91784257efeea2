package import Domain

/// Turns the tree of a commit into a plan, and remembers enough to turn the next one fast.
///
/// Files are read and decoded once per path and content. What the last plan found out about a
/// model is kept while no file that touches it has changed. An actor, because the loop and the
/// answer to a hook may ask at the same time.
package actor Planner {
    private var cache = DeclarationCache()
    private var last: PlannedTree?
    /// The plans of the last two commits that were asked for by their ids, newest first.
    private var recent: [Recent] = []

    /// How much of declarations is in memory before it is decoded.
    private static let undecodedBytesMax = 4 << 20

    private struct Recent {
        var commit: CommitID
        var planned: PlannedTree
        /// The commit that it was planned after; nil: it was read whole.
        var base: CommitID?
        /// What differs from `base`.
        var changedPaths: [String] = []
    }

    package init() {}

    /// Returns what the commit with these files says.
    ///
    /// `files` is every file of the commit, best in the order of paths; `read` returns the bytes
    /// of one of them. Whatever `read` throws ends the call and changes nothing: unknown is not
    /// empty. A file that is wrong is a diagnostic and hides no other file.
    package func plan(
        files: [TreeFile], read: @Sendable (TreeFile) async throws -> [UInt8]
    ) async throws -> RepositoryPlan {
        try await plan(tree: Tree(files), read: read).plan
    }

    /// Returns what a commit says, in time by what differs from the commit before.
    ///
    /// The files of all the commit are only listed for the first one. Throws what `source` throws;
    /// then nothing has changed.
    package func plan(of commit: CommitID, from source: PlanSource) async throws -> RepositoryPlan {
        if let known = recent.first(where: { $0.commit == commit }) { return known.planned.plan }
        let next: Recent
        if let base = recent.first {
            next = try await follow(base, to: commit, source)
        } else {
            next = Recent(
                commit: commit,
                planned: try await plan(tree: Tree(source.listing(commit)), read: source.read))
        }
        recent = [next] + recent.prefix(1)
        last = next.planned
        return next.planned.plan
    }

    /// Returns the paths at which two commits differ: known when the one was planned after the
    /// other, asked for otherwise.
    package func changedPaths(
        from old: CommitID, to new: CommitID, in source: PlanSource
    ) async throws -> [String] {
        if let known = recent.first(where: { $0.commit == new && $0.base == old }) {
            return known.changedPaths
        }
        return try await source.changes(old, new).map(\.path)
    }

    private func follow(
        _ base: Recent, to commit: CommitID, _ source: PlanSource
    ) async throws -> Recent {
        let changes = try await source.changes(base.commit, commit)
        let tree = base.planned.tree.applying(changes)
        let planned: PlannedTree
        if let next = try await base.planned.following(changes, tree, read: source.read) {
            planned = next
        } else {
            planned = try await plan(tree: tree, read: source.read)
        }
        return Recent(
            commit: commit, planned: planned, base: base.commit,
            changedPaths: changes.map(\.path))
    }

    private func plan(
        tree: Tree, read: @Sendable (TreeFile) async throws -> [UInt8]
    ) async throws -> PlannedTree {
        guard let root = tree.file(at: repositoryFile) else {
            return PlannedTree(tree: tree, plan: planWithoutRepository())
        }
        let found = DeclarationFiles(tree)
        let before = last
        var decoded = DecodedFiles()
        var unknown: [(file: TreeFile, bytes: [UInt8])] = []
        var bytes = 0
        for file in found.all + [root] {
            if let known = cache[file] ?? before?.decoded[file] {
                decoded[file] = known
                continue
            }
            unknown.append((file, try await read(file)))
            bytes += unknown.last?.bytes.count ?? 0
            guard bytes > Self.undecodedBytesMax else { continue }
            for (file, declaration) in await decode(unknown) { decoded[file] = declaration }
            (unknown, bytes) = ([], 0)
        }
        for (file, declaration) in await decode(unknown) { decoded[file] = declaration }
        // Because only with its schema is known what else a manifest names.
        for pass in [nil, tree] {
            let drafts = DatasetDrafts(found, decoded, pass)
            for file in drafts.sources(tree) where decoded[pins: file] == nil {
                if let known = cache[pins: file] ?? before?.decoded[pins: file] {
                    decoded[pins: file] = known
                } else {
                    decoded[pins: file] = PinSource(try await read(file), file)
                }
            }
            if !drafts.all.contains(where: { $0.draft.draft?.schema != nil }) { break }
        }
        for model in found.models {
            guard let file = warmupFile(of: model, tree, decoded) else { continue }
            if let known = cache[warmup: file] ?? before?.decoded[warmup: file] {
                decoded[warmup: file] = known
            } else {
                decoded[warmup: file] = decodeWarmup(try await read(file), file: file.path)
            }
        }
        // Whatever another caller did during the reads, from here on nothing waits.
        cache.keep(decoded)
        let declared = Declarations(root, found, tree, decoded)
        let planned = PlannedTree(
            tree: tree, plan: assemble(tree, declared, decoded), found: found, decoded: decoded,
            declared: declared)
        last = planned
        return planned
    }

    private func planWithoutRepository() -> RepositoryPlan {
        RepositoryPlan(
            repository: RepositoryDeclaration(), repositoryIsBroken: true, models: ModelPlans(),
            brokenModels: [:], environments: [:], datasets: [:],
            diagnostics: [
                Diagnostic(
                    at: Place(file: repositoryFile), "the repository has no `slipway.yaml`",
                    hint: "add one at the root; an empty file means all defaults")
            ], index: InputIndex())
    }

    private func assemble(
        _ tree: Tree, _ declared: Declarations, _ decoded: DecodedFiles
    ) -> RepositoryPlan {
        var plan = RepositoryPlan(
            repository: declared.repository.draft ?? RepositoryDeclaration(),
            repositoryIsBroken: declared.repository.diagnostics.hasErrors,
            models: last?.plan.models ?? ModelPlans(), brokenModels: last?.plan.brokenModels ?? [:],
            environments: declared.environments.whole,
            datasets: declared.datasets.whole.mapValues(\.manifest),
            brokenDatasets: declared.datasets.faults,
            diagnostics: (declared.diagnostics + danglingMentions(declared, decoded)).inOrder(),
            schedules: last?.plan.schedules ?? [:], zonePlaces: last?.plan.zonePlaces ?? [:],
            index: last?.plan.index ?? InputIndex())
        var touched: Set<ModelName> = []
        for path in last.map({ tree.changedPaths(since: $0.tree) }) ?? [] {
            plan.index.collect(path, into: &touched)
        }
        // Because a dataset may change by a file that is none of its own and lies in its way.
        let (old, new) = (last?.declared?.datasets.whole ?? [:], declared.datasets.whole)
        for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
            plan.index.collect("datasets/\(name).yaml", into: &touched)
        }
        // Because what one manifest says of a file holds for every model that uses it.
        let isRuledAnew =
            declared.policy.data != last?.declared?.policy.data
            || declared.classified != last?.declared?.classified
        let present = Set(declared.models.map(\.name))
        for name in plan.modelNames.subtracting(present) {
            plan.set(name, nil, paths: nil)
        }
        for model in declared.models
        where isRuledAnew || touched.contains(model.name) || plan.models[model.name] == nil {
            // A broken one always: its hints name datasets and environments that it does not use.
            plan.resolve(model, tree, declared, decoded)
        }
        return plan
    }
}
