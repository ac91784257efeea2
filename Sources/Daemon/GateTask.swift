import Compute
import Domain
import Evaluation
import Host
import Planning
import Provenance
import Registry
import Training
import Validation

/// A question to the gate with everything that it is decided from.
struct GateOrder: Sendable {
    var model: ModelName
    var question: Action.Question
    var outcome: RunOutcome
    var plan: ModelPlan
    /// The release that the environment assigns now.
    var baseline: Release?
    /// All versions of the model.
    var releases: [Release]
    /// Of all evidence that was made of the model, the digest of the reports on its data.
    var validations: [EvidenceID: Digest]
    /// The candidate's own release, when it has one: what was approved then is what is served.
    var released: Release?
}

/// Judges a measured candidate, and makes the evidence when it passes.
struct GateTask: Sendable {
    let workshop: Workshop
    let order: GateOrder

    init(_ workshop: Workshop, _ order: GateOrder) {
        self.workshop = workshop
        self.order = order
    }

    @concurrent
    func run() async -> Result<Judgement, Failure> {
        do {
            return .success(try await decide())
        } catch {
            var failure = Daemon.failure(of: error)
            failure.place = failure.place ?? "run \(order.question.run), gate"
            return .failure(failure)
        }
    }

    private func decide() async throws -> Judgement {
        let data = try await judgedData()
        let bytes = try workshop.store.read(order.outcome.evaluation)
        let evaluated = try decodeJSON(Evaluated.self, bytes)
        let rules = order.plan.declaration.promotion
        let verdict = try judge(
            evaluated.report, bounds: evaluated.bounds, baseline: try await baseline(),
            rules: rules)
        let lineage = PreparedRows(data.reports).lineage + (try await foldLineage())
        var judgement = Judgement(
            run: order.question.run.number, candidate: order.outcome.candidate,
            report: evaluated.report, verdict: verdict, baseline: order.question.baseline,
            policy: order.question.policy, evidence: nil, evidenceDigest: nil,
            drift: drift(data.reports), lineage: lineage.isEmpty ? nil : lineage,
            data: DataWarnings(data.reports).notices)
        guard verdict.outcome == .passed else { return judgement }
        let evidence = Evidence(
            model: order.model, environment: order.question.candidate.environment,
            candidate: order.outcome.candidate,
            artifact: order.released?.artifact ?? order.outcome.artifact,
            datasets: order.plan.datasetDigests, validation: data.digest,
            evaluation: sha256(canonicalJSON(evaluated.report)),
            baseline: order.question.baseline, replaces: order.question.replaces,
            policy: order.question.policy, lifts: order.question.lifts,
            runtime: order.question.runtime)
        judgement.evidence = evidence
        judgement.evidenceDigest = sha256(canonicalJSON(evidence))
        return judgement
    }

    /// The datasets under the rules of the commit, against what is live now.
    private func judgedData() async throws -> DataGate.Judged {
        var run = RunOrder(
            id: order.question.run, commit: order.question.commit, plan: order.plan)
        run.baseline = order.baseline
        run.releases = order.releases
        run.validations = order.validations
        let task = RunTask(workshop, run, part: "data")
        // Because an earlier life may have begun the same question, at another commit.
        try task.folder.wipe()
        let judged: DataGate.Judged
        do {
            judged = try await DataGate(run: task, stopped: "nothing is released").validate()
        } catch {
            try task.folder.wipe()
            throw error
        }
        try task.folder.wipe()
        return judged
    }

    /// How the rows of its folds were made; none, where it has none.
    private func foldLineage() async throws -> [DataLineage] {
        guard let folds = order.plan.folds else { return [] }
        let run = RunOrder(
            id: order.question.run, commit: order.question.commit, plan: order.plan)
        let task = RunTask(workshop, run, part: "data")
        return try await FoldRows(run: task).lineage(folds)
    }

