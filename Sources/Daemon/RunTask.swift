import Compute
import Domain
import Evaluation
import FoundationEssentials
import Git
import Host
import Journal
import Logging
import Planning
import Provenance
import Registry
import Training
import Validation

/// A run that was decided on, with everything that it needs from the plan.
struct RunOrder: Sendable {
    var id: RunID
    var commit: CommitID
    var plan: ModelPlan
    /// Who pushed the commit, and why, as far as it is known.
    var pushes: [Push] = []
    /// What is live in the candidate's environment; nil: nothing is.
    var baseline: Release?
    /// All versions of the model, which checks of its data may name.
    var releases: [Release] = []
    /// Of all evidence that was made of the model, the digest of the reports on its data.
    var validations: [EvidenceID: Digest] = [:]
}

/// How a run ended.
enum RunEnd: Hashable, Codable, Sendable {
    case evaluated(RunOutcome)
    case failed(Failure)
    /// Nobody wants it any more.
    case cancelled
    /// The daemon stops; the steps go on.
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
    let folder: RunFolder
    let progress: RunProgress
    let checkout: RunCheckout
    /// How often a run whose world is in trouble is tried again.
    private let triesMax = 10

    /// `part` names a piece of work beside the run itself, with a folder of its own; people are
    /// not shown its progress.
    init(_ workshop: Workshop, _ order: RunOrder, part: String? = nil) {
        self.workshop = workshop
        self.order = order
        folder = RunFolder(workshop.folder.run(order.id) + (part.map { "/_\($0)" } ?? ""))
        progress = RunProgress(workshop, order, isShown: part == nil)
        checkout = RunCheckout(workshop: workshop, order: order, folder: folder)
    }

    /// Stops a run's steps and says so in the journal.
    static func cancel(_ id: RunID, _ workshop: Workshop) async throws {
        let folder = workshop.folder.run(id)
        try await cancelRun(folder: folder, executor: workshop.executor)
        for attempt in try RunFolder(folder).attempts() {
            try await workshop.executor.cancel(attempt)
        }
        if var view = try await workshop.journal.run(id), view.state == .running {
            try await workshop.journal.clearProblem("run:\(id)")
            view.state = .cancelled
            view.endedAt = workshop.clock()
            try await workshop.journal.save(view)
        }
    }

    /// Runs to the end; trouble of the world is waited out, trouble of the inputs is not.
    ///
    /// A run that an earlier life of the daemon took to its end is not repeated.
    @concurrent
    func run() async -> RunEnd {
        for attempt in 1...triesMax {
            do {
                if let end = try earlierEnd() {
                    await report(end)
                    return end
                }
                return await finish(.evaluated(try await pipeline()))
            } catch {
                if Task.isCancelled { return .stopped }
                switch error {
                case TrainingError.stopped: return .stopped
                case TrainingError.cancelled: return await finish(.cancelled)
                default: break
                }
                var failure = Daemon.failure(of: error)
                failure.place = failure.place ?? "run \(order.id), commit \(order.commit.short)"
                guard case .retry(let seconds) = failure.disposition, attempt < triesMax else {
                    return await finish(.failed(failure))
                }
                await progress.trouble(failure)
                let delay = min(max(seconds, 1) * Double(1 << min(attempt - 1, 6)), 600)
                do { try await Task.sleep(for: .seconds(delay)) } catch { return .stopped }
            }
        }
        return .stopped
    }

    /// How the run ended before; nil when it did not, or when what it made is gone.
    private func earlierEnd() throws -> RunEnd? {
        guard let end = try folder.end() else { return nil }
        switch end {
        case .failed: return end
        case .evaluated(let outcome):
            if try Outcomes(workshop.store).isWhole(outcome) { return end }
        case .cancelled, .stopped: break
        }
        try folder.wipe()
        return nil
    }

    private func finish(_ end: RunEnd) async -> RunEnd {
        await report(end)
        do {
            try folder.close(end)
            try workshop.trimCache()
        } catch {
            // Because the next start of the daemon finds the folder open and closes it.
            workshop.logger.warning("\(order.id): \(Daemon.failure(of: error).what)")
        }
        return end
    }

