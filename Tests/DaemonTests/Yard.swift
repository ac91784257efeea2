import Compute
import Daemon
import Domain
import Git
import Host
import Journal
import Logging
import Registry
import Review
import Testing

/// A real repository with a real reviewer's key, and the loop over it, in a temporary folder.
final class Yard {
    let folder: String
    let bare: String
    let clone: String
    let state: StateFolder
    private(set) var loop: Task<Void, Never>?
    private(set) var workshop: Workshop?

    init() async throws {
        folder = try temporaryFolder(in: "/tmp", prefix: "slipway-daemon")
        bare = "\(folder)/models.git"
        clone = "\(folder)/clone"
        state = StateFolder("\(folder)/state")
        try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/key")
        let key = try readFile("\(folder)/key.pub", limitBytes: 10_000)
        try makeFolder("\(state.path)/trust")
        try writeFileAtomically(
            state.signers, Array("ada@example.org namespaces=\"git\" ".utf8) + key)
        try await run("git", "init", "-q", "--bare", "-b", "main", bare)
        try await run("git", "clone", "-q", bare, clone)
        for (name, value) in [
            ("user.name", "Engineer"), ("user.email", "engineer@example.org"),
            ("gpg.format", "ssh"), ("user.signingkey", "\(folder)/key"),
            ("commit.gpgsign", "false"),
        ] {
            try await git("config", name, value)
        }
        try await git("symbolic-ref", "HEAD", "refs/heads/main")
    }

    func close() async throws {
        await stop()
        try removeTree(folder)
    }

    // MARK: The loop

    func start() async throws {
        let configuration = DaemonConfiguration(repository: bare, pollSeconds: 0.05)
        let upstream = Upstream(
            location: bare, stateFolder: state.path, runner: gitRunner())
        let workshop = Workshop(
            configuration: configuration, folder: state, upstream: upstream,
            repository: try await upstream.open(), journal: try Journal(path: state.journal),
            store: ArtifactStore(folder: "\(state.path)/artifacts"),
            trust: try StartingTrust(state, rule: ReviewRule()),
            executor: LocalExecutor(launcher: .thread(usesCages: false)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.workshop = workshop
        let reconciler = Reconciler(workshop)
        loop = Task { await reconciler.run() }
    }

    func stop() async {
        loop?.cancel()
        await loop?.value
        loop = nil
        workshop = nil
    }

    var journal: Journal {
        get throws { try #require(workshop).journal }
    }

    // MARK: People

    @discardableResult
    func run(_ program: String, _ arguments: String...) async throws -> String {
        try await run(program, arguments, in: folder)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("git", arguments, in: clone)
    }

    private func run(
        _ program: String, _ arguments: [String], in place: String, input: String = ""
    ) async throws -> String {
        var environment = ownEnvironment()
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        let result = try await ChildProcess.run(
            program, arguments, environment: environment, workingFolder: place,
            input: Array(input.utf8), outputLimitBytes: 1 << 24, deadlineSeconds: 60)
        try #require(result.status.isSuccess, "\(program) \(arguments): \(result.errorText)")
        return result.outputText
    }

    /// Writes the files, commits, pushes, and returns the commit.
    func push(_ files: [String: String], _ message: String) async throws -> CommitID {
        for (path, text) in files {
            try makeFolder(parentFolder("\(clone)/\(path)"))
            try writeFileAtomically("\(clone)/\(path)", Array(text.utf8))
        }
        try await git("add", "--all")
        try await git("commit", "-q", "--allow-empty", "-m", message)
        return try await pushHead()
    }

    func revertHead() async throws -> CommitID {
        try await git("revert", "--no-edit", "HEAD")
        return try await pushHead()
    }

    private func pushHead() async throws -> CommitID {
        try await git("push", "-q", "origin", "HEAD:main")
        let head = try await git("rev-parse", "HEAD").prefix(40)
        return try #require(CommitID(String(head)))
    }

    func sign(_ kind: String, _ model: String, _ evidence: Digest) async throws {
        let name = "\(kind)/\(model)/\(EvidenceID(evidence))/ada@example.org"
        _ = try await run(
            "git", ["tag", "-s", "--cleanup=verbatim", "-F", "-", name, "HEAD"], in: clone,
            input: approvalMessage(comment: "seen", evidence: evidence))
        try await git("push", "-q", "origin", "refs/tags/\(name)")
    }

    // MARK: What came of it

    func tags() async throws -> [String] {
        try await run("git", ["tag", "--list", "*[@#]*"], in: bare)
            .split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("approve/") && !$0.hasPrefix("reject/") }
    }

    /// The record as git alone tells it.
    func record(_ model: String) async throws -> ModelRecord {
        let name = try #require(ModelName(model))
        let records = try await journal.decisions(of: name)
        return ModelRecord(model: name, records: records)
    }

    func until(
        _ what: String, _ model: String = "m", seconds: Double = 60,
        _ condition: (ModelRecord) -> Bool
    ) async throws {
        let end = monotonicSeconds() + seconds
        while monotonicSeconds() < end {
            if condition(try await record(model)) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        let problems = try await journal.problems()
        Issue.record("not within \(seconds) s: \(what); \(try await record(model)) \(problems)")
        throw CancellationError()
    }
}

/// The files of a repository with one model whose steps are shell commands.
func shellModel(_ name: String = "m", right: Int = 8, extra: String = "") -> [String: String] {
    let rows = (0..<8).map { "\($0 % 2),\($0 < right ? $0 % 2 : 1 - $0 % 2)" }
    let predictions = "label,prediction\\n" + rows.joined(separator: "\\n") + "\\n"
    return [
        "slipway.yaml": "branch: main\n",
        "environments/production.yaml": "target: local\n",
        "models/\(name)/model.yaml": """
        description: Made by the shell
        steps:
          train: {run: 'mkdir $SLIPWAY_OUTPUT/model && echo \(right) > $SLIPWAY_OUTPUT/model/w',
            produces: [model]}
          evaluate: {run: 'printf "\(predictions)" > $SLIPWAY_OUTPUT/predictions.csv',
            needs: [train], produces: [predictions.csv]}
        evaluation: {task: classification, predictions: predictions.csv}
        promotion: {accuracy: {at_least: 0.7}}
        serving: {environment: production, runtime: {command: "true"}}
        \(extra)
        """,
    ]
}
