package import Domain
package import Gateway
import Host
package import Logging
import Synchronization

/// Makes the local environment serve what its branch says.
///
/// The loop is woken by a change of what is wanted, by the end of a start or a stop, and by a
/// timer; each time it asks the board for the next step until there is none.
package final class ServeAgent: Sendable {
    let configuration: ServeConfiguration
    let gateway: GatewayServer
    let logger: Logger
    private let launcher: RuntimeLauncher
    private let records: RuntimeRecords
    private let folders: ModelFolders
    private let board: Mutex<ServingBoard>
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// More steps than any change of what is wanted can need.
    private static let turnsMax = 10_000

    package init(
        configuration: ServeConfiguration, gateway: GatewayServer, hooks: ServeHooks,
        logger: Logger
    ) {
        self.configuration = configuration
        self.gateway = gateway
        self.logger = logger
        records = RuntimeRecords(stateFolder: configuration.stateFolder)
        folders = ModelFolders(stateFolder: configuration.stateFolder)
        launcher = RuntimeLauncher(
            configuration: configuration, hooks: hooks, gateway: gateway, records: records,
            folders: folders)
        board = Mutex(ServingBoard(keepResident: configuration.keepResident))
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says what should be served; models whose file could not be read stay as they are.
    package func setDesired(_ state: DesiredState) {
        for problem in state.problems {
            logger.warning("\(problem.place): \(problem.message)")
        }
        let models = board.withLock { board in
            board.want(state, at: now())
            return Set(board.desired.keys)
        }
        gateway.expect(models)
        wake()
    }

    /// Makes the loop look again at once.
    package func wake() { waker.yield() }

    /// What is really served, sorted by model.
    package func live() -> [LiveModel] {
        let traffic = gateway.snapshot()
        return board.withLock { $0.live }.map { model in
            var model = model
            model.requests = traffic[model.model]?.requests ?? 0
            model.failedRequests = traffic[model.model]?.failed ?? 0
            return model
        }
    }

    /// Serves until the task is cancelled; then drains the gateway and stops every runtime.
    ///
    /// May be called once. Runtimes that an earlier serve left behind are stopped first.
    package func run() async throws(Failure) {
        let lock = try takeStateFolder()
        do throws(HostError) { try folders.takeStock() } catch { throw error.failure }
        let left = await records.stopLeftovers(graceSeconds: configuration.graceSeconds)
        if left > 0 { logger.notice("stopped \(left) runtimes that an earlier serve left behind") }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            for await _ in wakes {
                noticeDeaths(&group)
                reconcile(&group)
            }
            group.cancelAll()
        }
        await stopAll()
        _ = consume lock
    }

    private func takeStateFolder() throws(Failure) -> FileLock {
        let folder = configuration.stateFolder
        let lock: FileLock?
        do throws(HostError) {
            try makeFolder(folder)
            lock = try FileLock.tryTake("\(folder)/serve.lock")
        } catch {
            throw error.failure
        }
        guard let lock else { throw DeliveryError.stateFolderInUse(folder).failure }
        return lock
    }

    // MARK: The loop

    private func tick() async {
        while !Task.isCancelled {
            wake()
            // Because a sleep ends early only when the task is cancelled, which ends the loop.
            _ = try? await Task.sleep(for: .seconds(configuration.tickSeconds))
        }
    }

    private func reconcile(_ group: inout DiscardingTaskGroup) {
        for _ in 0..<Self.turnsMax {
            let action = board.withLock { $0.next(now()) }
            guard perform(action, &group) else { return }
        }
        logger.critical("no end of steps in sight; please report this")
    }

    /// Does one step; false when there is none to do.
    private func perform(_ action: ServingAction, _ group: inout DiscardingTaskGroup) -> Bool {
        switch action {
        case .start(let deployment):
            board.withLock { $0.starting(deployment) }
            group.addTask { await self.start(deployment) }
        case .route(let deployment, let process): route(deployment, process)
        case .unroute(let model):
            setRoute(model, nil)
            board.withLock { $0.unrouted(model) }
            logger.notice("\(model) is not served any more")
        case .stop(let identity):
            let process = board.withLock { board in
                let process = board.runtimes[identity]?.process
                board.stopping(identity)
                return process
            }
            group.addTask { await self.stop(identity, process) }
        case .forget(let identity): board.withLock { $0.gone(identity) }
        case .wait: return false
        }
        return true
    }

    private func route(_ deployment: Deployment, _ process: RuntimeProcess) {
        setRoute(
            deployment.model,
            Route(
                version: deployment.version, number: deployment.number,
                upstreamPort: process.port, startedAt: now()))
        board.withLock { $0.routed(deployment, process, at: now()) }
        logger.notice(
            "\(deployment.model) \(deployment.version) serves (deployment \(deployment.number))")
    }

    private func setRoute(_ model: ModelName, _ route: Route?) {
        do throws(GatewayError) {
            try gateway.setRoute(model: model, route: route)
        } catch {
            preconditionFailure("our own address is numeric: \(error)")
        }
    }

    private func noticeDeaths(_ group: inout DiscardingTaskGroup) {
        for loaded in board.withLock({ $0.loaded }) where !isAlive(loaded.runtime.process) {
            let (deployment, runtime) = (loaded.deployment, loaded.runtime)
            group.addTask { await self.launcher.stop(runtime, artifact: deployment.artifact) }
            broke(deployment, DeliveryError.died(log: launcher.logTail(deployment)).failure)
        }
    }

    // MARK: What takes time

    private func start(_ deployment: Deployment) async {
        let identity = RuntimeIdentity(deployment)
        do throws(DeliveryError) {
            let runtime = try await launcher.start(deployment) {
                self.board.withLock { $0.isWanted(identity) }
            }
            board.withLock { $0.ready(identity, runtime, at: now()) }
        } catch .superseded {
            board.withLock { $0.gone(identity) }
        } catch {
            broke(deployment, error.failure)
        }
        wake()
    }

    private func broke(_ deployment: Deployment, _ failure: Failure) {
        board.withLock { $0.broke(RuntimeIdentity(deployment), failure, at: now()) }
        logger.warning("\(deployment.model) \(deployment.version): \(failure.what)")
    }

    private func stop(_ identity: RuntimeIdentity, _ process: RuntimeProcess?) async {
        if let process {
            let isDrained = await gateway.drain(
                model: identity.model, version: identity.version,
                deadlineSeconds: configuration.drainSeconds)
            if !isDrained {
                logger.warning("\(identity.model) \(identity.version) is stopped with requests")
            }
            await launcher.stop(process, artifact: identity.artifact)
        }
        board.withLock { $0.gone(identity) }
        wake()
    }

    private func stopAll() async {
        await gateway.stop(drainSeconds: configuration.drainSeconds)
        let running = board.withLock { $0.runtimes.values.compactMap(\.process) }
        await stopProcesses(running.map(\.process), graceSeconds: configuration.graceSeconds)
        for runtime in running { records.remove(runtime) }
    }
}
