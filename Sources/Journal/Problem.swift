package import Domain

/// Something that is wrong outside any one model, until it is cleared.
package struct Problem: Hashable, Codable, Sendable {
    /// What it is about: `remote`, `tag approve/digits/…`.
    package var key: String
    package var failure: Failure
    /// When it was first met.
    package var since: Instant

    package init(key: String, failure: Failure, since: Instant) {
        self.key = key
        self.failure = failure
        self.since = since
    }
}
