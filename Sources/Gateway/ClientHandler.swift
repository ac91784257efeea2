import NIOCore
import NIOHTTP1
import Synchronization

/// One client connection: takes requests one after the other and has each of them answered.
///
/// While a request is being answered nothing more is read from the client, and what was already
/// read (pipelined requests) waits in `queue`; so answers leave in the order of the requests, and
/// what a connection can make the gateway hold is bounded.
final class ClientHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase {
        /// Between two requests.
        case waiting
        /// The head is there, the body is coming.
        case receiving
        /// Nothing is read before the answer's end.
        case answering
        /// The last answer is sent; what the client still sends is thrown away.
        case lingering
    }

    private enum Queued {
        case part(HTTPServerRequestPart)
        case malformed
    }

    let loop: LoopState
    private(set) var context: ChannelHandlerContext?
    private(set) var phase = Phase.waiting
    private var queue = CircularBuffer<Queued>()
    private var isTakingQueued = false
    private var isReadHeld = false
    /// When a client that stays silent is closed.
    private var silenceDeadline: NIODeadline
    private var reservedBytes = 0

    private(set) var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    private(set) var body: ByteBuffer?
    /// The request being passed on; nil while the gateway answers by itself.
    var exchange: Exchange?

    init(loop: LoopState) {
        self.loop = loop
        silenceDeadline = .now() + seconds(loop.shared.configuration.clientIdleSeconds)
    }

    func install(in channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()), self,
        ])
    }

    var isWritable: Bool { context?.channel.isWritable ?? true }
    private var limits: GatewayConfiguration { loop.shared.configuration }

    // MARK: The channel's events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.shared.connections.add(1, ordering: .relaxed)
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.shared.connections.subtract(1, ordering: .relaxed)
        loop.remove(self)
        abandonExchange()
        forgetBody()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if phase == .answering || !queue.isEmpty {
            queue.append(.part(part))
        } else {
            receive(part)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        if phase == .answering || !queue.isEmpty {
            queue.append(.malformed)
        } else {
            refuseMalformed()
        }
    }

    func read(context: ChannelHandlerContext) {
        if phase == .answering { isReadHeld = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.connection?.resume() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    private func receive(_ part: HTTPServerRequestPart) {
        switch (part, phase) {
        case (.head(let head), .waiting): begin(head)
        case (.body(let bytes), .receiving): take(bytes)
        case (.end, .receiving): dispatch()
        case (_, .lingering), (_, .answering), (_, .waiting), (.head, .receiving): break
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        self.head = head
        phase = .receiving
        touch()
        // Because the common request, without a body, should not pay for looking these up.
        guard head.method != .GET else { return }
        if let text = head.headers.first(name: "content-length"), let length = Int(text),
            length > limits.requestBodyBytesMax
        {
            return refuseBody()
        }
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let interim = HTTPResponseHead(version: head.version, status: .continue)
            context?.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
        }
    }

    private func take(_ bytes: ByteBuffer) {
        let size = reservedBytes + bytes.readableBytes
        guard size <= limits.requestBodyBytesMax else { return refuseBody() }
        guard loop.shared.reserve(bytes: bytes.readableBytes) else {
            return refuse(
                .serviceUnavailable, "the gateway holds as many requests as it can; try again")
        }
        reservedBytes = size
        touch()
        var bytes = bytes
        if body == nil {
            body = bytes
        } else {
            body?.writeBuffer(&bytes)
        }
    }

    private func dispatch() {
        phase = .answering
        silenceDeadline = .distantFuture
        route()
    }

    private func refuseBody() {
        refuse(
            .payloadTooLarge,
            "the request's body is longer than \(limits.requestBodyBytesMax) bytes")
    }

    private func refuseMalformed() {
        guard phase != .lingering else { return }
        refuse(.badRequest, "the request is not valid HTTP/1.1")
    }

    /// Answers before the request has ended, which ends the connection too.
    private func refuse(_ status: HTTPResponseStatus, _ message: String) {
        phase = .answering
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        answer(status, error: message)
    }

    private func touch() { silenceDeadline = .now() + seconds(limits.clientIdleSeconds) }

    // MARK: Answers

    /// Whether the connection ends with the answer to the request under way.
    var closesAfterAnswer: Bool { loop.isDraining || !head.isKeepAlive }

    func write(_ part: HTTPServerResponsePart, flushing: Bool = false) {
        guard let context else { return }
        context.write(wrapOutboundOut(part), promise: nil)
        if flushing { context.flush() }
    }

    /// Goes on to the next request once the answer is written; `closing` must have been announced.
    func finishAnswer(closing: Bool) {
        forgetBody()
        exchange = nil
        guard !closing else { return linger() }
        phase = .waiting
        touch()
        takeQueued()
        if loop.isDraining, phase == .waiting { context?.close(promise: nil) }
    }

    /// Lets the client read the last answer before the connection is closed.
    ///
    /// Because closing with unread input makes the kernel send a reset, which can overtake the
    /// answer: our side is closed, and the client has a moment to close its own.
    private func linger() {
        phase = .lingering
        queue.removeAll()
        silenceDeadline = .now() + .seconds(2)
        guard let context else { return }
        let channel = context.channel
        context.close(mode: .output, promise: nil)
        if isReadHeld {
            isReadHeld = false
            channel.read()
        }
    }

    private func takeQueued() {
        guard !isTakingQueued else { return }
        isTakingQueued = true
        defer { isTakingQueued = false }
        while phase != .answering, let next = queue.popFirst() {
            switch next {
            case .part(let part): receive(part)
            case .malformed: refuseMalformed()
            }
        }
        if phase != .answering, isReadHeld {
            isReadHeld = false
            context?.read()
        }
    }

    private func forgetBody() {
        body = nil
        guard reservedBytes > 0 else { return }
        loop.shared.release(bytes: reservedBytes)
        reservedBytes = 0
    }

    // MARK: Ends

    func sweep(now: NIODeadline) {
        if now >= silenceDeadline { context?.close(promise: nil) }
    }

    func beginDraining() {
        if phase == .waiting { context?.close(promise: nil) }
    }

    func abort() { context?.close(promise: nil) }
}
