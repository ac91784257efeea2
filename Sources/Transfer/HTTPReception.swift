/// Who takes the body of an answer while it arrives.
package struct BodySink: Sendable {
    /// A longer body ends the transfer.
    package var bytesMax: Int
    /// Takes the next piece, on a thread that may block; false ends the transfer.
    package var take: @Sendable ([UInt8]) -> Bool

    package init(bytesMax: Int, take: @escaping @Sendable ([UInt8]) -> Bool) {
        self.bytesMax = bytesMax
        self.take = take
    }
}

/// Collects one answer of an HTTP server, within bounds.
///
/// With a sink the body of an answer of status 200 goes there; any other is collected.
final class HTTPReception: TransferListener {
    /// The most that all headers of an answer may hold.
    static let headBytesMax = 256 << 10

    private(set) var headers: [(String, String)] = []
    private(set) var body: [UInt8] = []
    /// The limit that the answer passed, in bytes, for which the transfer was ended.
    private(set) var passedLimitBytes: Int?

    /// The sink wanted no more, and the transfer was ended.
    private(set) var isSinkFull = false

    private let bodyBytesMax: Int
    private let sink: BodySink?
    private var headBytes = 0
    private var sinkBytes = 0
    private var status = 0

    init(bodyBytesMax: Int, sink: BodySink? = nil) {
        self.bodyBytesMax = bodyBytesMax
        self.sink = sink
    }

    func hear(body bytes: UnsafeRawBufferPointer) -> Bool {
        if let sink, status == 200 { return hand(unsafe Array(bytes), to: sink) }
        guard body.count + bytes.count <= bodyBytesMax else {
            passedLimitBytes = bodyBytesMax
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    private func hand(_ bytes: [UInt8], to sink: BodySink) -> Bool {
        sinkBytes += bytes.count
        guard sinkBytes <= sink.bytesMax else {
            passedLimitBytes = sink.bytesMax
            return false
        }
        isSinkFull = !sink.take(bytes)
        return !isSinkFull
    }

    func hear(line bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        guard headBytes <= Self.headBytesMax else {
            passedLimitBytes = Self.headBytesMax
            return false
        }
        note(unsafe String(decoding: bytes, as: UTF8.self))
        return true
    }

    func say(_ room: UnsafeMutableRawBufferPointer) -> Int { 0 }

    private func note(_ line: String) {
        // Because an answer may follow others of status 1xx.
        if line.hasPrefix("HTTP/") {
            headers = []
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        guard body.isEmpty, sinkBytes == 0, let colon = line.firstIndex(of: ":"),
            !line.hasPrefix("HTTP/")
        else { return }
        let value = line[line.index(after: colon)...]
        headers.append((line[..<colon].lowercased(), trimmed(value)))
    }
}

private func trimmed(_ text: Substring) -> String {
    var text = text
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
}
