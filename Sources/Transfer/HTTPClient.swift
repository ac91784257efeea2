import CCurl
import Host

/// Sends HTTP requests, a bounded number at once, and keeps their connections for the next ones.
///
/// Certificates are always checked. A proxy is taken from the environment (`https_proxy`,
/// `no_proxy`), except for this machine itself.
package struct HTTPClient: Sendable {
    /// How long, how much and how many.
    package struct Limits: Hashable, Sendable {
        /// For name, connection and TLS.
        package var connectSeconds: Double
        /// For a request with all its redirects, from its start to the answer's last byte.
        package var wholeSeconds: Double
        package var responseBytesMax: Int
        /// How many requests run at once, each on a thread of its own.
        package var atOnce: Int
        /// How many more may wait for their turn.
        package var waitingMax: Int

        package init(
            connectSeconds: Double = 10, wholeSeconds: Double = 60,
            responseBytesMax: Int = 8 << 20, atOnce: Int = 8, waitingMax: Int = 1000
        ) {
            self.connectSeconds = connectSeconds
            self.wholeSeconds = wholeSeconds
            self.responseBytesMax = responseBytesMax
            self.atOnce = atOnce
            self.waitingMax = waitingMax
        }
    }

    private let userAgent: String
    private let limits: Limits
    private let authoritiesFile: String?
    let lanes: Lanes
    private let pool: HandlePool

    /// - Parameter authoritiesFile: certificates (PEM) that are trusted besides the system's.
    package init(
        userAgent: String, limits: Limits = Limits(), authoritiesFile: String? = nil
    ) {
        self.userAgent = userAgent
        self.limits = limits
        self.authoritiesFile = authoritiesFile
        lanes = Lanes(atOnce: limits.atOnce, waitingMax: limits.waitingMax)
        pool = HandlePool(most: limits.atOnce)
    }

    /// Sends a request and returns the whole answer, whatever its status.
    ///
    /// A cancelled task ends the transfer within a second. Sending a request twice is the
    /// caller's decision: after `interrupted` and `deadline` the server may have acted on it.
    package func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let address = try WebAddress(request.url)
        _ = try request.headerLines()
        return try await lanes.run(to: address.server) {
            (stop: StopFlag) throws(TransferError) in
            try converse(request, address, stop)
        }
    }

    /// As `send`; the body of an answer of status 200 goes to `sink` as it arrives.
    ///
    /// The transfer ends when less than a byte a second came for a minute. An answer of another
    /// status is returned whole.
    package func receive(
        _ request: HTTPRequest, signedWith key: StoreKey? = nil, into sink: BodySink
    ) async throws(TransferError) -> HTTPResponse {
        let address = try WebAddress(request.url)
        _ = try request.headerLines()
        return try await lanes.run(to: address.server) {
            (stop: StopFlag) throws(TransferError) in
            try converse(request, address, stop, Manner(sink: sink, key: key))
        }
    }

    /// What is special about a transfer.
    private struct Manner {
        var sink: BodySink?
        var key: StoreKey?
    }

    /// Sends the request and follows its redirects; blocks this thread.
    private func converse(
        _ request: HTTPRequest, _ address: WebAddress, _ stop: StopFlag,
        _ manner: Manner = Manner()
    ) throws(TransferError) -> HTTPResponse {
        let end = monotonicSeconds() + limits.wholeSeconds
        let easy = try pool.take()
        defer { pool.give(easy) }
        var (request, address) = (request, address)
        for _ in 0...max(0, request.redirectsMax) {
            let secondsLeft = end - monotonicSeconds()
            guard secondsLeft > 0 else {
                throw .deadline(server: address.server, seconds: limits.wholeSeconds)
            }
            easy.reset()
            let response = try exchange(
                request, address, easy, stop, manner, seconds: secondsLeft)
            guard request.redirectsMax > 0, let target = target(of: response, easy) else {
                return response
            }
            let next = try redirectTarget(target, from: address)
            request = try request.redirected(status: response.status, from: address, to: next)
            address = next
        }
        throw .redirectRefused(
            server: address.server,
            reason: "there were more than \(request.redirectsMax) of them")
    }

    private func target(of response: HTTPResponse, _ easy: EasyHandle) -> String? {
        guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        return easy.text(CURLINFO_REDIRECT_URL)
    }

    private func redirectTarget(
        _ text: String, from old: WebAddress
    ) throws(TransferError) -> WebAddress {
        do throws(TransferError) {
            return try WebAddress(text)
        } catch {
            throw .redirectRefused(
                server: old.server, reason: "it leads to no http or https URL that we accept")
        }
    }

    /// One request and its answer.
    private func exchange(
        _ request: HTTPRequest, _ address: WebAddress, _ easy: EasyHandle, _ stop: StopFlag,
        _ manner: Manner, seconds: Double
    ) throws(TransferError) -> HTTPResponse {
        let reception = HTTPReception(
            bodyBytesMax: limits.responseBytesMax, sink: manner.sink)
        let lines = try TextList(
            try request.headerLines(isSigned: manner.key != nil), easy.library)
        try easy.set(CURLOPT_URL, address.text)
        try easy.set(CURLOPT_HTTPHEADER, lines)
        try easy.set(CURLOPT_USERAGENT, userAgent)
        try easy.allow("http,https", bits: 1 | 2)
        try easy.set(CURLOPT_PATH_AS_IS, 1)
        try easy.set(CURLOPT_FOLLOWLOCATION, 0)
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try easy.set(CURLOPT_MAXCONNECTS, 4)
        try easy.prepare(
            host: address.host, authoritiesFile: authoritiesFile,
            connectSeconds: min(limits.connectSeconds, seconds), wholeSeconds: seconds)
        try easy.setMethod(request.method, body: request.body)
        if let key = manner.key { try easy.sign(with: key) }
        if manner.sink != nil { try easy.endStalled() }
        try easy.hear(reception)
        let outcome = try easy.perform(stop)
        withExtendedLifetime(lines) {}
        withExtendedLifetime(reception) {}
        if let limit = reception.passedLimitBytes {
            throw .bodyTooLarge(server: address.server, limitBytes: limit)
        }
        if reception.isSinkFull {
            throw .library(
                during: "taking what \(address.server) sends", message: "no more was wanted")
        }
        guard outcome.code == CURLE_OK else {
            throw outcome.error(
                server: address.server, connectSeconds: limits.connectSeconds,
                wholeSeconds: limits.wholeSeconds, secrets: request.secrets(at: address, manner.key)
            )
        }
        return HTTPResponse(
            status: easy.number(CURLINFO_RESPONSE_CODE), headers: reception.headers,
            body: reception.body)
    }
}

