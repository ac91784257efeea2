import GRDB

extension Journal {
    /// Returns what was last noted under `key`, for example the head of a branch.
    package func position(_ key: String) async throws(JournalError) -> String? {
        try await read("read the position `\(key)`") { database in
            try String.fetchOne(
                database, sql: "SELECT value FROM positions WHERE key = ?", arguments: [key])
        }
    }

    /// Notes `value` under `key`; nil forgets the key.
    package func setPosition(_ key: String, _ value: String?) async throws(JournalError) {
        try await write("note the position `\(key)`") { database in
            guard let value else {
                try database.execute(
                    sql: "DELETE FROM positions WHERE key = ?", arguments: [key])
                return
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO positions (key, value) VALUES (?, ?)",
                arguments: [key, value])
        }
    }
}
