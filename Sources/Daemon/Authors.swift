import Domain
import Git
import Planning
import Review

/// Finds the people behind a model's changes, who may not approve them.
struct Authors: Sendable {
    let repository: Repository
    /// How many commits are read at most; more than that is an error, never a shorter list.
    private let commitsMax = 20_000

    init(_ repository: Repository) { self.repository = repository }

    /// Returns the people of every commit reachable from `head` and not from `base` that touched
    /// the model's inputs, merged side branches included.
    func people(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [CommitPeople] {
        var people: [CommitPeople] = []
        var seen: Set<CommitID> = [head]
        var queue = [head]
        while let id = queue.popLast() {
            if let base, try await repository.isAncestor(id, of: base) { continue }
            guard seen.count <= commitsMax else {
                throw Failure(
                    "more than \(commitsMax) commits lie between what is live and the head",
                    at: head.hex, hint: "approve an intermediate commit first")
            }
            let commit = try await repository.commit(id)
            if try await touches(commit, inputs) {
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

    /// A merge counts when it differs from each parent, so that it brought something of its own.
    private func touches(_ commit: Commit, _ inputs: ModelPaths) async throws -> Bool {
        let parents: [CommitID?] = commit.parents.isEmpty ? [nil] : commit.parents
        for parent in parents {
            let changed = try await repository.changedPaths(from: parent, to: commit.id)
            guard changed.contains(where: inputs.contains) else { return false }
        }
        return true
    }
}
