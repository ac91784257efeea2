import Daemon
import Domain
import Host
import Journal
import Testing

/// What happens to the watched branch besides commits on top: it is seen, said and survived.
@Suite struct HistoryTests {
    private func problem(_ key: String, _ yard: Yard) async throws -> Failure? {
        try await yard.journal.problems().first { $0.key == key }?.failure
    }

    private func untilTold(_ words: String, _ yard: Yard, key: String = "history") async throws {
        try await eventually("people are told: \(words)") {
            try await problem(key, yard)?.what.contains(words) ?? false
        }
    }

    /// The next commit on top is judged, and takes the problem away.
    private func goesOn(_ yard: Yard, _ right: Int = 6) async throws {
        let next = try await yard.push(shellModel(right: right), "next")
        _ = try await yard.evidence(next)
        try await eventually("the problem is gone") {
            try await yard.journal.problems().isEmpty
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a rewritten branch is reported with both heads and goes on`(isDirect: Bool) async throws {
        try await play(isDirect ? .direct : .file) { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let old = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(old)
            try yard.write(shellModel(right: 6))
            try await yard.git("commit", "-q", "--amend", "-a", "-m", "other")
            let new = try await yard.pushHead(force: true)
            try await untilTold("was rewritten: it was at \(old), it is at \(new)", yard)
            let hint = try #require(try await problem("history", yard)?.hint)
            #expect(hint.contains("--force-with-lease=main:\(new) origin \(old):refs/heads/main"))
            let digest = try await yard.evidence(new)
            #expect(try await yard.record("m").outcomes[old] == .superseded(by: new))
            #expect(try await yard.record("m").shown[EvidenceID(digest)]?.commit == new)
            try await goesOn(yard, 8)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a branch that is moved back restores what was live`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await yard.release(try await yard.push(shellModel(right: 8), "second"))
            try await yard.git("reset", "-q", "--hard", "HEAD~1")
            _ = try await yard.pushHead(force: true)
            try await untilTold("was moved back", yard)
            try await eventually("v1.0.0 is assigned again") {
                try await yard.record("m").current.first?.value.version == .first
            }
            try await goesOn(yard)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a deleted branch takes nothing down, and its return takes the problem away`(
        isDirect: Bool
    ) async throws {
        try await play(isDirect ? .direct : .file) { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await yard.git("push", "-q", "origin", ":refs/heads/main")
            try await untilTold("was deleted; it was at \(first)", yard, key: "branch")
            await yard.stop()
            try await yard.start()
            try await untilTold("was deleted; it was at \(first)", yard, key: "branch")
            #expect(try await yard.record("m").current.count == 1)
            #expect(try await yard.tags() == ["m#production#1", "m@v1.0.0"])
            _ = try await yard.pushHead()
            try await eventually("the problem is gone") {
                try await yard.journal.problems().isEmpty
            }
            try await goesOn(yard)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a history that has nothing in common is reported and judged by its content`(
        isDirect: Bool
    ) async throws {
        try await play(isDirect ? .direct : .file) { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await yard.git("checkout", "-q", "--orphan", "alone")
            let same = try await yard.commit(shellModel(right: 7), "the same again")
            try await yard.git("push", "-qf", "origin", "HEAD:main")
            try await untilTold("nothing in common with it: it was at \(first)", yard)
            #expect(try await yard.record("m").current.first?.value.version == .first)
            #expect(try await yard.record("m").outcomes[same].map { $0.isFinal } ?? true)
            try await goesOn(yard, 8)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a head that is put back as the hint says takes the problem away`() async throws {
        try await play { yard in
            _ = try await yard.push(shellModel(right: 6), "before")
            let first = try await yard.push(shellModel(right: 7), "first")
            _ = try await yard.evidence(first)
            try await yard.git("checkout", "-q", "--orphan", "alone")
            let bad = try await yard.commit(shellModel(right: 8), "another history")
            try await yard.git("push", "-qf", "origin", "HEAD:main")
            try await untilTold("it was at \(first), it is at \(bad)", yard)
            // A second damage names the head that is worth going back to.
            try yard.write(shellModel(right: 5))
            try await yard.git("commit", "-q", "--amend", "-a", "-m", "and another")
            let worse = try await yard.pushHead(force: true)
            try await untilTold("it was at \(first), it is at \(worse)", yard)
            await yard.stop()
            try await yard.start()
            try await yard.git(
                "push", "-q", "--force-with-lease=main:\(worse)", "origin",
                "\(first):refs/heads/main")
            try await eventually("the problem is gone") {
                try await problem("history", yard) == nil
            }
            #expect(try await yard.journal.position("lost head") == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the bot's own commit on a branch that was moved back takes no problem away`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            _ = try await yard.evidence(first)
            let lost = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(lost)
            try await yard.git("reset", "-q", "--hard", "HEAD~1")
            _ = try await yard.pushHead(force: true)
            try await untilTold("was moved back", yard)
            // As a schedule writes them.
            try yard.write(["models/m/.scheduled": "2020-01-06T03:00:00Z\n"])
            try await yard.git("add", "--all")
            try await yard.git(
                "-c", "user.name=Slipway", "-c", "user.email=slipway@localhost", "commit", "-q",
                "-m", "m: trained again")
            let bots = try await yard.pushHead()
            _ = try await yard.evidence(bots)
            try await untilTold("it was at \(lost), it is at \(bots)", yard)
            try await goesOn(yard)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is rewritten while the daemon is away is seen when it is back, old commits gone`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let old = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(old)
            try await eventually("the scan is remembered") {
                try await yard.journal.position("scanned") == old.hex
            }
            await yard.stop()
            try yard.write(shellModel(right: 6))
            try await yard.git("commit", "-q", "--amend", "-a", "-m", "other")
            let new = try await yard.pushHead(force: true)
            try await yard.run(
                "git", "-C", yard.bare, "-c", "gc.reflogExpire=now", "gc", "-q", "--prune=now")
            try await yard.start()
            try await untilTold("its old commits are gone: it was at \(old)", yard)
            _ = try await yard.evidence(new)
            #expect(try await yard.record("m").outcomes[old] == .superseded(by: new))
            try await goesOn(yard, 8)
        }
    }
}
