import Compute
import Daemon
import Domain
import Git
import Host
import Journal
import Logging
import Registry
import Review
import TestKit
import Testing

/// A real repository with a real reviewer's key, and the loop over it, in a temporary folder.
final class Yard {
    /// Where the watched repository is, and how the daemon reaches it.
    enum Place {
        /// A bare repository beside the daemon.
        case direct
        /// The same over a `file://` address.
        case file
        /// A repository with a work tree, by its path.
        case workTree
        /// Made in this folder, watched at this address with these variables.
        case server(folder: String, address: String, environment: [String: String])
    }

    let folder: String
    let bare: String
    let clone: String
    let state: StateFolder
    /// What the daemon is told to watch.
    let location: String
    let environment: [String: String]
    let clock = YardClock()
    var runsMax = 4
    /// Changes what the daemon is told before it starts.
    var configure: (inout DaemonConfiguration) -> Void = { _ in }
    private(set) var reconciler: Reconciler?
    private(set) var loop: Task<Void, Never>?
    private(set) var workshop: Workshop?

    init(_ place: Place = .direct) async throws {
        folder = try temporaryFolder(in: "/tmp", prefix: "slipway-daemon")
        clone = "\(folder)/clone"
        state = StateFolder("\(folder)/state")
        var environment = ownEnvironment()
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        switch place {
        case .direct: (bare, location) = ("\(folder)/models.git", "\(folder)/models.git")
        case .file: (bare, location) = ("\(folder)/models.git", "file://\(folder)/models.git")
        case .workTree: (bare, location) = ("\(folder)/models", "\(folder)/models")
        case .server(let folder, let address, let extra):
            (bare, location) = (folder, address)
            environment.merge(extra) { $1 }
        }
        self.environment = environment
        try await trust("ada@example.org", key: "key")
        if case .workTree = place {
            try await run("git", "init", "-q", "-b", "main", bare)
            try await run("git", "-C", bare, "config", "receive.denyCurrentBranch", "ignore")
        } else {
            try await run("git", "init", "-q", "--bare", "-b", "main", bare)
            try await run("git", "-C", bare, "config", "http.receivepack", "true")
        }
        // Because a test may want to take the watched branch away.
        try await run("git", "-C", bare, "config", "receive.denyDeleteCurrent", "ignore")
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

    /// Makes a key of this name and trusts it in the name of the principal.
    func trust(_ principal: String, key: String) async throws {
        try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)")
        let line = try readFile("\(folder)/\(key).pub", limitBytes: 10_000)
        try makeFolder("\(state.path)/trust")
        try appendToFile(
            state.signers, Array("\(principal) namespaces=\"git\" ".utf8) + line)
    }

    func close() async throws {
        await stop()
        // Because a step that was under way may write its last while its folder goes.
        try await eventually("the folder is gone") { (try? removeTree(folder)) != nil }
        try removeTree(bare)
    }

    // MARK: The loop

