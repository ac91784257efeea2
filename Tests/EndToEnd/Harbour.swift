import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// A bare repository with hooks, a clone, a reviewer with a key, and the built `slipway`, all in
/// one temporary folder.
final class Harbour {
    let folder: String
    let binary: String
    let bare: String
    /// What people push to, and the daemon watches under its own name.
    private let address: String
    private let watched: String
    private let peopleVariables: [String: String]
    private let daemonVariables: [String: String]
    var clone: String { "\(folder)/clone" }
    var state: String { "\(folder)/state" }
    let reviewer = "reviewer@example.org"
    private var processes: [String: ProcessIdentity] = [:]

    /// Calls `body` with a repository beside the daemon, or on a server, where people are `ada`,
    /// and the daemon `robot`; every process and file of it is gone afterwards.
    static func use(
        at place: GitServer.Place? = nil, _ body: (Harbour) async throws -> Void
    ) async throws {
        let harbour = try Harbour(place)
        do {
            try await harbour.prepare(hooks: place == nil)
            try await body(harbour)
        } catch {
            try await harbour.close()
            throw error
        }
        try await harbour.close()
    }

    private init(_ place: GitServer.Place?) throws {
        binary = try builtBinary()
        folder = try temporaryFolder(in: "/tmp", prefix: "slipway-e2e")
        bare = place?.bare ?? "\(folder)/models.git"
        address = place?.address("ada") ?? bare
        watched = place?.address("robot") ?? bare
        peopleVariables = place?.variables("ada") ?? [:]
        daemonVariables = place?.variables("robot") ?? [:]
    }

    private func prepare(hooks: Bool) async throws {
        try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/key")
        let key = String(
            decoding: try readFile("\(folder)/key.pub", limitBytes: 10_000), as: UTF8.self)
        try write("\(folder)/signers", "\(reviewer) namespaces=\"git\" \(key)")
        try await run("git", "init", "-q", "--bare", "-b", "main", bare)
        try await run("git", "-C", bare, "config", "http.receivepack", "true")
        try await run("git", "clone", "-q", address, clone)
        try await git("symbolic-ref", "HEAD", "refs/heads/main")
        for (name, value) in [
            ("user.name", "Engineer"), ("user.email", "engineer@example.org"),
            ("gpg.format", "ssh"), ("user.signingkey", "\(folder)/key"),
            ("slipway.reviewer", reviewer), ("commit.gpgsign", "false"),
        ] {
            try await git("config", name, value)
        }
        try await slipway(
            "init", "--repository", watched, "--trust", "\(folder)/signers", "--listen",
            "127.0.0.1:0")
        if hooks { try await slipway("hook", "install", "--repository", bare) }
    }

    private func close() async throws {
        for name in processes.keys.sorted() { try await stop(name) }
        try removeTree(folder)
    }

    // MARK: Processes

    func startDaemon() async throws {
        try start("daemon", ["daemon"])
        try await until("the daemon answers") {
            try await self.attempt("status").status.isSuccess
        }
    }

    func start(_ name: String, _ arguments: [String]) throws {
        processes[name] = try spawnDetached(
            [binary] + arguments, environment: environment.merging(daemonVariables) { $1 },
            workingFolder: folder,
            outputFile: "\(folder)/\(name).log")
    }

    func stop(_ name: String, signal: Int32 = Signals.terminate) async throws {
        guard let process = processes.removeValue(forKey: name) else { return }
        _ = signalProcess(process, signal)
        do {
            try await until("\(name) has ended") { !isAlive(process) }
        } catch {
            _ = signalProcess(process, Signals.kill)
            throw error
        }
    }

