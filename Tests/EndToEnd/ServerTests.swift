import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// The story over real servers: the daemon watches one as anybody would, and its hooks know who
/// pushes.
@Suite struct ServerTests {
    @Test(
        .enabled(if: GitServer.lacking(.http) == nil, "\(GitServer.lacking(.http) ?? "")"),
        .timeLimit(.minutes(15)))
    func `over http who signed in is who pushes, and the story comes to its end`() async throws {
        try await tell(.http)
    }

    @Test(
        .enabled(if: GitServer.lacking(.ssh) == nil, "\(GitServer.lacking(.ssh) ?? "")"),
        .timeLimit(.minutes(15)))
    func `over ssh who has the key is who pushes, and the story comes to its end`() async throws {
        try await tell(.ssh)
    }

    @Test(
        .enabled(
            if: GitServer.lacking(.gitolite) == nil, "\(GitServer.lacking(.gitolite) ?? "")"),
        .timeLimit(.minutes(15)))
    func `behind gitolite its user is who pushes, and the story comes to its end`() async throws {
        try await tell(.gitolite)
    }

    @Test(
        .enabled(if: GitServer.lacking(.ssh) == nil, "\(GitServer.lacking(.ssh) ?? "")"),
        .timeLimit(.minutes(15)))
    func `over ssh with a key that has no name the system's user is who pushes`() async throws {
        let said = try await ChildProcess.run(
            "id", ["-un"], outputLimitBytes: 100, deadlineSeconds: patienceSeconds)
        let user = String(said.outputText.dropLast())
        try await withGitServer { server in
            let place = try #require(server.place(.ssh))
            try await HookQuay.use(
                bare: place.bare, address: place.address("client"), place.variables("client")
            ) { quay in
                for bot in ["somebody-else", user] {
                    try await quay.slipway(
                        "hook", "install", "--server", "--bot", bot, "--state", quay.state,
                        "--repository", quay.bare)
                    let push = try await quay.push("HEAD:refs/tags/m@v1.0.0")
                    #expect(push.isSuccess == (bot == user), "\(push.errors)")
                    #expect(push.isSuccess || push.errors.contains("you are `\(user)`"))
                }
            }
        }
    }

    // MARK: The story

    private func tell(_ kind: GitServer.Kind) async throws {
        try await withGitServer { server in
            let place = try #require(server.place(kind))
            try await Harbour.use(at: place) { harbour in
                try await refuse(harbour)
                try await release(harbour)
            }
        }
    }

    /// What the server lets nobody but the bot do, and nobody at all.
    private func refuse(_ harbour: Harbour) async throws {
        try await harbour.slipway(
            "hook", "install", "--server", "--bot", "robot", "--repository", harbour.bare)
        try harbour.shellRepository()
        try harbour.file("slipway.yaml", "branch: main\n")
        try await harbour.push("a model")
        try await expectRefused(
            harbour, "HEAD:refs/tags/shell@v1.0.0", "only the bot writes", "you are `ada`")
        try await expectRefused(
            harbour, "HEAD:refs/heads/slipway/production", "only the bot writes")
        try harbour.file("slipway.yaml", "brnch: main\n")
        try await harbour.git("commit", "-qam", "broken")
        try await expectRefused(
            harbour, "HEAD:main", "slipway.yaml:1:1 (refs/heads/main)", "did you mean `branch`?")
        try await harbour.git("reset", "-q", "--hard", "HEAD~1")
        let id = "5f5f5f5f5f5f5f5f"
        try await harbour.git(
            "tag", "-s", "-m", "fine\n\nEvidence: \(String(repeating: "5f", count: 32))",
            "approve/shell/\(id)/ada@example.org")
        try await expectRefused(
            harbour, "refs/tags/approve/shell/\(id)/ada@example.org", "belongs to")
    }

    /// A push is seen, an approval by tag releases it, and all that the bot wrote has arrived.
    private func release(_ harbour: Harbour) async throws {
        try await harbour.startDaemon()
        _ = try await harbour.until("shell", .waiting)
        let clone = try await harbour.attempt("approve", "shell", "--message", "fine")
        #expect(clone.status.isSuccess, "\(clone.errorText)")
        _ = try await harbour.until("shell", .released)
        var refs = ""
        try await harbour.until("everything has arrived") {
            refs = try await harbour.git("ls-remote", "origin")
            return [
                "refs/tags/shell@v1.0.0^{}", "refs/tags/shell#production#1^{}",
                "refs/heads/slipway/production", "refs/notes/slipway",
            ].allSatisfy { refs.contains("\t\($0)\n") }
        }
        let approval = refs.split(separator: "\n").first { $0.contains("refs/tags/approve/") }
        #expect(approval?.contains("/\(harbour.reviewer)") == true)
    }

    private func expectRefused(
        _ harbour: Harbour, _ what: String, _ words: String...,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let push = try await harbour.attemptPush(what)
        #expect(!push.status.isSuccess, sourceLocation: location)
        for word in ["slipway: refused: "] + words {
            #expect(
                push.errorText.contains(word), "\(word) in \(push.errorText)",
                sourceLocation: location)
        }
    }
}