    func start() async throws {
        var configuration = DaemonConfiguration(
            repository: location, pollSeconds: 0.05, runsMax: runsMax)
        configure(&configuration)
        let upstream = Upstream(
            location: location, stateFolder: state.path,
            runner: gitRunner(environment: environment))
        let workshop = Workshop(
            configuration: configuration, folder: state, upstream: upstream,
            repository: try await upstream.open(), journal: try Journal(path: state.journal),
            store: ArtifactStore(folder: "\(state.path)/artifacts"),
            trust: try StartingTrust(state, rule: ReviewRule()),
            executor: LocalExecutor(launcher: .thread(usesCages: false)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: { [clock] in clock.now })
        self.workshop = workshop
        let reconciler = Reconciler(workshop)
        self.reconciler = reconciler
        loop = Task { await reconciler.run() }
    }

    func stop() async {
        loop?.cancel()
        await loop?.value
        loop = nil
        workshop = nil
        reconciler = nil
    }

    var journal: Journal {
        get throws { try #require(workshop).journal }
    }

    // MARK: People

    @discardableResult
    func run(_ program: String, _ arguments: String...) async throws -> String {
        try await run(program, arguments, in: folder)
    }

    func run(_ program: String, _ arguments: String..., more: [String]) async throws -> String {
        try await run(program, arguments + more, in: folder)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("git", arguments, in: clone)
    }

    private func run(
        _ program: String, _ arguments: [String], in place: String, input: String = ""
    ) async throws -> String {
        let result = try await ChildProcess.run(
            program, arguments, environment: environment, workingFolder: place,
            input: Array(input.utf8), outputLimitBytes: 1 << 24, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(program) \(arguments): \(result.errorText)")
        return result.outputText
    }

    /// Writes the files, commits, pushes, and returns the commit.
    func push(_ files: [String: String], _ message: String) async throws -> CommitID {
        _ = try await commit(files, message)
        return try await pushHead()
    }

    func write(_ files: [String: String]) throws {
        for (path, text) in files {
            try makeFolder(parentFolder("\(clone)/\(path)"))
            try writeFileAtomically("\(clone)/\(path)", Array(text.utf8))
        }
    }

    func revertHead() async throws -> CommitID {
        try await git("revert", "--no-edit", "HEAD")
        return try await pushHead()
    }

    func pushHead(force: Bool = false) async throws -> CommitID {
        try await git("push", force ? "-qf" : "-q", "origin", "HEAD:main")
        return try await head()
    }

    /// Signs a review tag with the named key and pushes it; returns its ref.
    @discardableResult
    func sign(
        _ kind: String, _ model: String, _ evidence: Digest,
        by reviewer: String = "ada@example.org", key: String = "key"
    ) async throws -> String {
        let name = "\(kind)/\(model)/\(EvidenceID(evidence))/\(reviewer)"
        _ = try await run(
            "git",
            [
                "-c", "user.signingkey=\(folder)/\(key)", "tag", "-f", "-s", "--cleanup=verbatim",
                "-F", "-", name, "HEAD",
            ], in: clone, input: approvalMessage(comment: "seen", evidence: evidence))
        try await git("push", "-q", "origin", "refs/tags/\(name)")
        return "refs/tags/\(name)"
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

    /// The evidence that the commit waits for review with.
    func evidence(_ commit: CommitID, _ model: String = "m") async throws -> Digest {
        var digest: Digest?
        try await until("\(commit.short) waits for review", model) { record in
            guard case .waiting(let id) = record.outcomes[commit] else { return false }
            digest = record.shown[id]?.digest
            return true
        }
        return try #require(digest)
    }

    /// Approves the commit and waits until it is assigned.
    func release(_ commit: CommitID, _ model: String = "m") async throws {
        try await sign("approve", model, try await evidence(commit, model))
        try await until("\(commit.short) is assigned", model) { record in
            if case .assigned = record.outcomes[commit] { true } else { false }
        }
    }

    /// Commits the files without pushing, in the name of the address.
    func commit(
        _ files: [String: String], _ message: String, by address: String? = nil
    ) async throws -> CommitID {
        try write(files)
        try await git("add", "--all")
        let author = address.map { ["-c", "user.email=\($0)", "-c", "user.name=Somebody"] } ?? []
        _ = try await run(
            "git", author + ["commit", "-q", "--allow-empty", "-m", message], in: clone)
        return try await head()
    }

    func head() async throws -> CommitID {
        let head = try await git("rev-parse", "HEAD").prefix(40)
        return try #require(CommitID(String(head)))
    }

    /// A file on a branch of the watched repository; nil when there is none.
    func file(_ path: String, on branch: String) async throws -> String? {
        let result = try await ChildProcess.run(
            "git", ["-C", bare, "show", "\(branch):\(path)"], environment: environment,
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        return result.status.isSuccess ? result.outputText : nil
    }

    func until(
        _ what: String, _ model: String = "m", _ condition: (ModelRecord) -> Bool
    ) async throws {
        let end = monotonicSeconds() + patienceSeconds
        while monotonicSeconds() < end {
            if condition(try await record(model)) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        let problems = try await journal.problems()
        let record = try await record(model)
        Issue.record("not within \(patienceSeconds) s: \(what); \(record) \(problems)")
        throw CancellationError()
    }
}
