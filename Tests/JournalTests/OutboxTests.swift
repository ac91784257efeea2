import Domain
import GRDB
import Testing

@testable import Journal

/// What a test's channels are told of a decision.
private let both: OutboxMaker = { record in
    ["mail", "chat"].map {
        OutboxDraft(event: "msg_\(record.sequence)", channel: $0, body: "{}")
    }
}

@Suite struct OutboxTests {
    let scratch: Scratch
    let journal: Journal
    let late = Instant(seconds: 1_000_000)

    init() throws {
        scratch = try Scratch()
        journal = try Journal(path: scratch.path)
    }

    private func due(_ channel: String = "mail") async throws -> [OutboxRow] {
        try await journal.dueOutbox(of: channel, at: late, limit: 1000)
    }

    @Test func `a decision and its rows are written together`() async throws {
        try await journal.appendDecisions([started(1), started(2)], tip: commit(9), outbox: both)
        let rows = try await due()
        #expect(rows.map(\.event) == ["msg_1", "msg_2"])
        #expect(rows.map(\.created) == [Instant(seconds: 1), Instant(seconds: 2)])
        #expect(rows.allSatisfy { $0.attempts == 0 && $0.state == .waiting && $0.body == "{}" })
        #expect(try await journal.waitingChannels() == ["chat", "mail"])
        let early = Instant(seconds: 1)
        #expect(try await journal.dueOutbox(of: "mail", at: early, limit: 9).count == 1)
        #expect(try await journal.dueOutbox(of: "mail", at: late, limit: 1).count == 1)
        #expect(try await journal.lastSequence() == 2)
    }

