/// One call of a forge's API, without the token.
package struct ForgeRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
    }

    package let method: Method
    package let url: String
    /// Names in lower case.
    package let headers: [String: String]
    /// JSON; empty where the method has none.
    package let body: [UInt8]
    let tokenHeader: Forge.TokenHeader

    init(_ method: Method, _ url: String, on forge: Forge, body: [UInt8] = []) {
        var headers = ["accept": "application/json", "user-agent": "slipway"]
        if forge.kind == .github {
            headers["accept"] = "application/vnd.github+json"
            headers["x-github-api-version"] = "2022-11-28"
        }
        if !body.isEmpty { headers["content-type"] = "application/json" }
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        tokenHeader = forge.tokenHeader
    }

    /// The request as it is sent; to be made when it is sent, and not kept.
    package func authorise(token: ForgeToken) -> AuthorisedRequest {
        AuthorisedRequest(request: self, token: token)
    }
}

extension ForgeRequest: CustomStringConvertible {
    package var description: String { "\(method.rawValue) \(url)" }
}

/// The secret that a forge knows us by; it shows in no description and no dump.
package struct ForgeToken: Sendable {
    fileprivate let text: String

    /// Drops white space around the token; throws `tokenWrong` when no header could carry it.
    package init(_ text: String) throws(ForgesError) {
        var token = text[...]
        while let last = token.last, last.isWhitespace { token.removeLast() }
        while let first = token.first, first.isWhitespace { token.removeFirst() }
        guard !token.isEmpty, token.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .tokenWrong
        }
        self.text = String(token)
    }
}

extension ForgeToken: CustomStringConvertible, CustomReflectable {
    package var description: String { "‹token›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A request with its token; only `headers` shows the token.
package struct AuthorisedRequest: Sendable, CustomStringConvertible {
    package let request: ForgeRequest
    private let token: ForgeToken

    fileprivate init(request: ForgeRequest, token: ForgeToken) {
        self.request = request
        self.token = token
    }

    /// All headers, the token's among them; for the wire alone. They must not follow a redirect
    /// to another host.
    package var headers: [String: String] {
        var headers = request.headers
        switch request.tokenHeader {
        case .bearer: headers["authorization"] = "Bearer " + token.text
        case .token: headers["authorization"] = "token " + token.text
        case .privateToken: headers["private-token"] = token.text
        }
        return headers
    }

    package var description: String { "\(request)" }
}
