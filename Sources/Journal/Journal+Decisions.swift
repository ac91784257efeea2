package import Domain
import GRDB

// The index of the decisions in git's notes, and the notes commit up to which it reaches.

extension Journal {
    /// Returns the notes commit that the index was made from; nil: the index is empty.
    package func notesTip() async throws(JournalError) -> ObjectID? {
        try await read("read its position in the notes") { database in
            guard let hex = try String.fetchOne(database, sql: "SELECT tip FROM notes") else {
                return nil
            }
            guard let tip = ObjectID(hex) else {
                throw JournalError.notDecodable(
                    table: "notes", key: "tip", detail: "`\(hex)` is not a commit id")
            }
            return tip
        }
    }

    /// Returns every decision, by sequence.
    package func decisions() async throws(JournalError) -> [DecisionRecord] {
        try await read("list decisions") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT sequence, record FROM decisions ORDER BY sequence")
            return try rows.map(decision)
        }
    }

    /// Folds every decision into `start`, by sequence, with one at a time in memory.
    package func foldDecisions<Value: Sendable>(
        into start: Value, _ add: @escaping @Sendable (inout Value, DecisionRecord) -> Void
    ) async throws(JournalError) -> Value {
        try await read("list decisions") { database in
            var value = start
            let rows = try Row.fetchCursor(
                database, sql: "SELECT sequence, record FROM decisions ORDER BY sequence")
            while let row = try rows.next() { add(&value, try decision(row)) }
            return value
        }
    }

    /// Returns the decisions about one model, by sequence.
    package func decisions(of model: ModelName) async throws(JournalError) -> [DecisionRecord] {
        try await read("list the decisions of \(model)") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, record FROM decisions WHERE model = ? ORDER BY sequence
                    """,
                arguments: [model.text])
            return try rows.map(decision)
        }
    }

    /// Returns the decisions about a model at one commit, by sequence.
    package func decisions(
        of model: ModelName, about commit: CommitID
    ) async throws(JournalError) -> [DecisionRecord] {
        try await read("list the decisions of \(model) about \(commit.short)") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, record FROM decisions
                    WHERE json_extract(record, '$.commit') = ? AND model = ? ORDER BY sequence
                    """,
                arguments: [commit.hex, model.text])
            return try rows.map(decision)
        }
    }

    /// Returns the releases of a model, by sequence.
    package func releases(of model: ModelName) async throws(JournalError) -> [Release] {
        try await read("list the releases of \(model)") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, record FROM decisions WHERE model = ?
                        AND json_type(record, '$.decision.released') IS NOT NULL ORDER BY sequence
                    """,
                arguments: [model.text])
            return try rows.map(decision).compactMap { record in
                if case .released(let release) = record.decision { return release }
                return nil
            }
        }
    }

    /// Returns how many decisions the index holds.
    package func decisionCount() async throws(JournalError) -> Int {
        try await read("count decisions") { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM decisions") ?? 0
        }
    }

    /// Returns at most `limit` decisions behind `after`, by sequence, each with its commit alone.
    package func decidedCommits(
        after: Int, limit: Int
    ) async throws(JournalError) -> [DecidedCommit] {
        try await read("list decided commits") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, model, json_extract(record, '$.commit') FROM decisions
                    WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: [after, max(0, limit)])
            return try rows.map(decidedCommit)
        }
    }

    /// Returns the sequence of the newest decision; 0 when there is none.
    package func lastSequence() async throws(JournalError) -> Int {
        try await read("read its last decision") { database in
            try Int.fetchOne(database, sql: "SELECT max(sequence) FROM decisions") ?? 0
        }
    }

    /// Makes the index anew from what `tip` holds; nil: there are no notes.
    ///
    /// Decisions that nobody was told of get the rows that `outbox` makes of them, in the same
    /// transaction. In a journal that is new all of them are old, and nobody is told again.
    package func replaceDecisions(
        _ records: [DecisionRecord], tip: ObjectID?, outbox: @escaping OutboxMaker = { _ in [] }
    ) async throws(JournalError) {
        let rows = try decisionRows(records)
        try await write("replace its decisions") { database in
            try database.execute(sql: "DELETE FROM decisions; DELETE FROM notes")
            try insert(rows, tip, database)
            let last = records.reduce(0) { max($0, $1.sequence) }
            if let told = try toldSequence(database) {
                try tell(records, after: told, outbox, database)
            }
            try setTold(last, database)
        }
    }

    /// Adds what is new in `tip`; a sequence that the index has already changes nothing, and
    /// without a `tip` the one before stays.
    ///
    /// The rows that `outbox` makes of the decisions are written in the same transaction.
    package func appendDecisions(
        _ records: [DecisionRecord], tip: ObjectID?, outbox: @escaping OutboxMaker = { _ in [] }
    ) async throws(JournalError) {
        let rows = try decisionRows(records)
        try await write("add decisions") { database in
            try insert(rows, tip, database)
            let told = try toldSequence(database) ?? 0
            try tell(records, after: told, outbox, database)
            try setTold(records.reduce(told) { max($0, $1.sequence) }, database)
        }
    }
}

/// A decision with nothing but what it is about.
package struct DecidedCommit: Hashable, Sendable {
    package var sequence: Int
    package var model: ModelName
    package var commit: CommitID
}

private func decidedCommit(_ row: Row) throws -> DecidedCommit {
    let sequence: Int = row[0]
    guard let hex = row[2] as String?, let commit = CommitID(hex) else {
        throw JournalError.notDecodable(
            table: "decisions", key: "\(sequence)", detail: "it names no commit")
    }
    return DecidedCommit(
        sequence: sequence, model: ModelName(checked: row[1]), commit: commit)
}

private struct DecisionRow: Sendable {
    var sequence: Int
    var model: String
    var record: String
}

private func decisionRows(_ records: [DecisionRecord]) throws(JournalError) -> [DecisionRow] {
    var rows: [DecisionRow] = []
    for record in records {
        rows.append(
            DecisionRow(
                sequence: record.sequence, model: record.model.text,
                record: try rowText(record, "decision \(record.sequence)")))
    }
    return rows
}

private func insert(_ rows: [DecisionRow], _ tip: ObjectID?, _ database: Database) throws {
    let statement = try database.makeStatement(
        sql: "INSERT OR IGNORE INTO decisions (sequence, model, record) VALUES (?, ?, ?)")
    for row in rows {
        try statement.execute(arguments: [row.sequence, row.model, row.record])
    }
    guard let tip else { return }
    try database.execute(
        sql: "INSERT OR REPLACE INTO notes (id, tip) VALUES (1, ?)", arguments: [tip.hex])
}

private func decision(_ row: Row) throws -> DecisionRecord {
    let sequence: Int = row[0]
    return try rowValue(
        DecisionRecord.self, row[1], table: "decisions", key: "\(sequence)")
}
