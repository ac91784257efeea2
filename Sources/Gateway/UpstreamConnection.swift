import NIOCore
import NIOHTTP1

/// One keep-alive connection to a runtime; it carries one request at a time.
///
/// It lives on the same event loop as its client, so that nothing hops between threads.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    let upstream: Upstream
    private let loop: LoopState
    private var context: ChannelHandlerContext?
    private var client: ClientHandler?
    /// When the request under way, or the idle connection, is given up.
    private var deadline = NIODeadline.distantFuture
    /// It has carried a request before: the runtime may have closed it in the meantime.
    private(set) var isReused = false
    private var staysOpen = true
    private var isReadHeld = false

    init(upstream: Upstream, loop: LoopState) {
        self.upstream = upstream
        self.loop = loop
    }

    func install(in channel: any Channel) throws {
        var framing = HTTPRequestEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        try channel.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(configuration: framing),
            ByteToMessageHandler(HTTPResponseDecoder()), self,
        ])
    }

    /// Sends one request; the answer's parts go to `client` until its end or its failure.
    func send(_ head: HTTPRequestHead, body: ByteBuffer?, for client: ClientHandler) {
        guard let context else { return client.upstreamFailed(self, timedOut: false) }
        self.client = client
        deadline = .now() + seconds(loop.shared.configuration.answerTimeoutSeconds)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// The client is gone: the answer has nowhere to go, and neither has the connection.
    func abandon() {
        client = nil
        close()
    }

    func close() { context?.close(promise: nil) }

    /// The client can take more of the answer.
    func resume() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }

    func sweep(now: NIODeadline) {
        guard now >= deadline || (client == nil && upstream.isRetired) else { return }
        if let client {
            self.client = nil
            client.upstreamFailed(self, timedOut: true)
        }
        close()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
        fail()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        fail()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail()
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Because a runtime that speaks without being asked cannot be trusted with a request.
        guard let client else { return context.close(promise: nil) }
        switch unwrapInboundIn(data) {
        case .head(let head):
            staysOpen = head.isKeepAlive
            client.upstreamBegan(head)
        case .body(let bytes):
            deadline = .now() + seconds(loop.shared.configuration.answerTimeoutSeconds)
            client.upstreamContinued(bytes)
        case .end:
            finish(client)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        client?.upstreamPaused()
        context.fireChannelReadComplete()
    }

    /// Backpressure: nothing is read for a client that does not take what it has been given.
    func read(context: ChannelHandlerContext) {
        if let client, !client.isWritable {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    private func finish(_ client: ClientHandler) {
        self.client = nil
        isReused = true
        deadline = .now() + seconds(loop.shared.configuration.upstreamIdleSeconds)
        if staysOpen { loop.keepIdle(self) } else { close() }
        client.upstreamEnded()
    }

    private func fail() {
        guard let client else { return }
        self.client = nil
        client.upstreamFailed(self, timedOut: false)
    }
}

/// Returns a span of time for NIO.
func seconds(_ value: Double) -> TimeAmount { .nanoseconds(Int64(value * 1e9)) }
