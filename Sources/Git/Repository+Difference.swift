import CGit2
import Domain

/// A file that differs between two trees; nil on the side where it is not.
struct TreeChange {
    var path: String
    var old: git_oid?
    var new: git_oid?
    /// The mode on the new side; 0 where nothing stands.
    var newMode: Int32 = 0
}

/// Compares trees without opening folders that are equal on both sides.
///
/// Every entry is looked at, also in a tree that names something twice or in the wrong order, so
/// that no change can hide in one.
extension Repository {
    /// Calls `body` for every file that differs, in the order of path bytes; nil is empty.
    ///
    /// Folders are opened only where `enters` says yes to their paths.
    func compareTrees(
        _ old: git_oid?, _ new: git_oid?, entering enters: (String) -> Bool = { _ in true },
        _ body: (TreeChange) -> Void
    ) throws(GitError) {
        try compare(old, new, "", depth: 0, enters, body)
    }

    private func compare(
        _ old: git_oid?, _ new: git_oid?, _ folder: String, depth: Int,
        _ enters: (String) -> Bool, _ body: (TreeChange) -> Void
    ) throws(GitError) {
        guard enters(folder) else { return }
        guard depth < treeDepthMax else { throw .unsafePath(folder) }
        switch (old, new) {
        case (nil, nil): return
        case (let old?, nil): try whole(old, folder, depth, enters) { body($0.removed) }
        case (nil, let new?): try whole(new, folder, depth, enters) { body($0.added) }
        case (let old?, let new?):
            if same(old, new) { return }
            try merge(openTree(old), openTree(new), folder, depth, enters, body)
        }
    }

    private func merge(
        _ old: borrowing Tree, _ new: borrowing Tree, _ folder: String, _ depth: Int,
        _ enters: (String) -> Bool, _ body: (TreeChange) -> Void
    ) throws(GitError) {
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            let order =
                i == old.count ? 1 : j == new.count ? -1 : Tree.order(old, i, new, j)
            if order == 0, Tree.areEqual(old, i, new, j) {
                (i, j) = (i + 1, j + 1)
                continue
            }
            let left = order <= 0 ? old[i] : nil
            let right = order >= 0 ? new[j] : nil
            let path = joined(folder, left?.name ?? right?.name ?? "")
            if left?.isTree ?? right?.isTree ?? false {
                try compare(left?.oid, right?.oid, path, depth: depth + 1, enters, body)
            } else {
                body(
                    TreeChange(
                        path: path, old: left?.oid, new: right?.oid,
                        newMode: Int32(right?.mode ?? 0)))
            }
            if order <= 0 { i += 1 }
            if order >= 0 { j += 1 }
        }
    }

    /// One file of a tree that stands on one side only.
    private struct Lone {
        var path: String
        var oid: git_oid
        var mode: Int32
        var removed: TreeChange { TreeChange(path: path, old: oid, new: nil) }
        var added: TreeChange { TreeChange(path: path, old: nil, new: oid, newMode: mode) }
    }

    private func whole(
        _ oid: git_oid, _ folder: String, _ depth: Int, _ enters: (String) -> Bool,
        _ body: (Lone) -> Void
    ) throws(GitError) {
        guard enters(folder) else { return }
        guard depth < treeDepthMax else { throw .unsafePath(folder) }
        let tree = try openTree(oid)
        for index in 0..<tree.count {
            let item = tree[index]
            let path = joined(folder, item.name)
            if item.isTree {
                try whole(item.oid, path, depth + 1, enters, body)
            } else {
                body(Lone(path: path, oid: item.oid, mode: Int32(item.mode)))
            }
        }
    }
}
