import ArgumentParser
import Daemon
import Domain
import Host
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

            With --state more than once, one process watches several repositories, each with its \
            own state folder and address. One that cannot be started stops no other.

            Example:
              slipway daemon --state /var/lib/slipway
              slipway daemon --state /var/lib/slipway/vision --state /var/lib/slipway/speech
            """)

    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            "The daemon's state folder, once for each repository; else SLIPWAY_STATE, else "
                + "~/.local/state/slipway.", valueName: "dir"))
    var states: [String] = []

    @OptionGroup var log: LogOption

    func run() async throws {
        let folders =
            states.isEmpty
            ? [StateFolder(statePath(nil))] : states.map { StateFolder(statePath($0)) }
        let logger = talkLogger(log.logLevel)
        guard folders.count > 1 else { return try await runOne(folders[0], logger) }
        guard Set(folders).count == folders.count else {
            throw Stop(.usage, "a state folder is named twice", hint: "one --state for each")
        }
        try await runAll(folders, logger)
    }

    private func runOne(_ folder: StateFolder, _ logger: Logger) async throws {
        let setup = try setup(folder, logger)
        try await runDaemon(
            setup.configuration, state: folder, executable: try ownExecutable(), logger: logger,
            web: setup.web)
    }

    /// Ends with an error only when none of them runs.
    private func runAll(_ folders: [StateFolder], _ logger: Logger) async throws {
        var setups: [DaemonSetup] = []
        var addresses: [ListenAddress: StateFolder] = [:]
        for folder in folders {
            var own = logger
            own[metadataKey: "state"] = "\(folder.path)"
            do {
                let setup = try setup(folder, own)
                try take(try ListenAddress(setup.configuration.listen), folder, &addresses)
                setups.append(setup)
            } catch {
                let failure = (error as? Stop)?.failure ?? words(for: error)
                own.error(
                    "this daemon does not run: \(failure.what)",
                    metadata: [
                        "where": "\(failure.place ?? "")", "hint": "\(failure.hint ?? "")",
                    ])
            }
        }
        let executable = try ownExecutable()
        let failed = setups.isEmpty ? 0 : try await runDaemons(setups, executable: executable)
        guard failed < setups.count else {
            throw Stop(
                .wrong, "none of the \(folders.count) daemons could be run",
                hint: "the log says why")
        }
    }

    /// Two daemons cannot listen on one port.
    private func take(
        _ address: ListenAddress, _ folder: StateFolder,
        _ taken: inout [ListenAddress: StateFolder]
    ) throws {
        guard address.port != 0 else { return }
        if let other = taken[address] {
            throw Failure(
                "port \(address.port) on \(address.host) is wanted by the daemon of "
                    + "\(other.path) too",
                at: folder.configuration, hint: "set `listen` there to another port")
        }
        taken[address] = folder
    }

    private func setup(_ folder: StateFolder, _ logger: Logger) throws -> DaemonSetup {
        let configuration = try DaemonConfiguration(stateFolder: folder.path)
        let address = try ListenAddress(configuration.listen)
        let webhooks = configuration.webhooks
        return DaemonSetup(configuration: configuration, state: folder, logger: logger) { sources in
            WebService(
                server: WebServer(
                    host: address.host, port: address.port, journal: sources.journal,
                    sources: WebSources(sources, folder, webhooks), logger: logger,
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