    @Test func `rows that cannot be written leave no decision behind`() async throws {
        try await journal.write("break the outbox") { database in
            try database.execute(sql: "DROP TABLE outbox")
        }
        await #expect(throws: JournalError.self) {
            try await journal.appendDecisions([started(1)], tip: commit(9), outbox: both)
        }
        #expect(try await journal.decisions() == [])
        #expect(try await journal.notesTip() == nil)
    }

    @Test func `the same decision never has a second row`() async throws {
        try await journal.appendDecisions([started(1)], tip: commit(9), outbox: both)
        try await journal.appendDecisions([started(1)], tip: commit(9), outbox: both)
        try await journal.replaceDecisions([started(1)], tip: commit(9), outbox: both)
        try await journal.post(both(started(1)), at: late)
        #expect(try await due().count == 1)
        let row = try #require(try await due().first)
        try await journal.outboxSent(row.id)
        try await journal.post(both(started(1)), at: late)
        #expect(try await due() == [])
        #expect(try await journal.outboxCounts() == [.sent: 1, .waiting: 1])
    }

    @Test func `a new journal tells nobody what was decided before it`() async throws {
        try await journal.replaceDecisions(
            (1...50).map { started($0) }, tip: commit(9), outbox: both)
        #expect(try await due() == [])
        try await journal.appendDecisions([started(51)], tip: commit(10), outbox: both)
        #expect(try await due().map(\.event) == ["msg_51"])
    }

    @Test func `what was decided just before a crash is told when the notes are read again`()
        async throws
    {
        try await journal.replaceDecisions([], tip: nil, outbox: both)
        try await journal.appendDecisions([started(1)], tip: commit(9), outbox: both)
        try await journal.replaceDecisions(
            [started(1), started(2), started(3)], tip: commit(10), outbox: both)
        #expect(try await due().map(\.event) == ["msg_1", "msg_2", "msg_3"])
    }

    @Test func `a number that is used again after a loss is told again`() async throws {
        try await journal.replaceDecisions([], tip: nil, outbox: both)
        try await journal.appendDecisions([started(1), started(2)], tip: commit(9), outbox: both)
        try await journal.replaceDecisions([started(1)], tip: commit(10), outbox: both)
        try await journal.appendDecisions([started(2)], tip: commit(11)) { record in
            [OutboxDraft(event: "other_\(record.sequence)", channel: "mail", body: "{}")]
        }
        #expect(try await due().map(\.event) == ["msg_1", "msg_2", "other_2"])
    }

    @Test func `a journal of the version before tells nobody what it knew`() async throws {
        try await journal.write("go back to the first version") { database in
            try database.execute(
                sql: """
                    DROP TABLE outbox; DROP TABLE told; DROP TABLE forge_ledger;
                    DROP INDEX decisions_by_commit;
                    DELETE FROM grdb_migrations WHERE identifier = '2';
                    INSERT INTO decisions VALUES (7, 'digits', '{}');
                    """)
        }
        let journal = try Journal(path: scratch.path)
        try await journal.replaceDecisions(
            [started(7), started(8)], tip: commit(9), outbox: both)
        let rows = try await journal.dueOutbox(of: "mail", at: late, limit: 10)
        #expect(rows.map(\.event) == ["msg_8"])
    }

    @Test func `what failed waits for its moment, is given up, and can be tried anew`()
        async throws
    {
        try await journal.appendDecisions([started(1)], tip: commit(9), outbox: both)
        let id = try #require(try await due().first).id
        let next = Instant(seconds: 500)
        try await journal.outboxFailed(id, "no answer", retryAt: next)
        #expect(
            try await journal.dueOutbox(of: "mail", at: Instant(seconds: 499), limit: 9) == [])
        let row = try #require(
            try await journal.dueOutbox(of: "mail", at: next, limit: 9).first)
        #expect(row.attempts == 1 && row.lastError == "no answer")
        try await journal.outboxFailed(id, "gone", retryAt: nil)
        #expect(try await due() == [])
        #expect(try await journal.outbox(.dead, limit: 9).map(\.lastError) == ["gone"])
        #expect(try await journal.outboxCounts() == [.dead: 1, .waiting: 1])
        #expect(try await journal.retryOutbox(id, at: Instant(seconds: 600)))
        #expect(try await !journal.retryOutbox(id, at: Instant(seconds: 600)))
        #expect(try await due().map(\.attempts) == [0])
        try await journal.outboxSent(id)
        #expect(try await journal.outbox(.sent, limit: 9).map(\.lastError) == [nil])
        #expect(try await !journal.retryOutbox(id, at: late))
        try await journal.outboxFailed(id, "late word", retryAt: nil)
        #expect(try await journal.outbox(.sent, limit: 9).map(\.id) == [id])
    }

    @Test func `what was never tried comes before what failed`() async throws {
        try await journal.appendDecisions(
            [started(1), started(2), started(3)], tip: commit(9), outbox: both)
        let first = try #require(try await due().first)
        try await journal.outboxFailed(first.id, "no", retryAt: Instant(seconds: 100))
        #expect(try await due().map(\.event) == ["msg_2", "msg_3", "msg_1"])
    }

    @Test func `old rows that were sent are dropped, and what waits never`() async throws {
        let max = Journal.outboxKeptMax
        try await journal.post(
            (0..<max + 5).map { OutboxDraft(event: "\($0)", channel: "mail", body: "{}") },
            at: late)
        try await journal.write("send nearly all") { database in
            try database.execute(sql: "UPDATE outbox SET state = 'sent' WHERE id > 2")
        }
        try await journal.outboxSent(2)
        #expect(try await journal.outboxCounts() == [.sent: max, .waiting: 1])
    }

    @Test func `a ledger is what the forge showed last, each forge its own`() async throws {
        let rows = [
            LedgerRow(about: "a", context: "x", value: "1"),
            LedgerRow(about: "a", context: "y", value: "1"),
            LedgerRow(about: "b", context: "x", value: "1"),
        ]
        try await journal.setLedger(rows, of: "hub")
        try await journal.setLedger([LedgerRow(about: "b", context: "x", value: "2")], of: "hub")
        try await journal.setLedger(rows, of: "lab")
        try await journal.forgetLedger(about: ["a"], of: "hub")
        #expect(
            try await journal.ledger(of: "hub")
                == [LedgerRow(about: "b", context: "x", value: "2")])
        #expect(try await journal.ledger(of: "lab") == [])
    }

    @Test func `decided commits come without the rest of the decision`() async throws {
        try await journal.appendDecisions(
            [started(1), started(2, houses), started(3)], tip: commit(9))
        #expect(
            try await journal.decidedCommits(after: 1, limit: 1)
                == [DecidedCommit(sequence: 2, model: houses, commit: commit(2))])
        #expect(try await journal.decidedCommits(after: 0, limit: 10).map(\.sequence) == [1, 2, 3])
        #expect(try await journal.decisions(of: digits, about: commit(3)) == [started(3)])
        #expect(try await journal.decisions(of: digits, about: commit(2)) == [])
    }
}
