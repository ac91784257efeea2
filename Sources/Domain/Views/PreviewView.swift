/// How far a model of a preview came, as `/api/v1/previews` shows it.
package struct PreviewView: Hashable, Codable, Sendable {
    package enum Phase: String, Codable, Sendable {
        /// Nothing was decided yet, or its run waits for a place.
        case waiting
        case running
        /// The gate would let it pass.
        case passed
        /// The gate would not.
        case stopped
        /// The data is wrong or a step failed.
        case failed
        /// The declarations are wrong.
        case broken
        /// It was given up before its end: the watched branch has the commit.
        case dropped
    }

    package var model: ModelName
    /// The branch or pull request.
    package var ref: String
    package var commit: CommitID
    package var phase: Phase
    /// One line that says what happened last.
    package var summary: String
    package var run: RunID?
    /// What the gate said; nil: it was not asked.
    package var verdict: Verdict?
    package var failure: Failure?
    package var diagnostics: [Diagnostic]
}

extension PreviewView {
    /// Derives it from the model's decisions; those about other commits are passed over.
    ///
    /// `problems` are those of the commit's declarations, `isWaiting` says that its run waits for a
    /// place.
    package init(
        model: ModelName, ref: String, commit: CommitID, problems: [Diagnostic], isWaiting: Bool,
        decisions: [DecisionRecord]
    ) {
        self.init(
            model: model, ref: ref, commit: commit, phase: .waiting,
            summary: isWaiting ? "waits for a place" : "nothing decided yet", diagnostics: problems)
        for record in decisions where record.model == model && record.commit == commit {
            switch record.decision {
            case .previewStarted(let number, _, _):
                run = RunID(model: model, number: number)
                phase = .running
                summary = isWaiting ? "waits for a place" : "run \(model)/\(number) is under way"
            case .previewed(let preview): end(preview.end)
            default: break
            }
        }
    }

    private mutating func end(_ end: Preview.End) {
        switch end {
        case .judged(let judgement):
            verdict = judgement.verdict
            let passed = judgement.verdict.outcome == .passed
            (phase, summary) = passed ? (.passed, "would pass the gate") : (.stopped, stop)
        case .failed(_, let failure):
            self.failure = failure
            (phase, summary) = (.failed, failure.what)
        case .broken(let problems):
            diagnostics = problems
            (phase, summary) = (.broken, problems.first?.message ?? "the declarations are wrong")
        case .dropped: (phase, summary) = (.dropped, "given up before its end")
        }
    }

    private var stop: String {
        let rules = verdict?.rules ?? []
        guard
            let rule = rules.first(where: { $0.outcome == .failed })
                ?? rules.first(where: { $0.outcome == .notEnoughEvidence })
        else { return "would stop at the gate" }
        return "would stop at the gate: \(rule.rule)"
    }
}
