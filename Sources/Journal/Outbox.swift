package import Domain

/// Something that a channel is to be told, before it has a row.
package struct OutboxDraft: Hashable, Sendable {
    /// The id of the event; with the channel it names the row.
    package var event: String
    package var channel: String
    /// JSON that only the sender understands.
    package var body: String

    package init(event: String, channel: String, body: String) {
        self.event = event
        self.channel = channel
        self.body = body
    }

    /// The same event on the same channel has the same key, and there is one row of it.
    var key: String { "\(event) \(channel)" }
}

/// Makes of a decision what channels are told of it; the same decision must give the same.
package typealias OutboxMaker = @Sendable (DecisionRecord) -> [OutboxDraft]

/// One row of the outbox.
package struct OutboxRow: Hashable, Sendable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case waiting, sent
        /// It was given up; a person may have it tried again.
        case dead
    }

    package var id: Int64
    package var event: String
    package var channel: String
    package var body: String
    /// When it happened.
    package var created: Instant
    package var attempts: Int
    /// Not before this moment.
    package var nextAttempt: Instant
    package var state: State
    package var lastError: String?
}
