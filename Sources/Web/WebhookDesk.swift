import Domain
import Forges
import FoundationEssentials
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Takes webhooks: proves that one is authentic and new, and asks for a look at the repository.
///
/// What a webhook says is never read. Neither secrets nor bodies are logged.
final class WebhookDesk: Sendable {
    /// What became of a request.
    enum Outcome: String, CaseIterable, Sendable {
        case accepted, repeated, ping, refused, limited
        case tooLarge = "too_large"
    }

    private struct Ledger: Sendable {
        var deliveries = DeliveryMemory(capacity: 2000)
        var rate = RequestRate()
        var counts: [Outcome: Int] = [:]
        /// When each reason was last logged.
        var warnedAt: [String: Instant] = [:]
    }

    /// A body that has not come by then is given up.
    private static let bodySecondsMax = 15
    private static let warningSecondsMin = 60.0
    private static let reasonsMax = 32

    private let endpoints: [String: WebhookEndpoint]
    private let ledgers: Mutex<[String: Ledger]>
    private let hint: @Sendable () async -> Void
    private let logger: Logger
    private let now: @Sendable () -> Instant

    init(
        _ endpoints: [WebhookEndpoint], hint: @escaping @Sendable () async -> Void,
        logger: Logger, clock: @escaping @Sendable () -> Instant
    ) {
        self.endpoints = Dictionary(endpoints.map { ($0.name, $0) }) { first, _ in first }
        ledgers = Mutex(self.endpoints.mapValues { _ in Ledger() })
        self.hint = hint
        self.logger = logger
        now = clock
    }

    /// How many requests each webhook had, by what became of them.
    var counts: [(name: String, outcome: Outcome, count: Int)] {
        ledgers.withLock { ledgers in
            ledgers.sorted { $0.key < $1.key }.flatMap { name, ledger in
                Outcome.allCases.map { (name, $0, ledger.counts[$0] ?? 0) }
            }
        }
    }

    /// Answers the request when its path is that of webhooks; nil: it is not.
    func answer(_ request: Request) async throws -> Response? {
        let start = "/webhooks/"
        guard request.method == .post, request.uri.path.hasPrefix(start) else { return nil }
        let name = String(request.uri.path.dropFirst(start.count))
        guard let endpoint = endpoints[name] else {
            throw WebFailure.missing(
                "there is no webhook `\(name.prefix(80))`",
                hint: "`webhooks` in the state folder's config.json names them")
        }
        guard change(name, { $0.rate.take(at: now()) }) else {
            count(name, .limited)
            throw WebFailure(status: .tooManyRequests)
        }
        let body = try await body(of: request, endpoint)
        return try await take(endpoint, headers(of: request), body)
    }

    private func take(
        _ endpoint: WebhookEndpoint, _ headers: [String: String], _ body: [UInt8]
    ) async throws -> Response {
        let name = endpoint.name
        let secrets: [[UInt8]]
        do {
            secrets = try endpoint.secrets()
        } catch {
            let failure = WebFailure(error).failure
            let place = failure.place.map { "\($0): " } ?? ""
            refused(name, "its secret cannot be read: \(place)\(failure.what)")
            // Because strangers need not know where secrets are kept.
            throw WebFailure(
                status: .serviceUnavailable,
                failure: Failure("the webhook's secret cannot be read", hint: "see the log"))
        }
        switch verifyWebhook(
            kind: endpoint.kind, headers: headers, body: body, secrets: secrets, now: now())
        {
        case .refused(let reason, let status):
            refused(name, reason)
            throw WebFailure(status: .init(code: status), failure: Failure(reason))
        case .ping:
            count(name, .ping)
            return try said("pong", .ok)
        case .accepted(let hinted):
            let key = DeliveryKey(hinted, body: body)
            guard change(name, { $0.deliveries.remember(key, at: now()) }) else {
                count(name, .repeated)
                return try said("repeated", .ok)
            }
            count(name, .accepted)
            logger.debug("webhook \(name): \(hinted.event)")
            await hint()
            return try said("accepted", .accepted)
        }
    }

    /// Reads no more than the endpoint allows, and not for longer than the deadline.
    private func body(
        of request: Request, _ endpoint: WebhookEndpoint
    ) async throws -> [UInt8] {
        let limit = endpoint.bodyBytesMax
        let tooLarge = WebFailure(
            status: .contentTooLarge,
            failure: Failure("the webhook's body has more than \(limit) bytes"))
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            count(endpoint.name, .tooLarge)
            throw tooLarge
        }
        let body = request.body
        do {
            return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                group.addTask { Array(try await body.collect(upTo: limit).readableBytesView) }
                group.addTask {
                    try await Task.sleep(for: .seconds(Self.bodySecondsMax))
                    throw WebFailure(status: .requestTimeout)
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            count(endpoint.name, .tooLarge)
            throw tooLarge
        } catch is NIOTooManyBytesError {
            count(endpoint.name, .tooLarge)
            throw tooLarge
        } catch let error as WebFailure {
            throw error
        } catch {
            throw WebFailure.malformed("the request's body cannot be read: \(error)")
        }
    }

    /// By lower-case name; one that came twice is one that nothing fits.
    private func headers(of request: Request) -> [String: String] {
        var headers: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        return headers
    }

    /// Whoever set the webhook up wrongly finds it in the log, each reason once a minute at most.
    private func refused(_ name: String, _ reason: String) {
        count(name, .refused)
        let isDue = change(name) { ledger in
            let now = now()
            ledger.warnedAt = ledger.warnedAt.filter {
                now.seconds(since: $0.value) < Self.warningSecondsMin
            }
            guard ledger.warnedAt[reason] == nil, ledger.warnedAt.count < Self.reasonsMax else {
                return false
            }
            ledger.warnedAt[reason] = now
            return true
        }
        if isDue { logger.warning("webhook \(name): \(reason)") }
    }

    private func count(_ name: String, _ outcome: Outcome) {
        _ = change(name) { ledger in
            ledger.counts[outcome, default: 0] += 1
            return true
        }
    }

    private func change(_ name: String, _ body: (inout Ledger) -> Bool) -> Bool {
        ledgers.withLock { ledgers in
            guard var ledger = ledgers[name] else { return false }
            defer { ledgers[name] = ledger }
            return body(&ledger)
        }
    }

    private func said(_ word: String, _ status: HTTPResponse.Status) throws -> Response {
        var response = try jsonAnswer(["status": word])
        response.status = status
        return response
    }
}

/// The time as the system has it.
func systemTime() -> Instant {
    Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
}
