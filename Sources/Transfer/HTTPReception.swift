/// Collects one answer of an HTTP server, within bounds.
final class HTTPReception: TransferListener {
    /// The most that all headers of an answer may hold.
    static let headBytesMax = 256 << 10

    private(set) var headers: [(String, String)] = []
    private(set) var body: [UInt8] = []
    /// The limit that the answer passed, in bytes, for which the transfer was ended.
    private(set) var passedLimitBytes: Int?

    private let bodyBytesMax: Int
    private var headBytes = 0

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    func hear(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= bodyBytesMax else {
            passedLimitBytes = bodyBytesMax
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
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
        if line.hasPrefix("HTTP/") { headers = [] }
        guard body.isEmpty, let colon = line.firstIndex(of: ":"), !line.hasPrefix("HTTP/")
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
