/// One HTTP request, body and all.
package struct HTTPRequest: Sendable {
    /// What the server is asked to do.
    package enum Method: String, Hashable, Codable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// `http` or `https`, without user and password; what is not ASCII is written as `%XX`.
    package var url: String
    /// In the order in which they are sent; a name may come twice.
    package var headers: [(String, String)]
    package var body: [UInt8]
    /// How many redirects are followed; with 0 the redirect itself is the answer.
    package var redirectsMax: Int

    package init(
        _ method: Method, _ url: String, headers: [(String, String)] = [], body: [UInt8] = [],
        redirectsMax: Int = 0
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.redirectsMax = redirectsMax
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible {
    /// The method alone, because URL, headers and body may hold secrets.
    package var description: String { "\(method.rawValue) request" }
    package var debugDescription: String { description }
}

/// What a server answered.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// The names in lower case, in the order in which they came.
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Returns the first header of this name, which is given in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.0 == name }?.1
    }
}

extension HTTPRequest {
    /// The headers that say nothing about who asks; all others count as secrets.
    private static let plainNames: Set = [
        "accept", "accept-language", "cache-control", "content-language", "content-md5",
        "content-type", "date", "if-match", "if-modified-since", "if-none-match", "range",
        "user-agent",
    ]

    /// Returns the headers as libcurl wants them; what it would add by itself is switched off.
    ///
    /// Not where libcurl signs: it would sign the headers that it then leaves out.
    func headerLines(isSigned: Bool = false) throws(TransferError) -> [String] {
        var lines: [String] = []
        for (name, value) in headers { lines.append(try headerLine(name, value)) }
        if isSigned { return lines }
        // Because servers that do not know it cost a second of waiting.
        lines.append("Expect:")
        if !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        return lines
    }

    /// What no error may repeat: the values of headers that may be credentials, and the path.
    func secrets(at address: WebAddress, _ key: StoreKey? = nil) -> Secrets {
        var texts: [String] = key.map { [$0.secret] } ?? []
        for (name, value) in headers where !Self.plainNames.contains(name.lowercased()) {
            texts.append(value)
            texts += value.split(separator: " ").map(String.init)
        }
        let path = address.pathAndQuery
        if path.utf8.count > 1 { texts.append(String(path)) }
        return Secrets(texts)
    }

    /// Returns the request that a redirect asks for, after RFC 9110, section 15.4.
    ///
    /// Another scheme, host or port sees only headers that tell nothing about who asks.
    func redirected(
        status: Int, from old: WebAddress, to new: WebAddress
    ) throws(TransferError) -> HTTPRequest {
        if old.isSecure && !new.isSecure {
            throw .redirectRefused(
                server: old.server, reason: "it leads from https to http at \(new.server)")
        }
        var next = self
        next.url = new.text
        if status == 303 && method != .head || [301, 302].contains(status) && method == .post {
            next.method = .get
            next.body = []
            next.headers.removeAll { $0.0.lowercased().hasPrefix("content-") }
        }
        if !old.hasSameOrigin(as: new) {
            next.headers.removeAll { !Self.plainNames.contains($0.0.lowercased()) }
        }
        return next
    }
}

private func headerLine(_ name: String, _ value: String) throws(TransferError) -> String {
    guard isHeaderName(name) else {
        throw .malformedRequest(reason: "a header's name is empty or has an illegal character")
    }
    guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
        throw .malformedRequest(reason: "the header `\(name)` follows from the body")
    }
    guard value.utf8.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
        throw .malformedRequest(reason: "the header `\(name)` holds a control character")
    }
    // Because libcurl takes a header without a value for one to leave out.
    return value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)"
}

/// Returns whether the text is a token of RFC 9110, section 5.6.2.
func isHeaderName(_ name: String) -> Bool {
    !name.isEmpty
        && name.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
}
