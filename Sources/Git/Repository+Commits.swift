import CGit2
package import Domain

extension Repository {
    /// A commit; text that is not UTF-8 is decoded with replacement characters.
    package func commit(_ id: CommitID) throws(GitError) -> Commit {
        let commit = try openCommit(id.raw())
        let parents = unsafe (0..<git.commit_parentcount(commit.pointer)).compactMap { number in
            unsafe git.commit_parent_id(commit.pointer, number).map { ObjectID(unsafe $0.pointee) }
        }
        guard let tree = unsafe git.commit_tree_id(commit.pointer),
            let author = unsafe git.commit_author(commit.pointer),
            let committer = unsafe git.commit_committer(commit.pointer)
        else { throw .wrongKind(id, expected: "well-formed commit") }
        return unsafe Commit(
            id: id, tree: ObjectID(tree.pointee), parents: parents, author: Person(author.pointee),
            committer: Person(committer.pointee),
            message: git.commit_message(commit.pointer).map { unsafe String(cString: $0) } ?? "")
    }

    /// The oldest `limit` commits that follow `after` up to and with `upTo`, by first parents.
    ///
    /// To go on, ask again after the last one. `after` nil starts with the very first commit;
    /// `after` equal to `upTo` gives none.
    package func firstParentCommits(
        after: CommitID?, upTo: CommitID, limit: Int
    ) throws(GitError) -> FirstParentWalk {
        precondition(limit > 0, "a walk of no commits")
        let end = try after.map { (id) throws(GitError) in try id.raw() }
        var newestFirst: [git_oid] = []
        var next: git_oid? = try upTo.raw()
        while let oid = next {
            if let end, same(oid, end) { break }
            newestFirst.append(oid)
            let commit = try openCommit(oid)
            next = unsafe git.commit_parent_id(commit.pointer, 0).map { unsafe $0.pointee }
        }
        if end != nil, next == nil { return .notAnAncestor }
        return .commits(newestFirst.suffix(limit).reversed().map { ObjectID($0) })
    }

    /// Whether `ancestor` can be reached from `descendant` by any parents; a commit reaches
    /// itself.
    package func isAncestor(
        _ ancestor: CommitID, of descendant: CommitID
    ) throws(GitError) -> Bool {
        if ancestor == descendant { return true }
        var (child, parent) = (try descendant.raw(), try ancestor.raw())
        let code = unsafe git.graph_descendant_of(handle.pointer, &child, &parent)
        return try check(code, "following the parents of \(descendant)") == 1
    }

    func openCommit(_ oid: git_oid) throws(GitError) -> Handle {
        var oid = oid
        do throws(GitError) {
            return try unsafe Handle("reading commit \(ObjectID(oid))", free: git.commit_free) {
                unsafe git.commit_lookup(&$0, handle.pointer, &oid)
            }
        } catch {
            guard error.isNotFound else { throw error }
            if try header(oid) != nil { throw .wrongKind(ObjectID(oid), expected: "commit") }
            throw .notFound("commit \(ObjectID(oid))")
        }
    }
}

extension Person {
    init(_ signature: git_signature) {
        unsafe self.init(
            name: signature.name.map { unsafe String(cString: $0) } ?? "",
            email: signature.email.map { unsafe String(cString: $0) } ?? "",
            when: Instant(gitSeconds: signature.when.time))
    }
}
