import ArgumentParser
import Daemon
import Domain
import Logging
import ServiceLifecycle
import Web

struct DaemonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon",
        abstract: "Watch the repository and do what its commits ask for.",
        discussion: """
            Runs in the foreground and logs to standard error; SIGTERM drains. Steps go on when it \
            stops, and the next start finds them again.

            Example:
              slipway daemon --state /var/lib/slipway
            """)

    @OptionGroup var state: StateOption

    @OptionGroup var log: LogOption

    func run() async throws {
        let folder = state.folder
        let configuration = try DaemonConfiguration(stateFolder: folder.path)
        let address = try ListenAddress(configuration.listen)
        let logger = talkLogger(log.logLevel)
        try await runDaemon(
            configuration, state: folder, executable: try ownExecutable(), logger: logger
        ) { sources in
            WebService(
                server: WebServer(
                    host: address.host, port: address.port, journal: sources.journal,
                    sources: WebSources(sources, folder), logger: logger,
                    onBound: { port in
                        await sources.bound(host: address.host, port: port)
                        logger.notice("listening on http://\(address.host):\(port)")
                    }))
        }
    }
}

/// The web server as one of the daemon's services.
private struct WebService: Service {
    let server: WebServer

    func run() async throws { try await server.run() }
}
