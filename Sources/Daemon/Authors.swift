import Domain
import Git
import Planning
import Review

/// Finds the people behind a model's changes, who may not approve them.
struct Authors: Sendable {
    /// A commit that counts, and who is behind it.
    struct Touch: Hashable, Sendable {
        var commit: CommitID
        var people: CommitPeople
    }

    let repository: Repository
    /// How many commits are read at most; more than that is an error, never a shorter list.
    private let commitsMax = 20_000

    init(_ repository: Repository) { self.repository = repository }

    /// Returns every commit reachable from `head` and not from `base` that touched the model's
    /// inputs, merged side branches included.
    func touches(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [Touch] {
        try await touches(from: head, notFrom: base) { commit in
            try await isTouching(commit) { parent in
                try await repository.changedPaths(from: parent, to: commit.id)
                    .contains(where: inputs.contains)
            }
        }
    }

    /// Returns every such commit that changed what says who may decide.
    ///
    /// `paths` are the files that count besides `slipway.yaml`, of which only `review:`,
    /// `signers:` and `revoked:` do.
    func touches(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [Touch] {
        try await touches(from: head, notFrom: base) { commit in
            try await isTouching(commit) { parent in
                let changed = try await repository.changedPaths(from: parent, to: commit.id)
                if changed.contains(where: paths.contains) { return true }
                guard changed.contains(repositoryFile) else { return false }
                return try await policy(at: parent) != policy(at: commit.id)
            }
        }
    }

    /// What `slipway.yaml` says about policy; unlike anything else where it cannot be read.
    private struct Said: Equatable {
        var review: ReviewPolicy
        var files: [String]
        var unreadable: CommitID?
    }

    private func policy(at commit: CommitID?) async throws -> Said {
        guard let commit else { return Said(review: ReviewPolicy(), files: []) }
        guard let declared = try await repositoryDeclaration(at: commit, of: repository) else {
            return Said(review: ReviewPolicy(), files: [], unreadable: commit)
        }
        return Said(review: declared.review, files: [declared.signers, declared.revoked])
    }

    private func touches(
        from head: CommitID, notFrom base: CommitID?, where counts: (Commit) async throws -> Bool
    ) async throws -> [Touch] {
        var touches: [Touch] = []
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
            if try await counts(commit) {
                let people = CommitPeople(
                    author: commit.author.email, committer: commit.committer.email,
                    coAuthors: commit.coAuthors.map(\.email))
                touches.append(Touch(commit: id, people: people))
            }
            for parent in commit.parents where seen.insert(parent).inserted {
                queue.append(parent)
            }
        }
        return touches
    }

    /// A merge counts when it differs from each parent, so that it brought something of its own.
    private func isTouching(
        _ commit: Commit, since differs: (CommitID?) async throws -> Bool
    ) async throws -> Bool {
        let parents: [CommitID?] = commit.parents.isEmpty ? [nil] : commit.parents
        for parent in parents {
            guard try await differs(parent) else { return false }
        }
        return true
    }
}
