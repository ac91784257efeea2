package import Domain

/// Something that happened in a run while it was under way, as `slipway logs --follow` shows it.
package struct RunEvent: Hashable, Codable, Sendable {
    /// Counts from 1 in each run.
    package var position: Int
    package var at: Instant
    package var event: JSONValue

    package init(position: Int, at: Instant, event: JSONValue) {
        self.position = position
        self.at = at
        self.event = event
    }
}
