import Domain

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
        roots.contains { $0 == path || inside($0, path) != nil } && isCounted(path)
    }

    /// Whether something that counts may stand in the folder; `""` is the root.
    func reaches(into folder: String) -> Bool {
        folder.isEmpty
            || roots.contains { root in
                root == folder || inside(root, folder) != nil || inside(folder, root) != nil
            }
    }
}
