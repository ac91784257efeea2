import NIOCore
import NIOHTTP1
import NIOPosix

/// What a runtime answered to a probe.
package struct ProbeAnswer: Hashable, Sendable {
    package var status: Int
    /// At most 1 MiB; what follows is cut off.
    package var body: [UInt8]
}

extension GatewayServer {
    /// Asks a runtime once, on a connection of its own, before it is given traffic.
    ///
    /// A `body` makes it a POST of JSON; without one it is a GET. `host` is a numeric address.
    package func probe(
        host: String, port: Int, path: String, body: [UInt8]? = nil, timeoutSeconds: Double
    ) async throws(GatewayError) -> ProbeAnswer {
        let loop = group.next()
        let timeout = seconds(timeoutSeconds)
        do {
            let promise = loop.makePromise(of: ProbeAnswer.self)
            ClientBootstrap(group: loop)
                .connectTimeout(timeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(
                            ProbeHandler(host: host, path: path, body: body, promise: promise))
                    }
                }
                .connect(host: host, port: port)
                .whenFailure { promise.fail($0) }
            let alarm = loop.scheduleTask(in: timeout) { promise.fail(ChannelError.eof) }
            defer { alarm.cancel() }
            return try await promise.futureResult.get()
        } catch ChannelError.eof {
            throw .noAnswer(host: host, port: port, reason: "no answer within the deadline")
        } catch {
            throw .noAnswer(host: host, port: port, reason: "\(error)")
        }
    }

    /// Returns a port of the loopback address that is free now.
    ///
    /// Because a runtime binds its port itself, another process can take it in between; the start
    /// then fails and is repeated with another port.
    package func pickPort() async throws(GatewayError) -> Int {
        do {
            let listener = try await ServerBootstrap(group: group)
                .bind(host: "127.0.0.1", port: 0).get()
            let port = listener.localAddress?.port ?? 0
            try await listener.close()
            return port
        } catch {
            throw .cannotListen(host: "127.0.0.1", port: 0, reason: "\(error)")
        }
    }
}

/// Sends the one request of a probe and collects its answer.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private static let answerBytesMax = 1 << 20
    private let host: String
    private let path: String
    private let body: [UInt8]?
    private let promise: EventLoopPromise<ProbeAnswer>
    private var answer = ProbeAnswer(status: 0, body: [])

    init(host: String, path: String, body: [UInt8]?, promise: EventLoopPromise<ProbeAnswer>) {
        self.host = host
        self.path = path
        self.body = body
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("Host", host), ("Connection", "close")])
        if let body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: String(body.count))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: body == nil ? .GET : .POST, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body {
            context.write(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let channel = context.channel
        // Because an answer that is no longer awaited must not keep the connection open.
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): answer.status = Int(head.status.code)
        case .body(let bytes):
            let room = Self.answerBytesMax - answer.body.count
            answer.body.append(contentsOf: bytes.readableBytesView.prefix(room))
        case .end: promise.succeed(answer)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.inputClosed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }
}
