import NIOCore
import NIOPosix
import Synchronization

/// What every event loop of one gateway shares.
final class GatewayShared: Sendable {
    let configuration: GatewayConfiguration
    let table = RoutingTable()
    /// Answers to GET of further paths, added by the process that hosts the gateway.
    let pages: [String: @Sendable () -> GatewayPage]
    let connections = Atomic<Int>(0)
    private let bufferedBytes = Atomic<Int>(0)

    init(configuration: GatewayConfiguration, pages: [String: @Sendable () -> GatewayPage]) {
        self.configuration = configuration
        self.pages = pages
    }

    /// Reserves memory for a part of a request's body; false when all of it is in use.
    func reserve(bytes: Int) -> Bool {
        let total = bufferedBytes.add(bytes, ordering: .relaxed).newValue
        if total <= configuration.bufferedBytesMax { return true }
        release(bytes: bytes)
        return false
    }

    func release(bytes: Int) {
        bufferedBytes.subtract(bytes, ordering: .relaxed)
    }

    var snapshot: GatewaySnapshot {
        GatewaySnapshot(
            models: table.traffic, connections: connections.load(ordering: .relaxed))
    }
}

/// One small page of the gateway's own.
package struct GatewayPage: Sendable {
    package var contentType: String
    package var body: String

    package init(contentType: String, body: String) {
        self.contentType = contentType
        self.body = body
    }
}

/// The connections of one event loop; only that loop touches it, so nothing is locked.
final class LoopState {
    let eventLoop: any EventLoop
    let shared: GatewayShared
    private(set) var isDraining = false
    private var idle: [ObjectIdentifier: [UpstreamConnection]] = [:]
    private var upstreams: [ObjectIdentifier: UpstreamConnection] = [:]
    private var clients: [ObjectIdentifier: ClientHandler] = [:]

    init(eventLoop: any EventLoop, shared: GatewayShared) {
        self.eventLoop = eventLoop
        self.shared = shared
    }

    func add(_ client: ClientHandler) { clients[ObjectIdentifier(client)] = client }
    func remove(_ client: ClientHandler) { clients[ObjectIdentifier(client)] = nil }

    /// Gives the connection to `upstream` that was idle for the shortest time.
    func takeIdle(for upstream: Upstream) -> UpstreamConnection? {
        idle[ObjectIdentifier(upstream)]?.popLast()
    }

    func keepIdle(_ connection: UpstreamConnection) {
        let key = ObjectIdentifier(connection.upstream)
        let count = idle[key]?.count ?? 0
        guard !isDraining, !connection.upstream.isRetired,
            count < shared.configuration.idleUpstreamsMax
        else { return connection.close() }
        idle[key, default: []].append(connection)
    }

    func remove(_ connection: UpstreamConnection) {
        upstreams[ObjectIdentifier(connection)] = nil
        let key = ObjectIdentifier(connection.upstream)
        idle[key]?.removeAll { $0 === connection }
        if idle[key]?.isEmpty == true { idle[key] = nil }
    }

    /// Opens a connection to a runtime; it belongs to this loop.
    func connect(
        to upstream: Upstream, _ done: @escaping (Result<UpstreamConnection, any Error>) -> Void
    ) {
        let connection = UpstreamConnection(upstream: upstream, loop: self)
        let bound = NIOLoopBound((self, connection, done), eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(seconds(shared.configuration.connectTimeoutSeconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.1.install(in: channel) }
            }
            .connect(to: upstream.address)
            .whenComplete { result in
                let (loop, connection, done) = bound.value
                switch result {
                case .success:
                    loop.upstreams[ObjectIdentifier(connection)] = connection
                    done(.success(connection))
                case .failure(let error):
                    done(.failure(error))
                }
            }
    }

    /// Closes what is past its deadline or of no more use; called about twice a second.
    ///
    /// Because one timer for each request would cost more than the request's own work.
    func sweep(now: NIODeadline) {
        for connection in Array(upstreams.values) { connection.sweep(now: now) }
        for client in Array(clients.values) { client.sweep(now: now) }
    }

    /// Closes idle clients; the others are closed with their answer.
    func beginDraining() {
        isDraining = true
        for client in Array(clients.values) { client.beginDraining() }
    }

    func closeAll() {
        for client in Array(clients.values) { client.abort() }
        for connection in Array(upstreams.values) { connection.close() }
    }
}
