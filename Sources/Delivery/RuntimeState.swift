package import Domain
package import Host

/// What makes one runtime process different from another.
///
/// The deployment's number is no part of it: a revert brings an earlier version back under a new
/// number, and the process that is still loaded can answer at once.
package struct RuntimeIdentity: Hashable, Sendable {
    package var model: ModelName
    package var version: SemanticVersion
    package var artifact: Digest
    package var runtime: ServingDeclaration.Runtime
    package var requirements: Digest?

    package init(_ deployment: Deployment) {
        model = deployment.model
        version = deployment.version
        artifact = deployment.artifact
        runtime = deployment.serving.runtime
        requirements = deployment.serving.requirements
    }
}

/// A runtime process and where it listens.
package struct RuntimeProcess: Hashable, Sendable {
    package var process: ProcessIdentity
    package var port: Int

    package init(process: ProcessIdentity, port: Int) {
        self.process = process
        self.port = port
    }
}

/// What is known about one runtime.
package struct RuntimeState: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// Its start is under way, until it has answered the warm-up request.
        case starting
        case ready(RuntimeProcess)
        /// It did not become healthy, or it died.
        case broken(Failure, retryAt: Instant)
        /// It is being drained and stopped.
        case stopping
    }

    /// What the gateway was told.
    package struct Routed: Hashable, Sendable {
        package var number: Int
        package var port: Int
    }

    /// The latest deployment that wanted it.
    package var deployment: Deployment
    package var phase: Phase
    /// Failed starts in a row.
    package var attempts = 0
    /// Why it last broke; nil once it is ready again.
    package var failure: Failure?
    /// When the last start ended well; nil: never.
    package var readyAt: Instant?
    /// nil: the gateway sends it nothing.
    package var routed: Routed?
    /// When it was last given traffic; nil: never.
    package var routedAt: Instant?

    package init(deployment: Deployment, phase: Phase) {
        self.deployment = deployment
        self.phase = phase
    }

    package var identity: RuntimeIdentity { RuntimeIdentity(deployment) }

    package var process: RuntimeProcess? {
        if case .ready(let process) = phase { process } else { nil }
    }
}

/// What to do next to make what is served match what is desired.
package enum ServingAction: Hashable, Sendable {
    case start(Deployment)
    /// Give it the model's traffic, under this deployment's number.
    case route(Deployment, RuntimeProcess)
    /// Nothing of this model is wanted any more.
    case unroute(ModelName)
    /// Drain and stop it.
    case stop(RuntimeIdentity)
    /// It is broken and nobody wants it.
    case forget(RuntimeIdentity)
    /// Nothing, until something happens or this moment comes.
    case wait(until: Instant?)
}

/// Decides the next step from values alone; call it again after each one.
///
/// The order keeps traffic safe: a new version is routed before an old one is stopped, and what
/// answers traffic is stopped only when its model is wanted no more.
package func nextServingAction(
    desired: [ModelName: Deployment], runtimes: [RuntimeIdentity: RuntimeState],
    keepResident: Int, now: Instant
) -> ServingAction {
    let ordered = runtimes.values.sorted { before($0, $1) }
    let routed = ordered.filter { $0.routed != nil }
    if let gone = routed.first(where: { desired[$0.deployment.model] == nil }) {
        return .unroute(gone.deployment.model)
    }
    for deployment in desired.values.sorted(by: { $0.model < $1.model }) {
        if let action = approach(deployment, runtimes[RuntimeIdentity(deployment)], now) {
            return action
        }
    }
    for runtime in routed {
        // Because until the new version is healthy the old one is what people depend on.
        if case .broken(_, let retryAt) = runtime.phase, now >= retryAt {
            return .start(runtime.deployment)
        }
    }
    let wanted = Set(desired.values.map(RuntimeIdentity.init))
    let spare = ordered.filter { $0.routed == nil && !wanted.contains($0.identity) }
    if let action = discard(spare, desired: desired, keepResident: keepResident) { return action }
    return .wait(until: nextRetry(ordered, wanted: wanted))
}

/// What brings one deployment nearer to serving; nil: nothing now.
private func approach(
    _ deployment: Deployment, _ runtime: RuntimeState?, _ now: Instant
) -> ServingAction? {
    guard let runtime else { return .start(deployment) }
    switch runtime.phase {
    case .starting, .stopping: return nil
    case .broken(_, let retryAt): return now >= retryAt ? .start(deployment) : nil
    case .ready(let process):
        let target = RuntimeState.Routed(number: deployment.number, port: process.port)
        return runtime.routed == target ? nil : .route(deployment, process)
    }
}

/// What to do with runtimes that nobody wants: the most recent ones stay loaded.
private func discard(
    _ spare: [RuntimeState], desired: [ModelName: Deployment], keepResident: Int
) -> ServingAction? {
    var kept: [ModelName: Int] = [:]
    for runtime in spare {
        let model = runtime.deployment.model
        switch runtime.phase {
        case .starting, .stopping: continue
        case .broken: return .forget(runtime.identity)
        case .ready:
            let isKept =
                desired[model] != nil && runtime.routedAt != nil
                && kept[model, default: 0] < keepResident
            guard isKept else { return .stop(runtime.identity) }
            kept[model, default: 0] += 1
        }
    }
    return nil
}

private func nextRetry(_ runtimes: [RuntimeState], wanted: Set<RuntimeIdentity>) -> Instant? {
    runtimes.compactMap { runtime -> Instant? in
        guard case .broken(_, let retryAt) = runtime.phase else { return nil }
        return runtime.routed != nil || wanted.contains(runtime.identity) ? retryAt : nil
    }.min()
}

/// By model, then what was given traffic last first.
private func before(_ left: RuntimeState, _ right: RuntimeState) -> Bool {
    let models = (left.deployment.model, right.deployment.model)
    guard models.0 == models.1 else { return models.0 < models.1 }
    let moments = (left.routedAt?.milliseconds ?? -1, right.routedAt?.milliseconds ?? -1)
    guard moments.0 == moments.1 else { return moments.0 > moments.1 }
    return left.deployment.number > right.deployment.number
}
