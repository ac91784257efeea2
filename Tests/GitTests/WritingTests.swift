import Domain
import Git
import Host
import TestKit
import Testing

@Suite struct WritingTests {
    @Test func `a tag object is what git would have written`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1"], in: work)
            let repository = try Repository(path: work)
            let id = try await repository.writeTag(
                name: "digits@v1.0.0", target: commit, message: "Released\n\nCandidate: abc",
                tagger: .bot)
            let before = try await repository.refs(prefix: "refs/tags/")
            #expect(before.isEmpty)
            let raw = try fixture.git("cat-file", "tag", id.hex, in: work)
            let expected = """
                object \(commit)
                type commit
                tag digits@v1.0.0
                tagger Slipway <bot@example.org> 1700000100 +0000

                Released

                Candidate: abc

                """
            #expect(raw == expected)
            let made = try fixture.git("mktag", in: work, input: expected)
            #expect(made == id.hex + "\n")
            let tag = try await repository.tagObject(id)
            #expect(tag.name == "digits@v1.0.0" && tag.target == commit)
            #expect(tag.targetType == "commit" && tag.tagger == .bot)
            #expect(tag.trailers == [Trailer(key: "Candidate", value: "abc")])
            #expect(tag.signature == nil && tag.raw == Array(raw.utf8))
        }
    }

    @Test func `a signed tag is split into message and signature and kept raw`() throws {
        let id = ObjectID.zero
        let block = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
        let text =
            "object \(id)\ntype commit\ntag approve/x\ntagger A <a@b> 17 +0200\n\n"
            + "Yes\n\nEvidence: 01\n"
        let tag = try #require(TagObject(id: id, raw: Array((text + block).utf8)))
        #expect(tag.message == "Yes\n\nEvidence: 01\n")
        #expect(tag.signature == block)
        #expect(tag.tagger == Person(name: "A", email: "a@b", when: Instant(seconds: 17)))
        #expect(tag.trailers.values(of: "evidence") == ["01"])
        #expect(TagObject(id: id, raw: Array("type commit\ntag x\n\n".utf8)) == nil)
        #expect(TagObject(id: id, raw: []) == nil)
    }

    @Test func `a tag that git signed with an SSH key is split where git splits it`()
        async throws
    {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["a": "1"], in: work)
            let key = fixture.path("key")
            let made = try ChildProcess.runBlocking(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key],
                outputLimitBytes: 1 << 16, deadlineSeconds: patienceSeconds)
            try #require(made.status.isSuccess)
            let name = "approve/digits/0123456789abcdef/ada"
            try fixture.git(
                "-c", "gpg.format=ssh", "-c", "user.signingKey=\(key)", "tag", "-s", "-m",
                "Good\n\nEvidence: \(name)", name, in: work)
            let tag = try await Repository(path: work).tagObject(fixture.id(name, in: work))
            let signature = try fixture.git(
                "for-each-ref", "--format=%(contents:signature)", "refs/tags", in: work)
            #expect(tag.signature.map { $0 + "\n" } == signature)
            #expect(tag.name == name && tag.trailers.values(of: "Evidence") == [name])
        }
    }

    @Test func `a commit's tree is its base under the changes`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let base = try fixture.commit(
                ["keep": "k", "models/a/x": "1", "models/b/y": "2", "file": "f"], in: work)
            let repository = try Repository(path: work)
            let models = try fixture.id("HEAD:models/a", in: work)
            let commit = try await repository.writeCommit(
                parents: [base], base: base,
                changes: [
                    FileChange(path: "models/b", content: .removed),
                    FileChange(path: "models/none/x", content: .removed),
                    FileChange(path: "file/deep/z", content: .bytes(Array("z".utf8))),
                    FileChange(path: "keep/nothing", content: .removed),
                    FileChange(path: "copy", content: .entry(mode: 0o040000, id: models)),
                    FileChange(path: "models/a/x", content: .bytes(Array("0".utf8))),
                    FileChange(path: "models/a/x", content: .bytes(Array("3".utf8))),
                ],
                message: "bot", author: .bot, committer: .bot)
            let paths = try await repository.listing(of: commit).map(\.path)
            #expect(paths == ["copy/x", "file/deep/z", "keep", "models/a/x"])
            #expect(try await repository.blob(at: commit, "models/a/x") == Array("3".utf8))
            let first = try await repository.writeCommit(
                parents: [], base: nil, changes: [FileChange(path: "x", content: .removed)],
                message: "empty\u{0}", author: .bot,
                committer: Person(name: " <.\n", email: "a>b", when: Instant(seconds: 0)))
            #expect(try await repository.listing(of: first).isEmpty)
            try await repository.update([
                RefUpdate(name: "refs/heads/slipway/production", expected: nil, new: commit),
                RefUpdate(name: "refs/heads/empty", expected: nil, new: first),
            ])
            try fixture.git("fsck", "--strict", "--no-dangling", in: work)
            let log = try fixture.git("log", "--format=%an %ae %at %s", "-1", commit.hex, in: work)
            #expect(log == "Slipway bot@example.org 1700000100 bot\n")
        }
    }

    @Test func `a path that is unsafe and an object that is missing are refused`() async throws {
        try await Fixture.use { fixture in
            let repository = try Repository.createBare(at: fixture.path("deep/er/x.git"))
            for path in ["../x", ".git/config", "a//b", "/a", ""] {
                await #expect(throws: GitError.unsafePath(path)) {
                    try await repository.writeCommit(
                        parents: [], base: nil,
                        changes: [FileChange(path: path, content: .bytes([]))], message: "m",
                        author: .bot, committer: .bot)
                }
            }
            let none = ObjectID(checked: String(repeating: "1", count: 40))
            await #expect(throws: GitError.notFound("commit \(none)")) {
                try await repository.writeCommit(
                    parents: [none], base: nil, changes: [], message: "m", author: .bot,
                    committer: .bot)
            }
            await #expect(throws: GitError.notFound("object \(none)")) {
                try await repository.writeTag(
                    name: "x", target: none, message: "m", tagger: .bot)
            }
            await #expect(throws: GitError.invalidRefName("a..b")) {
                try await repository.writeTag(
                    name: "a..b", target: none, message: "m", tagger: .bot)
            }
            let branch = try await repository.headBranch
            #expect(branch == "refs/heads/main")
        }
    }
}
