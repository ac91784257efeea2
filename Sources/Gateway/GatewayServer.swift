package import Domain
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The data path: takes prediction requests and passes each to the runtime that answers now.
///
/// Requests stay on the event loop that accepted their connection. Routes may be changed from any
/// thread at any time; a change is seen by every request that starts after it.
package final class GatewayServer: Sendable {
    private enum Phase: Sendable {
        case idle
        case starting
        case serving(any Channel, [NIOLoopBound<LoopState>])
        case stopping
        case stopped
    }

    private let shared: GatewayShared
    let group: MultiThreadedEventLoopGroup
    private let phase = Mutex(Phase.idle)

    /// Makes a gateway that listens nowhere yet.
    ///
    /// `pages` are answers to GET of further paths, such as `/slipway/live`; they are called on an
    /// event loop and must not block.
    package init(
        configuration: GatewayConfiguration = GatewayConfiguration(),
        pages: [String: @Sendable () -> GatewayPage] = [:]
    ) {
        shared = GatewayShared(configuration: configuration, pages: pages)
        let threads = configuration.threads > 0 ? configuration.threads : System.coreCount
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    }

    /// Starts to listen and returns the port, which the system picks when `port` is 0.
    package func start(host: String, port: Int) async throws(GatewayError) -> Int {
        let isFirst = phase.withLock { phase in
            guard case .idle = phase else { return false }
            phase = .starting
            return true
        }
        guard isFirst else { throw .notStartable }
        do {
            let loops = try await makeLoops()
            let listener = try await bootstrap(loops).bind(host: host, port: port).get()
            phase.withLock { $0 = .serving(listener, loops) }
            return listener.localAddress?.port ?? port
        } catch {
            phase.withLock { $0 = .idle }
            throw Self.listenError(error, host: host, port: port)
        }
    }

    /// Serves until the gateway is stopped or the task cancelled, then drains; it must be started.
    package func run(drainSeconds: Double = 10) async {
        guard case .serving(let listener, _) = phase.withLock({ $0 }) else { return }
        await withTaskCancellationHandler {
            // Because how the listener ended changes nothing: the rest is stopped either way.
            _ = try? await listener.closeFuture.get()
        } onCancel: {
            listener.close(promise: nil)
        }
        await stop(drainSeconds: drainSeconds)
    }

    /// Stops accepting, lets the requests under way end within `drainSeconds`, then closes all.
    ///
    /// Whoever calls it returns once the gateway is down, cancelled or not.
    package func stop(drainSeconds: Double = 10) async {
        let before = phase.withLock { phase in
            let before = phase
            if case .stopped = before { return before }
            phase = .stopping
            return before
        }
        switch before {
        case .stopped: return
        case .stopping:
            await poll(seconds: drainSeconds + 5) { self.isStopped }
            return
        case .serving(let listener, let loops):
            listener.close(promise: nil)
            for loop in loops { loop.onLoop { $0.beginDraining() } }
            await poll(seconds: drainSeconds) { self.openConnections == 0 }
            for loop in loops { loop.onLoop { $0.closeAll() } }
        case .idle, .starting: break
        }
        // Because nothing can be done about threads that do not end; the process ends next.
        _ = try? await group.shutdownGracefully()
        phase.withLock { $0 = .stopped }
    }

    private var isStopped: Bool {
        phase.withLock { phase in if case .stopped = phase { true } else { false } }
    }

    /// Makes `route` answer for `model` from the next request on; nil: nothing answers for it.
    package func setRoute(model: ModelName, route: Route?) throws(GatewayError) {
        var address: SocketAddress?
        if let route {
            let host = route.upstreamHost == "localhost" ? "127.0.0.1" : route.upstreamHost
            do {
                address = try SocketAddress(ipAddress: host, port: route.upstreamPort)
            } catch {
                throw .upstreamAddress(host: route.upstreamHost, port: route.upstreamPort)
            }
        }
        shared.table.set(model, route, address: address)
    }

    /// The route that answers for `model` now.
    package func route(of model: ModelName) -> Route? { shared.table.route(of: model) }

    /// Names the models that should be served: until one has a route it is answered 503, not 404.
    package func expect(_ models: Set<ModelName>) { shared.table.expect(models) }

    /// Waits until no request holds a replaced runtime of this version any more.
    ///
    /// Returns false when some still do after `deadlineSeconds`.
    package func drain(
        model: ModelName, version: SemanticVersion, deadlineSeconds: Double
    ) async -> Bool {
        await poll(seconds: deadlineSeconds) { self.shared.table.held(model, version) == 0 }
    }

    package func snapshot() -> GatewaySnapshot { shared.snapshot }

    private var openConnections: Int { shared.connections.load(ordering: .relaxed) }

    @discardableResult
    private func poll(seconds: Double, until isDone: () -> Bool) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(seconds))
        while !isDone() {
            guard clock.now < end else { return false }
            // Because a cancelled wait must still give requests their time, without spinning.
            await pause(milliseconds: 2)
        }
        return true
    }
}

extension GatewayServer {
    private func makeLoops() async throws -> [NIOLoopBound<LoopState>] {
        var loops: [NIOLoopBound<LoopState>] = []
        for eventLoop in group.makeIterator() {
            let shared = shared
            let loop = try await eventLoop.submit {
                let state = NIOLoopBound(
                    LoopState(eventLoop: eventLoop, shared: shared), eventLoop: eventLoop)
                eventLoop.scheduleRepeatedTask(
                    initialDelay: .milliseconds(500), delay: .milliseconds(500)
                ) { _ in state.value.sweep(now: .now()) }
                return state
            }.get()
            loops.append(loop)
        }
        return loops
    }

    private func bootstrap(_ loops: [NIOLoopBound<LoopState>]) -> ServerBootstrap {
        let byLoop = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let shared = shared
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)],
                        shared.connections.load(ordering: .relaxed)
                            < shared.configuration.connectionsMax
                    else { throw ChannelError.ioOnClosedChannel }
                    try ClientHandler(loop: loop.value).install(in: channel)
                }
            }
    }

    private static func listenError(_ error: any Error, host: String, port: Int) -> GatewayError {
        // Because the C library is Host's alone: EADDRINUSE is 98 on Linux and 48 on macOS.
        if let error = error as? IOError, [98, 48].contains(error.errnoCode) {
            return .portInUse(host: host, port: port)
        }
        return .cannotListen(host: host, port: port, reason: "\(error)")
    }
}

extension NIOLoopBound where Value == LoopState {
    fileprivate func onLoop(_ act: @escaping @Sendable (LoopState) -> Void) {
        eventLoop.execute { act(self.value) }
    }
}
