import Daemon
import Domain
import Host
import Journal
import Registry
import TestKit
import Testing

/// The whole way over a repository that is somewhere else, and what git itself says of the result.
@Suite struct RemoteTests {
    private func wholeWay(_ place: Yard.Place) async throws {
        try await play(place) { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            let revert = try await yard.revertHead()
            try await yard.until("v1.0.0 is back") { record in
                if case .assigned(.first, _) = record.outcomes[revert] { true } else { false }
            }
            try await eventually("the tags are there") {
                try await yard.tags() == [
                    "m#production#1", "m#production#2", "m#production#3", "m@v1.0.0", "m@v1.1.0",
                ]
            }
            try await eventually("the branch says v1.0.0") {
                let text = try await yard.file("models/m.json", on: "slipway/production")
                return text?.contains("\"version\" : \"v1.0.0\"") ?? false
            }
            try await checkWithGit(yard, first)
        }
    }

    /// What plain git and our own parsers say about everything that the bot wrote.
    private func checkWithGit(_ yard: Yard, _ commit: CommitID) async throws {
        let fsck = try await yard.run("git", "-C", yard.bare, "fsck", "--strict", "--no-dangling")
        #expect(fsck == "", "\(fsck)")
        let notes = try await yard.run(
            "git", "-C", yard.bare, "notes", "--ref=slipway", "show", commit.hex)
        for line in notes.split(separator: "\n") { #expect(line.first == "{" && line.last == "}") }
        for word in ["started", "judged", "seen", "released", "assigned"] {
            #expect(notes.contains("\"decision\":{\"\(word)\":"), "\(word) in \(notes)")
        }
        for name in try await yard.tags() {
            let tag = try GTOTag(parsing: name)
            let message = try await yard.run(
                "git", "-C", yard.bare, "tag", "-l", "--format=%(contents)", name)
            if tag.counter == nil {
                let parsed = try VersionMessage(parsing: message)
                #expect(parsed.approvedBy.map(\.text) == ["ada@example.org"])
            } else {
                _ = try AssignmentMessage(parsing: message)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a bare repository beside the daemon`() async throws { try await wholeWay(.direct) }

    @Test(.timeLimit(.minutes(5)))
    func `a remote by its file address`() async throws { try await wholeWay(.file) }

    @Test(.timeLimit(.minutes(5)))
    func `a remote with a work tree, by its path`() async throws { try await wholeWay(.workTree) }

    /// The same with a server between; the bot is who is called `robot` there.
    private func wholeWay(over kind: GitServer.Kind) async throws {
        try await withGitServer { server in
            let place = try #require(server.place(kind))
            let address = place.address("robot")
            var variables = place.variables("robot")
            // Because the clone knows the repository by its path, and a push is to pass the server.
            variables["GIT_CONFIG_COUNT"] = "1"
            variables["GIT_CONFIG_KEY_0"] = "url.\(address).pushInsteadOf"
            variables["GIT_CONFIG_VALUE_0"] = place.bare
            try await wholeWay(
                .server(folder: place.bare, address: address, environment: variables))
        }
    }

    @Test(
        .enabled(if: GitServer.lacking(.ssh) == nil, "\(GitServer.lacking(.ssh) ?? "")"),
        .timeLimit(.minutes(5)))
    func `a remote over ssh, with a key`() async throws { try await wholeWay(over: .ssh) }

    @Test(
        .enabled(if: GitServer.lacking(.http) == nil, "\(GitServer.lacking(.http) ?? "")"),
        .timeLimit(.minutes(5)))
    func `a remote over http, with a password`() async throws {
        try await wholeWay(over: .http)
    }

    @Test(
        .enabled(
            if: GitServer.lacking(.gitolite) == nil, "\(GitServer.lacking(.gitolite) ?? "")"),
        .timeLimit(.minutes(5)))
    func `a remote behind gitolite`() async throws { try await wholeWay(over: .gitolite) }

    @Test(.timeLimit(.minutes(5)))
    func `a remote that is gone stops nothing that is known, and its return goes on`()
        async throws
    {
        try await play(.file) { yard in
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            await yard.stop()
            try renamePath(yard.bare, to: "\(yard.bare).away")
            try await yard.start()
            try await eventually("the problem is shown") {
                try await yard.journal.problems().map(\.key) == ["repository"]
            }
            #expect(try await yard.journal.statuses().first?.phase == .released)
            try renamePath("\(yard.bare).away", to: yard.bare)
            let second = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(second)
            #expect(try await yard.journal.problems().isEmpty)
        }
    }
}
