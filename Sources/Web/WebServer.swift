package import Domain
import Hummingbird
import HummingbirdCore
package import Journal
package import Logging
import NIOCore

/// Serves what the journal and the daemon know over HTTP; it makes no decisions.
package struct WebServer: Sendable {
    /// More clients than this wait until one of them leaves.
    private static let connectionsMax = 256
    /// A connection without a request for this long is closed.
    private static let idleSeconds: Int64 = 60

    private let host: String
    private let port: Int
    private let api: API
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// Makes a server that `run` starts; port 0 lets the system pick, and `onBound` hears which.
    /// `clock` tells webhooks the time; nil: the system's does.
    package init(
        host: String = "127.0.0.1", port: Int, journal: Journal, sources: WebSources,
        logger: Logger, clock: (@Sendable () -> Instant)? = nil,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        api = API(
            journal: journal, sources: sources,
            webhooks: WebhookDesk(
                sources.webhooks, hint: sources.hint, logger: logger,
                clock: clock ?? { systemTime() }))
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until the task is cancelled or its service group shuts down.
    ///
    /// Throws a `Failure` when the address cannot be listened on.
    package func run() async throws {
        let onBound = onBound
        var quiet = logger
        // Because whoever started the server says itself where it listens.
        quiet.logLevel = max(logger.logLevel, .notice)
        let application = Application(
            responder: Answering(
                routes: api.routes(), webhooks: api.webhooks, logger: logger),
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    Self.connectionsMax, logger: logger)),
            onServerRunning: { channel in
                await onBound(channel.localAddress?.port ?? 0)
            },
            logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw notListening(error, error.errnoCode)
        } catch let error as SocketAddressError.UnknownHost {
            throw notListening(error, nil)
        }
    }

    private func notListening(_ error: any Error, _ code: CInt?) -> Failure {
        // Because only Host imports the C library: EADDRINUSE on Linux, and on macOS.
        guard code == 98 || code == 48 else {
            return Failure(
                "could not listen on \(host):\(port): \(error)",
                hint: "set `listen` in the state folder's config.json to another address")
        }
        return Failure(
            "port \(port) on \(host) is in use",
            hint: "set `listen` in the state folder's config.json to another port, or see who "
                + "has it: ss -ltnp 'sport = :\(port)'")
    }
}

/// Answers by the routes, and turns whatever goes wrong into the API's errors.
private struct Answering: HTTPResponder {
    let routes: RouterResponder<BasicRequestContext>
    let webhooks: WebhookDesk
    let logger: Logger

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let response: Response
        do {
            response = try await routed(request, context)
        } catch {
            let failure = WebFailure(error)
            if failure.status.code >= 500 {
                logger.warning(
                    "\(failure.failure.what)", metadata: ["path": "\(request.uri.path)"])
            }
            response = errorAnswer(failure)
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func routed(
        _ request: Request, _ context: BasicRequestContext
    ) async throws -> Response {
        if let response = try await webhooks.answer(request) { return response }
        var request = request
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= bodyBytesMax else {
            throw WebFailure(status: .contentTooLarge)
        }
        if request.method == .post { try await readBody(of: &request) }
        let response = try await routes.respond(to: request, context: context)
        // Because the router answers what it does not know by itself, without a body.
        guard response.status.code < 400 else {
            guard response.status == .notFound else { throw WebFailure(status: response.status) }
            // Because HEAD must have the very headers of GET, the length of the body among them.
            let method = request.method == .head ? .get : request.method
            throw WebFailure.missing(
                "nothing answers `\(method) \(request.uri.path.prefix(80))`",
                hint: "docs/api.md lists every path")
        }
        return response
    }

    private func readBody(of request: inout Request) async throws {
        do {
            _ = try await request.collectBody(upTo: bodyBytesMax)
        } catch let error as any HTTPResponseError {
            throw WebFailure(status: error.status)
        } catch {
            throw WebFailure.malformed("the request's body cannot be read: \(error)")
        }
    }
}
