import Domain
import Hummingbird
package import Journal
package import Logging
import NIOCore

/// Serves what the journal and the daemon know over HTTP; it makes no decisions.
package struct WebServer: Sendable {
    private let host: String
    private let port: Int
    private let api: API
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// Makes a server that `run` starts; port 0 lets the system pick, and `onBound` hears which.
    package init(
        host: String = "127.0.0.1", port: Int, journal: Journal, sources: WebSources,
        logger: Logger, onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        api = API(journal: journal, sources: sources)
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until the task is cancelled or its service group shuts down.
    ///
    /// Throws a `Failure` when the address cannot be listened on.
    package func run() async throws {
        let onBound = onBound
        let application = Application(
            responder: Answering(routes: api.routes(), logger: logger),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in
                await onBound(channel.localAddress?.port ?? 0)
            },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw notListening(error)
        }
    }

    private func notListening(_ error: IOError) -> Failure {
        // Because only Host imports the C library: EADDRINUSE on Linux, and on macOS.
        guard error.errnoCode == 98 || error.errnoCode == 48 else {
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
    let logger: Logger

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        do {
            var request = request
            if let length = request.headers[.contentLength].flatMap({ Int($0) }),
                length > bodyBytesMax
            {
                return errorAnswer(WebFailure(status: .contentTooLarge))
            }
            if request.method == .post { _ = try await request.collectBody(upTo: bodyBytesMax) }
            let response = try await routes.respond(to: request, context: context)
            // Because the router answers what it does not know by itself, without a body.
            guard response.status.code < 400 else {
                return errorAnswer(WebFailure(status: response.status))
            }
            return response
        } catch {
            let failure = WebFailure(error)
            if failure.status.code >= 500 {
                logger.warning(
                    "\(failure.failure.what)", metadata: ["path": "\(request.uri.path)"])
            }
            return errorAnswer(failure)
        }
    }
}
