package import Domain
import FoundationEssentials
import GRDB

extension Journal {
    /// Writes the run as it stands, over what was known of it.
    package func save(_ run: RunView) async throws(JournalError) {
        let text = try rowText(run, "run \(run.id)")
        try await write("save run \(run.id)") { database in
            try database.execute(
                sql: """
                    INSERT INTO runs (model, number, started, state, run) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (model, number) DO UPDATE SET
                        started = excluded.started, state = excluded.state, run = excluded.run
                    """,
                arguments: [
                    run.id.model.text, run.id.number, run.startedAt.milliseconds,
                    run.state.rawValue, text,
                ])
        }
    }

    /// Returns the run; nil when the journal does not know it.
    package func run(_ id: RunID) async throws(JournalError) -> RunView? {
        try await read("read run \(id)") { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT model, number, run FROM runs WHERE model = ? AND number = ?",
                arguments: [id.model.text, id.number])
            return try row.map(runView)
        }
    }

    /// Returns at most `limit` runs, of one model or of all, newest first.
    package func runs(of model: ModelName?, limit: Int) async throws(JournalError) -> [RunView] {
        try await read("list runs") { database in
            let query = runListQuery(of: model, limit: limit)
            return try Row.fetchAll(database, sql: query.sql, arguments: query.arguments)
                .map(runView)
        }
    }

    /// Returns the runs that were under way when they were last saved, by model and number.
    package func unfinishedRuns() async throws(JournalError) -> [RunView] {
        try await read("list unfinished runs") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT model, number, run FROM runs WHERE state = 'running'
                    ORDER BY model, number
                    """)
            return try rows.map(runView)
        }
    }

    /// Returns how many runs are in each state; a state that no run is in is left out.
    package func runCounts() async throws(JournalError) -> [RunView.State: Int] {
        try await read("count runs") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT state, count(*) FROM runs GROUP BY state")
            var counts: [RunView.State: Int] = [:]
            for row in rows {
                guard let state = RunView.State(rawValue: row[0]) else { continue }
                counts[state] = row[1]
            }
            return counts
        }
    }

    /// Keeps what an evaluated run found, in bytes that only the caller understands.
    package func saveOutcome(_ id: RunID, _ bytes: [UInt8]) async throws(JournalError) {
        try await write("save the outcome of \(id)") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO outcomes (model, number, outcome) VALUES (?, ?, ?)",
                arguments: [id.model.text, id.number, Data(bytes)])
        }
    }

    /// Returns what `saveOutcome` kept; nil when it kept nothing.
    package func outcome(_ id: RunID) async throws(JournalError) -> [UInt8]? {
        try await read("read the outcome of \(id)") { database in
            let bytes = try Data.fetchOne(
                database, sql: "SELECT outcome FROM outcomes WHERE model = ? AND number = ?",
                arguments: [id.model.text, id.number])
            return bytes.map(Array.init)
        }
    }
}

/// A text for SQLite and the values in it.
struct RunListQuery: Sendable {
    var sql: String
    var arguments: StatementArguments
}

/// Both forms walk an index backwards, so that the newest rows are the only ones read.
func runListQuery(of model: ModelName?, limit: Int) -> RunListQuery {
    guard let model else {
        return RunListQuery(
            sql: """
                SELECT model, number, run FROM runs
                ORDER BY started DESC, model DESC, number DESC LIMIT ?
                """,
            arguments: [max(0, limit)])
    }
    return RunListQuery(
        sql: """
            SELECT model, number, run FROM runs WHERE model = ? ORDER BY number DESC LIMIT ?
            """,
        arguments: [model.text, max(0, limit)])
}

private func runView(_ row: Row) throws -> RunView {
    let model: String = row[0]
    let number: Int = row[1]
    return try rowValue(RunView.self, row[2], table: "runs", key: "\(model)/\(number)")
}
