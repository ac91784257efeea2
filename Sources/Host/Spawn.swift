import Glibc
import Synchronization

/// A program about to be started in a session of its own, so that all it starts can be killed.
struct Spawn {
    /// As the user wrote it: a path, or a name to find in `PATH`.
    var executable: String
    var arguments: [String]
    /// nil: as ours.
    var environment: [String: String]?
    /// nil: as ours.
    var workingFolder: String?
    /// Our descriptor for each of the child's numbers 0, 1, 2, …; all others are closed.
    var descriptors: [Int32]

    /// Starts it and returns its process id, which is also its session and process group.
    func start() throws(HostError) -> Int32 {
        ignoreBrokenPipes()
        let path = try findExecutable(executable, environment: environment, in: workingFolder)
        let variables = (environment ?? ownEnvironment()).map { "\($0.key)=\($0.value)" }
        var process: pid_t = 0
        let result = unsafe withCStrings([executable] + arguments) { arguments in
            unsafe withCStrings(variables) { variables in
                unsafe launch(path, arguments, variables, &process)
            }
        }
        guard result == 0 else { throw explain(result, path: path) }
        return process
    }

    private func launch(
        _ path: String, _ arguments: CStrings, _ variables: CStrings, _ process: inout pid_t
    ) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, ours) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, ours, Int32(number))
        }
        _ = unsafe spawnCloseFrom(&actions, Int32(descriptors.count))
        if let workingFolder {
            _ = unsafe spawnChangeFolder(&actions, workingFolder)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        // 0x80 is POSIX_SPAWN_SETSID, a macro that Swift does not always see.
        let flags = 0x80 | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        return unsafe posix_spawn(&process, path, &actions, &attributes, arguments, variables)
    }

    private func explain(_ number: Int32, path: String) -> HostError {
        if let workingFolder, !isFolder(workingFolder) {
            return .workingFolder(path: workingFolder, number: ENOENT)
        }
        return .couldNotStart(executable: path, number: number)
    }
}

/// Returns the path of a program: `name` itself when it has a slash, else the first in `PATH`.
package func findExecutable(
    _ name: String, environment: [String: String]? = nil, in workingFolder: String? = nil
) throws(HostError) -> String {
    if name.utf8.contains(UInt8(ascii: "/")) {
        let path = name.hasPrefix("/") ? name : (workingFolder.map { "\($0)/\(name)" } ?? name)
        guard isExecutable(path) else { throw HostError.executableNotFound(name) }
        return path
    }
    for path in executables(named: name, environment: environment) { return path }
    throw HostError.executableNotFound(name)
}

/// All programs of this name in `PATH`, in its order.
func executables(named name: String, environment: [String: String]?) -> [String] {
    let path = environment.map { $0["PATH"] ?? "" } ?? environmentVariable("PATH") ?? ""
    let folders = (path.isEmpty ? "/usr/local/bin:/usr/bin:/bin" : path).split(separator: ":")
    return folders.map { "\($0)/\(name)" }.filter(isExecutable)
}

private func isExecutable(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
}

/// Returns the value of a variable of our own environment.
package func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// Returns our whole environment.
package func ownEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
        let text = unsafe String(cString: entry)
        if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
            result[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
        }
        unsafe next += 1
    }
    return result
}

private let brokenPipesIgnored: Bool = {
    _ = signal(SIGPIPE, SIG_IGN)
    return true
}()

/// Makes a write to a closed pipe or socket an error instead of our death.
func ignoreBrokenPipes() { _ = brokenPipesIgnored }

typealias CStrings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// Calls `body` with the texts as C wants them: an array of pointers that ends with a null.
private func withCStrings<Result>(
    _ texts: [String], _ body: (CStrings) -> Result
) -> Result {
    var pointers = unsafe texts.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
        return unsafe body(base)
    }
}
