import Domain
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the daemon answered.
struct APIAnswer: Sendable {
    var status = 0
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
}

/// Asks the daemon's API, one request on each connection.
struct APIClient: Sendable {
    let host: String
    let port: Int
    /// What stands before every path; empty for a daemon that is asked directly.
    let prefix: String
    var timeoutSeconds = 10.0

    /// Reads `http://127.0.0.1:7433`.
    init(url: String) throws(Stop) {
        let scheme = "http://"
        guard url.hasPrefix(scheme) else {
            throw Stop(
                .usage, "`\(url)` is not the URL of a daemon",
                hint: "http://127.0.0.1:7433; for https, put a proxy or ssh -L in front")
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let hasPort = authority.last != "]" && authority.contains(":")
        let address = try ListenAddress(hasPort ? String(authority) : "\(authority):80")
        host = address.host
        port = address.port
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
    }

    var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)\(prefix)" }

    /// Returns the answer's JSON as a value.
    func get<Value: Decodable>(
        _ type: Value.Type, _ path: String, _ query: [(String, String?)] = []
    ) async throws(Stop) -> Value {
        let answer = try await get(path, query)
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body))
        } catch {
            throw Stop(
                .internalError, "the daemon's answer cannot be understood: \(error)",
                at: "\(url)\(path)", hint: "are daemon and command line of the same version?")
        }
    }

    /// The answer's value; nil when the daemon has nothing there, or is older than the path.
    func getIfThere<Value: Decodable>(
        _ type: Value.Type, _ path: String, _ query: [(String, String?)] = []
    ) async throws(Stop) -> Value? {
        do throws(Stop) {
            return try await get(type, path, query)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Returns a good answer, or stops with what the daemon says is wrong.
    func get(
        _ path: String, _ query: [(String, String?)] = []
    ) async throws(Stop) -> APIAnswer {
        try await ask(.GET, path, query)
    }

    /// Asks for something to be done, as `get` asks for what there is.
    func post(
        _ path: String, _ query: [(String, String?)] = []
    ) async throws(Stop) -> APIAnswer {
        try await ask(.POST, path, query)
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, _ query: [(String, String?)]
    ) async throws(Stop) -> APIAnswer {
        let present = query.compactMap { key, value in value.map { "\(key)=\(encoded($0))" } }
        let target = present.isEmpty ? path : "\(path)?\(present.joined(separator: "&"))"
        let answer: APIAnswer
        do {
            answer = try await ask(method, prefix + target)
        } catch {
            throw Stop(
                .unreachable, "the daemon does not answer", at: url,
                hint: "slipway daemon; or name another one with --daemon URL")
        }
        guard (200..<300).contains(answer.status) else { throw refusal(answer, path) }
        return answer
    }

    private struct ErrorBody: Decodable {
        var error: String
        var `where`: String?
        var hint: String?
    }

    private func refusal(_ answer: APIAnswer, _ path: String) -> Stop {
        let code: ExitCodes = answer.status == 404 ? .notFound : .wrong
        // Because a proxy in between may answer anything.
        guard let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(answer.body)) else {
            return Stop(code, "the daemon answered \(answer.status)", at: "\(url)\(path)")
        }
        return Stop(code, body.error, at: body.where, hint: body.hint)
    }

    private func ask(_ method: HTTPMethod, _ target: String) async throws -> APIAnswer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: APIAnswer.self)
        let timeout = TimeAmount.milliseconds(Int64(timeoutSeconds * 1000))
        ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { [host] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(
                        AnswerHandler(
                            host: host, method: method, target: target, promise: promise))
                }
            }
            .connect(host: host, port: port)
            .whenFailure { promise.fail($0) }
        let alarm = loop.scheduleTask(in: timeout) { promise.fail(ChannelError.eof) }
        defer { alarm.cancel() }
        return try await promise.futureResult.get()
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters.
private func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
        let isPlain =
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~")]
                .contains(byte)
        return isPlain
            ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
}

/// Sends one request without a body and collects its answer.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// A longer answer is an error, so that a stranger at the port cannot fill our memory.
    private static let answerBytesMax = 64 << 20

    private let host: String
    private let method: HTTPMethod
    private let target: String
    private let promise: EventLoopPromise<APIAnswer>
    private var answer = APIAnswer()

    init(
        host: String, method: HTTPMethod, target: String, promise: EventLoopPromise<APIAnswer>
    ) {
        self.host = host
        self.method = method
        self.target = target
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var headers = HTTPHeaders([
            ("Host", host), ("Connection", "close"), ("Accept", "application/json"),
            ("User-Agent", "slipway"),
        ])
        if method == .POST { headers.add(name: "Content-Length", value: "0") }
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let channel = context.channel
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            for (name, value) in head.headers { answer.headers[name.lowercased()] = value }
        case .body(let bytes):
            answer.body.append(contentsOf: bytes.readableBytesView)
            if answer.body.count > Self.answerBytesMax { promise.fail(ChannelError.eof) }
        case .end: promise.succeed(answer)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.inputClosed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
}
