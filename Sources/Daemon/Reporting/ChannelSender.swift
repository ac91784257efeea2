import Domain
import Forges
import Transfer

/// What became of one attempt to tell a channel something.
enum Delivery: Hashable, Sendable {
    case sent
    /// It may work later; `afterSeconds` is what the other side asked for.
    case again(Failure, afterSeconds: Double?)
    /// Sending the same again would have the same answer.
    case refused(Failure)
    /// We were told to end: it is not known, and no fault.
    case interrupted
}

/// Sends letters over one channel.
struct ChannelSender: Sendable {
    let channel: Channel
    private let tools: ReportTools
    /// Its own, so that another channel's slow server keeps nobody waiting here.
    private let client: HTTPClient

    init(_ channel: Channel, _ tools: ReportTools) {
        self.channel = channel
        self.tools = tools
        client = HTTPClient(
            userAgent: "slipway",
            limits: HTTPClient.Limits(
                connectSeconds: min(10, tools.answerSeconds), wholeSeconds: tools.answerSeconds,
                responseBytesMax: 1 << 20, atOnce: 1, waitingMax: 4),
            authoritiesFile: channel.authoritiesFile)
    }

    func send(_ letter: OutboxLetter) async -> Delivery {
        do {
            switch channel.target {
            case .slack(let address):
                return try await post(
                    letter.notice.slackBody,
                    [
                        ("content-type", "application/json"),
                        // Because Slack drops no repeats; who stands between may.
                        ("idempotency-key", letter.notice.id),
                    ],
                    to: try address.text("the address of channel `\(channel.name)`"))
            case .webhook(let address, let keys):
                let hook = letter.notice.hook(keys: try signingKeys(keys), at: tools.clock())
                return try await post(
                    hook.body, hook.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
                    to: try address.text("the address of channel `\(channel.name)`"))
            case .mail(let target): return try await mail(letter, target)
            }
        } catch let error as TransferError {
            return delivery(of: error)
        } catch let error as ForgesError {
            return .again(error.failure, afterSeconds: nil)
        } catch {
            // Because a secret that is not there may be put there.
            return .again(failure(of: error), afterSeconds: nil)
        }
    }

    /// One a line, so that keys can be changed one after the other.
    private func signingKeys(_ place: SecretPlace) throws -> [SigningKey] {
        let what = "the signing key of channel `\(channel.name)`"
        return try place.read(what).split(whereSeparator: { $0 == 10 || $0 == 13 })
            .map { try SigningKey(secret: Array($0)) }
    }

    private func post(
        _ body: [UInt8], _ headers: [(String, String)], to url: String
    ) async throws -> Delivery {
        // Because the request has a name of its own for who asks.
        let headers = headers.filter { $0.0 != "user-agent" }
        let answer = try await client.send(HTTPRequest(.post, url, headers: headers, body: body))
        if (200..<300).contains(answer.status) { return .sent }
        let failure = Failure(
            "channel `\(channel.name)` answers \(answer.status)", hint: hint(answer.status))
        let wanted = waitAsked(by: answer, at: tools.clock())
        switch answer.status {
        case 401, 403, 408, 409, 423, 425, 429, 500..<600:
            return .again(failure, afterSeconds: wanted)
        default: return .refused(failure)
        }
    }

    private func hint(_ status: Int) -> String {
        switch status {
        case 300..<400: "the address has moved: correct it in config.json"
        case 401, 403: "check the address and the signing key"
        case 404, 410: "the address is no more: correct it in config.json, then retry the letter"
        default: "see what the receiver's log says"
        }
    }

    private func mail(_ letter: OutboxLetter, _ target: Channel.MailTarget) async throws -> Delivery
    {
        let password = try target.password?.text("the password of channel `\(channel.name)`")
        let server = MailServer(
            host: target.host, port: target.port, security: target.security, user: target.user,
            password: password, authoritiesFile: channel.authoritiesFile,
            connectSeconds: min(10, tools.answerSeconds), wholeSeconds: tools.answerSeconds)
        let words = letter.notice.mail
        try await server.send(
            Mail(
                from: target.from, to: target.to, subject: words.subject, text: words.text,
                messageID: letter.messageID ?? "\(letter.notice.id)@slipway.invalid",
                date: letter.notice.at, headers: [("Auto-Submitted", "auto-generated")]))
        return .sent
    }

    private func delivery(of error: TransferError) -> Delivery {
        switch error {
        case .cancelled: return .interrupted
        case .mailRejected(_, let code, _) where code >= 500 && ![530, 534, 535].contains(code):
            return .refused(error.failure)
        case .malformedMail, .malformedRequest: return .refused(error.failure)
        default: return .again(error.failure, afterSeconds: nil)
        }
    }
}

/// Returns how long the answer asks us to wait, in seconds; nil: it does not.
func waitAsked(by answer: HTTPResponse, at now: Instant) -> Double? {
    let headers = Dictionary(answer.headers, uniquingKeysWith: { first, _ in first })
    let isAsked =
        headers["retry-after"] != nil || headers["x-ratelimit-remaining"] == "0"
        || headers["ratelimit-remaining"] == "0"
    // Because what such headers mean is the same for whatever answer they come with.
    guard isAsked,
        case .retry(let seconds) = interpret(
            status: 429, headers: headers, body: [], for: .github, now: now)
    else { return nil }
    return seconds
}
