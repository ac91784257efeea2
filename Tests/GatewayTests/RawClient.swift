import NIOCore
import NIOPosix

/// What came back for one request.
struct RawAnswer: Equatable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

enum RawError: Error, Equatable {
    case closed
    case notHTTP(String)
}

/// A client that writes bytes as they are and reads answers with as little help as possible.
struct RawClient {
    private var incoming: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer: [UInt8] = []
    private var start = 0

    private init(
        _ incoming: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.incoming = incoming.makeAsyncIterator()
        self.outgoing = outgoing
    }

    static func connect<Result: Sendable>(
        _ port: Int, _ body: @Sendable (inout RawClient) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { incoming, outgoing in
            var client = RawClient(incoming, outgoing)
            return try await body(&client)
        }
    }

    func send(_ text: String) async throws {
        do {
            try await outgoing.write(ByteBuffer(string: text))
        } catch ChannelError.ioOnClosedChannel {
            throw RawError.closed
        }
    }

    mutating func predict(
        _ model: String = "digits", _ headers: String = "", body: String = "{}"
    ) async throws -> RawAnswer {
        try await send(Self.prediction(model, headers, body: body))
        return try await answer()
    }

    /// A prediction that the runtime answers only when it is told to.
    mutating func predictSlowly() async throws -> RawAnswer {
        try await predict("digits", "Test-Do: hold\r\n")
    }

    mutating func get(_ path: String) async throws -> RawAnswer {
        try await send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        return try await answer()
    }

    static func prediction(
        _ model: String = "digits", _ headers: String = "", body: String = "{}"
    ) -> String {
        "POST /v1/models/\(model):predict HTTP/1.1\r\nHost: x\r\n\(headers)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Reads one answer; interim answers (1xx) are answers too.
    mutating func answer() async throws -> RawAnswer {
        let lines = try await headLines()
        let words = lines[0].split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw RawError.notHTTP(lines[0])
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.last.map { String($0.drop { $0 == " " }) }
        }
        var answer = RawAnswer(status: status, headers: headers, body: [])
        if let length = headers["content-length"].flatMap(Int.init) {
            answer.body = try await take(length)
        } else if headers["transfer-encoding"] == "chunked" {
            answer.body = try await chunks()
        } else if status >= 200 {
            while try await more() {}
            answer.body = Array(buffer[start...])
            start = buffer.count
        }
        return answer
    }

    /// Whether the gateway has closed the connection, with nothing more to read.
    mutating func isClosed() async throws -> Bool {
        guard start == buffer.count else { return false }
        do { return try await !more() } catch is IOError { return true }
    }

    private mutating func chunks() async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = Int(try await line(), radix: 16) ?? 0
            body += try await take(size)
            _ = try await line()
            if size == 0 { return body }
        }
    }

    private mutating func headLines() async throws -> [String] {
        var lines: [String] = []
        while true {
            let next = try await line()
            if next.isEmpty { return lines }
            lines.append(next)
        }
    }

    private mutating func line() async throws -> String {
        var end = start
        while true {
            while end + 1 < buffer.count {
                if buffer[end] == 13, buffer[end + 1] == 10 {
                    defer { start = end + 2 }
                    return String(decoding: buffer[start..<end], as: UTF8.self)
                }
                end += 1
            }
            guard try await more() else { throw RawError.closed }
        }
    }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count - start < count {
            guard try await more() else { throw RawError.closed }
        }
        defer {
            buffer.removeFirst(start + count)
            start = 0
        }
        return Array(buffer[start..<(start + count)])
    }

    private mutating func more() async throws -> Bool {
        guard let bytes = try await incoming.next(isolation: #isolation) else { return false }
        buffer.append(contentsOf: bytes.readableBytesView)
        return true
    }
}
