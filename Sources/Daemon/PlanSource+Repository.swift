package import Git
package import Planning

extension PlanSource {
    /// Reads the commits of a repository; later plans take time by what differs between commits.
    package init(_ repository: Repository) {
        self.init(
            listing: { try await repository.listing(of: $0).map(TreeFile.init) },
            changes: { old, new in
                try await repository.changedEntries(from: old, to: new).map {
                    ChangedFile(path: $0.path, file: $0.new.map(TreeFile.init))
                }
            },
            read: { try await repository.blob($0.blob) })
    }
}

extension TreeFile {
    /// The file of a commit's tree as the planner takes it.
    package init(_ entry: TreeEntry) {
        self.init(path: entry.path, mode: entry.mode, blob: entry.blob)
    }
}
