import NIOCore
import NIOHTTP1

/// One request on its way through a runtime.
struct Exchange {
    /// Held from the start to the end: the version that answers cannot change in between.
    let upstream: Upstream
    let request: HTTPRequestHead
    let started: NIODeadline
    let isPrediction: Bool
    var connection: UpstreamConnection?
    /// It met a stale connection once; there is no second time.
    var wasRepeated = false
    var answerBegan = false
    var closing = false
    var status = HTTPResponseStatus.ok
}

extension ClientHandler {
    func proxy(to upstream: Upstream, path: String, isPrediction: Bool) {
        let bytes = body?.readableBytes ?? 0
        var uri = path
        if let query = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) { uri += head.uri[query...] }
        let request = HTTPRequestHead(
            version: .http1_1, method: head.method, uri: uri,
            headers: ProxyHeaders.request(head, bodyBytes: bytes))
        exchange = Exchange(
            upstream: upstream, request: request, started: .now(), isPrediction: isPrediction)
        if let connection = loop.takeIdle(for: upstream) {
            send(on: connection)
        } else {
            connectAndSend()
        }
    }

    private func send(on connection: UpstreamConnection) {
        guard let request = exchange?.request else { return }
        exchange?.connection = connection
        connection.send(request, body: body, for: self)
    }

    private func connectAndSend() {
        guard let upstream = exchange?.upstream, let started = exchange?.started else { return }
        loop.connect(to: upstream) { [self, loop] result in
            // Because the client may have gone while the connection was being made.
            let isAwaited = exchange?.upstream === upstream && exchange?.started == started
            switch result {
            case .success(let connection):
                if isAwaited { send(on: connection) } else { loop.keepIdle(connection) }
            case .failure:
                if isAwaited { answerDown() }
            }
        }
    }

    // MARK: What the runtime answers

    func upstreamBegan(_ answer: HTTPResponseHead) {
        guard let upstream = exchange?.upstream else { return }
        let hasLength = answer.headers.contains(name: "content-length")
        // Because HTTP/1.0 has no chunks: without a length only the end of the connection ends it.
        let closing = closesAfterAnswer || (head.version == .http1_0 && !hasLength)
        exchange?.answerBegan = true
        exchange?.closing = closing
        exchange?.status = answer.status
        let headers = ProxyHeaders.answer(answer, to: head, from: upstream, closing: closing)
        write(
            .head(HTTPResponseHead(version: head.version, status: answer.status, headers: headers)))
    }

    func upstreamContinued(_ bytes: ByteBuffer) {
        write(.body(.byteBuffer(bytes)))
    }

    /// All that the runtime has sent so far was passed on.
    func upstreamPaused() { context?.flush() }

    func upstreamEnded() {
        guard let exchange else { return }
        write(.end(nil), flushing: true)
        settle(failed: exchange.status.code >= 500)
        finishAnswer(closing: exchange.closing)
    }

    /// The connection to the runtime broke, or its answer did not come in time.
    func upstreamFailed(_ connection: UpstreamConnection, timedOut: Bool) {
        guard let exchange, exchange.connection === connection else { return }
        self.exchange?.connection = nil
        if exchange.answerBegan {
            settle(failed: true)
            // Because half an answer must not look like a whole one.
            abort()
        } else if timedOut {
            let limit = Int(loop.shared.configuration.answerTimeoutSeconds)
            answerFailed(.gatewayTimeout, "did not answer within \(limit) s")
        } else if connection.isReused, !exchange.wasRepeated {
            self.exchange?.wasRepeated = true
            connectAndSend()
        } else {
            answerFailed(.badGateway, "closed the connection before it answered")
        }
    }

    private func answerDown() {
        answerFailed(.serviceUnavailable, "is not running", headers: [("Retry-After", "1")])
    }

    private func answerFailed(
        _ status: HTTPResponseStatus, _ reason: String, headers: [(String, String)] = []
    ) {
        guard let upstream = exchange?.upstream else { return }
        settle(failed: true)
        answer(
            status,
            error: "the runtime of `\(upstream.model)` \(upstream.versionText) \(reason)",
            headers: headers)
    }

    /// Gives the runtime back and counts the request.
    private func settle(failed: Bool) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.upstream.release()
        guard exchange.isPrediction else { return }
        let nanoseconds = (NIODeadline.now() - exchange.started).nanoseconds
        exchange.upstream.counters.record(seconds: Double(nanoseconds) / 1e9, failed: failed)
    }

    /// The client went away: its request is not answered by anyone, and nobody failed.
    func abandonExchange() {
        guard let exchange else { return }
        settle(failed: false)
        exchange.connection?.abandon()
    }
}
