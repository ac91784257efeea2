package import Domain
import GRDB

extension Journal {
    /// How many of the newest effects are kept; open ones are always kept.
    package static let effectsMax = 10_000

    /// Notes that an effect is about to happen and returns what is known of it.
    ///
    /// When the key is known already nothing is written: what comes back then says whether the
    /// effect was finished.
    @discardableResult
    package func intend(
        key: String, what: String, at: Instant
    ) async throws(JournalError) -> Effect {
        try await write("note the intent `\(key)`") { database in
            try database.execute(
                sql: """
                    INSERT INTO effects (key, what, intended) VALUES (?, ?, ?)
                    ON CONFLICT (key) DO NOTHING
                    """,
                arguments: [key, what, at.milliseconds])
            try database.execute(
                sql: """
                    DELETE FROM effects WHERE finished IS NOT NULL
                        AND id <= (SELECT max(id) FROM effects) - ?
                    """,
                arguments: [Self.effectsMax])
            let row = try Row.fetchOne(
                database,
                sql: "SELECT key, what, intended, outcome, finished FROM effects WHERE key = ?",
                arguments: [key])
            return row.map(effect) ?? Effect(key: key, what: what, intendedAt: at)
        }
    }

    /// Notes how an intended effect ended; a key that was never intended changes nothing.
    package func finish(key: String, outcome: String, at: Instant) async throws(JournalError) {
        try await write("note the outcome of `\(key)`") { database in
            try database.execute(
                sql: "UPDATE effects SET outcome = ?, finished = ? WHERE key = ?",
                arguments: [outcome, at.milliseconds, key])
        }
    }

    /// Returns the effects that were intended and not finished, in the order of their intents.
    package func openEffects() async throws(JournalError) -> [Effect] {
        try await read("list open effects") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT key, what, intended, outcome, finished FROM effects
                    WHERE finished IS NULL ORDER BY id
                    """
            ).map(effect)
        }
    }
}

private func effect(_ row: Row) -> Effect {
    let finished: Int64? = row[4]
    return Effect(
        key: row[0], what: row[1], intendedAt: Instant(milliseconds: row[2]), outcome: row[3],
        finishedAt: finished.map(Instant.init(milliseconds:)))
}
