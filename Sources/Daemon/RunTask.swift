import Compute
import Domain
import Evaluation
import FoundationEssentials
import Git
import Host
import Journal
import Logging
import Planning
import Registry
import Training
import Validation

/// A run that was decided on, with everything that it needs from the plan.
struct RunOrder: Sendable {
    var id: RunID
    var commit: CommitID
    var plan: ModelPlan
    /// What is assigned when the run starts.
    var baseline: Release?
}

/// How a run ended.
enum RunEnd: Sendable {
    case evaluated(RunOutcome)
    case failed(Failure)
    /// The daemon stops, or the run was cancelled; nothing is known.
    case stopped
}

/// What a run made, as the artifact store keeps it: enough to judge the candidate again.
struct RunOutcome: Hashable, Codable, Sendable {
    var candidate: Fingerprint
    /// The output folder that a runtime is given as its model.
    var artifact: Digest
    /// Of the validation reports' canonical JSON.
    var validation: Digest
    /// The evaluation's canonical JSON, in the store.
    var evaluation: Digest
    /// The predictions file in the store; nil when the step wrote the metrics itself.
    var predictions: Digest?
    var evaluateFingerprint: Fingerprint
}

/// Takes one candidate through validation, its steps and the evaluation.
struct RunTask: Sendable {
    let workshop: Workshop
    let order: RunOrder
    let folder: String
    let progress: RunProgress
    let checkout: RunCheckout
    /// How often a run whose world is in trouble is tried again.
    private let triesMax = 10

    /// `part` names a piece of work beside the run itself, with a folder of its own.
    init(_ workshop: Workshop, _ order: RunOrder, part: String? = nil) {
        self.workshop = workshop
        self.order = order
        folder = workshop.folder.run(order.id) + (part.map { "/\($0)" } ?? "")
        progress = RunProgress(workshop, order)
        checkout = RunCheckout(workshop: workshop, order: order, folder: folder)
    }

    /// Stops a run's steps and says so in the journal.
    static func cancel(_ id: RunID, _ workshop: Workshop) async throws {
        try await cancelRun(folder: workshop.folder.run(id), executor: workshop.executor)
        if var view = try await workshop.journal.run(id), view.state == .running {
            view.state = .cancelled
            view.endedAt = workshop.clock()
            try await workshop.journal.save(view)
        }
    }

    /// Runs to the end; trouble of the world is waited out, trouble of the inputs is not.
    @concurrent
    func run() async -> RunEnd {
        for attempt in 1...triesMax {
            do {
                let outcome = try await pipeline()
                await progress.end(.evaluated, nil)
                await tidy()
                return .evaluated(outcome)
            } catch {
                if Task.isCancelled { return .stopped }
                if case TrainingError.stopped = error { return .stopped }
                var failure = Daemon.failure(of: error)
                failure.place = failure.place ?? "run \(order.id), commit \(order.commit.short)"
                guard case .retry(let seconds) = failure.disposition, attempt < triesMax else {
                    await progress.end(.failed, failure)
                    return .failed(failure)
                }
                await progress.trouble(failure)
                let delay = min(max(seconds, 1) * Double(1 << min(attempt - 1, 6)), 600)
                do { try await Task.sleep(for: .seconds(delay)) } catch { return .stopped }
            }
        }
        return .stopped
    }

    private func pipeline() async throws -> RunOutcome {
        await progress.begin()
        if let known = try knownOutcome() {
            await progress.allCached()
            try await workshop.journal.saveOutcome(order.id, canonicalJSON(known))
            return known
        }
        await progress.stage("validate")
        let validation = try await DataGate(run: self).validate()
        await progress.stage("train")
        let result = try await trainSteps()
        await progress.stage("evaluate")
        let outcome = try measure(result, validation)
        try await workshop.journal.saveOutcome(order.id, canonicalJSON(outcome))
        return outcome
    }

    /// What an earlier run of the same candidate found, if all of it is still there.
    private func knownOutcome() throws -> RunOutcome? {
        guard let outcome = try Outcomes(workshop.store).outcome(order.plan, .rules),
            workshop.store.contains(outcome.artifact)
        else { return nil }
        return outcome
    }

    private func trainSteps() async throws -> TrainingResult {
        let input = try await StepInputs(run: self).input()
        let progress = progress
        let (events, report) = AsyncStream.makeStream(
            of: TrainingEvent.self, bufferingPolicy: .bufferingNewest(10_000))
        async let watching: Void = progress.follow(events)
        defer { report.finish() }
        let result = try await train(
            input, cache: stepCache, executor: workshop.executor
        ) { report.yield($0) }
        report.finish()
        await watching
        return result
    }

    var stepCache: StepCache { Daemon.stepCache(workshop, order.id.model) }

    private func measure(
        _ result: TrainingResult, _ validation: Digest
    ) throws -> RunOutcome {
        let declaration = order.plan.declaration
        guard let output = result.outputs[declaration.evaluation.step] else {
            throw Failure("step `\(declaration.evaluation.step)` left no output")
        }
        let measured = try Measurement(store: workshop.store).measure(
            declaration, output, label: "run \(order.id)")
        guard let model = result.outputs[modelStep(of: declaration)] else {
            throw Failure("step `\(modelStep(of: declaration))` left no output")
        }
        let outcome = RunOutcome(
            candidate: order.plan.candidate.fingerprint, artifact: model.artifact,
            validation: validation,
            evaluation: try workshop.store.put(canonicalJSON(measured.evaluated)),
            predictions: measured.predictions,
            evaluateFingerprint: order.plan.evaluateFingerprint)
        try Outcomes(workshop.store).keep(outcome, order.plan, at: workshop.clock())
        return outcome
    }

    /// Frees what only a run under way needs; its logs stay.
    private func tidy() async {
        do {
            try removeTree(checkout.folder)
            try removeTree("\(folder)/datasets")
        } catch {
            workshop.logger.warning("\(order.id): \(error.failure.what)")
        }
    }
}

/// The step whose output is the model: the one that produces `model`, else the first that the
/// evaluation needs.
func modelStep(of declaration: ModelDeclaration) -> StepName {
    let makers = declaration.steps.filter { step in
        step.produces.contains { $0 == "model" || $0.hasPrefix("model/") || $0.hasPrefix("model.") }
    }
    if let maker = makers.first { return maker.name }
    let evaluation = declaration.steps.first { $0.name == declaration.evaluation.step }
    return evaluation?.needs.first ?? declaration.evaluation.step
}

/// The artifact store as the memory of finished steps.
func stepCache(_ workshop: Workshop, _ model: ModelName) -> StepCache {
    let store = workshop.store
    let clock = workshop.clock
    return StepCache(
        look: { fingerprint in
            try store.look(fingerprint).map { StepOutput(artifact: $0.output, files: $0.files) }
        },
        store: { work, folder in
            let digest = try store.putFolder(folder)
            let files = try store.listing(digest).files
                .reduce(into: [String: Digest]()) { $0[$1.path] = $1.digest }
            try store.store(
                StepRecord(
                    fingerprint: work.fingerprint, model: model, step: work.step.name,
                    output: digest, files: files, finishedAt: clock(), seconds: 0))
            return StepOutput(artifact: digest, files: files)
        },
        materialise: { output, folder in try store.materialise(output.artifact, at: folder) })
}
