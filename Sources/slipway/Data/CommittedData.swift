import Domain
import Git
import Host
import Planning
import Validation

/// What the files of a dataset held in a commit.
struct CommittedData: Sendable {
    let clone: Clone
    let commits: Commits

    init(_ clone: Clone) throws {
        self.clone = clone
        commits = Commits(try clone.repository())
    }

    /// The manifests of a commit.
    func manifests(at commit: CommitID) async throws -> [DatasetName: DatasetManifest] {
        try await commits.plan(commit).datasets
    }

    /// Reads the content that a commit holds; nil: it, or a part of it, is kept elsewhere.
    func content(
        of manifest: DatasetManifest, at commit: CommitID, comparing columns: ComparedColumns? = nil
    ) async throws -> DatasetContent? {
        guard manifest.rawFiles.allSatisfy({ $0.url == nil && $0.pin == nil }) else { return nil }
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let folder = try temporaryFolder(in: parent, prefix: "slipway-data")
        let content: DatasetContent
        do {
            var paths = manifest.rawFiles.map(\.path)
            for pattern in manifest.rawFiles.compactMap(\.pattern) {
                let entries = try await commits.repository.entries(
                    of: commit, under: pattern.folder)
                paths += entries.map(\.path).filter(pattern.matches)
            }
            _ = try await commits.repository.checkout(
                commit, into: "\(folder)/files", only: paths)
            content = try await PreparedData().content(
                of: manifest, root: "\(folder)/files", comparing: columns)
        } catch {
            try removeTree(folder)
            throw error
        }
        try removeTree(folder)
        return content.report.files.contains { $0.sha256 == nil } ? nil : content
    }
}
