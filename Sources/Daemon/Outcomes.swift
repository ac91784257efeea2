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

    typealias Measured = (evaluated: Evaluated, predictions: Digest?)

    init(store: ArtifactStore) { self.store = store }

    func measure(
        _ declaration: ModelDeclaration, _ output: StepOutput, label: String
    ) throws -> Measured {
        let evaluation = declaration.evaluation
        let (digest, bytes, name) = try written(evaluation, output, label)
        guard evaluation.predictions != nil else {
            let report = try report(fromMetrics: bytes, declaration: evaluation, fileName: name)
            return (Evaluated(report: report), nil)
        }
        let evaluated = try evaluate(
            evaluation, predictions: bytes, fileName: name, rules: declaration.promotion)
        return (evaluated, digest)
    }

    /// The file that the step has written to be measured.
    private func written(
        _ evaluation: EvaluationDeclaration, _ output: StepOutput, _ label: String
    ) throws -> (digest: Digest, bytes: [UInt8], name: String) {
        let file = evaluation.predictions ?? evaluation.metrics ?? ""
        guard let digest = output.files[file] else {
            throw Failure(
                "step `\(evaluation.step)` ended with status 0 but did not write `\(file)`",
                at: label, hint: "write it to $SLIPWAY_OUTPUT/\(file)",
                .wait(for: "a commit that changes the step"))
        }
        let bytes = try store.read(digest, limitBytes: Self.predictionsBytesMax)
        return (digest, bytes, "\(label), \(evaluation.step)/\(file)")
    }

    /// Measures what the folds have written as one, and each by itself.
    ///
    /// - Parameter rows: how many rows each fold has, all of which must have been predicted.
    func measure(
        _ declaration: ModelDeclaration, folds: [StepOutput], rows: [Int], run: RunID
    ) throws -> Measured {
        let evaluation = declaration.evaluation
        let files = try folds.enumerated().map { number, output in
            try written(evaluation, output, "run \(run), fold \(number + 1)")
        }
        let parts = files.map { FoldFile(bytes: $0.bytes, name: $0.name) }
        guard evaluation.predictions != nil else {
            return (Evaluated(report: try report(ofFolds: parts, declaration: evaluation)), nil)
        }
        let joined = try Evaluation.joined(parts)
        for (index, (found, expected)) in zip(joined.rows, rows).enumerated()
        where found != expected {
            throw Failure(
                "fold \(index + 1) has \(expected) rows, and \(found) were predicted",
                at: files[index].name, hint: "predict every row of $SLIPWAY_DATASET_TEST once",
                .wait(for: "a commit that changes the step"))
        }
        let evaluated = try evaluate(
            evaluation, folds: parts, joined: joined, rules: declaration.promotion)
        return (evaluated, try store.put(joined.bytes))
    }
}
