import Crypto
package import Domain

/// What deliveries are told apart by.
package enum DeliveryKey: Hashable, Sendable {
    case id(String)
    /// SHA-256 of the body, where the forge names no delivery.
    case body(Domain.Digest)

    /// The key of an authentic webhook.
    package init(_ hint: WebhookHint, body: [UInt8]) {
        if let id = hint.deliveryID {
            self = .id(id)
        } else {
            self = .body(Domain.Digest(bytes: Array(SHA256.hash(data: body))))
        }
    }
}

/// The deliveries that were seen lately: at most `capacity`, the oldest is forgotten first.
///
/// Only authentic ones are told to it, so that strangers cannot push others out.
package struct DeliveryMemory: Sendable {
    /// A body alone is remembered for a minute only: a script's hook may send the same each time,
    /// and a hint that is followed twice costs one fetch.
    private static let bodySecondsMax = 60.0

    private let capacity: Int
    private let timeToLiveSeconds: Double
    private var moments: [DeliveryKey: Instant] = [:]
    /// In the order of arrival; what stands before `head` is gone.
    private var order: [(key: DeliveryKey, at: Instant)] = []
    private var head = 0

    /// Remembers an id for `timeToLiveSeconds` seconds.
    package init(capacity: Int = 10_000, timeToLiveSeconds: Double = 86_400) {
        precondition(capacity > 0 && timeToLiveSeconds > 0)
        self.capacity = capacity
        self.timeToLiveSeconds = timeToLiveSeconds
    }

    package var count: Int { moments.count }

    /// Remembers the delivery and returns whether it is new; a repeat does not lengthen its time.
    package mutating func remember(_ key: DeliveryKey, at now: Instant) -> Bool {
        if let before = moments[key], isFresh(key, since: before, at: now) { return false }
        moments[key] = now
        order.append((key, now))
        forget(at: now)
        return true
    }

    private func isFresh(_ key: DeliveryKey, since moment: Instant, at now: Instant) -> Bool {
        let age = now.seconds(since: moment)
        switch key {
        case .id: return age < timeToLiveSeconds
        case .body: return age < min(timeToLiveSeconds, Self.bodySecondsMax)
        }
    }

    private mutating func forget(at now: Instant) {
        while head < order.count {
            let oldest = order[head]
            // A key that came again later stands a second time in the order.
            let isLatest = moments[oldest.key] == oldest.at
            let mayStay = order.count - head <= capacity
            if mayStay, isLatest, isFresh(oldest.key, since: oldest.at, at: now) { break }
            if isLatest { moments[oldest.key] = nil }
            head += 1
        }
        if head > capacity {
            order.removeFirst(head)
            head = 0
        }
    }
}
