import Domain
import Git
import Planning
import Review

/// Finds the people behind changes, who may not approve them; recomputed from the commits alone.
struct ChangeMakers: Sendable {
    /// A commit that counts, and who is behind it.
    struct Change: Hashable, Sendable {
        var commit: CommitID
        var people: CommitPeople
    }

    let repository: Repository
    /// More commits than this are an error, never a shorter list.
    private let commitsMax = 20_000

    init(_ repository: Repository) { self.repository = repository }

    /// Every commit reachable from `head` and not from `base` that touched the
    /// model's inputs, merged side branches included, with its people.
    func changes(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [Change] {
        try await changes(from: head, notFrom: base) { commit, parent in
            try await repository.changedPaths(from: parent, to: commit)
                .contains(where: inputs.contains)
        }
    }

    /// Every such commit that changed what says who may decide.
    func changes(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [Change] {
        try await changes(from: head, notFrom: base) { commit, parent in
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
    private func changes(
        from head: CommitID, notFrom base: CommitID?,
        where differs: (CommitID, CommitID?) async throws -> Bool
    ) async throws -> [Change] {
        var changes: [Change] = []
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
                let people = CommitPeople(
                    author: commit.author.email, committer: commit.committer.email,
                    coAuthors: commit.coAuthors.map(\.email))
                changes.append(Change(commit: id, people: people))
            }
            for parent in commit.parents where seen.insert(parent).inserted {
                queue.append(parent)
            }
        }
        return changes
    }
}

/// Who pushed what was released, as the notes say; empty when nobody said who pushed the newest
/// commit, so that a rule about it cannot have been met.
func pushers(
    of newest: CommitID, _ commits: [CommitID], _ pushes: [CommitID: [Push]]
) -> [String] {
    func names(_ commit: CommitID) -> [String] { (pushes[commit] ?? []).compactMap(\.by) }
    guard !names(newest).isEmpty else { return [] }
    return Set((commits + [newest]).flatMap(names)).sorted()
}
