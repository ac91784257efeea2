import CGit2
package import Domain

extension Repository {
    /// All files, links and submodules below a folder, sorted by the bytes of their paths.
    ///
    /// `folder` is relative to the root, `""` is the root; none when there is no such folder.
    package func entries(
        of commit: CommitID, under folder: String
    ) throws(GitError) -> [TreeEntry] {
        guard let tree = try find(folder, at: commit), tree.isTree else { return [] }
        var found: [TreeEntry] = []
        try collect(tree.oid, folder, depth: 0, into: &found)
        return found
    }

    /// All files, links and submodules of a commit, sorted by the bytes of their paths.
    package func listing(of commit: CommitID) throws(GitError) -> [TreeEntry] {
        try entries(of: commit, under: "")
    }

    /// The tree id of a folder, which names all that is in it; nil: there is no such folder.
    package func subtree(at commit: CommitID, _ folder: String) throws(GitError) -> ObjectID? {
        guard let found = try find(folder, at: commit), found.isTree else { return nil }
        return ObjectID(found.oid)
    }

    /// A file's bytes; nil: there is no file at this path.
    package func blob(
        at commit: CommitID, _ path: String, limitBytes: Int = 64 << 20
    ) throws(GitError) -> [UInt8]? {
        guard let found = try find(path, at: commit), !found.isTree, !found.isSubmodule else {
            return nil
        }
        return try blob(ObjectID(found.oid), limitBytes: limitBytes)
    }

    /// The paths of files that differ between two commits, sorted by their bytes.
    ///
    /// A renamed file is one path that went and one that came. `from` nil is the empty tree.
    package func changedPaths(from: CommitID?, to: CommitID) throws(GitError) -> [String] {
        let old = try from.map { (id) throws(GitError) in try rootTree(of: id) }
        var paths: [String] = []
        try compareTrees(old, try rootTree(of: to)) { paths.append($0.path) }
        return paths
    }

    /// The files that differ between two commits, with what stands there in the later one.
    ///
    /// Folders that are equal on both sides are not opened, so it takes time by what changed.
    package func changedEntries(
        from: CommitID, to: CommitID
    ) throws(GitError) -> [EntryChange] {
        var changes: [EntryChange] = []
        try compareTrees(try rootTree(of: from), try rootTree(of: to)) { change in
            let entry = change.new.map {
                TreeEntry(path: change.path, mode: change.newMode, blob: ObjectID($0))
            }
            changes.append(EntryChange(path: change.path, new: entry))
        }
        return changes
    }

    func openTree(_ oid: git_oid) throws(GitError) -> Tree {
        try unsafe Tree(oid, in: handle.pointer)
    }

    func rootTree(of commit: CommitID) throws(GitError) -> git_oid {
        try rootTree(of: openCommit(commit.raw()))
    }

    func rootTree(of commit: borrowing Handle) throws(GitError) -> git_oid {
        guard let oid = unsafe git.commit_tree_id(commit.pointer) else {
            throw .notFound("tree of a commit")
        }
        return unsafe oid.pointee
    }

    /// What stands at a path; the root is the empty path.
    private func find(
        _ path: String, at commit: CommitID
    ) throws(GitError) -> (oid: git_oid, isTree: Bool, isSubmodule: Bool)? {
        var oid = try rootTree(of: commit)
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        for (depth, name) in names.enumerated() {
            let tree = try openTree(oid)
            guard let item = tree[String(decoding: name, as: UTF8.self)] else { return nil }
            if depth == names.count - 1 { return (item.oid, item.isTree, item.isSubmodule) }
            guard item.isTree else { return nil }
            oid = item.oid
        }
        return (oid, true, false)
    }

    /// Git's order of a tree, folder by folder, is the order of the bytes of the whole paths.
    private func collect(
        _ oid: git_oid, _ folder: String, depth: Int, into found: inout [TreeEntry]
    ) throws(GitError) {
        guard depth < treeDepthMax else { throw .unsafePath(folder) }
        let tree = try openTree(oid)
        for index in 0..<tree.count {
            let item = tree[index]
            let path = joined(folder, item.name)
            if item.isTree {
                try collect(item.oid, path, depth: depth + 1, into: &found)
            } else {
                found.append(
                    TreeEntry(path: path, mode: Int32(item.mode), blob: ObjectID(item.oid)))
            }
        }
    }
}
