import ArgumentParser
import Daemon
import Domain
import FoundationEssentials
import Host

/// The state folder: what `--state` says, else `SLIPWAY_STATE`, else the user's own.
func statePath(_ option: String?) -> String {
    if let option { return absolutePath(option) }
    if let path = environmentVariable("SLIPWAY_STATE"), !path.isEmpty { return absolutePath(path) }
    if let base = environmentVariable("XDG_STATE_HOME"), base.hasPrefix("/") {
        return "\(base)/slipway"
    }
    return "\(environmentVariable("HOME") ?? "/root")/.local/state/slipway"
}

/// The socket's path, for the hook, which must not load more than it needs.
enum StateFolderPaths {
    static func hookSocket(_ state: String) -> String { StateFolder(state).hookSocket }
}

/// A path that means the same in another working folder, without a slash at its end.
func absolutePath(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : "\(currentFolder())/\(path)"
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
        if part == "..", let last = parts.last, last != ".." {
            parts.removeLast()
        } else {
            parts.append(part)
        }
    }
    return "/" + parts.joined(separator: "/")
}

func currentFolder() -> String { FileManager.default.currentDirectoryPath }

/// Our own program, with links followed.
func ownExecutable() throws(Failure) -> String {
    do throws(HostError) { return try readLink("/proc/self/exe") } catch { throw error.failure }
}

/// Finds a file or folder that comes with Slipway: `templates/digits`, `hooks/post-receive`.
///
/// First beside an installed program, then in `SLIPWAY_SHARE`, then in the source tree that the
/// program was built in.
func sharedPath(_ name: String) throws -> String {
    let binary = try ownExecutable()
    var places = ["\(parentFolder(parentFolder(binary)))/share/slipway"]
    if let share = environmentVariable("SLIPWAY_SHARE"), !share.isEmpty { places.append(share) }
    var folder = parentFolder(binary)
    while folder != "/" && folder != "." {
        folder = parentFolder(folder)
        if isFolder("\(folder)/templates") { places.append(folder) }
    }
    if let found = places.first(where: { exists("\($0)/\(name)") }) { return "\(found)/\(name)" }
    throw Stop(
        .notFound, "`\(name)`, which comes with slipway, was not found", at: places.first,
        hint: "set SLIPWAY_SHARE to the folder that holds `templates` and `hooks`")
}

/// The option that names the daemon's state folder.
struct StateOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's state folder; else SLIPWAY_STATE, else ~/.local/state/slipway.",
            valueName: "dir"))
    var state: String?

    var folder: StateFolder { StateFolder(statePath(state)) }
}

/// An address to listen on: `127.0.0.1:7433`, `[::1]:7433`.
struct ListenAddress: Hashable, Sendable {
    var host: String
    var port: Int

    init(_ text: String) throws(Stop) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            throw Stop(
                .usage, "`\(text)` is not an address to listen on", hint: "127.0.0.1:7433")
        }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        self.port = port
        guard !self.host.isEmpty else {
            throw Stop(.usage, "`\(text)` names no host", hint: "127.0.0.1:\(port)")
        }
    }
}

/// The JSON of a file such as `daemon.json`: where a process of ours answers.
struct ProcessAddress: Codable, Sendable {
    var url: String
    var pid: Int32

    /// nil when the file is not there or is not one of these.
    init?(file: String) {
        // Because a file that is not there means that nothing runs.
        guard let bytes = try? readFile(file, limitBytes: 1 << 16),
            let address = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return nil }
        self = address
    }

    init(url: String, pid: Int32) {
        self.url = url
        self.pid = pid
    }
}
