import Domain
import Evaluation
import Planning
import Provenance
import Registry
import Training

/// What earlier runs found, kept beside the artifacts under names that follow from the inputs.
struct Outcomes: Sendable {
    enum Key {
        /// The candidate under the promotion rules that say which bounds are computed.
        case rules
        /// The candidate under any rules.
        case any
    }

    private let store: ArtifactStore

    init(_ store: ArtifactStore) { self.store = store }

    func outcome(_ plan: ModelPlan, _ key: Key) throws -> RunOutcome? {
        switch key {
        case .rules: try read(name(plan))
        case .any: try outcome(of: plan.candidate.fingerprint)
        }
    }

    func outcome(of candidate: Fingerprint) throws -> RunOutcome? {
        try read(name(candidate, ""))
    }

    /// Whether everything is there that judging and serving the outcome needs.
    func isWhole(_ outcome: RunOutcome) throws -> Bool {
        let parts = [outcome.artifact, outcome.validation, outcome.evaluation]
        guard (parts + (outcome.predictions.map { [$0] } ?? [])).allSatisfy(store.contains) else {
            return false
        }
        return try store.listing(outcome.artifact).files.allSatisfy { store.contains($0.digest) }
    }

    func keep(_ outcome: RunOutcome, _ plan: ModelPlan, at moment: Instant) throws {
        let digest = try store.put(canonicalJSON(outcome))
        for name in [name(plan), name(outcome.candidate, "")] {
            try store.store(
                StepRecord(
                    fingerprint: name, model: plan.declaration.name,
                    step: StepName(checked: "outcome"), output: digest, files: [:],
                    finishedAt: moment, seconds: 0))
        }
    }

    private func read(_ name: Fingerprint) throws -> RunOutcome? {
        guard let record = try store.look(name) else { return nil }
        return try decodeJSON(RunOutcome.self, store.read(record.output))
    }

    private func name(_ plan: ModelPlan) -> Fingerprint {
        let rules = plan.declaration.promotion.map { rule in
            var rule = rule
            rule.place = Place(file: "")
            return rule
        }
        let text = String(decoding: canonicalJSON(rules), as: UTF8.self)
        return name(plan.candidate.fingerprint, text)
    }

    private func name(_ candidate: Fingerprint, _ rules: String) -> Fingerprint {
        let text = "slipway outcome 1\n\(candidate)\n\(rules)\n"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}

/// Turns a step's predictions or metrics file into a report.
struct Measurement: Sendable {
    let store: ArtifactStore
    /// Predictions above this are refused; they are held in memory.
    static let predictionsBytesMax = 1 << 30

    init(store: ArtifactStore) { self.store = store }

    func measure(
        _ declaration: ModelDeclaration, _ output: StepOutput, label: String
    ) throws -> (evaluated: Evaluated, predictions: Digest?) {
        let evaluation = declaration.evaluation
        let file = evaluation.predictions ?? evaluation.metrics ?? ""
        guard let digest = output.files[file] else {
            throw Failure(
                "step `\(evaluation.step)` ended with status 0 but did not write `\(file)`",
                at: label, hint: "write it to $SLIPWAY_OUTPUT/\(file)",
                .wait(for: "a commit that changes the step"))
        }
        let bytes = try store.read(digest, limitBytes: Self.predictionsBytesMax)
        let name = "\(label), \(evaluation.step)/\(file)"
        guard evaluation.predictions != nil else {
            let report = try report(fromMetrics: bytes, declaration: evaluation, fileName: name)
            return (Evaluated(report: report), nil)
        }
        let evaluated = try evaluate(
            evaluation, predictions: bytes, fileName: name, rules: declaration.promotion)
        return (evaluated, digest)
    }
}
