package import Domain
import Synchronization

/// What the gateway counted for one model.
package struct ModelTraffic: Hashable, Sendable {
    package var model: ModelName
    /// The version that answers now; nil: none does.
    package var version: SemanticVersion?
    package var number: Int?
    /// Predictions that were asked for and are answered, well or badly.
    package var requests: Int
    /// Of `requests`, those answered with 5xx or not at all.
    package var failed: Int
    /// Predictions under way.
    package var inFlight: Int
    package var latency: LatencyHistogram
}

/// How long predictions took, counted in buckets with fixed upper bounds.
package struct LatencyHistogram: Hashable, Sendable {
    /// Upper bounds in seconds, rising; a last bucket without bound follows.
    package static let boundsSeconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// How many fell into each bucket; one longer than `boundsSeconds`. Not cumulative.
    package private(set) var counts = [Int](repeating: 0, count: boundsSeconds.count + 1)
    package private(set) var sumSeconds = 0.0

    package init() {}

    package mutating func record(seconds: Double) {
        let bounds = Self.boundsSeconds
        var bucket = 0
        while bucket < bounds.count, seconds > bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        sumSeconds += seconds
    }
}

/// The running counts of one model, shared by every event loop.
final class ModelCounters: Sendable {
    struct Values: Sendable {
        var requests = 0
        var failed = 0
        var latency = LatencyHistogram()
    }

    private let values = Mutex(Values())

    func record(seconds: Double, failed: Bool) {
        values.withLock {
            $0.requests += 1
            $0.failed += failed ? 1 : 0
            $0.latency.record(seconds: seconds)
        }
    }

    var now: Values { values.withLock { $0 } }
}

/// Everything the gateway counted, at one moment.
package struct GatewaySnapshot: Hashable, Sendable {
    /// Sorted by name.
    package var models: [ModelTraffic]
    /// Client connections that are open.
    package var connections: Int

    package subscript(_ model: ModelName) -> ModelTraffic? {
        models.first { $0.model == model }
    }
}
