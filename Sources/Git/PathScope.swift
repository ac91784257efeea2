/// Which paths count when somebody asks who changed something.
package struct PathScope: Sendable {
    private let roots: [String]
    private let isCounted: @Sendable (String) -> Bool

    /// Makes a scope of the paths at and below `roots` for which `isCounted` says yes.
    package init(
        roots: [String], where isCounted: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.roots = roots
        self.isCounted = isCounted
    }

    func contains(_ path: String) -> Bool {
        roots.contains { $0 == path || isBelow($0, path) } && isCounted(path)
    }

    /// Whether something that counts may stand in the folder; `""` is the root.
    func reaches(into folder: String) -> Bool {
        folder.isEmpty
            || roots.contains { $0 == folder || isBelow($0, folder) || isBelow(folder, $0) }
    }
}

/// Bytes are compared, because Swift would join a combining mark to the slash before it.
private func isBelow(_ folder: String, _ path: String) -> Bool {
    let bytes = path.utf8
    let count = folder.utf8.count
    return bytes.count > count && bytes.starts(with: folder.utf8)
        && bytes.dropFirst(count).first == UInt8(ascii: "/")
}