    private func report(_ end: RunEnd) async {
        switch end {
        case .evaluated: await progress.end(.evaluated, nil)
        case .failed(let failure): await progress.end(.failed, failure)
        case .cancelled: await progress.end(.cancelled, nil)
        case .stopped: break
        }
    }

    private func pipeline() async throws -> RunOutcome {
        await progress.begin()
        await progress.stage("validate")
        // First, because what is expected of the data may have changed while the data did not.
        let data = try await DataGate(run: self).validate()
        await progress.tell(data.reports)
        if var known = try knownOutcome() {
            known.validation = data.digest
            await progress.allCached()
            try await workshop.journal.saveOutcome(order.id, canonicalJSON(known))
            return known
        }
        await progress.stage("train")
        let result = try await trainSteps()
        await progress.stage("evaluate")
        let outcome = try await measure(result, data.digest)
        try await workshop.journal.saveOutcome(order.id, canonicalJSON(outcome))
        return outcome
    }

    /// What an earlier run of the same candidate found, if all of it is still there.
    private func knownOutcome() throws -> RunOutcome? {
        let outcomes = Outcomes(workshop.store)
        guard let outcome = try outcomes.outcome(order.plan, .rules),
            try outcomes.isWhole(outcome)
        else { return nil }
        return outcome
    }

    private func trainSteps() async throws -> TrainingResult {
        let inputs = try await StepInputs(run: self).inputs()
        let progress = progress
        let (events, report) = AsyncStream.makeStream(
            of: TrainingEvent.self, bufferingPolicy: .bufferingNewest(10_000))
        async let watching: Void = progress.follow(events)
        let result: Result<TrainingResult, TrainingError>
        do throws(TrainingError) {
            result = .success(
                try await train(
                    inputs.training, cache: stepCache(workshop, order.id.model, inputs.resolved),
                    executor: workshop.executor
                ) { report.yield($0) })
        } catch {
            result = .failure(error)
        }
        // Because the last events say how it ended, they are waited for in either case.
        report.finish()
        await watching
        return try result.get()
    }

    /// What the evaluation's step has written, of every fold.
    private func measured(_ result: TrainingResult) async throws -> Measurement.Measured {
        let declaration = order.plan.declaration
        let measurement = Measurement(store: workshop.store)
        let step = declaration.evaluation.step
        func output(_ step: StepName) throws -> StepOutput {
            if let output = result.outputs[step] { return output }
            throw Failure("step `\(step)` left no output")
        }
        guard let folds = order.plan.folds else {
            return try measurement.measure(declaration, output(step), label: "run \(order.id)")
        }
        var outputs: [StepOutput] = []
        for fold in folds.folds {
            outputs.append(try output(FoldPlan.name(step, fold: fold.number)))
        }
        let rows = try await FoldRows(run: self).counts(folds)
        return try measurement.measure(declaration, folds: outputs, rows: rows, run: order.id)
    }

    private func measure(
        _ result: TrainingResult, _ validation: Digest
    ) async throws -> RunOutcome {
        let declaration = order.plan.declaration
        let measured = try await measured(result)
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
///
/// `resolved` is what a loose requirements file became in the environment that the steps run in.
func stepCache(_ workshop: Workshop, _ model: ModelName, _ resolved: String?) -> StepCache {
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
            let exit = try JobFolder(parentFolder(folder)).exitRecord()
            try store.store(
                StepRecord(
                    fingerprint: work.fingerprint, model: model, step: work.step.name,
                    output: digest, files: files, finishedAt: exit?.endedAt ?? clock(),
                    seconds: exit.map { $0.endedAt.seconds(since: $0.startedAt) } ?? 0,
                    resolvedRequirements: resolved))
            return StepOutput(artifact: digest, files: files)
        },
        materialise: { output, folder in try store.materialise(output.artifact, at: folder) })
}
