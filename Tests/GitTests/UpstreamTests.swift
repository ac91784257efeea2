import Domain
import Git
import Host
import Testing

@Suite struct UpstreamTests {
    @Test func `a bare repository by path is direct and anything else a remote`() async throws {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            func kind(_ location: String) -> Upstream.Kind {
                Upstream(
                    location: location, stateFolder: fixture.path("state"),
                    runner: fixture.runner()
                ).kind
            }
            #expect(kind(bare) == .direct)
            for location in [
                work, "file://\(bare)", "ssh://host/x.git", "host:x.git", "https://host/x.git",
                fixture.path("none"),
            ] {
                #expect(kind(location) == .remote(location))
            }
        }
    }

    @Test(arguments: [false, true])
    func `what is published arrives upstream, and what is pushed is seen`(direct: Bool)
        async throws
    {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("tag", "old", in: work)
            try fixture.git("push", "--quiet", bare, "main", "old", in: work)
            let upstream = Upstream(
                location: direct ? bare : "file://\(bare)", stateFolder: fixture.path("state"),
                runner: fixture.runner())
            let repository = try await upstream.open()
            #expect(try await repository.ref("refs/heads/main") == first)
            #expect(try await repository.headBranch == "refs/heads/main")
            let tag = try await repository.writeTag(
                name: "digits@v1.0.0", target: first, message: "m", tagger: .bot)
            let notes = try await repository.writeNotes(
                on: nil, appending: [(first, "line")], author: .bot, message: "m")
            let (tagName, notesName) = ("refs/tags/digits@v1.0.0", "refs/notes/slipway")
            try await upstream.publish([
                RefUpdate(name: tagName, expected: nil, new: tag),
                RefUpdate(name: notesName, expected: nil, new: notes),
            ])
            #expect(try fixture.id(tagName, in: bare) == tag)
            let note = try fixture.git("notes", "--ref=slipway", "show", first.hex, in: bare)
            #expect(note == "line\n")
            #expect(try await repository.ref(tagName) == tag)

            let second = try fixture.commit(["a": "2"], in: work)
            try fixture.git("push", "--quiet", bare, "main", ":refs/tags/old", in: work)
            try await upstream.refresh()
            #expect(try await repository.ref("refs/heads/main") == second)
            #expect(try await repository.ref("refs/tags/old") == nil)
            #expect(try await repository.ref(notesName) == notes)

            try await upstream.publish([RefUpdate(name: tagName, expected: tag, new: nil)])
            #expect(try !fixture.succeeds("rev-parse", "--verify", tagName, in: bare))
            #expect(try await repository.ref(tagName) == nil)
        }
    }

    @Test(arguments: [false, true])
    func `a publication that somebody else was faster than changes nothing`(direct: Bool)
        async throws
    {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("push", "--quiet", bare, "main", in: work)
            let upstream = Upstream(
                location: direct ? bare : "file://\(bare)", stateFolder: fixture.path("state"),
                runner: fixture.runner())
            let repository = try await upstream.open()
            func bot(_ message: String) async throws -> CommitID {
                try await repository.writeCommit(
                    parents: [first], base: first, changes: [], message: message, author: .bot,
                    committer: .bot)
            }
            let mine = try await bot("mine")
            try fixture.commit(["a": "2"], in: work)
            try fixture.git("push", "--quiet", bare, "main", "main:taken", in: work)
            for (name, expected) in [("refs/heads/main", first), ("refs/heads/taken", nil)] {
                await #expect(throws: GitError.conflict(ref: name)) {
                    try await upstream.publish([
                        RefUpdate(name: "refs/heads/a", expected: nil, new: mine),
                        RefUpdate(name: name, expected: expected, new: mine),
                    ])
                }
            }
            #expect(try !fixture.succeeds("rev-parse", "--verify", "refs/heads/a", in: bare))
            #expect(try await repository.ref("refs/heads/a") == nil)
            await #expect(throws: GitError.conflict(ref: "refs/heads/gone")) {
                try await upstream.publish([
                    RefUpdate(name: "refs/heads/gone", expected: first, new: mine)
                ])
            }
        }
    }

    @Test func `publications and refreshes at the same time lose nothing`() async throws {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("push", "--quiet", bare, "main", in: work)
            let upstream = Upstream(
                location: "file://\(bare)", stateFolder: fixture.path("state"),
                runner: fixture.runner())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await upstream.publish([
                            RefUpdate(name: "refs/tags/t\(number)", expected: nil, new: first)
                        ])
                        let repository = try await upstream.open()
                        #expect(try await repository.ref("refs/tags/t\(number)") == first)
                    }
                    group.addTask { try await upstream.refresh() }
                }
                try await group.waitForAll()
            }
            let tags = try await upstream.open().refs(prefix: "refs/tags/")
            #expect(tags.count == 6)
        }
    }

    @Test func `what the server's hook says is the message of the refusal`() async throws {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("push", "--quiet", bare, "main", in: work)
            let hook = "#!/bin/sh\necho 'robots may not push' >&2\nexit 1\n"
            try replaceFile("\(bare)/hooks/pre-receive", Array(hook.utf8), mode: 0o755)
            let upstream = Upstream(
                location: "file://\(bare)", stateFolder: fixture.path("state"),
                runner: fixture.runner())
            _ = try await upstream.open()
            do {
                try await upstream.publish([
                    RefUpdate(name: "refs/heads/a", expected: nil, new: first)
                ])
                Issue.record("the hook was passed by")
            } catch GitError.refused(let message) {
                #expect(message.contains("refs/heads/a [remote rejected]"))
                #expect(message.contains("robots may not push"))
            }
        }
    }

    @Test func `a remote that is gone is unreachable and leaves the mirror readable`()
        async throws
    {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("push", "--quiet", bare, "main", in: work)
            func upstream() -> Upstream {
                Upstream(
                    location: "file://\(bare)", stateFolder: fixture.path("state"),
                    runner: fixture.runner())
            }
            _ = try await upstream().open()
            try removeTree(bare)
            let later = upstream()
            let repository = try await later.open()
            #expect(try await repository.ref("refs/heads/main") == first)
            do {
                try await later.refresh()
                Issue.record("fetched from nowhere")
            } catch let error as GitError {
                #expect(error.isUnreachable && "\(error)".contains("upstream.git"))
            }
            do {
                try await later.publish([
                    RefUpdate(name: "refs/heads/a", expected: nil, new: first)
                ])
                Issue.record("pushed to nowhere")
            } catch let error as GitError {
                #expect(error.isUnreachable)
            }
            #expect(try await repository.ref("refs/heads/a") == nil)
        }
    }

    @Test func `a mirror that was never filled is not taken for an empty repository`()
        async throws
    {
        try await Fixture.use { fixture in
            for _ in 0..<2 {
                let upstream = Upstream(
                    location: fixture.path("none"), stateFolder: fixture.path("state"),
                    runner: fixture.runner())
                do {
                    _ = try await upstream.open()
                    Issue.record("an empty mirror was opened")
                } catch let error as GitError {
                    #expect(error.isUnreachable)
                }
            }
        }
    }

    @Test func `a remote that does not answer is given up at the deadline`() async throws {
        try await Fixture.use { fixture in
            let upstream = Upstream(
                location: "ssh://host.invalid/x.git", stateFolder: fixture.path("state"),
                runner: fixture.runner(["GIT_SSH_COMMAND": "sleep 600 #"]), deadlineSeconds: 0.5)
            await #expect(throws: GitError.timedOut(seconds: 0.5)) { try await upstream.open() }
        }
    }
}
