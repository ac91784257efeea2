import Domain
import Host

/// One of our hooks in one repository.
struct InstalledHook: Sendable {
    let clone: Clone
    let name: String
    /// Where git looks for it.
    let path: String

    /// The first lines of every hook of ours hold this.
    private static let mark = "slipway-hook"

    private var before: String { "\(path).before-slipway" }

    /// The hook that fits the repository: post-receive when it is bare, else pre-commit.
    static func find(_ repository: String?) async throws -> InstalledHook {
        let clone = try await Clone.find(in: repository.map(absolutePath))
        let folder = try await clone.git("rev-parse", "--git-path", "hooks")
        let whole = folder.hasPrefix("/") ? folder : "\(clone.folder)/\(folder)"
        let name = clone.isBare ? "post-receive" : "pre-commit"
        return InstalledHook(clone: clone, name: name, path: "\(absolutePath(whole))/\(name)")
    }

    /// Puts the hook in place; doing it again changes nothing but its version.
    func install(executable: String, state: String?) async throws {
        let script = try readFile(try sharedPath("hooks/\(name)"), limitBytes: 1 << 20)
        if exists(path), try !isOurs() {
            guard !exists(before) else {
                throw Stop(
                    .refused, "two hooks are in the way", at: before,
                    hint: "put what it does into \(path), and remove it")
            }
            try renamePath(path, to: before)
        }
        try makeFolder(parentFolder(path))
        try writeFileAtomically(path, script, mode: 0o755)
        try await clone.git("config", "slipway.executable", executable)
        if let state { try await clone.git("config", "slipway.state", state) }
    }

    func uninstall() async throws {
        guard exists(path), try isOurs() else {
            throw Stop(.notFound, "slipway's hook is not installed", at: path)
        }
        try removeFile(path)
        if exists(before) { try renamePath(before, to: path) }
        for key in ["slipway.executable", "slipway.state"] {
            // Because a setting that is not there needs no removing.
            _ = try? await clone.git("config", "--unset-all", key)
        }
    }

    private func isOurs() throws -> Bool {
        let text = String(decoding: try readFile(path, limitBytes: 1 << 20), as: UTF8.self)
        return text.split(separator: "\n").prefix(5).contains { $0.contains(Self.mark) }
    }
}
