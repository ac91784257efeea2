import ArgumentParser
import Daemon
import Delivery
import Domain
import Gateway
import Git
import Host
import Logging
import Provenance
import Registry
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve what an environment's branch says.",
        discussion: """
            Follows the branch slipway/<environment>, runs the models and the gateway in front of \
            them, in the foreground; a crash of the daemon does not disturb it. SIGTERM drains.

            Example:
              slipway serve --environment production
            """)

    @Option(help: "Which environment.")
    var environment: EnvironmentName

    @OptionGroup var state: StateOption

    @Option(
        help: ArgumentHelp(
            "Where the gateway listens; else what the environment's file says.",
            valueName: "host:port"))
    var listen: String?

    @OptionGroup var log: LogOption

    func run() async throws {
        let folder = state.folder
        let daemon = try DaemonConfiguration(stateFolder: folder.path)
        let address = try listen.map { try ListenAddress($0) }
        let logger = talkLogger(log.logLevel)
        let runtime = try readFile(
            try sharedPath("templates/runtimes/sklearn.py"), limitBytes: 1 << 20)
        let own = "\(folder.path)/serve-\(environment)"
        var bounds = GatewayConfiguration()
        bounds.threads = usableProcessors()
        let gateway = GatewayServer(configuration: bounds)
        guard !FileLock.isHeld("\(own)/serve.lock") else {
            throw Stop(
                .refused, "a `slipway serve` of \(environment) runs here already", at: own,
                hint: other(folder))
        }
        // A mirror of its own, so that daemon and serve never fetch into the same folder.
        let mirror = "\(own)-mirror"
        let upstream = Upstream(
            location: daemon.repository, stateFolder: mirror, runner: gitRunner())
        if upstream.kind != .direct { try makeFolder(mirror) }
        let agent = ServeAgent(
            configuration: ServeConfiguration(stateFolder: own, sklearnRuntime: runtime),
            gateway: gateway, hooks: hooks(folder, upstream), logger: logger)
        let follower = BranchFollower(
            environment: environment, upstream: upstream, agent: agent, gateway: gateway,
            listen: address, folder: folder, logger: logger)
        let group = ServiceGroup(
            services: [
                SocketService(path: folder.serveSocket(environment), agent: agent, follower),
                AgentService(agent: agent), follower,
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
        try removeFile(folder.serveAddress(environment))
    }

    /// How to find the one that runs.
    private func other(_ folder: StateFolder) -> String {
        guard let address = ProcessAddress(file: folder.serveAddress(environment)) else {
            // The address is written when the gateway opens.
            return "it waits for its first deployment; slipway doctor"
        }
        let pid = address.pid
        return "process \(pid) serves \(environment) at \(address.url); kill \(pid) drains it"
    }

    /// Models come from the artifact store, environments are made from requirements in it.
    private func hooks(_ folder: StateFolder, _ upstream: Upstream) -> ServeHooks {
        @Sendable func store() async throws -> ArtifactStore {
            let artifacts = try await artifactsFolder(of: upstream.open(), state: folder)
            return ArtifactStore(folder: artifacts)
        }
        return ServeHooks(
            materialise: { digest, path in try await store().materialise(digest, at: path) },
            environment: { digest in
                let requirements = try await store().read(digest)
                return try await PythonEnvironment.prepare(
                    requirements: requirements, digest: digest, in: folder.environments
                ).binFolder
            })
    }
}

/// The runtimes as a service: it ends when all are stopped.
private struct AgentService: Service {
    let agent: ServeAgent

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await agent.run() }
    }
}

/// Answers `status` and `wake` at the environment's socket.
private struct SocketService: Service {
    let path: String
    let agent: ServeAgent
    let follower: BranchFollower

    init(path: String, agent: ServeAgent, _ follower: BranchFollower) {
        self.path = path
        self.agent = agent
        self.follower = follower
    }

    func run() async throws {
        let listener = LocalListener(path: path, requestLimitBytes: 1 << 10)
        try await cancelWhenGracefulShutdown {
            try await listener.run { request in
                switch String(decoding: request, as: UTF8.self) {
                case "status": return canonicalJSON(agent.live())
                case "wake":
                    follower.wake()
                    return Array("ok".utf8)
                default: return Array("what?".utf8)
                }
            }
        }
    }
}
