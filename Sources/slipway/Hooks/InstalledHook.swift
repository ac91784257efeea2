import Domain
import Host

/// One of our hooks in one folder of hooks.
struct InstalledHook: Sendable {
    let name: HookName
    /// Where git looks for it.
    let path: String

    /// The first lines of every hook of ours hold this.
    private static let mark = "slipway-hook"

    init(_ name: HookName, in folder: String) {
        self.name = name
        path = "\(folder)/\(name.rawValue)"
    }

    /// The hook that was there before ours, which ours runs first.
    var before: String { "\(path).before-slipway" }

    /// Whether a hook of ours is there, of whatever version.
    var isThere: Bool {
        // Because what cannot be read, such as a link to nowhere, is none of ours.
        guard let bytes = try? readFile(path, from: 0, limitBytes: 4096) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(5)
            .contains { $0.contains(Self.mark) }
    }

    /// Whether what was set aside is in place again beside its copy: gitolite's `setup` links its
    /// own hooks anew.
    var isPutBack: Bool {
        // Because what cannot be read is not known to be the same.
        guard !isThere, let now = try? content(path), let then = try? content(before) else {
            return false
        }
        return now == then
    }

    /// What a hook is: where a link leads, or a file's bytes.
    private func content(_ path: String) throws -> String {
        // Because only of a link it can be told where it leads.
        if let target = try? readLink(path) { return "link \(target)" }
        return "file \(try readFile(path, limitBytes: 1 << 20))"
    }

    /// Stops when there is no room for ours, or nothing to put there.
    func requireRoom() throws {
        _ = try script()
        guard exists(path), !isThere, exists(before), !isPutBack else { return }
        throw Stop(
            .refused, "two hooks are in the way", at: before,
            hint: "put what it does into \(path), and remove it")
    }

    /// Puts ours in place and another aside; doing it again changes nothing but its version.
    func install() throws {
        let script = try script()
        if exists(path), !isThere { try renamePath(path, to: before) }
        try writeFileAtomically(path, script, mode: 0o755)
        // Because the mask of a careful user takes what git's server needs.
        try setMode(path, 0o755)
    }

    /// What comes with the program.
    private func script() throws -> [UInt8] {
        try readFile(try sharedPath("hooks/\(name.rawValue)"), limitBytes: 1 << 20)
    }

    /// Takes ours away and puts back what was there; of what was put back already, the copy goes.
    func uninstall() throws {
        if isPutBack { return try removeFile(before) }
        try removeFile(path)
        if exists(before) { try renamePath(before, to: path) }
    }
}
