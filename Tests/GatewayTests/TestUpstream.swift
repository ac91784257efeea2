import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A runtime of the test's own. The header `Test-Do` says how it answers a request.
final class TestUpstream: Sendable {
    struct Seen: Sendable {
        var connections = 0
        var requests: [HTTPRequestHead] = []
        var bodies: [Int] = []
    }

    let version: String
    let listener: any Channel
    fileprivate let seen = Mutex(Seen())
    fileprivate let held = Mutex<[NIOLoopBound<UpstreamHandler>]>([])
    fileprivate let channels = Mutex<[any Channel]>([])

    private init(version: String, listener: any Channel) {
        self.version = version
        self.listener = listener
    }

    var port: Int { listener.localAddress?.port ?? 0 }
    var now: Seen { seen.withLock { $0 } }
    var heldCount: Int { held.withLock { $0.count } }

    static func start(version: String) async throws -> TestUpstream {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: TestUpstream.self)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: true)
            .childChannelInitializer { channel in
                promise.futureResult.hop(to: channel.eventLoop).flatMapThrowing { upstream in
                    upstream.seen.withLock { $0.connections += 1 }
                    upstream.channels.withLock { $0.append(channel) }
                    let sync = channel.pipeline.syncOperations
                    try sync.configureHTTPServerPipeline(withErrorHandling: false)
                    try sync.addHandler(UpstreamHandler(upstream: upstream))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let upstream = TestUpstream(version: version, listener: listener)
        promise.succeed(upstream)
        return upstream
    }

    var paths: [String] { now.requests.map(\.uri) }

    /// The values of a header of the first request.
    func headers(_ name: String) -> [String] { now.requests.first?.headers[name] ?? [] }

    func stop() { listener.close(promise: nil) }

    /// Answers every request that was told to wait.
    func release() {
        let waiting = held.withLock { held in
            defer { held = [] }
            return held
        }
        for handler in waiting { handler.eventLoop.execute { handler.value.answer() } }
    }

    /// Ends like a process that is killed: nothing listens, and all connections are closed.
    func kill() async throws {
        try await listener.close()
        for channel in channels.withLock({ $0 }) where channel.isActive {
            // Because the gateway may close the connection first.
            _ = try? await channel.close()
        }
    }
}

private final class UpstreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let upstream: TestUpstream
    private var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    private var bodyBytes = 0
    private var served = 0
    private var context: ChannelHandlerContext?

    init(upstream: TestUpstream) { self.upstream = upstream }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyBytes = 0
        case .body(let bytes): bodyBytes += bytes.readableBytes
        case .end: decide(context)
        }
    }

    private func decide(_ context: ChannelHandlerContext) {
        upstream.seen.withLock {
            $0.requests.append(head)
            $0.bodies.append(bodyBytes)
        }
        served += 1
        switch head.headers.first(name: "test-do") {
        case "close-when-reused" where served > 1, "close-at-once":
            context.close(promise: nil)
        case "hold":
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            upstream.held.withLock { $0.append(bound) }
        case "half-answer":
            let headers = HTTPHeaders([("Content-Length", "100")])
            write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
            write(.body(.byteBuffer(ByteBuffer(string: "half"))))
            context.flush()
            context.close(promise: nil)
        default: answer()
        }
    }

    func answer() {
        guard let context else { return }
        let wish = head.headers.first(name: "test-do") ?? ""
        var body = ByteBuffer(string: "{\"predictions\":[\"\(upstream.version)\"]}")
        if wish == "big" { body = ByteBuffer(repeating: 120, count: 24 << 20) }
        var headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("Slipway-Model-Version", "v9.9.9"),
            ("Connection", "X-Secret"), ("X-Secret", "1"), ("X-Kept", "2"),
        ])
        if wish != "chunked" {
            headers.add(name: "Content-Length", value: String(body.readableBytes))
        }
        let status: HTTPResponseStatus = wish == "fail" ? .internalServerError : .ok
        write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        write(.body(.byteBuffer(body)))
        write(.end(nil))
        context.flush()
    }

    private func write(_ part: HTTPServerResponsePart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }
}
