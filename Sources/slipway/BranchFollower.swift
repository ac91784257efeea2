import Daemon
import Delivery
import Domain
import Gateway
import Git
import Host
import Logging
import ServiceLifecycle

/// Tells the agent what the environment's branch says, and opens the gateway once it says where.
struct BranchFollower: Service {
    private let environment: EnvironmentName
    private let upstream: Upstream
    private let agent: ServeAgent
    private let gateway: GatewayServer
    private let listen: ListenAddress?
    private let folder: StateFolder
    private let logger: Logger
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        environment: EnvironmentName, upstream: Upstream, agent: ServeAgent,
        gateway: GatewayServer, listen: ListenAddress?, folder: StateFolder, logger: Logger
    ) {
        self.environment = environment
        self.upstream = upstream
        self.agent = agent
        self.gateway = gateway
        self.listen = listen
        self.folder = folder
        self.logger = logger
    }

    /// Makes it look at the branch now.
    func wake() { wakes.continuation.yield() }

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await follow() }
    }

    private func follow() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await tick() }
            var seen: CommitID?
            var open: ListenAddress?
            var trouble: String?
            var isAbsenceTold = false
            wake()
            for await _ in wakes.stream {
                do {
                    guard let tip = try await tip() else {
                        if !isAbsenceTold { try await tellAbsence() }
                        isAbsenceTold = true
                        continue
                    }
                    isAbsenceTold = false
                    guard tip != seen else { continue }
                    let desired = try await desired(at: tip)
                    open = try await openGateway(desired, open)
                    agent.setDesired(desired)
                    logger.info("following \(tip.short): \(desired.deployments.count) deployed")
                    (seen, trouble) = (tip, nil)
                } catch {
                    if Task.isCancelled { break }
                    // Because an address that cannot be had is not mended by waiting.
                    if let error = error as? GatewayError { throw error }
                    let what = words(for: error).what
                    if what != trouble { logger.warning("\(what); what serves goes on") }
                    trouble = what
                }
            }
            group.cancelAll()
        }
    }

    /// Looks every second at a repository on this machine, every five at a remote one.
    private func tick() async {
        let seconds = upstream.kind == .direct ? 1 : 5
        while !Task.isCancelled {
            // Because a sleep ends early only when the task is cancelled, which ends the loop.
            _ = try? await Task.sleep(for: .seconds(seconds))
            wake()
        }
        wakes.continuation.finish()
    }

    /// The branch's commit; nil before there is a branch.
    private func tip() async throws -> CommitID? {
        try await upstream.refresh()
        return try await upstream.open().ref("refs/heads/slipway/\(environment)")
    }

    /// Because whoever mistyped the environment's name would wait for ever.
    private func tellAbsence() async throws {
        let names = try await environments(of: try await upstream.open())
        let waits = "waiting for the branch `slipway/\(environment)`"
        if names.contains(environment) {
            logger.warning("nothing was ever assigned to \(environment); \(waits)")
        } else {
            let known = names.map(\.text).joined(separator: ", ")
            logger.warning(
                "there is no environment \(environment); \(waits)",
                metadata: ["environments": "\(known.isEmpty ? "none" : known)"])
        }
    }

    /// Those that have a branch, and those that the repository's own branch declares.
    private func environments(of repository: Repository) async throws -> [EnvironmentName] {
        let prefix = "refs/heads/slipway/"
        var names = try await repository.refs(prefix: prefix)
            .map { String($0.name.dropFirst(prefix.count)) }
        if let branch = try await repository.headBranch, let tip = try await repository.ref(branch)
        {
            names += try await repository.listing(of: tip).map(\.path)
                .filter { $0.hasPrefix("environments/") && $0.hasSuffix(".yaml") }
                .map { String($0.dropFirst(13).dropLast(5)) }
        }
        return Set(names.compactMap { EnvironmentName($0) }).sorted()
    }

    private func desired(at tip: CommitID) async throws -> DesiredState {
        let repository = try await upstream.open()
        var files: [String: [UInt8]] = [:]
        for entry in try await repository.listing(of: tip) where DesiredState.reads(entry.path) {
            files[entry.path] = try await repository.blob(entry.blob, limitBytes: 4 << 20)
        }
        return DesiredState(files: files)
    }

    private func openGateway(
        _ desired: DesiredState, _ open: ListenAddress?
    ) async throws -> ListenAddress? {
        guard let text = desired.environment?.gatewayListen, listen == nil else {
            return try await start(listen, open)
        }
        let wanted = try ListenAddress(text)
        if let open, open != wanted {
            logger.warning("the gateway moves to \(text) when `slipway serve` is restarted")
        }
        return try await start(wanted, open)
    }

    private func start(
        _ wanted: ListenAddress?, _ open: ListenAddress?
    ) async throws -> ListenAddress? {
        guard open == nil, let wanted else { return open }
        let port = try await gateway.start(host: wanted.host, port: wanted.port)
        let url = "http://\(wanted.host):\(port)"
        let address = ProcessAddress(url: url, pid: ProcessIdentity.own.pid)
        try writeFileAtomically(folder.serveAddress(environment), prettyJSON(address))
        logger.notice("the gateway of \(environment) listens on \(url)")
        return wanted
    }
}
