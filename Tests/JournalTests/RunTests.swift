import Domain
import GRDB
import Testing

@testable import Journal

@Suite struct RunTests {
    let scratch: Scratch
    let journal: Journal

    init() throws {
        scratch = try Scratch()
        journal = try Journal(path: scratch.path)
    }

    @Test func `a run is saved over itself`() async throws {
        var view = run(1)
        try await journal.save(view)
        view.state = .failed
        view.endedAt = Instant(milliseconds: 99)
        view.failure = Failure("exit status 1", hint: "slipway logs digits/1")
        try await journal.save(view)
        #expect(try await journal.run(view.id) == view)
        #expect(try await journal.unfinishedRuns() == [])
        #expect(try await journal.run(RunID(model: houses, number: 1)) == nil)
    }

    @Test func `runs are listed newest first, of one model or of all`() async throws {
        try await journal.save(run(1, startedAt: 10))
        try await journal.save(run(1, of: houses, .evaluated, startedAt: 20))
        try await journal.save(run(2, .cancelled, startedAt: 30))
        try await journal.save(run(2, of: houses, startedAt: 40))
        #expect(
            try await journal.runs(of: nil, limit: 3).map(\.id.description)
                == ["houses/2", "digits/2", "houses/1"])
        #expect(try await journal.runs(of: digits, limit: 3).map(\.id.number) == [2, 1])
        #expect(try await journal.runs(of: digits, limit: 0) == [])
        #expect(
            try await journal.unfinishedRuns().map(\.id.description) == ["digits/1", "houses/2"])
        #expect(
            try await journal.runCounts() == [.running: 2, .evaluated: 1, .cancelled: 1])
    }

    @Test func `among 10,000 runs the newest are found by an index`() async throws {
        let text = try rowText(run(1), "run")
        try await journal.write("fill it") { database in
            let insert = try database.makeStatement(
                sql: "INSERT INTO runs (model, number, started, state, run) VALUES (?,?,?,?,?)")
            for number in 1...5000 {
                for model in ["digits", "houses"] {
                    try insert.execute(
                        arguments: [
                            model, number, number, number < 5000 ? "evaluated" : "running", text,
                        ])
                }
            }
        }
        #expect(try await journal.runs(of: nil, limit: 20).count == 20)
        #expect(try await journal.runs(of: digits, limit: 20).count == 20)
        #expect(try await journal.unfinishedRuns().count == 2)
        for model in [nil, digits] {
            let plan = try await plan(of: runListQuery(of: model, limit: 20))
            #expect(plan.contains { $0.contains("USING INDEX") }, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    private func plan(of query: RunListQuery) async throws -> [String] {
        try await journal.read("explain") { database in
            try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN " + query.sql, arguments: query.arguments
            ).map { $0["detail"] }
        }
    }

    @Test func `an outcome is kept byte for byte and replaced by the next`() async throws {
        let id = RunID(model: digits, number: 3)
        #expect(try await journal.outcome(id) == nil)
        try await journal.saveOutcome(id, [0, 255, 10])
        try await journal.saveOutcome(id, Array("{\"a\":1}".utf8) + [0])
        #expect(try await journal.outcome(id) == Array("{\"a\":1}".utf8) + [0])
        #expect(try await journal.outcome(RunID(model: digits, number: 4)) == nil)
    }

    @Test func `events are read on from any position`() async throws {
        let id = RunID(model: digits, number: 1)
        for step in 1...5 {
            let at = Instant(milliseconds: Int64(step))
            let position = try await journal.append(
                .object(["step": .integer(Int64(step))]), of: id, at: at)
            #expect(position == step)
        }
        let events = try await journal.events(of: id, after: 2, limit: 2)
        #expect(events.map(\.position) == [3, 4])
        #expect(
            events.first
                == RunEvent(
                    position: 3, at: Instant(milliseconds: 3),
                    event: .object(["step": .integer(3)])))
        #expect(try await journal.events(of: id, after: 5, limit: 10) == [])
        let other = RunID(model: houses, number: 1)
        #expect(try await journal.append(.null, of: other, at: Instant(seconds: 1)) == 1)
    }

    @Test func `only the last 10,000 events of a run are kept`() async throws {
        let id = RunID(model: digits, number: 1)
        try await journal.write("fill it") { database in
            let insert = try database.makeStatement(
                sql: "INSERT INTO events VALUES ('digits', 1, ?, 0, '1')")
            for position in 1...10_000 { try insert.execute(arguments: [position]) }
        }
        try await journal.append(.integer(2), of: id, at: Instant(seconds: 1))
        try await journal.append(.integer(3), of: id, at: Instant(seconds: 1))
        let events = try await journal.events(of: id, after: 0, limit: 20_000)
        #expect(events.count == 10_000)
        #expect(events.first?.position == 3)
        #expect(events.last?.event == .integer(3))
    }

    @Test func `old runs lose their events when a new one begins`() async throws {
        for number in [1, 2, 102] {
            try await journal.append(
                .null, of: RunID(model: digits, number: number), at: Instant(seconds: 1))
        }
        var left: [Int] = []
        for number in [1, 2, 102] {
            let id = RunID(model: digits, number: number)
            left.append(try await journal.events(of: id, after: 0, limit: 10).count)
        }
        #expect(left == [0, 0, 1])
    }
}
