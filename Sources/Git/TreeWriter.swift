import CGit2
import Domain

/// One change of a tree, by the names on the way to it.
struct TreeEdit {
    var names: ArraySlice<String>
    /// What the entry becomes; nil: nothing.
    var entry: Entry?

    struct Entry {
        var mode: UInt32
        var oid: git_oid
    }

    fileprivate var below: TreeEdit { TreeEdit(names: names.dropFirst(), entry: entry) }
}

/// Writes trees by changing others; folders that become empty disappear, as in git.
extension Repository {
    /// Writes the tree that `base` becomes under the edits and returns its id.
    ///
    /// A later edit of the same path wins; one below a path wins over one of the path itself.
    func writeTree(base: git_oid?, _ edits: [TreeEdit]) throws(GitError) -> git_oid {
        if let oid = try writeFolder(base, edits, depth: 0) { return oid }
        return try write([], as: GIT_OBJECT_TREE)
    }

    /// Returns nil when nothing is left in the folder.
    private func writeFolder(
        _ base: git_oid?, _ edits: [TreeEdit], depth: Int
    ) throws(GitError) -> git_oid? {
        guard depth < treeDepthMax else {
            throw .unsafePath(edits.first?.names.joined(separator: "/") ?? "")
        }
        let builder = try builder(from: base)
        for (name, edits) in Dictionary(grouping: edits, by: { $0.names.first ?? "" }) {
            guard isTreeName(name) else { throw .unsafePath(name) }
            let old = unsafe entry(name, in: builder.pointer)
            let new = try edited(old, edits, depth: depth)
            if let new {
                var oid = new.oid
                let mode = git_filemode_t(rawValue: new.mode)
                try check(
                    unsafe git.treebuilder_insert(nil, builder.pointer, name, &oid, mode),
                    "writing the tree entry \(name)")
            } else if old != nil {
                try check(
                    unsafe git.treebuilder_remove(builder.pointer, name),
                    "removing the tree entry \(name)")
            }
        }
        guard unsafe git.treebuilder_entrycount(builder.pointer) > 0 else { return nil }
        var oid = git_oid()
        try check(unsafe git.treebuilder_write(&oid, builder.pointer), "writing a tree")
        return oid
    }

    /// What one entry becomes under the edits of it and of what is below it.
    private func edited(
        _ old: TreeEdit.Entry?, _ edits: [TreeEdit], depth: Int
    ) throws(GitError) -> TreeEdit.Entry? {
        var entry = old
        if let direct = edits.last(where: { $0.names.count == 1 }) { entry = direct.entry }
        let nested = edits.filter { $0.names.count > 1 }.map(\.below)
        let isTree = entry?.mode == GIT_FILEMODE_TREE.rawValue
        if nested.isEmpty || !isTree && nested.allSatisfy({ $0.entry == nil }) { return entry }
        return try writeFolder(isTree ? entry?.oid : nil, nested, depth: depth + 1)
            .map { TreeEdit.Entry(mode: GIT_FILEMODE_TREE.rawValue, oid: $0) }
    }

    private func builder(from base: git_oid?) throws(GitError) -> Handle {
        guard var oid = base else {
            return try unsafe Handle("starting a tree", free: git.treebuilder_free) {
                unsafe git.treebuilder_new(&$0, handle.pointer, nil)
            }
        }
        let tree = try unsafe Handle("reading tree \(ObjectID(oid))", free: git.tree_free) {
            unsafe git.tree_lookup(&$0, handle.pointer, &oid)
        }
        return try unsafe Handle("starting a tree", free: git.treebuilder_free) {
            unsafe git.treebuilder_new(&$0, handle.pointer, tree.pointer)
        }
    }

    private func entry(_ name: String, in builder: OpaquePointer) -> TreeEdit.Entry? {
        guard let found = unsafe git.treebuilder_get(builder, name),
            let oid = unsafe git.tree_entry_id(found)
        else { return nil }
        return unsafe TreeEdit.Entry(
            mode: git.tree_entry_filemode(found).rawValue, oid: oid.pointee)
    }
}