    func log(_ name: String) -> String {
        let bytes = (try? readTail("\(folder)/\(name).log", limitBytes: 4000)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Commands

    private var environment: [String: String] {
        var environment = ownEnvironment()
        environment["SLIPWAY_STATE"] = state
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        environment["SLIPWAY_DAEMON"] = nil
        return environment.merging(peopleVariables) { $1 }
    }

    func attempt(_ arguments: String..., in place: String? = nil) async throws -> ChildResult {
        try await ChildProcess.run(
            binary, arguments, environment: environment, workingFolder: place ?? clone,
            outputLimitBytes: 1 << 24, deadlineSeconds: 600)
    }

    @discardableResult
    func slipway(_ arguments: String...) async throws -> String {
        let result = try await ChildProcess.run(
            binary, arguments, environment: environment, workingFolder: clone,
            outputLimitBytes: 1 << 24, deadlineSeconds: 600)
        guard result.status.isSuccess else {
            throw Trouble(
                "slipway \(arguments.joined(separator: " ")): \(result.status)\n"
                    + "\(result.outputText)\(result.errorText)\ndaemon: \(log("daemon"))")
        }
        return result.outputText
    }

    @discardableResult
    func run(_ program: String, _ arguments: String...) async throws -> String {
        try await run(program, arguments, in: folder)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("git", arguments, in: clone)
    }

    private func run(
        _ program: String, _ arguments: [String], in place: String
    ) async throws -> String {
        let result = try await ChildProcess.run(
            program, arguments, environment: environment, workingFolder: place,
            outputLimitBytes: 1 << 24, deadlineSeconds: patienceSeconds)
        guard result.status.isSuccess else {
            throw Trouble("\(program) \(arguments.joined(separator: " ")): \(result.errorText)")
        }
        return result.outputText
    }

    /// Pushes to the repository, however that ends.
    func attemptPush(_ what: String) async throws -> ChildResult {
        try await ChildProcess.run(
            "git", ["push", "origin", what], environment: environment, workingFolder: clone,
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
    }

    // MARK: Repository

    /// Writes a file of the clone, making its folder.
    func file(_ path: String, _ text: String) throws {
        try makeFolder(parentFolder("\(clone)/\(path)"))
        try write("\(clone)/\(path)", text)
    }

    func push(_ message: String) async throws {
        try await git("add", "--all")
        try await git("commit", "-q", "--allow-empty", "-m", message)
        try await git("push", "-q", "origin", "HEAD:main")
    }

    /// Waits until the model's head is the clone's head and in one of these phases.
    func until(
        _ model: String, _ phases: ModelStatus.Phase..., seconds: Int = Int(patienceSeconds)
    ) async throws -> ModelStatus {
        try await slipway(
            "status", model, "--until", phases.map(\.rawValue).joined(separator: ","), "--commit",
            "HEAD", "--timeout", "\(seconds)")
        return try await status(model)
    }

    func status(_ model: String) async throws -> ModelStatus {
        try decode(ModelStatus.self, try await slipway("status", model, "--json"))
    }

    func report(_ model: String) async throws -> ReportView {
        try decode(ReportView.self, try await slipway("report", model, "--json"))
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    func until(
        _ what: String, _ condition: () async throws -> Bool
    ) async throws {
        let end = monotonicSeconds() + patienceSeconds
        while monotonicSeconds() < end {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Trouble("waited \(patienceSeconds) s and not yet: \(what)\ndaemon: \(log("daemon"))")
    }
}

/// Why a test could not go on.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func write(_ path: String, _ text: String) throws {
    try writeFileAtomically(path, Array(text.utf8))
}

/// The executable that was built together with the tests.
func builtBinary() throws -> String {
    let own = try readLink("/proc/self/exe")
    var folder = parentFolder(own)
    while folder != "/" {
        if exists("\(folder)/slipway"), !isFolder("\(folder)/slipway") {
            return "\(folder)/slipway"
        }
        folder = parentFolder(folder)
    }
    let path = "\(repositoryRoot)/.build/debug/slipway"
    guard exists(path) else { throw Trouble("build the executable first: there is no \(path)") }
    return path
}

/// The root of this repository, from where this file lies.
var repositoryRoot: String {
    parentFolder(parentFolder(parentFolder(#filePath)))
}
