import Daemon
import Domain
import Host
import Journal
import Testing

/// What a prefix of an object store holds becomes commits of the bot, judged like anybody's.
@Suite struct FollowTests {
    @Test(.timeLimit(.minutes(5)))
    func `objects that come, change and go become commits, and are trained on`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.put("day/a.csv", "x\n1\n")
            try bucket.put("day/sub/b b.csv", "x\n2\n")
            try bucket.put("day/notes.txt", "not data")
            try bucket.put("dayly.csv", "x\n9\n")
            let first = try await yard.push(yard.followed, "m follows")
            let pinned = try await yard.botCommit(after: first)
            let message = try await yard.bare("log", "-1", "--format=%an%n%B", pinned.hex)
            #expect(message.hasPrefix("Slipway\ntest: 2 added, now 2 objects, 8 bytes\n"))
            #expect(message.contains("\n  + data/test/sub/b b.csv (4 bytes)\n"))
            #expect(message.contains("1 object left out, not named like csv: day/notes.txt\n"))
            let trailers = try await yard.bare(
                "log", "-1", "--format=%(trailers:only,unfold)", pinned.hex)
            #expect(trailers.hasPrefix("Dataset: test\nPinned-From: s3://clicks/day/\n"))
            let changed = try await yard.bare(
                "diff-tree", "--no-commit-id", "--name-only", "-r", pinned.hex)
            #expect(changed == "datasets/test.pins.json\n")
            try await yard.git("pull", "-q", "--ff-only", "origin", "main")
            try await yard.release(pinned)
            #expect(try yard.seen().contains("1\nx\n2\n"), "both objects, laid out by name")

            try bucket.put("day/a.csv", "x\n77\n")
            let second = try await yard.botCommit(after: pinned)
            _ = try await yard.evidence(second)
            #expect(try yard.seen().contains("77\nx\n2\n"))
            #expect(try bucket.asked("/clicks/day/a.csv") == 2)
            #expect(try bucket.asked("/clicks/day/sub/b%20b.csv") == 1, "it is not read again")

            try bucket.remove("day/sub/b b.csv")
            let third = try await yard.botCommit(after: second)
            let last = try await yard.bare("log", "-1", "--format=%s", third.hex)
            #expect(last.hasPrefix("test: 1 removed, now 1 object"))
            _ = try await yard.evidence(third)
            #expect(try yard.seen().hasSuffix("a.csv x\n77\n"), "one object is a folder too")
            #expect(try await yard.problem("follow:test") == nil)
            #expect(try await yard.tip() == third, "nothing changes, so nothing is committed")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a store that is out of reach is a problem, and un-pins nothing`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.tell("fault", "500")
            try bucket.put("day/a.csv", "x\n1\n")
            let first = try await yard.push(yard.followed, "m follows")
            try await eventually("it is told") {
                try await yard.problem("follow:test")?.what.contains("500") ?? false
            }
            #expect(try await yard.tip() == first)
            try bucket.tell("fault", nil)
            let pinned = try await yard.botCommit(after: first)
            try await eventually("it is mended") { try await yard.problem("follow:test") == nil }

            try bucket.remove("day/a.csv")
            try await eventually("it is told") {
                try await yard.problem("follow:test")?.what.contains("is empty") ?? false
            }
            try bucket.put("day/a.json", "{}")
            try await eventually("it is told") {
                try await yard.problem("follow:test")?.what.contains("none is of the format")
                    ?? false
            }
            #expect(try await yard.tip() == pinned, "nothing is un-pinned")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an object that changes while it is read is taken at a later look`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.tell("swap", "day/a.csv")
            try bucket.put("day/a.csv", "x\n1\n")
            let first = try await yard.push(yard.followed, "m follows")
            try await eventually("it is told when it does not end") {
                try await yard.problem("follow:test")?.what.contains("faster than") ?? false
            }
            #expect(try await yard.tip() == first)
            try bucket.tell("swap", nil)
            _ = try await yard.evidence(try await yard.botCommit(after: first))
            #expect(try await yard.problem("follow:test") == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `pins that somebody took back stay so until the prefix changes`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.put("day/a.csv", "x\n1\n")
            let first = try await yard.push(yard.followed, "m follows")
            let pinned = try await yard.botCommit(after: first)
            try bucket.put("day/a.csv", "x\n2\n")
            _ = try await yard.botCommit(after: pinned)
            try await yard.git("pull", "-q", "--ff-only", "origin", "main")
            let back = try await yard.revertHead()
            try await eventually("it is told") {
                try await yard.problem("follow:test")?.what.contains("taken back") ?? false
            }
            // The bytes of before are in the store, though the object has others now.
            _ = try await yard.evidence(back)
            #expect(try await yard.tip() == back)
            try bucket.put("day/a.csv", "x\n3\n")
            _ = try await yard.evidence(try await yard.botCommit(after: back))
            #expect(try yard.seen().contains("x\n3\n"))
            #expect(try await yard.problem("follow:test") == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `while everything rests nothing is pinned`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.put("day/a.csv", "x\n1\n")
            var files = yard.followed
            files["slipway.yaml"] = "suspend:\n  - {model: m, reason: labels, by: ada}\n"
            _ = try await yard.push(files, "m follows, and rests")
            try await eventually("the status says so") {
                try await yard.journal.statuses().first?.suspended != nil
            }
            files["slipway.yaml"] = "suspend:\n  - {reason: holidays, by: ada}\n"
            let rest = try await yard.push(files, "everything rests")
            try await eventually("the status says so") {
                try await yard.journal.statuses().first?.suspended?.reason == "holidays"
            }
            #expect(try await yard.tip() == rest)
            #expect(try bucket.asked("list-type") == 0)
            let resumed = try await yard.push(["slipway.yaml": "branch: main\n"], "resumed")
            _ = try await yard.botCommit(after: resumed)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a prefix that the operator has not named is not asked for`() async throws {
        try await playBesideStore { yard, bucket in
            var files = yard.followed
            files["datasets/test.yaml"]?.replace("s3://clicks/", with: "s3://clicks2/")
            let first = try await yard.push(files, "m follows")
            try await eventually("it is told") {
                try await yard.problem("follow:test")?.hint?
                    .contains("{\"prefix\": \"s3://clicks2/\"}") ?? false
            }
            #expect(try await yard.tip() == first)
            #expect(try bucket.asked("") == 0)
        }
    }
}
