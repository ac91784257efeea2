import Domain
package import Forges

/// An address to which a forge says that something was pushed: `POST /webhooks/<name>`.
package struct WebhookEndpoint: Sendable {
    package var name: String
    package var kind: WebhookKind
    /// Longer bodies are refused unread.
    package var bodyBytesMax: Int
    /// The secrets of which one must fit, read anew for each request; throws a `Failure`.
    package var secrets: @Sendable () throws -> [[UInt8]]

    package init(
        name: String, kind: WebhookKind, bodyBytesMax: Int? = nil,
        secrets: @escaping @Sendable () throws -> [[UInt8]]
    ) {
        self.name = name
        self.kind = kind
        self.bodyBytesMax = bodyBytesMax ?? 1 << 20
        self.secrets = secrets
    }
}

/// How many requests may come: `burst` at once, `perSecond` for long.
struct RequestRate: Hashable, Sendable {
    private let perSecond: Double
    private let burst: Double
    private var left: Double
    private var last: Instant?

    init(perSecond: Double = 20, burst: Double = 200) {
        self.perSecond = perSecond
        self.burst = burst
        left = burst
    }

    /// Takes one; false when there is none.
    mutating func take(at now: Instant) -> Bool {
        if let last { left = min(burst, left + max(0, now.seconds(since: last)) * perSecond) }
        last = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
