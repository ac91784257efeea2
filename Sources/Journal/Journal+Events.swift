package import Domain
import GRDB

extension Journal {
    /// How many events are kept of each run; older ones go first.
    package static let eventsPerRunMax = 10_000
    /// How many runs of each model keep their events; older runs lose theirs.
    package static let runsWithEventsMax = 100

    /// Adds an event to a run and returns its position.
    @discardableResult
    package func append(
        _ event: JSONValue, of run: RunID, at: Instant
    ) async throws(JournalError) -> Int {
        let text = try rowText(event, "an event of \(run)")
        let model = run.model.text
        return try await write("add an event of \(run)") { database in
            let last = try Int.fetchOne(
                database, sql: "SELECT max(position) FROM events WHERE model = ? AND number = ?",
                arguments: [model, run.number])
            let position = (last ?? 0) + 1
            try database.execute(
                sql: """
                    INSERT INTO events (model, number, position, at, event)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [model, run.number, position, at.milliseconds, text])
            try database.execute(
                sql: "DELETE FROM events WHERE model = ? AND number = ? AND position <= ?",
                arguments: [model, run.number, position - Self.eventsPerRunMax])
            if position == 1 {
                try database.execute(
                    sql: "DELETE FROM events WHERE model = ? AND number <= ?",
                    arguments: [model, run.number - Self.runsWithEventsMax])
            }
            return position
        }
    }

    /// Returns at most `limit` events of a run behind position `after`, oldest first.
    package func events(
        of run: RunID, after: Int, limit: Int
    ) async throws(JournalError) -> [RunEvent] {
        try await read("list the events of \(run)") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT position, at, event FROM events
                    WHERE model = ? AND number = ? AND position > ? ORDER BY position LIMIT ?
                    """,
                arguments: [run.model.text, run.number, after, max(0, limit)])
            return try rows.map { row in
                let position: Int = row[0]
                return RunEvent(
                    position: position, at: Instant(milliseconds: row[1]),
                    event: try rowValue(
                        JSONValue.self, row[2], table: "events", key: "\(run) \(position)"))
            }
        }
    }
}
