import Compute
package import Domain
import Git
import Host
import Journal
package import Logging
import Registry
package import ServiceLifecycle
import UnixSignals

/// Runs the daemon until it is told to stop: loop, hook socket, and the server that `web` makes.
///
/// SIGTERM and SIGINT drain: the turn under way ends, steps go on under their supervisors, and
/// the next start finds them again. Throws when another daemon holds the state folder, or when
/// something that it cannot live without is not there.
package func runDaemon(
    _ configuration: DaemonConfiguration, state: StateFolder, executable: String, logger: Logger,
    web: @Sendable (DaemonSources) -> any Service
) async throws(Failure) {
    try await runDaemon(
        configuration, state: state, executable: executable, logger: logger,
        signals: [.sigterm, .sigint], web: web)
}

/// As above; without signals it drains with the group of services that it runs in.
func runDaemon(
    _ configuration: DaemonConfiguration, state: StateFolder, executable: String, logger: Logger,
    signals: [UnixSignal], web: @Sendable (DaemonSources) -> any Service
) async throws(Failure) {
    let lock = try holdState(state)
    do {
        let workshop = try await openWorkshop(
            configuration, state: state, executable: executable, logger: logger)
        for finding in workshop.trust.diagnostics {
            logger.warning("\(finding.place): \(finding.message)")
        }
        try clearTemporary(of: workshop.store, state)
        try clearTemporary(of: workshop.cache, state)
        let reconciler = Reconciler(workshop)
        let tools = ReportTools(
            journal: workshop.journal, logger: logger, clock: workshop.clock)
        let reporter = try Reporter(configuration, state, tools, reconciler.reportSources)
        let sources = DaemonSources(workshop, reconciler, tools.counts)
        let group = ServiceGroup(
            // The last is the first to end, so that all that was decided can still be told.
            services: [
                reporter, LoopService(reconciler: reconciler), HookService(workshop, reconciler),
                web(sources),
            ],
            gracefulShutdownSignals: signals, logger: logger)
        do {
            try await group.run()
        } catch {
            try removeFile(state.daemonAddress)
            throw error
        }
        try removeFile(state.daemonAddress)
    } catch {
        throw failure(of: error)
    }
    _ = consume lock
}

/// Removes what a killed daemon left half written in its artifact store.
///
/// Only below the state folder, which we hold for ourselves: a folder elsewhere may be shared.
private func clearTemporary(of store: ArtifactStore, _ state: StateFolder) throws {
    guard store.folder.hasPrefix(state.path + "/") else { return }
    try removeTree("\(store.folder)/tmp")
}

/// Takes the state folder for this process alone.
func holdState(_ state: StateFolder) throws(Failure) -> FileLock {
    do throws(HostError) {
        try makeFolder(state.path)
        if let lock = try FileLock.tryTake(state.lock) { return lock }
    } catch {
        throw error.failure
    }
    throw Failure(
        "a daemon already works with this state", at: state.path,
        hint: "slipway status; or give this one another folder with --state")
}

/// Opens repository, journal, artifacts and trust.
func openWorkshop(
    _ configuration: DaemonConfiguration, state: StateFolder, executable: String, logger: Logger
) async throws -> Workshop {
    let trust = try StartingTrust(state, rule: configuration.review)
    let upstream = Upstream(
        location: configuration.repository, stateFolder: state.path, runner: gitRunner())
    // A mirror that was filled once is opened without its remote: the loop says that it is gone.
    let repository = try await upstream.open()
    return Workshop(
        configuration: configuration, folder: state, upstream: upstream, repository: repository,
        journal: try Journal(path: state.journal),
        store: ArtifactStore(folder: try await artifactsFolder(of: repository, state: state)),
        trust: trust, executor: LocalExecutor(stepSupervisor: [executable, "step"]),
        logger: logger)
}

/// The loop as a service: it ends when the group drains.
struct LoopService: Service {
    let reconciler: Reconciler

    func run() async throws {
        await cancelWhenGracefulShutdown { await reconciler.run() }
    }
}

/// Deletes the journal and restores it from git; returns what was found.
///
/// What git has counts from then on, also where decisions are missing or were altered.
///
/// Throws while a daemon works with the same state.
package func rebuild(
    _ configuration: DaemonConfiguration, state: StateFolder, executable: String, logger: Logger
) async throws(Failure) -> (decisions: Int, models: Int) {
    let lock = try holdState(state)
    do {
        try Journal.delete(path: state.journal)
        let workshop = try await openWorkshop(
            configuration, state: state, executable: executable, logger: logger)
        try await workshop.upstream.refresh()
        let found = try await Reconciler(workshop).restore()
        _ = consume lock
        return found
    } catch {
        throw failure(of: error)
    }
}

extension Reconciler {
    /// Reads everything from git once, without acting on it.
    func restore() async throws -> (decisions: Int, models: Int) {
        log.acceptLoss()
        try await load()
        _ = try await desk.refresh()
        try await look()
        for model in records.keys { try await saveStatus(model) }
        return (records.values.reduce(0) { max($0, $1.lastSequence) }, records.count)
    }
}
