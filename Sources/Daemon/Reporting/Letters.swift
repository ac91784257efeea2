package import Domain
import Forges
package import Journal

/// A letter of the outbox, as people see it.
package struct Letter: Hashable, Codable, Sendable {
    package var id: Int64
    /// The same on every attempt.
    package var event: String
    package var channel: String
    /// What happened, as `events:` of a channel names it; nil: the letter cannot be read.
    package var kind: String?
    package var model: ModelName?
    /// What it says, on one line.
    package var title: String
    package var created: Instant
    package var attempts: Int
    package var nextAttempt: Instant
    package var state: OutboxRow.State
    package var lastError: String?

    init(_ row: OutboxRow) {
        // Because a letter that cannot be read is given up, and that is what is shown then.
        let notice = try? OutboxLetter(body: row.body).notice
        id = row.id
        event = row.event
        channel = row.channel
        kind = notice?.event.rawValue
        model = notice?.model
        title = notice?.title ?? "a letter that cannot be read"
        created = row.created
        attempts = row.attempts
        nextAttempt = row.nextAttempt
        state = row.state
        lastError = row.lastError
    }
}

/// Returns at most `limit` letters in this state, newest first.
package func letters(
    in journal: Journal, state: OutboxRow.State, limit: Int = 100
) async throws(Failure) -> [Letter] {
    do {
        return try await journal.outbox(state, limit: limit).map(Letter.init)
    } catch {
        throw error.failure
    }
}

/// Lets a letter that was given up be tried anew; throws when there is none of this id.
///
/// A daemon that runs sends it soon; without one it waits for the next.
package func retryLetter(
    _ id: Int64, in journal: Journal, at now: Instant
) async throws(Failure) {
    let isThere: Bool
    do {
        isThere = try await journal.retryOutbox(id, at: now)
    } catch {
        throw error.failure
    }
    guard isThere else {
        throw Failure(
            "no letter \(id) was given up", hint: "slipway letters shows which were", .stalled)
    }
}

/// Lets every letter that was given up be tried anew; returns how many there were.
package func retryLetters(
    in journal: Journal, at now: Instant
) async throws(Failure) -> Int {
    do {
        return try await journal.retryOutbox(at: now)
    } catch {
        throw error.failure
    }
}
