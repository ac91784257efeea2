import Domain
import GRDB
import Testing

@testable import Journal

@Suite struct BookkeepingTests {
    let scratch: Scratch
    let journal: Journal

    init() throws {
        scratch = try Scratch()
        journal = try Journal(path: scratch.path)
    }

    @Test func `an effect that was finished says so when it is intended again`() async throws {
        let intended = try await journal.intend(
            key: "tag digits@v1.0.0", what: "push the tag", at: Instant(seconds: 1))
        #expect(intended.outcome == nil)
        try await journal.intend(key: "branch", what: "push", at: Instant(seconds: 2))
        try await journal.finish(
            key: "tag digits@v1.0.0", outcome: "pushed", at: Instant(seconds: 3))
        #expect(try await journal.openEffects().map(\.key) == ["branch"])
        let again = try await journal.intend(
            key: "tag digits@v1.0.0", what: "push the tag", at: Instant(seconds: 4))
        #expect(
            again
                == Effect(
                    key: "tag digits@v1.0.0", what: "push the tag",
                    intendedAt: Instant(seconds: 1), outcome: "pushed",
                    finishedAt: Instant(seconds: 3)))
        try await journal.finish(key: "unknown", outcome: "pushed", at: Instant(seconds: 5))
        #expect(try await journal.openEffects().map(\.key) == ["branch"])
    }

    @Test func `old finished effects are forgotten, open ones never`() async throws {
        try await journal.intend(key: "open", what: "x", at: Instant(seconds: 1))
        try await journal.intend(key: "done", what: "x", at: Instant(seconds: 1))
        try await journal.finish(key: "done", outcome: "ok", at: Instant(seconds: 2))
        try await journal.write("let time pass") { database in
            try database.execute(
                sql: """
                    INSERT INTO effects (id, key, what, intended, outcome, finished)
                    VALUES (10001, 'late', 'x', 1, 'ok', 2)
                    """)
        }
        try await journal.intend(key: "new", what: "x", at: Instant(seconds: 3))
        let keys = try await journal.read("list") { database in
            try String.fetchAll(database, sql: "SELECT key FROM effects ORDER BY id")
        }
        #expect(keys == ["open", "late", "new"])
    }

    @Test func `positions are replaced and forgotten`() async throws {
        #expect(try await journal.position("head") == nil)
        try await journal.setPosition("head", "one")
        try await journal.setPosition("head", "two")
        #expect(try await journal.position("head") == "two")
        try await journal.setPosition("head", nil)
        #expect(try await journal.position("head") == nil)
    }

    @Test func `statuses are kept one per model, by name`() async throws {
        let first = ModelStatus(model: houses, head: commit(1), phase: .running, summary: "runs")
        var second = ModelStatus(model: digits, head: nil, phase: .new, summary: "ü / \"quoted\"")
        try await journal.saveStatus(first)
        try await journal.saveStatus(second)
        second.phase = .waiting
        try await journal.saveStatus(second)
        #expect(try await journal.statuses() == [second, first])
        #expect(try await journal.status(of: digits) == second)
        try await journal.removeStatus(houses)
        #expect(try await journal.statuses() == [second])
        #expect(try await journal.status(of: houses) == nil)
    }

    @Test func `a problem keeps the moment it was first met until it is cleared`() async throws {
        try await journal.setProblem("remote", Failure("gone"), at: Instant(seconds: 1))
        let newer = Failure("still gone", hint: "check it", .retry(afterSeconds: 5))
        try await journal.setProblem("remote", newer, at: Instant(seconds: 9))
        try await journal.setProblem("disk", Failure("full"), at: Instant(seconds: 2))
        #expect(
            try await journal.problems() == [
                Problem(key: "disk", failure: Failure("full"), since: Instant(seconds: 2)),
                Problem(key: "remote", failure: newer, since: Instant(seconds: 1)),
            ])
        try await journal.clearProblem("remote")
        #expect(try await journal.problems().map(\.key) == ["disk"])
    }
}
