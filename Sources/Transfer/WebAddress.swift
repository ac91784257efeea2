/// An `http` or `https` URL whose parts were read as libcurl reads them, after RFC 3986.
///
/// It is stricter than libcurl, so that the host we judge is the host that is spoken to: ASCII
/// only, no user or password, a plain host or an IPv6 address in brackets.
struct WebAddress: Hashable, Sendable {
    /// The longest URL that is sent, in bytes.
    static let bytesMax = 8192

    let text: String
    let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    let host: String
    let port: Int

    init(_ text: String) throws(TransferError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else {
            throw .malformedURL(reason: "it has more than \(Self.bytesMax) bytes")
        }
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) && !#"\"<>"#.utf8.contains($0) })
        else {
            throw .malformedURL(
                reason: "it has a character that must be written as %XX (or, in a host, as xn--)")
        }
        let (scheme, rest) = try Self.splitScheme(text)
        isSecure = scheme == "https"
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw .malformedURL(
                reason: "it holds a user or a password, which belong into a header")
        }
        (host, port) = try Self.split(authority, defaultPort: isSecure ? 443 : 80)
        self.text = text
    }

    private static func splitScheme(
        _ text: String
    ) throws(TransferError) -> (scheme: String, rest: Substring) {
        for scheme in ["http", "https"] {
            let start = scheme + "://"
            if text.prefix(start.count).lowercased() == start {
                return (scheme, text.dropFirst(start.count))
            }
        }
        throw .malformedURL(reason: "it does not start with http:// or https://")
    }

    private static func split(
        _ authority: Substring, defaultPort: Int
    ) throws(TransferError) -> (host: String, port: Int) {
        var host = authority
        var after: Substring = ""
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else {
                throw .malformedURL(reason: "the bracket of its host does not close")
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            after = authority[authority.index(after: end)...]
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            after = authority[colon...]
        }
        guard isHost(host, isBracketed: authority.first == "[") else {
            throw .malformedURL(reason: "its host is empty or has an illegal character")
        }
        guard !after.isEmpty else { return (host.lowercased(), defaultPort) }
        let digits = after.dropFirst()
        guard after.first == ":", digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw .malformedURL(reason: "its port is no number from 1 to 65535") }
        return (host.lowercased(), port)
    }

    /// What people are told: it names no path, which may be a secret (as in chat webhooks).
    var server: String {
        let written = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(written):\(port)"
    }

    /// Everything behind the host.
    var pathAndQuery: Substring {
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        return rest.drop { !"/?#".contains($0) }
    }

    /// Whether credentials for the one may be shown to the other.
    func hasSameOrigin(as other: WebAddress) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }
}

/// Returns whether the text can be a host name, an IPv4 address or, in brackets, an IPv6 address.
func isHost(_ text: some StringProtocol, isBracketed: Bool = false) -> Bool {
    !text.isEmpty && text.utf8.count <= 253 && text.first != "-"
        && text.utf8.allSatisfy { byte in
            isAlphanumeric(byte) || "-._".utf8.contains(byte)
                || (isBracketed && byte == UInt8(ascii: ":"))
        }
}

/// Returns whether the byte is an ASCII letter or digit.
func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

/// Returns whether the host is this machine, which no proxy can reach.
func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1"
        || (host.hasPrefix("127.") && host.allSatisfy { "0123456789.".contains($0) })
}
