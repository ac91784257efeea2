import CGit2
package import Domain
import Glibc

extension Repository {
    /// Writes a commit's files into an empty folder, which is made if it does not exist.
    ///
    /// Files are read-only, executable where the tree says so; no filter or line-end conversion
    /// is applied. `paths` limits it to these files and folders; nil is everything. Returns
    /// the paths left out, sorted: submodules, and links whose target is absolute, outside the
    /// folder, or has `..` after another name.
    package func checkout(
        _ commit: CommitID, into folder: String, only paths: [String]? = nil
    ) throws(GitError) -> [String] {
        let tree = try rootTree(of: commit)
        let root = try Folder(emptyAt: folder)
        var leftOut: [String] = []
        let names = paths.map { paths in
            paths.map { path in
                path.utf8.split(separator: UInt8(ascii: "/"))
                    .map { String(decoding: $0, as: UTF8.self) }[...]
            }
        }
        try fill(root, from: tree, "", depth: 0, names, leavingOut: &leftOut)
        return leftOut
    }

    /// `wanted` are the names still to go to each path; nil: everything from here on.
    private func fill(
        _ folder: borrowing Folder, from oid: git_oid, _ path: String, depth: Int,
        _ wanted: [ArraySlice<String>]?, leavingOut: inout [String]
    ) throws(GitError) {
        guard depth < treeDepthMax else { throw .unsafePath(path) }
        if let wanted, wanted.contains(where: \.isEmpty) {
            return try fill(
                folder, from: oid, path, depth: depth, nil, leavingOut: &leavingOut)
        }
        let tree = try openTree(oid)
        for index in 0..<tree.count {
            let item = tree[index]
            let below = wanted?.filter { $0.first == item.name }.map { $0.dropFirst() }
            if let below, below.isEmpty { continue }
            let place = joined(path, item.name)
            guard isTreeName(item.name) else { throw .unsafePath(place) }
            if item.isTree {
                let inner = try folder.makeFolder(item.name, at: place)
                try fill(
                    inner, from: item.oid, place, depth: depth + 1, below, leavingOut: &leavingOut)
            } else if below?.contains(where: \.isEmpty) ?? true {
                if try !write(item, into: folder, place, depth: depth) {
                    leavingOut.append(place)
                }
            }
        }
    }

    /// Returns false for what has no place in a checkout.
    private func write(
        _ item: Tree.Item, into folder: borrowing Folder, _ path: String, depth: Int
    ) throws(GitError) -> Bool {
        if item.isSubmodule { return false }
        var oid = item.oid
        let blob = try unsafe Handle("reading \(path)", free: git.blob_free) {
            unsafe git.blob_lookup(&$0, handle.pointer, &oid)
        }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: git.blob_rawcontent(blob.pointer), count: Int(git.blob_rawsize(blob.pointer)))
        if item.isLink {
            let target = unsafe String(decoding: bytes, as: UTF8.self)
            guard staysInside(target, depth: depth) else { return false }
            try folder.makeLink(item.name, to: target, at: path)
        } else {
            let isExecutable = item.mode == GIT_FILEMODE_BLOB_EXECUTABLE.rawValue
            try unsafe folder.makeFile(item.name, bytes, isExecutable: isExecutable, at: path)
        }
        return true
    }
}

/// Whether a link's target, seen from a folder `depth` levels down, stays below the root.
///
/// `..` may only stand at the beginning: the folder a link stands in is a real one, but what a
/// later name leads to may be a link itself, so that a `..` behind it could go anywhere.
func staysInside(_ target: String, depth: Int) -> Bool {
    guard !target.isEmpty, !target.utf8.contains(0), !target.utf8.starts(with: "/".utf8) else {
        return false
    }
    let names = target.utf8.split(separator: UInt8(ascii: "/"))
        .map { String(decoding: $0, as: UTF8.self) }.filter { $0 != "." }
    let ups = names.prefix { $0 == ".." }.count
    return ups <= depth && !names.dropFirst(ups).contains("..")
}
