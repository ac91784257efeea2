import CGit2
import Domain

/// A tree of the object database, held open.
@safe
struct Tree: ~Copyable {
    private let handle: Handle
    let count: Int

    init(_ oid: git_oid, in repository: OpaquePointer) throws(GitError) {
        var oid = oid
        handle = try unsafe Handle("reading tree \(ObjectID(oid))", free: git.tree_free) {
            unsafe git.tree_lookup(&$0, repository, &oid)
        }
        count = unsafe git.tree_entrycount(handle.pointer)
    }

    /// The entry at a place in git's order, in which a folder `a` stands where `a/` would.
    subscript(index: Int) -> Item {
        // Because every index below `count` has an entry.
        guard let entry = unsafe git.tree_entry_byindex(handle.pointer, index) else {
            preconditionFailure("entry \(index) of \(count)")
        }
        return unsafe Item(entry)
    }

    /// The entry of this name; nil: there is none.
    subscript(name: String) -> Item? {
        unsafe git.tree_entry_byname(handle.pointer, name).map { unsafe Item($0) }
    }

    /// One entry of a tree, as values.
    struct Item {
        let name: String
        let oid: git_oid
        let mode: UInt32
        var isTree: Bool { mode == GIT_FILEMODE_TREE.rawValue }
        var isLink: Bool { mode == GIT_FILEMODE_LINK.rawValue }
        var isSubmodule: Bool { mode == GIT_FILEMODE_COMMIT.rawValue }
        var isFile: Bool { !isTree && !isLink && !isSubmodule }

        fileprivate init(_ entry: OpaquePointer) {
            guard let name = unsafe git.tree_entry_name(entry),
                let oid = unsafe git.tree_entry_id(entry)
            else { preconditionFailure("every entry has a name and an id") }
            self.name = unsafe String(cString: name)
            self.oid = unsafe oid.pointee
            mode = unsafe git.tree_entry_filemode(entry).rawValue
        }
    }

    /// Compares entries of two trees in git's order: negative, zero (same name, both folders or
    /// both not), positive.
    static func order(
        _ left: borrowing Tree, _ i: Int, _ right: borrowing Tree, _ j: Int
    ) -> Int32 {
        unsafe git.tree_entry_cmp(
            git.tree_entry_byindex(left.handle.pointer, i),
            git.tree_entry_byindex(right.handle.pointer, j))
    }

    /// Whether two entries have the same object and mode.
    static func areEqual(
        _ left: borrowing Tree, _ i: Int, _ right: borrowing Tree, _ j: Int
    ) -> Bool {
        let one = unsafe git.tree_entry_byindex(left.handle.pointer, i)
        let other = unsafe git.tree_entry_byindex(right.handle.pointer, j)
        return unsafe git.oid_equal(git.tree_entry_id(one), git.tree_entry_id(other)) == 1
            && git.tree_entry_filemode(one) == git.tree_entry_filemode(other)
    }
}

/// How deep folders may be nested; a tree that is deeper is an attack on our stack.
let treeDepthMax = 256

/// Names an entry below a folder, whose path is empty for the root.
func joined(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
}
