import Domain
import NIOCore
import Synchronization

/// One runtime behind one route, and how many requests hold it.
///
/// A request takes its upstream once, when it starts, and keeps it until it is answered: so each
/// answer comes whole from one version, and a runtime is idle once its count is 0.
final class Upstream: Sendable {
    let model: ModelName
    let route: Route
    let address: SocketAddress
    let counters: ModelCounters
    /// The values of the headers that name the version; made once, written with every answer.
    let versionText: String
    let numberText: String
    private let holders = Atomic<Int>(0)
    private let retirement = Atomic<Bool>(false)

    init(model: ModelName, route: Route, address: SocketAddress, counters: ModelCounters) {
        self.model = model
        self.route = route
        self.address = address
        self.counters = counters
        versionText = route.version.description
        numberText = String(route.number)
    }

    var inFlight: Int { holders.load(ordering: .acquiring) }
    /// No request takes it any more.
    var isRetired: Bool { retirement.load(ordering: .relaxed) }

    fileprivate func hold() { holders.add(1, ordering: .acquiringAndReleasing) }
    func release() { holders.subtract(1, ordering: .acquiringAndReleasing) }
    fileprivate func retire() { retirement.store(true, ordering: .relaxed) }
}

/// Which runtime answers for which model; every change takes effect for all requests at once.
final class RoutingTable: Sendable {
    fileprivate struct Content: Sendable {
        var current: [String: Upstream] = [:]
        /// Replaced, and still held by requests when last looked at.
        var retired: [Upstream] = []
        /// Models that should be served; without a route they are answered 503, not 404.
        var expected: Set<String> = []
        var counters: [String: ModelCounters] = [:]
    }

    enum Taken {
        case upstream(Upstream)
        /// It should be served, and no runtime is ready yet.
        case notReady(ModelCounters)
        case unknown(served: [String])
        /// The model is served, this version of it is not.
        case otherVersion(live: Route)
    }

    private let content = Mutex(Content())

    /// Gives the upstream of a model and counts the caller as holding it until `release`.
    ///
    /// The count rises under the lock, so that no drain can miss a request that saw the old route.
    func take(_ model: String, version: String?) -> Taken {
        content.withLock { content in
            guard let upstream = content.current[model] else {
                if content.expected.contains(model), let counters = content.counters[model] {
                    return .notReady(counters)
                }
                return .unknown(served: content.current.keys.sorted())
            }
            if let version, !upstream.route.answers(to: version) {
                return .otherVersion(live: upstream.route)
            }
            upstream.hold()
            return .upstream(upstream)
        }
    }

    func set(_ model: ModelName, _ route: Route?, address: SocketAddress?) {
        content.withLock { content in
            let old = content.current.removeValue(forKey: model.text)
            if let route, let address {
                let counters = content.counters[model.text] ?? ModelCounters()
                content.counters[model.text] = counters
                content.current[model.text] = Upstream(
                    model: model, route: route, address: address, counters: counters)
            }
            old?.retire()
            content.retired.removeAll { $0.inFlight == 0 }
            if let old, old.inFlight > 0 { content.retired.append(old) }
            content.forgetCounters()
        }
    }

    func expect(_ models: Set<ModelName>) {
        content.withLock { content in
            content.expected = Set(models.map(\.text))
            for model in content.expected where content.counters[model] == nil {
                content.counters[model] = ModelCounters()
            }
            content.forgetCounters()
        }
    }

    /// Requests that still hold a replaced runtime of this version.
    func held(_ model: ModelName, _ version: SemanticVersion) -> Int {
        content.withLock { content in
            content.retired.removeAll { $0.inFlight == 0 }
            return content.retired.filter { $0.model == model && $0.route.version == version }
                .reduce(0) { $0 + $1.inFlight }
        }
    }

    func route(of model: ModelName) -> Route? {
        content.withLock { $0.current[model.text]?.route }
    }

    var traffic: [ModelTraffic] {
        content.withLock { content in
            content.counters.keys.sorted().compactMap { name in
                guard let model = ModelName(name), let counters = content.counters[name]
                else { return nil }
                let current = content.current[name]
                let values = counters.now
                let inFlight = content.retired.filter { $0.model == model }
                    .reduce(current?.inFlight ?? 0) { $0 + $1.inFlight }
                return ModelTraffic(
                    model: model, version: current?.route.version, number: current?.route.number,
                    requests: values.requests, failed: values.failed, inFlight: inFlight,
                    latency: values.latency)
            }
        }
    }
}

extension RoutingTable.Content {
    /// Drops the counts of models that are neither served nor expected.
    fileprivate mutating func forgetCounters() {
        counters = counters.filter { current[$0.key] != nil || expected.contains($0.key) }
    }
}

extension Route {
    /// Whether a client that asked for `version`, a deployment number or `v1.2.3`, means this.
    func answers(to version: String) -> Bool {
        version == String(number) || SemanticVersion(version) == self.version
    }
}
