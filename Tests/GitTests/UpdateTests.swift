import Domain
import Git
import Host
import Testing

@Suite struct UpdateTests {
    @Test func `a ref moves only from the value that was expected`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let one = try fixture.commit(["a": "1"], in: work)
            let two = try fixture.commit(["a": "2"], in: work)
            let repository = try Repository(path: work)
            let (name, other) = ("refs/heads/slipway/production", "refs/tags/x")
            func update(_ updates: RefUpdate...) async throws {
                try await repository.update(updates)
            }
            try await update(RefUpdate(name: name, expected: nil, new: one))
            await #expect(throws: GitError.conflict(ref: name)) {
                try await update(RefUpdate(name: name, expected: nil, new: two))
            }
            await #expect(throws: GitError.conflict(ref: name)) {
                try await update(RefUpdate(name: name, expected: two, new: one))
            }
            await #expect(throws: GitError.conflict(ref: name)) {
                try await update(RefUpdate(name: name, expected: two, new: nil))
            }
            await #expect(throws: GitError.conflict(ref: name)) {
                try await update(
                    RefUpdate(name: other, expected: nil, new: one),
                    RefUpdate(name: name, expected: two, new: one))
            }
            #expect(try await repository.ref(other) == nil, "all or none")
            try await update(
                RefUpdate(name: other, expected: nil, new: one),
                RefUpdate(name: name, expected: one, new: one))
            try fixture.git("pack-refs", "--all", in: work)
            try await update(
                RefUpdate(name: other, expected: one, new: nil),
                RefUpdate(name: name, expected: one, new: two))
            #expect(try await repository.ref(other) == nil)
            #expect(try fixture.id(name, in: work) == two)
            #expect(try !fixture.succeeds("rev-parse", "--verify", other, in: work))
            let none = ObjectID(checked: String(repeating: "1", count: 40))
            await #expect(throws: GitError.notFound("object \(none)")) {
                try await update(RefUpdate(name: other, expected: nil, new: none))
            }
            for bad in ["HEAD", "heads/x", "refs/tags/a..b"] {
                await #expect(throws: GitError.invalidRefName(bad)) {
                    try await update(RefUpdate(name: bad, expected: nil, new: one))
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `a name that is a folder of another ref is a conflict`(packed: Bool) async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let one = try fixture.commit(["a": "1"], in: work)
            try fixture.git("tag", "a/b", in: work)
            if packed { try fixture.git("pack-refs", "--all", in: work) }
            let repository = try Repository(path: work)
            for name in ["refs/tags/a", "refs/tags/a/b/c", "refs/tags/a/b/c/d"] {
                await #expect(throws: GitError.conflict(ref: name)) {
                    try await repository.update([RefUpdate(name: name, expected: nil, new: one)])
                }
            }
            try await repository.update([
                RefUpdate(name: "refs/tags/a/b-c", expected: nil, new: one)
            ])
            try fixture.git("fsck", in: work)
        }
    }

    @Test func `of many writers at once exactly one wins each round`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let root = try fixture.commit(["a": "1"], in: work)
            let name = "refs/heads/contested"
            var current: CommitID?
            for round in 0..<5 {
                let expected = current
                let winners = try await withThrowingTaskGroup(of: CommitID?.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            let repository = try Repository(path: work)
                            let mine = try await repository.writeCommit(
                                parents: [root], base: root, changes: [],
                                message: "round \(round), writer \(writer)", author: .bot,
                                committer: .bot)
                            do {
                                try await repository.update([
                                    RefUpdate(name: name, expected: expected, new: mine)
                                ])
                                return mine
                            } catch GitError.conflict {
                                return nil
                            }
                        }
                    }
                    var won: [CommitID] = []
                    for try await winner in group { if let winner { won.append(winner) } }
                    return won
                }
                #expect(winners.count == 1)
                current = winners.first
                #expect(try fixture.id(name, in: work) == winners.first)
            }
        }
    }

    @Test func `a lock that nobody releases is reported and left alone`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let one = try fixture.commit(["a": "1"], in: work)
            let lock = "\(work)/.git/refs/heads/x.lock"
            try replaceFile(lock, [])
            let repository = try Repository(path: work)
            await #expect(throws: GitError.locked(ref: "refs/heads/x")) {
                try await repository.update([
                    RefUpdate(name: "refs/heads/a", expected: nil, new: one),
                    RefUpdate(name: "refs/heads/x", expected: nil, new: one),
                ])
            }
            #expect(exists(lock))
            #expect(try await repository.ref("refs/heads/a") == nil)
            try removeFile(lock)
            try await repository.update([
                RefUpdate(name: "refs/heads/x", expected: nil, new: one)
            ])
            #expect(try await repository.ref("refs/heads/x") == one)
        }
    }

    @Test func `what another process pushes is seen by a repository that is open`() async throws {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let repository = try Repository(path: bare)
            #expect(try await repository.refs(prefix: "refs/").isEmpty)
            let work = try fixture.clone()
            for number in 0..<3 {
                let commit = try fixture.commit(["a": "\(number)"], in: work)
                try fixture.git("push", "--quiet", bare, "main", in: work)
                try fixture.git("repack", "-adq", in: bare)
                try fixture.git("pack-refs", "--all", in: bare)
                #expect(try await repository.ref("refs/heads/main") == commit)
                let text = try await repository.blob(at: commit, "a")
                #expect(text == Array("\(number)".utf8))
            }
        }
    }
}
