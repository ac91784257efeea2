package import Domain

/// Everything the agent knows, as one value: what is wanted and what became of each runtime.
///
/// Each method is one event; none of them does anything outside the value.
package struct ServingBoard: Sendable {
    package private(set) var desired: [ModelName: Deployment] = [:]
    package private(set) var runtimes: [RuntimeIdentity: RuntimeState] = [:]
    package var keepResident: Int

    /// A runtime that was healthy for so long starts anew with short pauses when it dies.
    private static let provenSeconds = 60.0
    private static let pauseSecondsMax = 60.0

    package init(keepResident: Int) { self.keepResident = keepResident }

    package func next(_ now: Instant) -> ServingAction {
        nextServingAction(
            desired: desired, runtimes: runtimes, keepResident: keepResident, now: now)
    }

    /// Something else is wanted; what changed is tried at once, however often it failed before.
    package mutating func want(_ state: DesiredState, at now: Instant) {
        var wanted = state.deployments
        for model in state.unreadable { wanted[model] = desired[model] }
        for (model, deployment) in wanted where desired[model] != deployment {
            update(RuntimeIdentity(deployment)) { runtime in
                guard case .broken(let failure, _) = runtime.phase else { return }
                runtime.phase = .broken(failure, retryAt: now)
                runtime.attempts = 0
            }
        }
        desired = wanted
        if let keep = state.environment?.keepResident { keepResident = max(0, keep) }
    }

    package mutating func starting(_ deployment: Deployment) {
        let identity = RuntimeIdentity(deployment)
        var runtime =
            runtimes[identity] ?? RuntimeState(deployment: deployment, phase: .starting)
        runtime.phase = .starting
        runtime.deployment = deployment
        runtimes[identity] = runtime
    }

    package mutating func ready(
        _ identity: RuntimeIdentity, _ process: RuntimeProcess, at now: Instant
    ) {
        update(identity) {
            $0.phase = .ready(process)
            $0.failure = nil
            $0.readyAt = now
        }
    }

    package mutating func broke(
        _ identity: RuntimeIdentity, _ failure: Failure, at now: Instant
    ) {
        update(identity) { runtime in
            if let readyAt = runtime.readyAt, now.seconds(since: readyAt) >= Self.provenSeconds {
                runtime.attempts = 0
            }
            runtime.attempts += 1
            let doublings = min(runtime.attempts - 1, 16)
            let pause = min(Self.pauseSecondsMax, 0.5 * Double(1 << doublings))
            var failure = failure
            failure.place = failure.place ?? "\(identity.model) \(identity.version)"
            failure.disposition = .retry(afterSeconds: pause)
            runtime.failure = failure
            runtime.phase = .broken(failure, retryAt: now.advanced(bySeconds: pause))
        }
    }

    package mutating func routed(
        _ deployment: Deployment, _ process: RuntimeProcess, at now: Instant
    ) {
        unrouted(deployment.model)
        update(RuntimeIdentity(deployment)) {
            $0.deployment = deployment
            $0.routed = RuntimeState.Routed(number: deployment.number, port: process.port)
            $0.routedAt = now
        }
    }

    package mutating func unrouted(_ model: ModelName) {
        for identity in runtimes.keys where identity.model == model {
            update(identity) { $0.routed = nil }
        }
    }

    package mutating func stopping(_ identity: RuntimeIdentity) {
        update(identity) { $0.phase = .stopping }
    }

    /// The runtimes that have answered their warm-up, each with its process.
    ///
    /// A plain loop, because Swift 6.3.1 crashes while optimising the same in a `compactMap`.
    package var loaded: [(deployment: Deployment, runtime: RuntimeProcess)] {
        var found: [(deployment: Deployment, runtime: RuntimeProcess)] = []
        for state in runtimes.values {
            guard let process = state.process else { continue }
            found.append((state.deployment, process))
        }
        return found
    }

    package mutating func gone(_ identity: RuntimeIdentity) { runtimes[identity] = nil }

    /// Whether a start that is under way still serves a purpose.
    package func isWanted(_ identity: RuntimeIdentity) -> Bool {
        desired[identity.model].map(RuntimeIdentity.init) == identity
            || runtimes[identity]?.routed != nil
    }

    private mutating func update(
        _ identity: RuntimeIdentity, _ change: (inout RuntimeState) -> Void
    ) {
        guard var runtime = runtimes[identity] else { return }
        change(&runtime)
        runtimes[identity] = runtime
    }
}

extension ServingBoard {
    /// What the environment reports about each model, sorted by name; without request counts.
    package var live: [LiveModel] {
        let served = runtimes.values.filter { $0.routed != nil }.map(\.deployment.model)
        return Set(desired.keys).union(served).sorted().map(live(of:))
    }

    private func live(of model: ModelName) -> LiveModel {
        let mine = runtimes.values.filter { $0.deployment.model == model }
        let routed = mine.first { $0.routed != nil }
        let answers = routed?.process != nil
        let resident = mine.filter { $0.routed == nil && $0.routedAt != nil && $0.process != nil }
        let problem = problem(of: model) ?? routed?.failure
        let number = answers ? routed?.routed?.number : nil
        let isDone = number != nil && number == desired[model]?.number
        return LiveModel(
            model: model, version: answers ? routed?.deployment.version : nil, number: number,
            health: problem != nil ? .failing : isDone ? .serving : .starting,
            resident: resident.map(\.deployment.version).sorted(), problem: problem,
            requests: 0, failedRequests: 0)
    }

    private func problem(of model: ModelName) -> Failure? {
        desired[model].flatMap { runtimes[RuntimeIdentity($0)]?.failure }
    }
}
