import Domain
import Git
import Host
import Testing

@Suite struct ReadingTests {
    @Test func `a commit has the people, parents, message and co-authors that git wrote`()
        async throws
    {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            let message = "second\n\nbody\n\nCo-authored-by: Eve <eve@x.org>\nco-authored-by: Bob\n"
            let second = try fixture.commit(["a": "2"], in: work, message: message)
            let commit = try await Repository(path: work).commit(second)
            #expect(commit.id == second)
            #expect(commit.parents == [first])
            #expect(try commit.tree == fixture.id("HEAD^{tree}", in: work))
            let when = Instant(seconds: 1_700_000_000)
            #expect(commit.author == Person(name: "Ada", email: "ada@example.org", when: when))
            #expect(commit.committer.when == Instant(seconds: 1_700_000_060))
            #expect(commit.message == message)
            #expect(
                commit.coAuthors == [
                    Person(name: "Eve", email: "eve@x.org", when: when),
                    Person(name: "Bob", email: "", when: when),
                ])
        }
    }

    @Test(arguments: ["99999999999999999", "9223372036854775807"])
    func `a commit whose time no clock can show is read all the same`(
        seconds: String
    ) async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["a": "1"], in: work)
            let raw = try fixture.git("cat-file", "commit", "HEAD", in: work)
                .replacing("1700000000", with: seconds).replacing("1700000060", with: seconds)
            let id = try fixture.git(
                "hash-object", "-t", "commit", "-w", "--stdin", "--literally", in: work,
                input: raw
            ).split(separator: "\n").first
            let forged = try #require(id.flatMap { CommitID(String($0)) })
            let commit = try await Repository(path: work).commit(forged)
            #expect(commit.author.when == Instant(seconds: 1 << 50))
            #expect(commit.committer.when == Instant(seconds: 1 << 50))
        }
    }

    @Test func `what is not there or is something else is named`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1234567"], in: work)
            let blob = try fixture.id("HEAD:a", in: work)
            let repository = try Repository(path: work)
            let none = ObjectID(checked: String(repeating: "1", count: 40))
            await #expect(throws: GitError.notFound("commit \(none)")) {
                try await repository.commit(none)
            }
            await #expect(throws: GitError.wrongKind(blob, expected: "commit")) {
                try await repository.commit(blob)
            }
            await #expect(throws: GitError.wrongKind(commit, expected: "blob")) {
                try await repository.blob(commit)
            }
            await #expect(throws: GitError.tooLarge(blob, sizeBytes: 7, limitBytes: 6)) {
                try await repository.blob(blob, limitBytes: 6)
            }
            let read = try await repository.blob(blob, limitBytes: 7)
            #expect(read == Array("1234567".utf8))
            #expect(throws: GitError.self) { try Repository(path: fixture.path("nowhere")) }
            #expect(throws: GitError.self) { try Repository(path: "\(work)/.git/refs") }
            #expect(!Repository.isBare(at: work))
            #expect(!Repository.isBare(at: fixture.path("nowhere")))
        }
    }

    @Test(arguments: [false, true])
    func `refs are those of git for-each-ref, packed or not`(packed: Bool) async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["a": "1"], in: work)
            try fixture.git("tag", "light", in: work)
            try fixture.git("tag", "-a", "-m", "m", "digits@v1.0.0", in: work)
            try fixture.git("tag", "-a", "-m", "m", "nested", "digits@v1.0.0", in: work)
            try fixture.git("tag", "-a", "-m", "m", "of-blob", "HEAD:a", in: work)
            try fixture.git("tag", "light-blob", "HEAD:a", in: work)
            try fixture.git("tag", "-a", "-m", "m", "digits#production#1", in: work)
            try fixture.git("branch", "slipway/production", in: work)
            try fixture.git("symbolic-ref", "refs/heads/link", "refs/heads/main", in: work)
            if packed { try fixture.git("pack-refs", "--all", in: work) }
            try fixture.git("tag", "-a", "-m", "m", "later", in: work)
            let repository = try Repository(path: work)
            for prefix in ["refs/", "refs/tags/", "refs/tags/digits", "refs/heads/slipway/"] {
                let refs = try await repository.refs(prefix: prefix)
                let said = try fixture.git(
                    "for-each-ref", "--format=%(refname) %(objectname) %(objecttype)", in: work
                ).split(separator: "\n").filter {
                    $0.hasPrefix(prefix) && !$0.hasPrefix("refs/heads/link ")
                }
                let ours = refs.map { ref in
                    "\(ref.name) \(ref.target) "
                        + (ref.isAnnotatedTag ? "tag" : ref.commit == nil ? "blob" : "commit")
                }
                #expect(ours == said.map(String.init))
                for ref in refs where !ref.name.contains("blob") {
                    #expect(try ref.commit == fixture.id("HEAD", in: work), "\(ref.name)")
                }
                for ref in refs where ref.name.contains("blob") { #expect(ref.commit == nil) }
            }
            let head = try await repository.ref("refs/heads/link")
            #expect(try head == fixture.id("HEAD", in: work))
            let none = try await repository.ref("refs/heads/none")
            #expect(none == nil)
            let branch = try await repository.headBranch
            #expect(branch == "refs/heads/main")
        }
    }

    @Test func `a broken ref and a malformed tag hide no other ref`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["a": "1"], in: work)
            let tag = try fixture.git(
                "hash-object", "-t", "tag", "--literally", "-w", "--stdin", in: work,
                input: "nonsense\n")
            try replaceFile("\(work)/.git/refs/tags/bad", Array(tag.utf8))
            try replaceFile("\(work)/.git/refs/tags/torn", Array("0123".utf8))
            try fixture.git("tag", "good", in: work)
            let refs = try await Repository(path: work).refs(prefix: "refs/tags/")
            #expect(refs.map(\.name) == ["refs/tags/bad", "refs/tags/good"])
            #expect(refs.first?.commit == nil)
        }
    }

    @Test func `the first-parent walk is that of git rev-list`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let root = try fixture.commit(["a": "0"], in: work)
            try fixture.commit(["a": "1"], in: work)
            try fixture.git("checkout", "--quiet", "-b", "side", in: work)
            let side = try fixture.commit(["b": "1"], in: work)
            try fixture.git("checkout", "--quiet", "main", in: work)
            try fixture.commit(["a": "2"], in: work)
            try fixture.git("merge", "--quiet", "--no-ff", "-m", "merge", "side", in: work)
            let head = try fixture.commit(["a": "3"], in: work)
            let list = try fixture.git(
                "rev-list", "--first-parent", "--reverse", "HEAD", in: work
            ).split(separator: "\n").compactMap { CommitID(String($0)) }
            #expect(list.count == 5)
            let repository = try Repository(path: work)
            func walk(_ after: CommitID?, limit: Int = 100) async throws -> FirstParentWalk {
                try await repository.firstParentCommits(after: after, upTo: head, limit: limit)
            }
            #expect(try await walk(nil) == .commits(list))
            #expect(try await walk(root) == .commits(Array(list[1...])))
            #expect(try await walk(root, limit: 2) == .commits(Array(list[1...2])))
            #expect(try await walk(head) == .commits([]))
            #expect(try await walk(side) == .notAnAncestor)
            let back = try await repository.firstParentCommits(after: head, upTo: root, limit: 9)
            #expect(back == .notAnAncestor)
            #expect(try await repository.isAncestor(side, of: head))
            #expect(try await repository.isAncestor(head, of: head))
            #expect(try await !repository.isAncestor(head, of: side))
        }
    }

    @Test func `trees, files and differences are those of git`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let before = try fixture.commit(
                [
                    "a": "file", "a-b": "x", "a.c/d": "y", "models/m/train.py": "1",
                    "models/m-1/train.py": "1", "models/m.x": "1", "deep/e/f/g": "1", "é/ü": "1",
                    "gone/x": "1",
                ], in: work)
            try removeFile("\(work)/a")
            try removeTree("\(work)/gone")
            try setMode("\(work)/a-b", 0o755)
            try makeLink(at: "\(work)/link", to: "a-b")
            let after = try fixture.commit(
                ["a/inner": "now a folder", "models/m/train.py": "2", "new": ""], in: work)
            let repository = try Repository(path: work)
            for commit in [before, after] {
                for folder in ["", "models", "models/m", "deep/e", "none", "models/m/train.py"] {
                    let ours = try await repository.entries(of: commit, under: folder)
                        .map { "\(octal($0.mode)) \($0.blob)\t\($0.path)" }
                    let all = try fixture.git(
                        "-c", "core.quotePath=false", "ls-tree", "-r", commit.hex, in: work
                    ).replacing(" blob ", with: " ").split(separator: "\n").map(String.init)
                    let prefix = folder.isEmpty ? "\t" : "\t\(folder)/"
                    #expect(ours == all.filter { $0.contains(prefix) }, "\(folder)")
                }
            }
            let changed = try await repository.changedPaths(from: before, to: after)
            let said = try fixture.git(
                "-c", "core.quotePath=false", "diff", "--name-only", "--no-renames", before.hex,
                after.hex, in: work)
            #expect(changed == said.split(separator: "\n").map(String.init))
            let all = try await repository.changedPaths(from: nil, to: before)
            #expect(try await all == repository.listing(of: before).map(\.path))
            #expect(try await repository.changedPaths(from: after, to: after).isEmpty)
            let entries = try await repository.changedEntries(from: before, to: after)
            #expect(entries.map(\.path) == changed)
            let now = try await repository.listing(of: after)
            for entry in entries {
                #expect(entry.new == now.first { $0.path == entry.path }, "\(entry.path)")
            }
            let subtree = try await repository.subtree(at: after, "models/m")
            #expect(try subtree == fixture.id("\(after):models/m", in: work))
            #expect(try await repository.subtree(at: after, "new") == nil)
            #expect(try await repository.blob(at: after, "models/m/train.py") == Array("2".utf8))
            #expect(try await repository.blob(at: after, "new") == [])
            #expect(try await repository.blob(at: after, "models") == nil)
            #expect(try await repository.blob(at: after, "models/none") == nil)
            #expect(try await repository.blob(at: after, "new/x") == nil)
        }
    }

    private func octal(_ mode: Int32) -> String { String(mode, radix: 8) }
}
