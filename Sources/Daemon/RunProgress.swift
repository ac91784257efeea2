import Compute
import Domain
import Host
import Journal
import Logging
import Planning
import Provenance
import Training
import Validation

/// Keeps the journal's view of one run up to date while it is under way.
///
/// The view is for people: when it cannot be written, the run goes on and the log says so.
actor RunProgress {
    private let workshop: Workshop
    /// Whether people see it; work beside a run is not shown.
    private let isShown: Bool
    private let pushes: [Push]
    private var view: RunView
    private var ledger = RunLedger([])
    private var lastSave = 0.0

    init(_ workshop: Workshop, _ order: RunOrder, isShown: Bool = true) {
        self.workshop = workshop
        self.isShown = isShown
        pushes = isShown ? order.pushes : []
        view = RunView(
            id: order.id, commit: order.commit, candidate: order.plan.candidate.fingerprint,
            state: .running, stage: "plan", startedAt: workshop.clock(),
            steps: order.plan.runSteps.map { StepView(name: $0.name) })
    }

    /// Begins, or goes on with what an earlier life of the daemon has shown.
    func begin() async {
        do {
            if let known = try await workshop.journal.run(view.id) {
                view.startedAt = known.startedAt
                ledger = try await knownEvents()
            } else {
                try await Self.note(pushes, of: view.id, in: workshop)
            }
        } catch {
            workshop.logger.error("\(view.id): \(Daemon.failure(of: error).what)")
        }
        await save()
    }

    private func knownEvents() async throws -> RunLedger {
        let events = try await workshop.journal.events(
            of: view.id, after: 0, limit: Journal.eventsPerRunMax)
        return RunLedger(
            try events.map(\.event).filter { event in
                !Pushed.isOne(event) && !DataWarnings.isOne(event) && !PreparedRows.isOne(event)
            }.map { try decodeJSON(TrainingEvent.self, canonicalJSON($0)) })
    }

    /// Says in a run's events who pushed its commit, and why.
    static func note(_ pushes: [Push], of run: RunID, in workshop: Workshop) async throws {
        for push in pushes {
            let value = try decodeJSON(JSONValue.self, canonicalJSON(Pushed(pushed: push)))
            try await workshop.journal.append(value, of: run, at: workshop.clock())
        }
    }

    /// The event that no step reports: `{"pushed":{"by":…,"ref":…,"why":…}}`.
    private struct Pushed: Encodable {
        var pushed: Push

        static func isOne(_ event: JSONValue) -> Bool {
            if case .object(let keys) = event { keys["pushed"] != nil } else { false }
        }
    }

    func stage(_ stage: String) async {
        view.stage = stage
        await save()
    }

    /// Says in the run's events how its data was made and what its checks warn of, once.
    func tell(_ reports: [ValidationReport]) async {
        guard isShown else { return }
        do {
            let told = try PreparedRows(reports).events + DataWarnings(reports).events
            guard !told.isEmpty else { return }
            let known = try await workshop.journal.events(
                of: view.id, after: 0, limit: Journal.eventsPerRunMax)
            for event in told where !known.contains(where: { $0.event == event }) {
                try await workshop.journal.append(event, of: view.id, at: workshop.clock())
            }
        } catch {
            workshop.logger.error("\(view.id): \(Daemon.failure(of: error).what)")
        }
    }

    func allCached() async {
        for index in view.steps.indices { view.steps[index].state = .cached }
        await save()
    }

    /// The world is in the way and the run waits for it: said where people look first.
    func trouble(_ failure: Failure) async {
        view.failure = failure
        await save()
        await show(failure)
    }

    func end(_ state: RunView.State, _ failure: Failure?) async {
        view.state = state
        view.failure = failure
        view.endedAt = workshop.clock()
        await save()
        await show(nil)
    }

    private func show(_ failure: Failure?) async {
        guard isShown else { return }
        do {
            let key = "run:\(view.id)"
            if let failure {
                try await workshop.journal.setProblem(key, failure, at: workshop.clock())
            } else {
                try await workshop.journal.clearProblem(key)
            }
        } catch {
            workshop.logger.error("\(view.id): \(error.failure.what)")
        }
    }

    func follow(_ events: AsyncStream<TrainingEvent>) async {
        for await event in events { await apply(event) }
    }

    private func apply(_ event: TrainingEvent) async {
        switch event {
        case .stepStarted(let step, let attempt, let at):
            change(step) {
                $0.state = .running
                $0.attempt = attempt
                $0.startedAt = at
            }
        case .metric(let step, let point):
            change(step) { $0.lastMetric = point }
            // Because a step may report thousands a second and people read a few.
            if monotonicSeconds() - lastSave < 0.2 { return }
        case .badMetric(_, let problem):
            workshop.logger.warning("\(view.id): \(problem.place): \(problem.message)")
        case .stepEnded(let step, _, let record):
            change(step) {
                $0.state = record.cause == .exited(0) ? .done : .failed
                $0.endedAt = record.endedAt
                $0.peakMemoryBytes = record.peakMemoryBytes
            }
        case .stepLost(let step, _): change(step) { $0.state = .waiting }
        case .stepCached(let step): change(step) { $0.state = .cached }
        }
        await save()
        if ledger.isNew(event) { await append(event) }
    }

    private func change(_ step: StepName, _ edit: (inout StepView) -> Void) {
        guard let index = view.steps.firstIndex(where: { $0.name == step }) else { return }
        edit(&view.steps[index])
    }

    private func save() async {
        guard isShown else { return }
        lastSave = monotonicSeconds()
        do {
            try await workshop.journal.save(view)
        } catch {
            workshop.logger.error("\(view.id): \(error.failure.what)")
        }
    }

    private func append(_ event: TrainingEvent) async {
        do {
            let value = try decodeJSON(JSONValue.self, canonicalJSON(event))
            try await workshop.journal.append(value, of: view.id, at: workshop.clock())
        } catch {
            workshop.logger.error("\(view.id): \(Daemon.failure(of: error).what)")
        }
    }
}
