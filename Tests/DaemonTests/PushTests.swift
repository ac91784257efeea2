import Domain
import Host
import Journal
import TestKit
import Testing

@testable import Daemon

/// Who pushed, as the server's hook says at the socket, and what follows from it.
@Suite struct PushTests {
    private static let rule = "branch: main\nreview: {exclude: [last-pusher]}\n"
    private let none = String(repeating: "0", count: 40)

    /// Runs a story with two reviewers, ada (`key`) and eve (`eve`), and the hook's socket.
    private func play(_ story: (Yard) async throws -> Void) async throws {
        try await DaemonTests.play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            let (workshop, reconciler) = (
                try #require(yard.workshop), try #require(yard.reconciler)
            )
            let socket = Task { try await HookService(workshop, reconciler).run() }
            do {
                try await story(yard)
            } catch {
                socket.cancel()
                _ = await socket.result
                throw error
            }
            socket.cancel()
            _ = await socket.result
        }
    }

    /// Says what post-receive says; the answer is what the pusher reads.
    @discardableResult
    private func tell(_ yard: Yard, _ lines: String...) async throws -> String {
        let path = yard.state.hookSocket
        try await eventually("somebody listens") { exists(path) }
        let request = Array(lines.map { "\($0)\n" }.joined().utf8)
        return String(
            decoding: try await askSocket(
                path, request, answerLimitBytes: 1 << 16, deadlineSeconds: patienceSeconds),
            as: UTF8.self)
    }

    private func pushedByRule(_ yard: Yard, right: Int = 8) async throws -> CommitID {
        var files = shellModel(right: right)
        files["slipway.yaml"] = Self.rule
        return try await yard.push(files, "right \(right)")
    }

    private func summary(_ yard: Yard) async throws -> String {
        try await yard.journal.statuses().first?.summary ?? ""
    }

    @Test(.timeLimit(.minutes(5)))
    func `a push to a suspended model is told that it rests, until when and why`() async throws {
        try await play { yard in
            let first = try await pushedByRule(yard)
            _ = try await yard.evidence(first)
            var files = shellModel(right: 9)
            files["slipway.yaml"] = """
                branch: main
                suspend:
                  - {model: m, reason: new labels, by: ada, until: "2126-12-01T00:00:00Z"}

                """
            let second = try await yard.push(files, "m rests")
            let answer = try await tell(yard, "\(first) \(second) refs/heads/main")
            #expect(!answer.contains("then run"), "\(answer)")
            #expect(
                answer.contains("rests, suspended by ada until 2126-12-01T00:00:00Z: new labels"),
                "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a push of what is no commit is passed over, and one told twice is noted once`()
        async throws
    {
        try await play { yard in
            let first = try await pushedByRule(yard)
            _ = try await yard.evidence(first)
            let blob = try await yard.git("rev-parse", "HEAD:slipway.yaml").prefix(40)
            try await tell(yard, "by eve", "\(blob) \(blob) refs/heads/main")
            let second = try await pushedByRule(yard, right: 9)
            let line = "\(first) \(second) refs/heads/main"
            try await tell(yard, "by ada", line, line)
            try await yard.until("it is recorded") { !($0.pushes[second] ?? []).isEmpty }
            _ = try await yard.evidence(second)
            let model = try #require(ModelName("m"))
            let told = try await yard.journal.decisions(of: model).filter { record in
                if case .pushed = record.decision { record.commit == second } else { false }
            }
            #expect(told.count == 1)
            #expect(try await yard.record("m").pushes[first] == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `who pushed cannot approve, and another can, once it is known who pushed`()
        async throws
    {
        try await play { yard in
            let first = try await pushedByRule(yard)
            let digest = try await yard.evidence(first)
            try await yard.sign("approve", "m", digest)
            try await eventually("it says what is missing") {
                try await summary(yard).contains("nobody said who pushed")
            }
            #expect(try await yard.record("m").releases.isEmpty)
            let push = Push(by: "ada", ref: "refs/heads/main", why: "it is May")
            let answer = try await tell(
                yard, "by ada", "why it is\u{7}May", "later word", "\(none) \(first) \(push.ref)")
            #expect(answer.contains("watch it with"))
            try await yard.until("it is recorded") { $0.pushes == [first: [push]] }
            _ = try await yard.push(["unrelated.txt": "x"], "a turn later")
            try await eventually("her word does not count") {
                try await !summary(yard).contains("nobody said")
            }
            #expect(try await yard.record("m").releases.isEmpty, "ada pushed it")
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("released") { $0.releases.count == 1 }
            let approvers = try await yard.record("m").releases.first?.approvedBy.map(\.text)
            #expect(approvers == ["eve@example.org"])
            let run = RunID(model: try #require(ModelName("m")), number: 1)
            let events = try await yard.journal.events(of: run, after: 0, limit: 1000)
                .map(\.event)
            let pushed = JSONValue.object([
                "by": .string("ada"), "ref": .string(push.ref), "why": .string("it is May"),
            ])
            #expect(events.filter { $0 == .object(["pushed": pushed]) }.count == 1)
            let order = try await yard.journal.decisions(of: run.model).map(\.decision)
            let told = try #require(order.firstIndex { $0 == .pushed(push) })
            let released = try #require(
                order.firstIndex { if case .released = $0 { true } else { false } })
            #expect(told < released)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is said later takes nobody out, and what is not on the branch counts for nothing`()
        async throws
    {
        try await play { yard in
            let first = try await pushedByRule(yard)
            let digest = try await yard.evidence(first)
            let ref = "refs/heads/main"
            try await tell(yard, "by ada", "\(none) \(first) \(ref)")
            try await yard.until("it is recorded") { $0.pushes[first]?.count == 1 }
            // Again, by another name, on another branch, and of a commit that nobody has.
            let ghost = String(repeating: "e", count: 40)
            try await tell(
                yard, "by eve", "\(none) \(first) refs/heads/other", "\(first) \(ghost) \(ref)")
            try await tell(yard, "by robot", "\(none) \(first) \(ref)")
            try await tell(yard, "by ada", "\(none) \(first) \(ref)")
            try await yard.until("the other is recorded") { $0.pushes[first]?.count == 2 }
            #expect(try await yard.record("m").pushes[first]?.map(\.by) == ["ada", "robot"])
            try await yard.sign("approve", "m", digest)
            try await yard.until("her tag is refused") { $0.tags.first?.refusal != nil }
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `behind a commit of the bot it must be known who pushed what it stands on`()
        async throws
    {
        try await play { yard in
            var files = shellModel()
            files["slipway.yaml"] = Self.rule
            files["models/m/model.yaml", default: ""] += "schedule: \"0 3 * * 1\"\n"
            files["models/m/.scheduled"] = "2020-01-06T03:00:00Z\n"
            let first = try await yard.push(files, "m weekly")
            var scheduled: CommitID?
            try await yard.until("the bot's own push is recorded") { record in
                scheduled = record.pushes.first { $0.value.contains { $0.byBot == true } }?.key
                return scheduled != nil
            }
            let commit = try #require(scheduled)
            try await yard.git("pull", "-q", "--ff-only", "origin", "main")
            let digest = try await yard.evidence(commit)
            try await yard.sign("approve", "m", digest)
            try await eventually("it says what is missing") {
                try await summary(yard).contains("nobody said who pushed")
            }
            #expect(try await yard.record("m").releases.isEmpty)
            try await tell(yard, "by eve", "\(none) \(first) refs/heads/main")
            try await yard.until("released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a change of policy needs somebody else than who pushed it`() async throws {
        try await play { yard in
            func policy() async throws -> PolicyRecord {
                PolicyRecord(records: try await yard.journal.decisions(of: .policy))
            }
            func proposal() async throws -> Digest {
                var found: Digest?
                try await eventually("a change of policy waits") {
                    let record = try await policy()
                    found = record.open.flatMap { record.shown[$0]?.proposal.evidenceDigest }
                    return found != nil
                }
                return try #require(found)
            }
            let first = try await pushedByRule(yard)
            try await yard.sign("approve", "policy", try await proposal())
            try await eventually("the rule is trusted") {
                try await policy().trusted?.commit == first
            }
            let second = try await yard.push(
                ["slipway.yaml": Self.rule + "# as before\n"], "a comment is no change")
            let third = try await yard.push(
                ["slipway.yaml": "branch: main\nreview: {approvals: 2}\n"], "two")
            let digest = try await proposal()
            try await yard.sign("approve", "policy", digest, by: "eve@example.org", key: "eve")
            try await eventually("eve's word is seen") {
                try await policy().tags.last?.principal?.text == "eve@example.org"
            }
            _ = try await yard.push(["unrelated.txt": "x"], "a turn later")
            #expect(try await policy().trusted?.commit == first, "nobody said who pushed")
            try await tell(yard, "by ada", "\(second) \(third) refs/heads/main")
            try await eventually("it is trusted") { try await policy().trusted?.commit != first }
            #expect(try await policy().pushes.keys.map(\.self) == [third])
            #expect(
                try await policy().trusted?.approvedBy.map(\.text) == ["eve@example.org"])
        }
    }
}
