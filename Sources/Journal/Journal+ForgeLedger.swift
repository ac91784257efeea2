import GRDB

/// What a forge confirmed to show: one row of its ledger.
package struct LedgerRow: Hashable, Sendable {
    /// A commit.
    package var about: String
    package var context: String
    /// JSON that only the reporter understands.
    package var value: String

    package init(about: String, context: String, value: String) {
        self.about = about
        self.context = context
        self.value = value
    }
}

extension Journal {
    /// Returns everything that the forge is known to show.
    package func ledger(of forge: String) async throws(JournalError) -> [LedgerRow] {
        try await read("list what a forge shows") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT about, context, value FROM forge_ledger WHERE forge = ?
                    ORDER BY about, context
                    """,
                arguments: [forge]
            ).map { LedgerRow(about: $0[0], context: $0[1], value: $0[2]) }
        }
    }

    /// Notes what the forge confirmed, over what was known.
    package func setLedger(
        _ rows: [LedgerRow], of forge: String
    ) async throws(JournalError) {
        guard !rows.isEmpty else { return }
        try await write("note what a forge shows") { database in
            for row in rows {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO forge_ledger (forge, about, context, value)
                        VALUES (?, ?, ?, ?)
                        """,
                    arguments: [forge, row.about, row.context, row.value])
            }
        }
    }

    /// Forgets what is known about something, and the ledgers of other forges.
    package func forgetLedger(
        about subjects: Set<String>, of forge: String
    ) async throws(JournalError) {
        try await write("forget what a forge shows") { database in
            try database.execute(
                sql: "DELETE FROM forge_ledger WHERE forge <> ?", arguments: [forge])
            for subject in subjects {
                try database.execute(
                    sql: "DELETE FROM forge_ledger WHERE forge = ? AND about = ?",
                    arguments: [forge, subject])
            }
        }
    }
}
