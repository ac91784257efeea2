import Domain
import FoundationEssentials
import Host
import Testing

/// Push options, and the hooks behind real servers.
@Suite struct HookPushTests {
    @Test(.timeLimit(.minutes(5)))
    func `a push says why and is logged, and one that wakes nobody is decided all the same`()
        async throws
    {
        let harbour = try await Harbour()
        do {
            try await tell(harbour)
        } catch {
            try await harbour.close()
            throw error
        }
        try await harbour.close()
    }

    private func tell(_ harbour: Harbour) async throws {
        try await harbour.slipway("hook", "install", "--server", "--repository", harbour.bare)
        try await harbour.startDaemon()
        try harbour.shellRepository()
        try await harbour.git("add", "--all")
        try await harbour.git("commit", "-qm", "a model")
        let first = try await push(harbour, "slipway.why=it is\u{1B}[1m colder now")
        #expect(first.contains("remote: slipway: why: it is [1m colder now"))
        #expect(first.contains("shell: candidate "), "the daemon answers: \(first)")
        _ = try await harbour.until("shell", .waiting)
        try await harbour.until("the reason is logged", seconds: 10) {
            harbour.log("daemon").contains("because: it is [1m colder now")
        }
        try harbour.file("models/shell/model.yaml", ShellModel(right: 7).yaml)
        try await harbour.git("commit", "-qam", "better")
        let second = try await push(harbour, "slipway.skip")
        #expect(second.contains("the daemon is not woken, as you asked"))
        #expect(!second.contains("candidate"))
        _ = try await harbour.until("shell", .waiting)
        try await harbour.slipway("approve", "shell", "--message", "fine")
        _ = try await harbour.until("shell", .released)
    }

    /// Pushes with an option and returns what git says.
    private func push(_ harbour: Harbour, _ option: String) async throws -> String {
        let result = try await ChildProcess.run(
            "git", ["push", "-o", option, "origin", "HEAD:main"], workingFolder: harbour.clone,
            outputLimitBytes: 1 << 20, deadlineSeconds: 60)
        #expect(result.status.isSuccess)
        return result.errorText
    }

    // MARK: Servers

    @Test(.enabled(if: gitServer != nil, "SLIPWAY_TEST_GITSERVER names no git server"))
    func `over http the user who signed in is who pushes`() async throws {
        let server = try #require(gitServer)
        let name = try server.unusedName()
        try await HookQuay.use(
            bare: "\(server.folder)/repos/\(name)", address: "\(server.http)/\(name)"
        ) { quay in
            try await serve(quay, bot: "somebody-else", user: "git")
            try await serve(quay, bot: "git", user: nil)
        }
    }

    @Test(.enabled(if: gitServer != nil, "SLIPWAY_TEST_GITSERVER names no git server"))
    func `over ssh the system's user is who pushes`() async throws {
        let server = try #require(gitServer)
        let name = try server.unusedName()
        let command =
            "ssh -i \(server.folder)/ssh/client -o IdentitiesOnly=yes -o BatchMode=yes "
            + "-o UserKnownHostsFile=\(server.folder)/ssh/known_hosts"
        let user = try await ChildProcess.run(
            "id", ["-un"], outputLimitBytes: 100, deadlineSeconds: 10)
        let own = String(user.outputText.dropLast())
        try await HookQuay.use(
            bare: "\(server.folder)/repos/\(name)", address: "\(server.ssh)/\(name)",
            ["GIT_SSH_COMMAND": command]
        ) { quay in
            try await serve(quay, bot: "somebody-else", user: own)
            try await serve(quay, bot: own, user: nil)
        }
    }

    /// Pushes good and bad over a server; `user` is whom it knows us as, nil: the bot.
    private func serve(_ quay: HookQuay, bot: String, user: String?) async throws {
        try await quay.slipway(
            "hook", "install", "--server", "--bot", bot, "--state", quay.state, "--repository",
            quay.bare)
        let version = try await quay.push("HEAD:refs/tags/m@v1.0.0")
        if let user {
            #expect(version.refusals.count == 1, "\(version.errors)")
            #expect(version.refusals.first?.contains("you are `\(user)`") == true)
        } else {
            #expect(version.isSuccess, "\(version.errors)")
        }
        try await quay.commitAnew("slipway.yaml", "branch: main\nbrnch: main\n")
        let broken = try await quay.push("main")
        #expect(broken.refusals.first?.hasPrefix("slipway.yaml:2:1 (refs/heads/main)") == true)
        let approval = try await quay.approval(by: "bob", key: "ada")
        #expect(try await quay.push(approval).refusals.count == 1)
        try await quay.commitAnew("\(bot).txt", "text\n")
        let good = try await quay.push("--push-option=slipway.why=because", "main")
        #expect(good.isSuccess)
        #expect(good.errors.contains("slipway: why: because"), "\(good.errors)")
        try await quay.git("fetch", "-q")
    }
}

/// A running git server for tests, as the tests of remotes use it.
private struct GitServer: Sendable {
    let folder: String
    let http: String
    let ssh: String

    /// A name for a repository of this test alone.
    func unusedName() throws -> String {
        let made = try temporaryFolder(in: "\(folder)/repos", prefix: "quay")
        try removeTree(made)
        return "\(made.split(separator: "/").last ?? "quay").git"
    }
}

private let gitServer: GitServer? = {
    let environment = ownEnvironment()
    return environment["SLIPWAY_TEST_GITSERVER"].map { folder in
        GitServer(
            folder: folder,
            http: environment["SLIPWAY_TEST_GITSERVER_HTTP"] ?? "http://git:git@127.0.0.1:12280",
            ssh: environment["SLIPWAY_TEST_GITSERVER_SSH"] ?? "ssh://root@127.0.0.1:12222")
    }
}()
