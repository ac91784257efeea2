import Domain
import FoundationEssentials
import Host

/// What has to be remembered so that uninstalling leaves no trace: `slipway-hooks.json` in the
/// repository's git folder.
struct HookTrace: Codable, Sendable {
    /// Folders that were made for the hooks, outermost first.
    var folders: [String] = []
    /// The repository's configuration before the first of our settings.
    var configurationBefore: Data?
    /// The same behind the last of them: while it is unchanged, the one before can be put back.
    var configurationAfter: Data?
    /// The settings of git itself that are our doing.
    var settings: [Setting] = []

    struct Setting: Codable, Sendable {
        var key: String
        /// nil: it was not set.
        var before: String?
    }

    /// nil when there is none.
    static func read(_ path: String) throws -> HookTrace? {
        guard exists(path) else { return nil }
        return try decodeJSON(HookTrace.self, try readFile(path, limitBytes: 16 << 20))
    }

    func write(_ path: String) throws {
        // Because it repeats a configuration that may be nobody else's to read.
        try writeFileAtomically(path, try compactJSON(self), mode: 0o600)
    }
}
