/// Where a model stands, as `slipway status` shows it; derived from its record, never stored as
/// a truth of its own.
package struct ModelStatus: Hashable, Codable, Sendable {
    package enum Phase: String, Codable, Sendable {
        /// The head commit's run is under way.
        case running
        /// The data is wrong or a step failed.
        case failed
        /// The declarations are wrong.
        case broken
        /// The gate did not pass it.
        case stopped
        /// Reviewers have the evidence.
        case waiting = "waiting-for-review"
        case rejected
        /// What the head asks for is assigned.
        case released
        case removed
        /// Nothing was decided yet.
        case new
    }

    /// An environment's assignment.
    package struct Assigned: Hashable, Codable, Sendable {
        package var environment: EnvironmentName
        package var version: SemanticVersion
        package var number: Int
        package var commit: CommitID
        /// Versions that a revert put on hold here.
        package var held: [SemanticVersion]
    }

    package var model: ModelName
    package var head: CommitID?
    package var phase: Phase
    /// One line that says what happened last and what is awaited.
    package var summary: String
    /// The head commit's last run; nil when it needed none.
    package var run: RunID?
    package var evidence: EvidenceID?
    package var assigned: [Assigned]
    package var failure: Failure?
    package var diagnostics: [Diagnostic]
    /// Why the model rests; nil: it does not.
    package var suspended: Suspension?

    package init(
        model: ModelName, head: CommitID?, phase: Phase, summary: String, run: RunID? = nil,
        evidence: EvidenceID? = nil, assigned: [Assigned] = [], failure: Failure? = nil,
        diagnostics: [Diagnostic] = []
    ) {
        self.model = model
        self.head = head
        self.phase = phase
        self.summary = summary
        self.run = run
        self.evidence = evidence
        self.assigned = assigned
        self.failure = failure
        self.diagnostics = diagnostics
    }
}

extension ModelStatus {
    /// Derives the status of the head commit from the model's record alone.
    ///
    /// `waits` are phrases of what a release needs besides that number of approvals.
    package init(
        record: ModelRecord, head: CommitID?, approvalsNeeded: Int, waits: [String] = [],
        suspended: Suspension? = nil
    ) {
        self.init(model: record.model, head: head, phase: .new, summary: "nothing decided yet")
        self.suspended = suspended
        defer { if let suspended { summary = suspended.sentence + "; " + summary } }
        assigned = record.current.sorted { $0.key < $1.key }.map { environment, current in
            Assigned(
                environment: environment, version: current.version, number: current.number,
                commit: current.commit, held: (record.held[environment] ?? []).sorted())
        }
        guard let head, let outcome = record.outcomes[head] else { return }
        run = record.runCommits.filter { $0.value == head }.keys.max()
            .map { RunID(model: record.model, number: $0) }
        describe(outcome, record, approvalsNeeded, waits)
    }

    private mutating func describe(
        _ outcome: ModelRecord.Outcome, _ record: ModelRecord, _ approvalsNeeded: Int,
        _ waits: [String]
    ) {
        switch outcome {
        case .started(let number, _):
            (phase, summary) = (.running, "run \(model)/\(number) is under way")
        case .superseded(let newer):
            (phase, summary) = (.new, "superseded by \(newer.short)")
        case .broken(let problems):
            (phase, summary) = (.broken, problems.first?.message ?? "the declarations are wrong")
            diagnostics = problems
        case .failed(_, let failure):
            (phase, summary) = (.failed, failure.what)
            self.failure = failure
        case .waiting(let id):
            evidence = id
            let have = Set(
                record.tags.filter { $0.evidence == id && $0.kind == .approve && $0.refusal == nil }
                    .compactMap(\.principal)
            ).count
            phase = .waiting
            let isMore = have > approvalsNeeded
            summary =
                isMore
                ? "passed the gate; \(have) approvals of \(id), \(approvalsNeeded) needed"
                : "passed the gate; \(have) of \(approvalsNeeded) approvals of \(id)"
            summary += waits.map { "; \($0)" }.joined()
        case .stopped: (phase, summary) = (.stopped, stopSummary(record))
        case .rejected(let id, let principal):
            (phase, summary) = (.rejected, "\(principal) rejected \(id)")
        case .assigned(let version, let environment):
            (phase, summary) = (.released, "\(version) is assigned to \(environment)")
        case .alreadyLive(let version, _):
            (phase, summary) = (.released, "\(version) is already live")
        case .removed: (phase, summary) = (.removed, "removed by \(head?.short ?? "a commit")")
        }
    }

    private func stopSummary(_ record: ModelRecord) -> String {
        guard let head, let judgement = record.judgements[head],
            let rule = judgement.verdict.rules.first(where: { $0.outcome == .failed })
                ?? judgement.verdict.rules.first(where: { $0.outcome == .notEnoughEvidence })
        else { return "stopped at the gate" }
        let value = rule.value.map(fourDecimals) ?? "undefined"
        let limit = rule.limit.map(fourDecimals) ?? "none"
        return "stopped at the gate: \(rule.rule) is \(value), the limit is \(limit)"
    }

    private func fourDecimals(_ number: Double) -> String {
        "\((number * 10_000).rounded() / 10_000)"
    }
}

/// The repository as a whole.
package struct StatusView: Hashable, Codable, Sendable {
    package var branch: String
    /// The watched branch's commit that was processed last.
    package var head: CommitID?
    package var models: [ModelStatus]
    /// What is wrong outside any one model.
    package var problems: [Failure]

    package init(
        branch: String, head: CommitID?, models: [ModelStatus], problems: [Failure]
    ) {
        self.branch = branch
        self.head = head
        self.models = models
        self.problems = problems
    }
}
