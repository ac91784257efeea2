import Domain
import Git
import Planning
import Review

/// Finds the people behind changes, who may not approve them; recomputed from the commits alone.
struct ChangeMakers: Sendable {
    let repository: Repository
    /// More commits than this are an error, never a shorter list.
    private let commitsMax = 20_000

    init(_ repository: Repository) { self.repository = repository }

    /// The people of every commit reachable from `head` and not from `base` that touched the
    /// model's inputs, merged side branches included.
    func people(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [CommitPeople] {
        try await people(from: head, notFrom: base) { commit, parent in
            try await repository.changedPaths(from: parent, to: commit)
                .contains(where: inputs.contains)
        }
    }

    /// The people of every such commit that changed what says who may decide.
    func people(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [CommitPeople] {
        try await people(from: head, notFrom: base) { commit, parent in
            let changed = try await repository.changedPaths(from: parent, to: commit)
            if changed.contains(where: paths.contains) { return true }
            guard changed.contains(repositoryFile) else { return false }
            let after = try await declaration(at: commit)
            guard let parent else { return after != nil }
            let before = try await declaration(at: parent)
            return before?.review != after?.review || before?.signers != after?.signers
                || before?.revoked != after?.revoked
        }
    }

    /// What the `slipway.yaml` of a commit says; nil when it has none, or errors in it.
    func declaration(at commit: CommitID) async throws -> RepositoryDeclaration? {
        guard let bytes = try await repository.blob(at: commit, repositoryFile) else { return nil }
        let file = TreeFile(path: repositoryFile, blob: blobID(bytes))
        let plan = try await Planner().plan(files: [file]) { _ in bytes }
        return plan.repositoryIsBroken ? nil : plan.repository
    }

    /// A merge counts when it differs from each parent, so that it brought something of its own.
    private func people(
        from head: CommitID, notFrom base: CommitID?,
        where differs: (CommitID, CommitID?) async throws -> Bool
    ) async throws -> [CommitPeople] {
        var people: [CommitPeople] = []
        var seen: Set<CommitID> = [head]
        var queue = [head]
        while let id = queue.popLast() {
            if let base, try await repository.isAncestor(id, of: base) { continue }
            guard seen.count <= commitsMax else {
                throw Stop(
                    .wrong, "more than \(commitsMax) commits lie behind the change",
                    at: "commit \(head.short)")
            }
            let commit = try await repository.commit(id)
            var counts = true
            for parent in commit.parents.isEmpty ? [nil] : commit.parents.map(Optional.some)
            where counts {
                counts = try await differs(id, parent)
            }
            if counts {
                people.append(
                    CommitPeople(
                        author: commit.author.email, committer: commit.committer.email,
                        coAuthors: commit.coAuthors.map(\.email)))
            }
            for parent in commit.parents where seen.insert(parent).inserted {
                queue.append(parent)
            }
        }
        return people
    }
}
