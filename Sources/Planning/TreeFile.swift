package import Domain

/// One file of a commit's tree.
package struct TreeFile: Hashable, Sendable {
    /// Relative to the repository's root.
    package var path: String
    /// As git stores it: `0o100644`, `0o100755`, `0o120000`.
    package var mode: Int32
    package var blob: ObjectID

    package init(path: String, mode: Int32 = 0o100644, blob: ObjectID) {
        self.path = path
        self.mode = mode
        self.blob = blob
    }

    /// Whether it is a symbolic link, whose content is where it leads.
    var isLink: Bool { mode == 0o120000 }
}

/// One path at which a commit differs from an earlier one.
package struct ChangedFile: Hashable, Sendable {
    /// Relative to the repository's root.
    package var path: String
    /// What stands there now; nil: nothing any more.
    package var file: TreeFile?

    package init(path: String, file: TreeFile?) {
        self.path = path
        self.file = file
    }
}

/// The files of one commit, found by binary search.
///
/// Because two texts of different bytes can be equal to Swift (é in one and in two scalars) and
/// git tells them apart, paths are compared by their UTF-8 bytes and are not keys of dictionaries.
struct Tree: Sendable {
    /// In the order of the paths' bytes.
    let files: [TreeFile]

    init(_ files: [TreeFile]) {
        let isSorted = zip(files, files.dropFirst()).allSatisfy { isBefore($0.path, $1.path) }
        self.files = isSorted ? files : files.sorted { isBefore($0.path, $1.path) }
    }

    private init(sorted files: [TreeFile]) { self.files = files }

    /// The tree after these changes, of which no two have the same path.
    func applying(_ changes: [ChangedFile]) -> Tree {
        var changed: [TreeFile] = []
        changed.reserveCapacity(files.count + changes.count)
        var start = 0
        for change in changes.sorted(by: { isBefore($0.path, $1.path) }) {
            var end = firstIndex(notBefore: change.path)
            changed += files[start..<end]
            if end < files.count, files[end].path.utf8.elementsEqual(change.path.utf8) { end += 1 }
            if let file = change.file { changed.append(file) }
            start = end
        }
        return Tree(sorted: changed + files[start...])
    }

    func file(at path: String) -> TreeFile? {
        let index = firstIndex(notBefore: path)
        guard index < files.count, files[index].path.utf8.elementsEqual(path.utf8) else {
            return nil
        }
        return files[index]
    }

    /// Every file below `folder`, without the folder's trailing slash.
    func files(below folder: String) -> ArraySlice<TreeFile> {
        let first = firstIndex(notBefore: folder + "/")
        // "0" is the character after "/".
        return files[first..<max(first, firstIndex(notBefore: folder + "0"))]
    }

    private func firstIndex(notBefore path: String) -> Int {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(files[middle].path, path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The paths whose file was added, removed or changed since `earlier`.
    func changedPaths(since earlier: Tree) -> [String] {
        var changed: [String] = []
        var old = earlier.files[...]
        var new = files[...]
        while let left = old.first, let right = new.first {
            if left == right, left.path.utf8.elementsEqual(right.path.utf8) {
                old.removeFirst()
                new.removeFirst()
            } else if isBefore(left.path, right.path) {
                changed.append(left.path)
                old.removeFirst()
            } else if isBefore(right.path, left.path) {
                changed.append(right.path)
                new.removeFirst()
            } else {
                changed.append(left.path)
                old.removeFirst()
                new.removeFirst()
            }
        }
        return changed + old.map(\.path) + new.map(\.path)
    }
}
