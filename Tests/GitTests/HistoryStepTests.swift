import Domain
import Git
import Testing

@Suite struct HistoryStepTests {
    private let scope = PathScope(roots: ["m", "shared"]) { $0 != "m/README" }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the commits of a random history are those that git lists`(seed: UInt64) async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            var random = Seeded(state: seed)
            let commits = try grow(&random, fixture, in: work)
            let repository = try Repository(path: work)
            let parents = try parents(fixture, work)
            for _ in 0..<25 {
                let head = commits[Int.random(in: commits.indices, using: &random)]
                let base =
                    Int.random(in: 0..<4, using: &random) == 0
                    ? nil : commits[Int.random(in: commits.indices, using: &random)]
                let steps = try await repository.history(
                    of: head, notFrom: base, at: scope, keeping: .all)
                // Because git itself lists too many where clocks went backwards.
                let range = reachable(head, parents).subtracting(
                    base.map { reachable($0, parents) } ?? [])
                #expect(Set(steps.map(\.commit)) == range, "seed \(seed), \(head) ^\(base as Any)")
                #expect(steps.count == range.count)

                let own = steps.filter { $0.isOwn && $0.parents.count < 2 }.map(\.commit)
                let listed = try list(
                    "--full-history --no-merges \(head) -- m/a m/b shared", fixture, work)
                #expect(Set(own) == listed.intersection(range), "seed \(seed), \(head)")
                let kept = try await repository.history(
                    of: head, notFrom: base, at: scope, keeping: .own)
                #expect(kept == steps.filter(\.isOwn))
            }
        }
    }

    @Test func `a merge is its own only where it differs from every parent`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["m/a": "1"], in: work)
            try fixture.git("checkout", "-q", "-b", "side", in: work)
            try fixture.commit(["m/a": "2"], in: work)
            try fixture.git("checkout", "-q", "main", in: work)
            let main = try fixture.commit(["other": "1"], in: work)
            try fixture.git("merge", "-q", "--no-edit", "side", in: work)
            let repository = try Repository(path: work)
            let merge = try fixture.id("HEAD", in: work)
            var steps = try await repository.history(
                of: merge, notFrom: main, at: scope, keeping: .all)
            #expect(steps.first { $0.commit == merge }?.differs == [true, false])
            try fixture.git("reset", "-q", "--hard", "HEAD^", in: work)
            try fixture.git("merge", "-q", "--no-commit", "side", in: work)
            let evil = try fixture.commit(["m/a": "3"], in: work)
            steps = try await repository.history(
                of: evil, notFrom: main, at: scope, keeping: .all)
            #expect(steps.first { $0.commit == evil }?.differs == [true, true])
        }
    }

    @Test func `an entry that a tree names twice is no place to hide a change`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let first = try fixture.commit(["m/a": "1"], in: work)
            let folder = try fixture.gitLine("rev-parse", "HEAD:m", in: work)
            try fixture.commit(["m/a": "2"], in: work)
            let other = try fixture.gitLine("rev-parse", "HEAD:m", in: work)
            let octets = { (hex: String) in
                stride(from: 0, to: 40, by: 2).map { place in
                    let start = hex.index(hex.startIndex, offsetBy: place)
                    return "\\x" + hex[start..<hex.index(start, offsetBy: 2)]
                }.joined()
            }
            let script = """
                printf '40000 m\\0\(octets(folder))40000 m\\0\(octets(other))' |
                git hash-object -t tree -w --stdin --literally
                """
            let tree = try fixture.shell(script, in: work)
            let second = try fixture.id(
                fixture.gitLine(
                    "commit-tree", "-p", "\(first)", "-m", "twice", tree, in: work), in: work)
            let steps = try await Repository(path: work).history(
                of: second, notFrom: first, at: scope, keeping: .own)
            #expect(steps.map(\.commit) == [second])
        }
    }

    // MARK: What they need

    /// Makes 40 commits, of which some are merges with content of their own, of one side or both.
    private func grow(
        _ random: inout Seeded, _ fixture: Fixture, in work: String
    ) throws -> [CommitID] {
        var stream = ""
        var time = 1_700_000_000
        for number in 1...40 {
            // Clocks are wrong at times.
            time += Int.random(in: 0..<6, using: &random) == 0 ? -500 : 60
            stream += "commit refs/heads/h\nmark :\(number)\ncommitter E <e@x> \(time) +0000\n"
            stream += "data 1\nx\n"
            if number > 1 {
                let parent =
                    Int.random(in: 0..<10, using: &random) == 0
                    ? Int.random(in: 1..<number, using: &random) : number - 1
                stream += "from :\(parent)\n"
                let other = Int.random(in: 1..<number, using: &random)
                if Int.random(in: 0..<3, using: &random) == 0, other != parent {
                    stream += "merge :\(other)\n"
                }
            } else {
                stream += "M 644 inline shared\ndata 1\n0\n"
            }
            for path in ["m/a", "m/b", "m/README", "shared", "other"]
            where Int.random(in: 0..<6, using: &random) == 0 {
                stream += "M 644 inline \(path)\ndata 1\n\(Int.random(in: 0..<3, using: &random))\n"
            }
            stream += "\n"
        }
        try fixture.git(
            "fast-import", "--quiet", "--force", "--export-marks=marks", in: work, input: stream)
        let marks = try fixture.shell("sort -t: -k2n marks | cut -d' ' -f2", in: work)
        return marks.split(separator: "\n").compactMap { CommitID(String($0)) }
    }

    private func list(
        _ arguments: String, _ fixture: Fixture, _ work: String
    ) throws -> Set<CommitID> {
        let text = try fixture.shell("git rev-list \(arguments)", in: work)
        return Set(text.split(separator: "\n").compactMap { CommitID(String($0)) })
    }

    private func parents(
        _ fixture: Fixture, _ work: String
    ) throws -> [CommitID: [CommitID]] {
        var parents: [CommitID: [CommitID]] = [:]
        for line in try fixture.shell(
            "cut -d' ' -f2 marks | git log --stdin --no-walk --format='%H %P'", in: work
        ).split(
            separator: "\n")
        {
            let ids = line.split(separator: " ").compactMap { CommitID(String($0)) }
            parents[ids[0]] = Array(ids.dropFirst())
        }
        return parents
    }

    private func reachable(
        _ head: CommitID, _ parents: [CommitID: [CommitID]]
    ) -> Set<CommitID> {
        var found: Set<CommitID> = [head]
        var queue = [head]
        while let id = queue.popLast() {
            queue += (parents[id] ?? []).filter { found.insert($0).inserted }
        }
        return found
    }
}
