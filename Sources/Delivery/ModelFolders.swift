import Domain
import Host
import Synchronization

/// The model files on this machine, one folder for each artifact digest.
///
/// Folders that no runtime uses stay for a while, so that a revert need not copy them again; the
/// ones unused for longest are removed first.
final class ModelFolders: Sendable {
    private struct Content: Sendable {
        var users: [Digest: Int] = [:]
        /// Longest unused first.
        var unused: [Digest] = []
    }

    private static let unusedMax = 8
    private let folder: String
    private let content = Mutex(Content())

    init(stateFolder: String) { folder = "\(stateFolder)/models" }

    /// Takes stock of what an earlier serve left, and removes copies that it did not finish.
    func takeStock() throws(HostError) {
        try makeFolder(folder)
        for name in try namesIn(folder) {
            if let digest = Digest(name) {
                content.withLock { $0.unused.append(digest) }
            } else if name.hasPrefix(".new") || name.hasPrefix(".old") {
                try removeTree("\(folder)/\(name)")
            }
        }
    }

    /// Returns the artifact's folder, which `make` writes when it is not there yet.
    ///
    /// Each use ends with one `release`, also when this throws.
    func use(
        _ artifact: Digest, make: (String) async throws -> Void
    ) async throws -> String {
        content.withLock { content in
            content.users[artifact, default: 0] += 1
            content.unused.removeAll { $0 == artifact }
        }
        let final = "\(folder)/\(artifact)"
        if isFolder(final) { return final }
        try makeFolder(folder)
        let temporary = try temporaryFolder(in: folder, prefix: ".new")
        // Because what is left of a failed copy is removed at the next start too.
        defer { _ = try? removeTree(temporary) }
        try await make("\(temporary)/model")
        // Because another model with the same artifact may have been quicker.
        if !isFolder(final) { try renamePath("\(temporary)/model", to: final) }
        return final
    }

    func release(_ artifact: Digest) {
        let evicted = content.withLock { content -> String? in
            let users = content.users[artifact, default: 1] - 1
            content.users[artifact] = users > 0 ? users : nil
            guard users <= 0 else { return nil }
            content.unused.append(artifact)
            guard content.unused.count > Self.unusedMax else { return nil }
            let oldest = content.unused.removeFirst()
            // Because it is renamed under the lock, nobody can begin to use half a folder; one that
            // cannot be renamed stays until the next start.
            let old = "\(folder)/.old-\(oldest)"
            do { try renamePath("\(folder)/\(oldest)", to: old) } catch { return nil }
            return old
        }
        // Because what cannot be removed now is removed at the next start.
        if let evicted { _ = try? removeTree(evicted) }
    }
}
