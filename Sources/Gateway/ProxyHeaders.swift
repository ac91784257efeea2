import NIOHTTP1

/// Which headers pass through the gateway, in both directions.
///
/// Source: RFC 9110 section 7.6.1: headers about one connection go no further than it, and so do
/// those that `Connection` names.
enum ProxyHeaders {
    /// The request's headers for the runtime; the body is sent whole, so its length is stated.
    static func request(_ head: HTTPRequestHead, bodyBytes: Int) -> HTTPHeaders {
        let named = namedByConnection(head.headers)
        var headers = HTTPHeaders()
        headers.reserveCapacity(head.headers.count + 1)
        for (name, value) in head.headers
        where !isDropped(name, named: named) && !isFraming(name) {
            headers.add(name: name, value: value)
        }
        if bodyBytes > 0 || head.method == .POST {
            headers.add(name: "Content-Length", value: String(bodyBytes))
        }
        return headers
    }

    /// The answer's headers for the client, with the version that really answered.
    static func answer(
        _ head: HTTPResponseHead, to request: HTTPRequestHead, from upstream: Upstream,
        closing: Bool
    ) -> HTTPHeaders {
        let named = namedByConnection(head.headers)
        var headers = HTTPHeaders()
        headers.reserveCapacity(head.headers.count + 3)
        for (name, value) in head.headers where !isDropped(name, named: named) {
            headers.add(name: name, value: value)
        }
        headers.add(name: "Slipway-Model-Version", value: upstream.versionText)
        headers.add(name: "Slipway-Deployment", value: upstream.numberText)
        addConnection(to: &headers, version: request.version, closing: closing)
        return headers
    }

    /// States what happens to the connection, where it is not what the HTTP version implies.
    static func addConnection(to headers: inout HTTPHeaders, version: HTTPVersion, closing: Bool) {
        if closing {
            headers.add(name: "Connection", value: "close")
        } else if version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
    }

    private static func namedByConnection(_ headers: HTTPHeaders) -> [Substring] {
        guard headers.contains(name: "connection") else { return [] }
        return headers[canonicalForm: "connection"].map { $0.lowercasedASCII }
    }

    /// Lengths first: most names are told apart without comparing letters.
    private static func isDropped(_ name: String, named: [Substring]) -> Bool {
        let isHop =
            switch name.utf8.count {
            case 2: same(name, "te")
            case 6: same(name, "expect")
            case 7: same(name, "upgrade") || same(name, "trailer")
            case 10: same(name, "connection") || same(name, "keep-alive")
            case 16: same(name, "proxy-connection")
            case 17: same(name, "transfer-encoding")
            case 18: same(name, "proxy-authenticate") || same(name, "slipway-deployment")
            case 19: same(name, "proxy-authorization")
            case 21: same(name, "slipway-model-version")
            default: false
            }
        guard !isHop, !named.isEmpty else { return isHop }
        // Because a request must not be able to take its own framing away.
        return named.contains { same(name, $0) } && !isFraming(name) && !same(name, "host")
    }

    private static func isFraming(_ name: String) -> Bool {
        name.utf8.count == 14 && same(name, "content-length")
    }

    /// Compares with a text in lower case, ASCII letters of either case being equal.
    private static func same(_ name: String, _ lower: some StringProtocol) -> Bool {
        name.utf8.count == lower.utf8.count
            && zip(name.utf8, lower.utf8).allSatisfy { lowered($0) == $1 }
    }

    fileprivate static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension Substring {
    fileprivate var lowercasedASCII: Substring {
        Substring(String(decoding: utf8.map(ProxyHeaders.lowered), as: UTF8.self))
    }
}
