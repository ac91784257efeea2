package import Domain
import GRDB

// What channels are to be told, written with the decision that it follows from.

extension Journal {
    /// How many sent rows are kept, and how many dead ones; the oldest go first.
    package static let outboxKeptMax = 10_000

    /// Adds rows that follow from no decision; those that are there already stay as they are.
    package func post(_ drafts: [OutboxDraft], at moment: Instant) async throws(JournalError) {
        guard !drafts.isEmpty else { return }
        try await write("add to the outbox") { database in
            try insert(drafts, at: moment, database)
        }
    }

    /// Returns at most `limit` rows of a channel that may be sent now; what waits longest for its
    /// next attempt comes first.
    package func dueOutbox(
        of channel: String, at now: Instant, limit: Int
    ) async throws(JournalError) -> [OutboxRow] {
        try await read("list what is to be sent") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(outboxColumns) FROM outbox
                    WHERE channel = ? AND state = 'waiting' AND nextAttempt <= ?
                    ORDER BY nextAttempt, id LIMIT ?
                    """,
                arguments: [channel, now.milliseconds, max(0, limit)])
            return try rows.map(outboxRow)
        }
    }

    /// Returns at most `limit` rows in this state, newest first.
    package func outbox(
        _ state: OutboxRow.State, limit: Int
    ) async throws(JournalError) -> [OutboxRow] {
        try await read("list the outbox") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(outboxColumns) FROM outbox WHERE state = ? ORDER BY id DESC LIMIT ?
                    """,
                arguments: [state.rawValue, max(0, limit)])
            return try rows.map(outboxRow)
        }
    }

    /// Returns how many rows are in each state; a state without rows is left out.
    package func outboxCounts() async throws(JournalError) -> [OutboxRow.State: Int] {
        try await read("count the outbox") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT state, count(*) FROM outbox GROUP BY state")
            return rows.reduce(into: [:]) { counts, row in
                if let state = OutboxRow.State(rawValue: row[0]) { counts[state] = row[1] }
            }
        }
    }

    /// Returns the channels that rows wait for, by name.
    package func waitingChannels() async throws(JournalError) -> [String] {
        try await read("list the channels with something to send") { database in
            try String.fetchAll(
                database,
                sql: "SELECT DISTINCT channel FROM outbox WHERE state = 'waiting' ORDER BY channel")
        }
    }

    /// Notes that the row was sent.
    package func outboxSent(_ id: Int64) async throws(JournalError) {
        try await write("note what was sent") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'sent', attempts = attempts + 1, lastError = NULL
                    WHERE id = ?
                    """,
                arguments: [id])
            try forget(.sent, database)
        }
    }

    /// Notes that the row could not be sent, and when it is tried again; nil: it is given up.
    package func outboxFailed(
        _ id: Int64, _ error: String, retryAt next: Instant?
    ) async throws(JournalError) {
        try await write("note what could not be sent") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, lastError = ?,
                        state = CASE WHEN ? THEN 'dead' ELSE state END,
                        nextAttempt = coalesce(?, nextAttempt)
                    WHERE id = ? AND state = 'waiting'
                    """,
                arguments: [error, next == nil, next?.milliseconds, id])
            try forget(.dead, database)
        }
    }

    /// Lets a dead row be tried anew from this moment; returns whether there was one.
    package func retryOutbox(_ id: Int64, at now: Instant) async throws(JournalError) -> Bool {
        try await write("retry what was given up") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'waiting', attempts = 0, nextAttempt = ?
                    WHERE id = ? AND state = 'dead'
                    """,
                arguments: [now.milliseconds, id])
            return database.changesCount > 0
        }
    }

    /// Lets every dead row be tried anew from this moment; returns how many there were.
    package func retryOutbox(at now: Instant) async throws(JournalError) -> Int {
        try await write("retry all that was given up") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'waiting', attempts = 0, nextAttempt = ?
                    WHERE state = 'dead'
                    """,
                arguments: [now.milliseconds])
            return database.changesCount
        }
    }
}

private let outboxColumns =
    "id, event, channel, body, created, attempts, nextAttempt, state, lastError"

private func outboxRow(_ row: Row) throws -> OutboxRow {
    let id: Int64 = row[0]
    guard let state = OutboxRow.State(rawValue: row[7]) else {
        throw JournalError.notDecodable(
            table: "outbox", key: "\(id)", detail: "it is in no known state")
    }
    return OutboxRow(
        id: id, event: row[1], channel: row[2], body: row[3],
        created: Instant(milliseconds: row[4]), attempts: row[5],
        nextAttempt: Instant(milliseconds: row[6]), state: state, lastError: row[8])
}

/// Drops the oldest rows in this state beyond what is kept.
private func forget(_ state: OutboxRow.State, _ database: Database) throws {
    try database.execute(
        sql: """
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE state = ? ORDER BY id DESC LIMIT -1 OFFSET ?)
            """,
        arguments: [state.rawValue, Journal.outboxKeptMax])
}

/// The decision up to which rows were made; nil: the journal is new.
func toldSequence(_ database: Database) throws -> Int? {
    try Int.fetchOne(database, sql: "SELECT sequence FROM told")
}

func setTold(_ sequence: Int, _ database: Database) throws {
    try database.execute(
        sql: "INSERT OR REPLACE INTO told (id, sequence) VALUES (1, ?)", arguments: [sequence])
}

/// Adds the rows of the decisions behind `told`.
func tell(
    _ records: [DecisionRecord], after told: Int, _ outbox: OutboxMaker, _ database: Database
) throws {
    for record in records where record.sequence > told {
        try insert(outbox(record), at: record.at, database)
    }
}

private func insert(
    _ drafts: [OutboxDraft], at moment: Instant, _ database: Database
) throws {
    guard !drafts.isEmpty else { return }
    let statement = try database.makeStatement(
        sql: """
            INSERT INTO outbox (key, event, channel, body, created, attempts, nextAttempt, state)
            VALUES (?, ?, ?, ?, ?, 0, ?, 'waiting') ON CONFLICT (key) DO NOTHING
            """)
    for draft in drafts {
        try statement.execute(arguments: [
            draft.key, draft.event, draft.channel, draft.body, moment.milliseconds,
            moment.milliseconds,
        ])
    }
}
