package import Domain
package import Git
package import Planning
package import Review

/// Finds the people behind a model's changes, who may not approve them; from the commits alone.
package struct Authors: Sendable {
    /// A commit that counts, and who is behind it.
    package struct Touch: Hashable, Sendable {
        package var commit: CommitID
        package var people: CommitPeople
    }

    let repository: Repository
    /// How many commits are read at most; more than that is an error, never a shorter list.
    private let commitsMax = 20_000

    package init(_ repository: Repository) { self.repository = repository }

    /// Returns where the search for the people behind `head` ends: the commit that is assigned,
    /// or where `head` does not stand on it, as in rewritten history, the last assigned one that
    /// it stands on; nil: all of its history counts.
    package func reviewed(
        behind head: CommitID, _ record: ModelRecord, in environment: EnvironmentName
    ) async throws -> CommitID? {
        guard record.current[environment] != nil else { return nil }
        for assignment in record.assignments.reversed()
        where assignment.environment == environment {
            if try await repository.has(assignment.commit),
                try await repository.isAncestor(assignment.commit, of: head)
            {
                return assignment.commit
            }
        }
        return nil
    }

    /// Returns every commit reachable from `head` and not from `base` that touched the model's
    /// inputs, merged side branches included.
    package func touches(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [Touch] {
        try await touches(from: head, notFrom: base) { commit, parent in
            try await repository.changedPaths(from: parent, to: commit)
                .contains(where: inputs.contains)
        }
    }

    /// Returns every such commit that changed what says who may decide.
    ///
    /// `paths` are the files that count besides `slipway.yaml`, of which only `review:`,
    /// `signers:` and `revoked:` do.
    package func touches(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [Touch] {
        try await touches(from: head, notFrom: base) { commit, parent in
            let changed = try await repository.changedPaths(from: parent, to: commit)
            if changed.contains(where: paths.contains) { return true }
            guard changed.contains(repositoryFile) else { return false }
            return try await policy(at: parent) != policy(at: commit)
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

    // MARK: The walk

    private typealias Difference = (CommitID, CommitID?) async throws -> Bool

    /// A merge counts when it differs from each parent, so that it brought something of its own.
    private func touches(
        from head: CommitID, notFrom base: CommitID?, where differs: Difference
    ) async throws -> [Touch] {
        var touches: [Touch] = []
        var seen: Set<CommitID> = [head]
        var queue = [head]
        var hasMerges = false
        while let id = queue.popLast() {
            if let base, try await repository.isAncestor(id, of: base) { continue }
            guard seen.count <= commitsMax else {
                throw Failure(
                    "more than \(commitsMax) commits lie between what is live and the head",
                    at: head.hex, hint: "approve an intermediate commit first")
            }
            let commit = try await repository.commit(id)
            hasMerges = hasMerges || commit.parents.count > 1
            if try await heirs(of: commit, differs).isEmpty { touches.append(Touch(commit)) }
            for parent in commit.parents where seen.insert(parent).inserted {
                queue.append(parent)
            }
        }
        guard let base, hasMerges else { return touches }
        let merges = try await backwardMerges(from: head, to: base, differs)
        return touches + merges.filter { !touches.contains($0) }
    }

    /// The parents whose content the commit has.
    private func heirs(of commit: Commit, _ differs: Difference) async throws -> [CommitID?] {
        let parents: [CommitID?] = commit.parents.isEmpty ? [nil] : commit.parents
        var same: [CommitID?] = []
        for parent in parents where try await !differs(commit.id, parent) { same.append(parent) }
        return same
    }

    /// Returns the merges that took their content from before `base` and not from it.
    ///
    /// They differ from no parent in anything new, and yet they, and nobody after `base`, put the
    /// content there. Only commits whose content came down to `head` are asked.
    private func backwardMerges(
        from head: CommitID, to base: CommitID, _ differs: Difference
    ) async throws -> [Touch] {
        var found: [Touch] = []
        var begun: Set<CommitID> = [head]
        var starts = [head]
        while let start = starts.popLast() {
            if try await repository.isAncestor(start, of: base) { continue }
            guard try await differs(start, base) else { continue }
            let way = try await way(from: start, to: base, differs)
            if way.origins.isEmpty { found += way.merges.map(Touch.init) }
            starts += way.origins.flatMap(\.parents).filter { begun.insert($0).inserted }
        }
        return found
    }

    /// Follows one content to the commits that made it, as far as they come after `base`, and
    /// names the merges on the way that took it from some parents and not from others.
    private func way(
        from start: CommitID, to base: CommitID, _ differs: Difference
    ) async throws -> (origins: [Commit], merges: [Commit]) {
        var (origins, merges): ([Commit], [Commit]) = ([], [])
        var seen: Set<CommitID> = [start]
        var queue = [start]
        while let id = queue.popLast() {
            if try await repository.isAncestor(id, of: base) { continue }
            let commit = try await repository.commit(id)
            let same = try await heirs(of: commit, differs)
            if same.isEmpty { origins.append(commit) }
            if !same.isEmpty, same.count < commit.parents.count { merges.append(commit) }
            queue += same.compactMap(\.self).filter { seen.insert($0).inserted }
        }
        return (origins, merges)
    }
}

extension Authors.Touch {
    fileprivate init(_ commit: Commit) {
        self.init(
            commit: commit.id,
            people: CommitPeople(
                author: commit.author.email, committer: commit.committer.email,
                coAuthors: commit.coAuthors.map(\.email)))
    }
}
