import Domain
import Forges
import Transfer

/// Why a call to a forge came to nothing.
enum CallError: Error, Sendable {
    /// Nothing more is sent for a while: the forge, the way to it or the token is at fault.
    case pause(Failure, afterSeconds: Double?)
    /// The forge will not take this very thing.
    case refused(ForgeRefusal, status: Int)
    /// There was no call: as many as are allowed in this minute were made.
    case spent
    /// We were told to end.
    case interrupted
}

/// The line to one forge: token, deadlines, and what answers mean.
struct ForgeLine: Sendable {
    let forge: Forge
    private let token: SecretPlace
    private let client: HTTPClient
    private let tools: ReportTools

    init(_ target: Reporting.Target, _ tools: ReportTools) {
        forge = target.forge
        token = target.token
        self.tools = tools
        client = HTTPClient(
            userAgent: "slipway",
            limits: HTTPClient.Limits(
                connectSeconds: min(10, tools.answerSeconds), wholeSeconds: tools.answerSeconds,
                responseBytesMax: 8 << 20, atOnce: 1, waitingMax: 4),
            authoritiesFile: target.authoritiesFile)
    }

    /// Makes the call and returns the answer to one that went well.
    ///
    /// `stopsAt403`: whether a refusal of rights concerns everything, or this call alone.
    func call(
        _ request: ForgeRequest, stopsAt403: Bool = true
    ) async throws(CallError) -> Answer {
        let authorised = request.authorise(token: try readToken())
        guard let method = HTTPRequest.Method(rawValue: request.method.rawValue) else {
            throw .pause(Failure("\(request) cannot be sent"), afterSeconds: nil)
        }
        let headers = authorised.headers.filter { $0.key != "user-agent" }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var response: HTTPResponse
        do throws(TransferError) {
            response = try await client.send(
                HTTPRequest(method, request.url, headers: headers, body: request.body))
        } catch {
            if case .cancelled = error { throw .interrupted }
            throw .pause(error.failure, afterSeconds: nil)
        }
        // Because what a refusal says is shown to people, and a proxy may repeat what it was sent.
        if response.status >= 300, repeatsToken(response.body, of: authorised) {
            response.body = []
        }
        return try judge(response, stopsAt403: stopsAt403)
    }

    private func repeatsToken(_ body: [UInt8], of request: AuthorisedRequest) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        return request.headers.contains { name, value in
            request.request.headers[name] == nil
                && value.split(separator: " ").last.map { text.contains($0) } ?? false
        }
    }

    /// What a call brought.
    struct Answer: Sendable {
        var body: [UInt8]
        /// How long the forge wants to rest now, in seconds; nil: it does not.
        var restSeconds: Double?
    }

    private func readToken() throws(CallError) -> ForgeToken {
        do {
            return try ForgeToken(try token.text("the token of the forge"))
        } catch {
            let failure = (error as? ForgesError)?.failure ?? Daemon.failure(of: error)
            throw .pause(failure, afterSeconds: nil)
        }
    }

    private func judge(
        _ response: HTTPResponse, stopsAt403: Bool
    ) throws(CallError) -> Answer {
        let headers = Dictionary(response.headers, uniquingKeysWith: { first, _ in first })
        let now = tools.clock()
        let meaning = interpret(
            status: response.status, headers: headers, body: response.body, for: forge.kind,
            now: now)
        let wanted = waitAsked(by: response, at: now)
        switch meaning {
        case .confirmed, .alreadyThere: return Answer(body: response.body, restSeconds: wanted)
        case .retry(let seconds):
            throw .pause(
                Failure(
                    "the forge answers \(response.status)", at: forge.apiURL,
                    .retry(afterSeconds: seconds)),
                afterSeconds: wanted)
        case .permanent(let refusal):
            let concernsAll =
                (300..<400).contains(response.status) || response.status == 401
                || response.status == 403 && stopsAt403
            guard concernsAll else { throw .refused(refusal, status: response.status) }
            var failure = refusal.failure
            failure.place = forge.apiURL
            throw .pause(failure, afterSeconds: nil)
        }
    }
}
