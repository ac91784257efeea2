import Domain
import Forges

/// What a forge is to show beside a commit of a preview: as far as the gate, and no further.
struct PreviewStages: Sendable {
    var commit: CommitID
    var model: ModelName
    var run: Int?
    var instance: InstanceName
    var targetURL: String?

    /// Derives the statuses from the decisions about the commit, in their order.
    func statuses(_ records: [DecisionRecord]) -> [CommitStatus] {
        var end: Preview.End?
        for record in records {
            switch record.decision {
            case .previewStarted: end = nil
            case .previewed(let preview): end = preview.end
            default: break
            }
        }
        let isRight = status(.plan, .success, "the declarations are right")
        switch end {
        case nil: return [isRight, status(.run, .running, "preview \(runText) is under way")]
        case .broken(let problems):
            let first = problems.first.map { "\($0.place): \($0.message)" }
            return [status(.plan, .failure, first ?? "the declarations are wrong")]
        case .failed(let number, let failure):
            let isWaiting = if case .wait = failure.disposition { true } else { false }
            return [
                isRight,
                status(.run, isWaiting ? .failure : .error, "\(model)/\(number): \(failure.what)"),
            ]
        case .judged(let judgement):
            let isMeasured = status(.run, .success, "run \(model)/\(judgement.run) measured it")
            return [isRight, isMeasured, gate(judgement.verdict)]
        case .dropped:
            let words = "a newer commit of the preview was there first"
            return [status(run == nil ? .plan : .run, .cancelled, words)]
        }
    }

    private var runText: String { run.map { "\(model)/\($0)" } ?? "of \(model)" }

    private func gate(_ verdict: Verdict) -> CommitStatus {
        if verdict.outcome == .passed {
            return status(.gate, .success, "every promotion rule holds; a preview is not released")
        }
        let stopper =
            verdict.rules.first { $0.outcome == .failed }
            ?? verdict.rules.first { $0.outcome == .notEnoughEvidence }
        return status(
            .gate, .failure, stopper.map { "\($0.rule) does not hold" } ?? "stopped at the gate")
    }

    private func status(
        _ stage: CommitStatus.Stage, _ state: CommitStatus.State, _ words: String
    ) -> CommitStatus {
        CommitStatus(
            instance: instance, commit: commit, model: model, stage: stage, state: state,
            description: words, targetURL: targetURL)
    }
}
