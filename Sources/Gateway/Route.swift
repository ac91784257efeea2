package import Domain

/// Where the requests for one model go: a version and the runtime that answers for it.
package struct Route: Hashable, Sendable {
    package var version: SemanticVersion
    /// The number of the deployment.
    package var number: Int
    /// A numeric address, or `localhost`.
    package var upstreamHost: String
    package var upstreamPort: Int
    package var startedAt: Instant

    package init(
        version: SemanticVersion, number: Int, upstreamHost: String = "127.0.0.1",
        upstreamPort: Int, startedAt: Instant
    ) {
        self.version = version
        self.number = number
        self.upstreamHost = upstreamHost
        self.upstreamPort = upstreamPort
        self.startedAt = startedAt
    }
}
