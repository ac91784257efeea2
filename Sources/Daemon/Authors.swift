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
    /// inputs, merged side branches included; none before those that stand on it.
    ///
    /// `known` is what was returned for another head of the same model with the same inputs and
    /// base: where it can, the search goes on from there.
    package func touches(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths,
        known: (head: CommitID, touches: [Touch])? = nil
    ) async throws -> [Touch] {
        let scope = PathScope(roots: inputs.roots, where: inputs.contains)
        // Because with a base the merges that went behind it depend on the head.
        if base == nil, let known, try await repository.isAncestor(known.head, of: head) {
            let story = try await Story(
                repository, from: head, notFrom: nil, readBefore: known.head, at: scope)
            return try await touches(story) + known.touches
        }
        return try await touches(Story(repository, from: head, notFrom: base, at: scope))
    }

    /// Returns every such commit that changed what says who may decide.
    ///
    /// `paths` are the files that count besides `slipway.yaml`, of which only `review:`,
    /// `signers:` and `revoked:` do.
    package func touches(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [Touch] {
        let scope = PathScope(roots: paths.sorted() + [repositoryFile])
        var story = try await Story(repository, from: head, notFrom: base, at: scope)
        try await story.keep { commit, parent in
            let changed = try await repository.changedPaths(from: parent, to: commit)
            if changed.contains(where: paths.contains) { return true }
            return try await policy(at: parent) != policy(at: commit)
        }
        return try await touches(story)
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

    private func touches(_ story: Story) async throws -> [Touch] {
        var touches: [Touch] = []
        for id in try await story.commits {
            touches.append(Touch(try await repository.commit(id)))
        }
        return touches
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
