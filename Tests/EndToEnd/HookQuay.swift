import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// A bare repository and a clone without a daemon, for pushes that hooks judge.
struct HookQuay: Sendable {
    let folder: String
    let binary: String
    /// What git pushes to, and where it lies.
    var address: String
    var bare: String
    var clone: String { "\(folder)/clone" }
    var state: String { "\(folder)/state" }
    private var environment: [String: String]

    /// What a call of a program left behind.
    struct Result: Sendable {
        var status: Host.ExitStatus
        var output: String
        var errors: String
        var isSuccess: Bool { status.isSuccess }
        /// Both streams, because git leads those of some hooks together.
        var words: String { output + errors }
        /// The reasons of a refusal, without what git puts before them.
        var refusals: [String] {
            errors.split(separator: "\n").compactMap { line in
                line.firstRange(of: "slipway: refused: ").map {
                    var reason = String(line[$0.upperBound...])
                    while reason.last == " " { reason.removeLast() }
                    return reason
                }
            }
        }
    }

    /// Calls `body` with a fresh repository on `main`, that is gone afterwards.
    static func use(
        bare: String? = nil, address: String? = nil, _ variables: [String: String] = [:],
        _ body: (HookQuay) async throws -> Void
    ) async throws {
        let folder = try canonicalPath(try temporaryFolder(in: "/tmp", prefix: "slipway-quay"))
        let quay = try HookQuay(folder, bare, address, variables)
        do {
            try await quay.prepare()
            try await body(quay)
        } catch {
            try removeTree(quay.bare)
            try removeTree(folder)
            throw error
        }
        try removeTree(quay.bare)
        try removeTree(folder)
    }

    private init(
        _ folder: String, _ bare: String?, _ address: String?, _ variables: [String: String]
    ) throws {
        self.folder = folder
        binary = try builtBinary()
        self.bare = bare ?? "\(folder)/models.git"
        self.address = address ?? self.bare
        environment = ownEnvironment()
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        environment["SLIPWAY_STATE"] = "\(folder)/state"
        for name in ["REMOTE_USER", "GL_USER", "SLIPWAY_DAEMON"] { environment[name] = nil }
        environment.merge(variables) { $1 }
    }

    private func prepare() async throws {
        for name in ["ada", "bob"] {
            try await run(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"])
        }
        let keys = try ["ada", "bob"].map { name in
            "\(name)@example.org namespaces=\"git\" \(try text("\(folder)/\(name).pub"))"
        }
        try write("\(folder)/signers", keys.joined())
        try await run("git", ["init", "-q", "--bare", "-b", "main", bare])
        try await run("git", ["-C", bare, "config", "http.receivepack", "true"])
        try await run("git", ["init", "-q", "-b", "main", clone])
        for (key, value) in [
            ("user.name", "Ada"), ("user.email", "ada@example.org"), ("gpg.format", "ssh"),
            ("user.signingkey", "\(folder)/ada"), ("commit.gpgsign", "false"),
            ("remote.origin.url", address),
            ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        ] {
            try await git("config", key, value)
        }
        try await slipway("init", "--repository", bare, "--trust", "\(folder)/signers")
        try file("slipway.yaml", "branch: main\n")
        try file("data/numbers.csv", "x,y\n1,2\n3,4\n")
        try file(
            "datasets/numbers.yaml",
            """
            files:
              - path: data/numbers.csv
                sha256: 2a2b86e74ffd5e6a9b75e52a105cf9d02920837179f8e8961aa15411d380f7a3
            format: csv

            """)
        try await commit("first")
        try await git("push", "-q", "origin", "main")
    }

    // MARK: Programs

    func attempt(
        _ program: String, _ arguments: [String], in place: String? = nil,
        _ variables: [String: String] = [:], input: String = ""
    ) async throws -> Result {
        let result = try await ChildProcess.run(
            program, arguments, environment: environment.merging(variables) { $1 },
            workingFolder: place ?? folder, input: Array(input.utf8), outputLimitBytes: 1 << 24,
            deadlineSeconds: patienceSeconds)
        return Result(
            status: result.status, output: result.outputText, errors: result.errorText)
    }

    @discardableResult
    func run(_ program: String, _ arguments: [String], in place: String? = nil) async throws
        -> String
    {
        let result = try await attempt(program, arguments, in: place)
        guard result.isSuccess else {
            throw Trouble("\(program) \(arguments): \(result.output)\(result.errors)")
        }
        return result.output
    }

    @discardableResult
    func slipway(_ arguments: String..., in place: String? = nil) async throws -> String {
        try await run(binary, arguments, in: place ?? clone)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("git", arguments, in: clone)
    }

    /// Pushes to the bare repository, without the clone's own hooks.
    func push(_ arguments: String..., as user: String? = nil) async throws -> Result {
        try await attempt(
            "git",
            ["push", "--no-verify"] + arguments.prefix { $0.hasPrefix("-") } + ["origin"]
                + arguments.drop { $0.hasPrefix("-") }, in: clone,
            user.map { ["REMOTE_USER": $0] } ?? [:])
    }

    // MARK: Files

    func file(_ path: String, _ text: String) throws {
        try makeFolder(parentFolder("\(clone)/\(path)"))
        try write("\(clone)/\(path)", text)
    }

    func text(_ path: String) throws -> String {
        String(decoding: try readFile(path, limitBytes: 1 << 20), as: UTF8.self)
    }

    /// Commits everything without the clone's hooks and returns the commit.
    @discardableResult
    func commit(_ message: String) async throws -> String {
        try await git("add", "--all")
        try await git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
        return try await head()
    }

    func head() async throws -> String {
        String(try await git("rev-parse", "HEAD").dropLast())
    }

    /// Commits a file on top of what the remote has, so that only this is pushed.
    func commitAnew(_ path: String, _ text: String) async throws {
        try await git("reset", "-q", "--hard", "refs/remotes/origin/main")
        try file(path, text)
        try await commit("change \(path)")
    }

    /// An approval tag as `slipway approve` makes it.
    func approval(by reviewer: String, key: String? = nil, evidence: String? = nil) async throws
        -> String
    {
        let digest = evidence ?? String(repeating: "5f", count: 32)
        let tag = "approve/digits/\(digest.prefix(16))/\(reviewer)@example.org"
        try await git(
            "-c", "user.signingkey=\(folder)/\(key ?? reviewer)", "tag", "-s", "-f", "-m",
            "fine\n\nEvidence: \(digest)", tag)
        return "refs/tags/\(tag)"
    }

    /// Every file below a folder with its mode and content, for comparing.
    func snapshot(_ folder: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for entry in try walk(folder) {
            let content =
                switch entry.kind {
                case .file: try text("\(folder)/\(entry.path)")
                case .link: try readLink("\(folder)/\(entry.path)")
                case .folder, .other: ""
                }
            found[entry.path] = "\(entry.kind) \(String(entry.mode, radix: 8))\n\(content)"
        }
        return found
    }
}

/// A password that no scanner of this repository takes for one.
let leakedLine = "password = \"Tr0ub4dor" + "&3xyz-" + "77\"\n"
