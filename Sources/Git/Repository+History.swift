import CGit2
package import Domain

/// A commit, and whether what counts is other in it than in its parents.
package struct HistoryStep: Hashable, Sendable {
    package let commit: CommitID
    package let parents: [CommitID]
    /// One for each parent, in their order; for a commit without parents one, against nothing.
    package var differs: [Bool]

    /// Whether the commit brought something that it has from no parent.
    package var isOwn: Bool { !differs.contains(false) }
}

/// Which commits of a history are kept.
package enum HistorySelection: Sendable {
    case all
    /// Those that brought something that they have from no parent.
    case own
}

extension Repository {
    /// The commits reachable from `head` and not from `base`, by any parents, none
    /// before those that stand on it.
    ///
    /// Only folders in the scope are opened, and only where they changed: a commit that left
    /// them alone costs as much as reading it. The repository serves nobody else meanwhile, so
    /// that a long history is asked of one opened for it.
    package func history(
        of head: CommitID, notFrom base: CommitID?, at scope: PathScope,
        keeping selection: HistorySelection
    ) throws(GitError) -> [HistoryStep] {
        let walk = try revisionWalk(of: head, notFrom: base)
        var steps: [HistoryStep] = []
        var oldest = Int64.max
        while let oid = try next(of: walk) {
            let commit = try openCommit(oid)
            oldest = unsafe min(oldest, git.commit_time(commit.pointer))
            let step = try step(oid, commit, scope)
            if selection == .all || step.isOwn { steps.append(step) }
        }
        guard let base, !steps.isEmpty else { return steps }
        let behind = try behind(base, since: oldest)
        return steps.filter { !behind.contains($0.commit) }
    }

    /// The commits reachable from `base`, as far as they are not older than some time.
    ///
    /// Because a walk by time takes what stands behind `base` for new where clocks went backwards;
    /// here they may by a day, and beyond that there are commits too many and never too few.
    private func behind(_ base: CommitID, since oldest: Int64) throws(GitError) -> Set<CommitID> {
        let floor = oldest - 86_400
        var seen: Set<CommitID> = [base]
        var queue = [try base.raw()]
        while let oid = queue.popLast() {
            let commit = try openCommit(oid)
            guard unsafe git.commit_time(commit.pointer) >= floor else { continue }
            for number in unsafe 0..<git.commit_parentcount(commit.pointer) {
                guard let parent = unsafe git.commit_parent_id(commit.pointer, number) else {
                    continue
                }
                let oid = unsafe parent.pointee
                if seen.insert(ObjectID(oid)).inserted { queue.append(oid) }
            }
        }
        return seen
    }

    /// Whether something that counts is other in one commit than in another.
    package func differs(
        _ one: CommitID, from other: CommitID, at scope: PathScope
    ) throws(GitError) -> Bool {
        try differs(rootTree(of: other), rootTree(of: one), scope)
    }

    private func revisionWalk(
        of head: CommitID, notFrom base: CommitID?
    ) throws(GitError) -> Handle {
        let walk = try unsafe Handle("walking through history", free: git.revwalk_free) {
            unsafe git.revwalk_new(&$0, handle.pointer)
        }
        try check(
            unsafe git.revwalk_sorting(walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue),
            "walking through history")
        var start = try head.raw()
        try check(
            unsafe git.revwalk_push(walk.pointer, &start), "following the parents of \(head)")
        if let base {
            var end = try base.raw()
            try check(
                unsafe git.revwalk_hide(walk.pointer, &end), "following the parents of \(base)")
        }
        return walk
    }

    private func next(of walk: borrowing Handle) throws(GitError) -> git_oid? {
        var oid = git_oid()
        let code = unsafe git.revwalk_next(&oid, walk.pointer)
        if code == GIT_ITEROVER.rawValue { return nil }
        try check(code, "walking through history")
        return oid
    }

    private func step(
        _ oid: git_oid, _ commit: borrowing Handle, _ scope: PathScope
    ) throws(GitError) -> HistoryStep {
        let tree = try rootTree(of: commit)
        var (parents, changes): ([CommitID], [Bool]) = ([], [])
        for number in unsafe 0..<git.commit_parentcount(commit.pointer) {
            guard let parent = unsafe git.commit_parent_id(commit.pointer, number) else { continue }
            parents.append(ObjectID(unsafe parent.pointee))
            let before = try rootTree(of: openCommit(unsafe parent.pointee))
            changes.append(try differs(before, tree, scope))
        }
        if parents.isEmpty { changes = [try differs(nil, tree, scope)] }
        return HistoryStep(commit: ObjectID(oid), parents: parents, differs: changes)
    }

    private func differs(
        _ old: git_oid?, _ new: git_oid, _ scope: PathScope
    ) throws(GitError) -> Bool {
        var found = false
        try compareTrees(old, new, entering: { !found && scope.reaches(into: $0) }) { change in
            found = found || scope.contains(change.path)
        }
        return found
    }
}
