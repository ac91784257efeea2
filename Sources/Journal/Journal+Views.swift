package import Domain
import GRDB

extension Journal {
    /// Writes the model's status over the one before.
    package func saveStatus(_ status: ModelStatus) async throws(JournalError) {
        let text = try rowText(status, "the status of \(status.model)")
        try await write("save the status of \(status.model)") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO statuses (model, status) VALUES (?, ?)",
                arguments: [status.model.text, text])
        }
    }

    /// Forgets the status of a model that no commit has any more.
    package func removeStatus(_ model: ModelName) async throws(JournalError) {
        try await write("remove the status of \(model)") { database in
            try database.execute(
                sql: "DELETE FROM statuses WHERE model = ?", arguments: [model.text])
        }
    }

    /// Returns the status of every model, by name.
    package func statuses() async throws(JournalError) -> [ModelStatus] {
        try await read("list statuses") { database in
            try Row.fetchAll(database, sql: "SELECT model, status FROM statuses ORDER BY model")
                .map(modelStatus)
        }
    }

    /// Returns the status of one model; nil when none was saved.
    package func status(of model: ModelName) async throws(JournalError) -> ModelStatus? {
        try await read("read the status of \(model)") { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT model, status FROM statuses WHERE model = ?",
                arguments: [model.text])
            return try row.map(modelStatus)
        }
    }

    /// Notes a problem; one that is known under the key keeps the moment it was first met.
    package func setProblem(
        _ key: String, _ failure: Failure, at: Instant
    ) async throws(JournalError) {
        let text = try rowText(failure, "the problem `\(key)`")
        try await write("note the problem `\(key)`") { database in
            try database.execute(
                sql: """
                    INSERT INTO problems (key, since, failure) VALUES (?, ?, ?)
                    ON CONFLICT (key) DO UPDATE SET failure = excluded.failure
                    """,
                arguments: [key, at.milliseconds, text])
        }
    }

    /// Forgets a problem that is mended.
    package func clearProblem(_ key: String) async throws(JournalError) {
        try await write("clear the problem `\(key)`") { database in
            try database.execute(sql: "DELETE FROM problems WHERE key = ?", arguments: [key])
        }
    }

    /// Returns the problems that were not cleared, by key.
    package func problems() async throws(JournalError) -> [Problem] {
        try await read("list problems") { database in
            try Row.fetchAll(
                database, sql: "SELECT key, since, failure FROM problems ORDER BY key"
            ).map { row in
                let key: String = row[0]
                return Problem(
                    key: key,
                    failure: try rowValue(
                        Failure.self, row[2], table: "problems", key: key),
                    since: Instant(milliseconds: row[1]))
            }
        }
    }
}

private func modelStatus(_ row: Row) throws -> ModelStatus {
    try rowValue(ModelStatus.self, row[1], table: "statuses", key: row[0])
}
