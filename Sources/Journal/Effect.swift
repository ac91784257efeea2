package import Domain

/// Something that is done outside: intended before, finished after, known by its key.
package struct Effect: Hashable, Codable, Sendable {
    /// Derived from what the effect is for, so that the same effect has the same key.
    package var key: String
    package var what: String
    package var intendedAt: Instant
    /// nil: it is not known whether it happened.
    package var outcome: String?
    package var finishedAt: Instant?

    package init(
        key: String, what: String, intendedAt: Instant, outcome: String? = nil,
        finishedAt: Instant? = nil
    ) {
        self.key = key
        self.what = what
        self.intendedAt = intendedAt
        self.outcome = outcome
        self.finishedAt = finishedAt
    }
}
