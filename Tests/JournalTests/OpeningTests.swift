import Domain
import FoundationEssentials
import GRDB
import Testing

@testable import Journal

@Suite struct OpeningTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `an empty folder, even one to be made, becomes an empty journal`() async throws {
        let journal = try Journal(path: scratch.folder + "/deep/er/journal.sqlite")
        #expect(try await journal.notesTip() == nil)
        #expect(try await journal.decisions() == [])
        #expect(try await journal.runs(of: nil, limit: 10) == [])
        #expect(try await journal.statuses() == [])
        #expect(try await journal.problems() == [])
    }

    @Test func `the file is in WAL mode with relaxed syncs and waits for other writers`()
        async throws
    {
        let journal = try Journal(path: scratch.path)
        let settings = try await journal.write("look at its settings") { database in
            [
                try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
                try String.fetchOne(database, sql: "PRAGMA synchronous") ?? "",
                try String.fetchOne(database, sql: "PRAGMA busy_timeout") ?? "",
            ]
        }
        #expect(settings == ["wal", "1", "10000"])
    }

    @Test func `what was written is there for the next process, without a clean end`()
        async throws
    {
        let first = try Journal(path: scratch.path)
        try await first.save(run(1))
        try await first.intend(key: "tag 1", what: "push digits@v1.0.0", at: Instant(seconds: 1))
        try await first.setPosition("head", commit(7).hex)
        let second = try Journal(path: scratch.path)
        #expect(try await second.unfinishedRuns() == [run(1)])
        #expect(try await second.openEffects().map(\.key) == ["tag 1"])
        #expect(try await second.position("head") == commit(7).hex)
        try await second.save(run(2))
        #expect(try await first.runs(of: digits, limit: 5).map(\.id.number) == [2, 1])
    }

    @Test func `a journal of a later version is refused with the way out`() async throws {
        let journal = try Journal(path: scratch.path)
        try await journal.write("pretend") { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('3')")
        }
        let error = #expect(throws: JournalError.self) { try Journal(path: scratch.path) }
        #expect(error == .newer(path: scratch.path))
        #expect(error?.failure.hint?.contains("slipway rebuild") == true)
        #expect(error?.failure.disposition == .stalled)
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        let junk = Data(String(repeating: "this is not a database\n", count: 400).utf8)
        try junk.write(to: URL(filePath: scratch.path))
        let error = #expect(throws: JournalError.self) { try Journal(path: scratch.path) }
        #expect(error == .notADatabase(path: scratch.path))
        #expect(error?.failure.hint?.contains("slipway rebuild") == true)
        #expect(try Data(contentsOf: URL(filePath: scratch.path)) == junk)
    }

    @Test func `a folder in the place of the file is refused`() throws {
        let error = #expect(throws: JournalError.self) { try Journal(path: scratch.folder) }
        guard case .notOpened(scratch.folder, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `deleting removes all its files, and deleting nothing is fine`() async throws {
        do {
            let journal = try Journal(path: scratch.path)
            try await journal.save(run(1))
            #expect(try scratch.files().contains("journal.sqlite-wal"))
        }
        try Journal.delete(path: scratch.path)
        #expect(try scratch.files() == [])
        try Journal.delete(path: scratch.path)
        #expect(try await Journal(path: scratch.path).run(run(1).id) == nil)
    }

    @Test func `a row that cannot be read is an error that names it`() async throws {
        let journal = try Journal(path: scratch.path)
        try await journal.save(run(1))
        try await journal.write("damage it") { database in
            try database.execute(sql: "UPDATE runs SET run = '{}'")
        }
        let error = await #expect(throws: JournalError.self) { try await journal.run(run(1).id) }
        guard case .notDecodable(table: "runs", key: "digits/1", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