extension EasyHandle {
    /// Sets what every transfer has in common: deadlines, TLS, no signals.
    func prepare(
        host: String, authoritiesFile: String?, connectSeconds: Double, wholeSeconds: Double
    ) throws(TransferError) {
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connectSeconds))
        try set(CURLOPT_TIMEOUT_MS, milliseconds(wholeSeconds))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        // 6 is CURL_SSLVERSION_TLSv1_2, an enum or a macro by libcurl's version.
        try set(CURLOPT_SSLVERSION, 6)
        if let authoritiesFile { try set(CURLOPT_CAINFO, authoritiesFile) }
        if isLoopback(host) { try set(CURLOPT_PROXY, "") }
    }

    /// At least one, because libcurl takes 0 for no limit, and at most a day.
    private func milliseconds(_ seconds: Double) -> Int {
        Int(max(1, min(seconds, 86_400) * 1000))
    }

    fileprivate func setMethod(
        _ method: HTTPRequest.Method, body: [UInt8]
    ) throws(TransferError) {
        switch method {
        case .head: try set(CURLOPT_NOBODY, 1)
        case .get where body.isEmpty: try set(CURLOPT_HTTPGET, 1)
        case .delete where body.isEmpty: try set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        case .get, .post, .put, .patch, .delete:
            try set(CURLOPT_POST, 1)
            try setBody(body)
            try set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }
}