    /// How the data moved since what is live.
    private func drift(_ reports: [ValidationReport]) -> [DataDrift]? {
        order.baseline.map {
            KeptProfiles(workshop.store, order.validations).drift(
                from: $0, to: order.plan.datasetDigests, beside: reports)
        }
    }

    /// The baseline's report on the candidate's test rows; nil when nothing compares with it.
    private func baseline() async throws -> Report? {
        let compares = order.plan.declaration.promotion.contains { rule in
            switch rule.bound {
            case .notBelowBaselineBy, .notAboveBaselineBy: true
            default: false
            }
        }
        guard compares, let release = order.baseline else { return nil }
        if let known = try Outcomes(workshop.store).outcome(of: release.candidate),
            known.evaluateFingerprint == order.plan.evaluateFingerprint
        {
            return try stored(known)
        }
        // Because its artifact was trained on rows of every fold, and would know their labels.
        if order.plan.folds != nil { return try ownReport(release) }
        return try await measured(release)
    }

    /// What the baseline was measured to when it was the candidate.
    private func ownReport(_ release: Release) throws -> Report {
        guard let known = try Outcomes(workshop.store).outcome(of: release.candidate) else {
            throw Failure(
                "what \(release.version) was measured to is gone, and it cannot be measured on "
                    + "rows that it was trained on",
                hint: "train it again, or compare with a limit",
                .wait(for: "a commit"))
        }
        return try decodeJSON(Evaluated.self, workshop.store.read(known.evaluation)).report
    }

    /// The rows are the same, so the stored predictions are compared.
    private func stored(_ outcome: RunOutcome) throws -> Report {
        guard let predictions = outcome.predictions else {
            return try decodeJSON(Evaluated.self, workshop.store.read(outcome.evaluation)).report
        }
        let bytes = try workshop.store.read(
            predictions, limitBytes: Measurement.predictionsBytesMax)
        return try evaluate(
            order.plan.declaration.evaluation, predictions: bytes,
            fileName: "predictions of the baseline"
        ).report
    }

    /// The rows changed: the candidate's evaluate step runs on the baseline's artifact.
    private func measured(_ release: Release) async throws -> Report {
        let declaration = order.plan.declaration
        let maker = modelStep(of: declaration)
        let run = RunOrder(
            id: order.question.run, commit: order.question.commit, plan: order.plan)
        let task = RunTask(workshop, run, part: "baseline-\(release.version)")
        // Because a part that was closed holds records of attempts whose output was freed.
        if try task.folder.end() != nil { try task.folder.wipe() }
        let folder = try materialise(release, in: task.folder)
        let steps = declaration.steps.compactMap { step -> StepWork? in
            guard let own = order.plan.stepFingerprints[step.name] else { return nil }
            guard step.name == declaration.evaluation.step else {
                return StepWork(step: step, fingerprint: own)
            }
            let text = "slipway baseline 1\n\(own)\n\(release.artifact)\n"
            return StepWork(
                step: step,
                fingerprint: Fingerprint(checked: sha256(Array(text.utf8)).hex))
        }
        var inputs = try await StepInputs(run: task).liveInputs(steps)
        inputs.training.presets = [maker: folder]
        inputs.training.goals = [declaration.evaluation.step]
        let result = try await train(
            inputs.training, cache: stepCache(workshop, order.model, inputs.resolved),
            executor: workshop.executor
        ) { _ in }
        guard let output = result.outputs[declaration.evaluation.step] else {
            throw Failure("the evaluation of the baseline left no output")
        }
        let report = try Measurement(store: workshop.store).measure(
            declaration, output, label: "baseline \(release.version)"
        ).evaluated.report
        try task.folder.close(.evaluated(order.outcome))
        return report
    }

    /// Lays the baseline out, unless an earlier life of the daemon has: its step may still read it.
    private func materialise(_ release: Release, in folder: RunFolder) throws -> String {
        let path = "\(folder.path)/_artifact"
        if !exists(path) { try workshop.store.materialise(release.artifact, at: path) }
        return path
    }
}
