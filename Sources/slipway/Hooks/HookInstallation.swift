import Domain
import FoundationEssentials
import Host

/// Our hooks in one repository, and what its configuration says to them.
struct HookInstallation: Sendable {
    let clone: Clone
    /// Where git looks for hooks, `core.hooksPath` respected.
    let folder: String
    /// The git folder that all worktrees share.
    private let common: String

    private static let ownSettings = ["slipway.executable", "slipway.state", "slipway.bot"]

    private var configuration: String { "\(common)/config" }
    private var tracePath: String { "\(common)/slipway-hooks.json" }
    private var all: [InstalledHook] { HookName.allCases.map { InstalledHook($0, in: folder) } }

    /// The installation of the repository at a path, or of the one here.
    static func find(_ repository: String?) async throws -> HookInstallation {
        let clone = try await Clone.find(in: repository.map(absolutePath))
        func whole(_ path: String) -> String {
            absolutePath(path.hasPrefix("/") ? path : "\(clone.folder)/\(path)")
        }
        let folder = try await clone.git("rev-parse", "--git-path", "hooks")
        let common = try await clone.git("rev-parse", "--git-common-dir")
        return HookInstallation(clone: clone, folder: whole(folder), common: whole(common))
    }

    private init(clone: Clone, folder: String, common: String) {
        self.clone = clone
        self.folder = folder
        self.common = common
    }

    /// Whether other repositories may look for their hooks in the same folder.
    var isShared: Bool {
        !folder.hasPrefix("\(common)/") && !folder.hasPrefix("\(clone.folder)/")
    }

    /// Puts hooks in place and returns their paths; nothing is touched when one has no room.
    func install(_ names: [HookName], settings: [(key: String, value: String)]) async throws
        -> [String]
    {
        let hooks = names.map { InstalledHook($0, in: folder) }
        for hook in hooks { try hook.requireRoom() }
        var trace = try HookTrace.read(tracePath) ?? HookTrace()
        trace.folders += missingFolders()
        try await configure(&trace, settings, switches: switches(names))
        try makeFolder(folder)
        for hook in hooks { try hook.install() }
        return hooks.map(\.path)
    }

    /// Takes out every hook and setting of ours; returns the hooks of others that stay aside
    /// because somebody put a third one in the place of ours.
    func uninstall() async throws -> [String] {
        let trace = try HookTrace.read(tracePath)
        let hooks = all.filter(\.isThere)
        guard trace != nil || !hooks.isEmpty else {
            throw Stop(.notFound, "slipway's hooks are not installed", at: folder)
        }
        for hook in hooks { try hook.uninstall() }
        for hook in all where hook.isPutBack { try hook.uninstall() }
        try await restoreConfiguration(trace ?? HookTrace())
        for made in (trace?.folders ?? []).reversed() where isFolder(made) {
            guard try namesIn(made).isEmpty else { break }
            try removeTree(made)
        }
        try removeFile(tracePath)
        return all.map(\.before).filter(exists)
    }

    /// The folders that have to be made, outermost first.
    private func missingFolders() -> [String] {
        var missing: [String] = []
        var path = folder
        while !exists(path), path != "/" {
            missing.insert(path, at: 0)
            path = parentFolder(path)
        }
        return missing
    }

    // MARK: Configuration

    /// What git itself must do for these hooks: hand on what pushers say, and refuse malformed
    /// objects, such as a commit whose time nobody can read.
    private func switches(_ names: [HookName]) -> [String] {
        (names.contains(where: \.isServers) ? ["receive.advertisePushOptions"] : [])
            + (names.contains(.preReceive) ? ["receive.fsckObjects"] : [])
    }

    private func configure(
        _ trace: inout HookTrace, _ settings: [(key: String, value: String)],
        switches: [String]
    ) async throws {
        let now = Data(try readFile(configuration, limitBytes: 1 << 20))
        if trace.configurationAfter != now {
            // Somebody else changed it since: what was before is no longer what to go back to.
            trace.configurationBefore = trace.configurationAfter == nil ? now : nil
        }
        for key in switches {
            let former = await localSetting(key)
            guard former != "true", !trace.settings.contains(where: { $0.key == key }) else {
                continue
            }
            trace.settings.append(HookTrace.Setting(key: key, before: former))
        }
        // Because a crash from here on must not leave settings that nobody remembers.
        try trace.write(tracePath)
        for setting in settings { try await set(setting.key, setting.value) }
        for key in switches { try await set(key, "true") }
        trace.configurationAfter = Data(try readFile(configuration, limitBytes: 1 << 20))
        try trace.write(tracePath)
    }

    private func set(_ key: String, _ value: String) async throws {
        try await clone.git("config", "--local", "--replace-all", key, value)
    }

    private func localSetting(_ key: String) async -> String? {
        // Because git answers a setting that is not there with an error.
        try? await clone.git("config", "--local", "--get", key)
    }

    private func restoreConfiguration(_ trace: HookTrace) async throws {
        let now = Data(try readFile(configuration, limitBytes: 1 << 20))
        if let before = trace.configurationBefore, now == trace.configurationAfter {
            return try rewriteConfiguration([UInt8](before))
        }
        for key in Self.ownSettings where await localSetting(key) != nil {
            try await clone.git("config", "--local", "--unset-all", key)
        }
        for setting in trace.settings where await localSetting(setting.key) == "true" {
            if let former = setting.before {
                try await set(setting.key, former)
            } else {
                try await clone.git("config", "--local", "--unset-all", setting.key)
            }
        }
    }

    /// Replaces the configuration as a whole and keeps its permissions.
    private func rewriteConfiguration(_ bytes: [UInt8]) throws {
        let path = try canonicalPath(configuration)
        let aside = try temporaryFolder(in: parentFolder(path), prefix: "slipway-hooks")
        do {
            try linkOrCopyFile(path, to: "\(aside)/config")
            let mode = try walk(aside).first?.mode ?? 0o644
            try writeFileAtomically(path, bytes, mode: mode)
            try setMode(path, mode)
        } catch {
            try removeTree(aside)
            throw error
        }
        try removeTree(aside)
    }
}
