import Domain
import Git
import Host
import TestKit

/// A temporary folder with the real `git`, whose user is given by the environment alone.
struct Fixture: Sendable {
    let folder: String
    let environment: [String: String]

    /// Calls `body` with a fresh folder, which is gone afterwards.
    static func use(_ body: (Fixture) async throws -> Void) async throws {
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let folder = try temporaryFolder(in: canonicalPath(parent), prefix: "slipway-git")
        let outcome: (any Error)?
        do {
            try await body(Fixture(folder: folder))
            outcome = nil
        } catch {
            outcome = error
        }
        try removeTree(folder)
        if let outcome { throw outcome }
    }

    private init(folder: String) {
        self.folder = folder
        environment = [
            "PATH": environmentVariable("PATH") ?? "/usr/bin:/bin", "HOME": folder,
            "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "1700000000 +0100",
            "GIT_COMMITTER_NAME": "Bot", "GIT_COMMITTER_EMAIL": "bot@example.org",
            "GIT_COMMITTER_DATE": "1700000060 +0000",
        ]
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Runs git and returns its standard output; fails unless it exits with 0.
    @discardableResult
    func git(_ arguments: String..., in place: String, input: String = "") throws -> String {
        let result = try run(arguments, in: place, input: input)
        guard result.status.isSuccess else {
            throw GitFailed(arguments: arguments, said: result.errorText + result.outputText)
        }
        return result.outputText
    }

    /// As `git`, without newlines at the ends.
    func gitLine(_ arguments: String..., in place: String) throws -> String {
        let result = try run(arguments, in: place, input: "")
        guard result.status.isSuccess else {
            throw GitFailed(arguments: arguments, said: result.errorText)
        }
        return result.outputText.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// Runs a script and returns its standard output without newlines at the end.
    func shell(_ script: String, in place: String) throws -> String {
        let result = try ChildProcess.runBlocking(
            "bash", ["-e", "-c", script], environment: environment, workingFolder: place,
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        guard result.status.isSuccess else {
            throw GitFailed(arguments: [script], said: result.errorText)
        }
        var text = result.outputText
        while text.last == "\n" { text.removeLast() }
        return text
    }

    func succeeds(_ arguments: String..., in place: String) throws -> Bool {
        try run(arguments, in: place, input: "").status.isSuccess
    }

    func run(_ arguments: [String], in place: String, input: String) throws -> ChildResult {
        try ChildProcess.runBlocking(
            "git", arguments, environment: environment, workingFolder: place,
            input: Array(input.utf8), outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
    }

    /// A runner with this folder as home and some more variables.
    func runner(_ more: [String: String] = [:]) -> GitRunner {
        gitRunner(environment: environment.merging(more) { $1 })
    }

    /// Makes a bare repository with the branch `main` and returns its path.
    func bare(_ name: String = "upstream.git") throws -> String {
        try git("init", "--quiet", "--bare", "-b", "main", path(name), in: folder)
        return path(name)
    }

    /// Makes a working clone's folder with the branch `main` and returns its path.
    func clone(_ name: String = "work") throws -> String {
        try git("init", "--quiet", "-b", "main", path(name), in: folder)
        return path(name)
    }

    /// Writes files in a working clone, commits everything and returns the commit.
    @discardableResult
    func commit(
        _ files: [String: String], in work: String, message: String = "change"
    ) throws -> CommitID {
        for (name, text) in files {
            try makeFolder(parentFolder("\(work)/\(name)"))
            try replaceFile("\(work)/\(name)", Array(text.utf8))
        }
        try git("add", "--all", in: work)
        try git("commit", "--quiet", "--allow-empty", "-m", message, in: work)
        return try id("HEAD", in: work)
    }

    func id(_ revision: String, in place: String) throws -> ObjectID {
        let line = try gitLine("rev-parse", "--verify", revision, in: place)
        guard let id = ObjectID(line) else { throw GitFailed(arguments: [revision], said: line) }
        return id
    }
}

struct GitFailed: Error {
    var arguments: [String]
    var said: String
}

extension Person {
    static let bot = Person(
        name: "Slipway", email: "bot@example.org", when: Instant(seconds: 1_700_000_100))
}

extension GitError {
    var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
    var isRefused: Bool { if case .refused = self { true } else { false } }
}
