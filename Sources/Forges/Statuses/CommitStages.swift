package import Domain

/// Returns what a forge is to show beside a commit about one model: the whole of it, derived from
/// the model's record alone. Empty when nothing was decided about the commit.
///
/// `approvalsNeeded` only adds to the words; nil leaves them out.
package func statuses(
    of commit: CommitID, in record: ModelRecord, instance: InstanceName,
    approvalsNeeded: Int? = nil, targetURL: String? = nil
) -> [CommitStatus] {
    guard let outcome = record.outcomes[commit] else { return [] }
    var stages = CommitStages(
        commit: commit, record: record, instance: instance, approvalsNeeded: approvalsNeeded,
        targetURL: targetURL)
    stages.add(outcome)
    return stages.statuses
}

/// The way of one commit, stage by stage as far as it came.
private struct CommitStages {
    let commit: CommitID
    let record: ModelRecord
    let instance: InstanceName
    let approvalsNeeded: Int?
    let targetURL: String?
    private(set) var statuses: [CommitStatus] = []

    init(
        commit: CommitID, record: ModelRecord, instance: InstanceName, approvalsNeeded: Int?,
        targetURL: String?
    ) {
        self.commit = commit
        self.record = record
        self.instance = instance
        self.approvalsNeeded = approvalsNeeded
        self.targetURL = targetURL
    }

    mutating func add(_ outcome: ModelRecord.Outcome) {
        switch outcome {
        case .started(let run, _):
            put(.plan, .success, "the declarations are right")
            put(.run, .running, "run \(record.model)/\(run) is under way")
        case .superseded(let newer): addSuperseded(by: newer)
        case .broken(let problems): put(.plan, .failure, sentence(problems))
        case .failed(let run, let failure):
            put(.plan, .success, "the declarations are right")
            put(.run, failure.statusState, "\(record.model)/\(run): \(failure.what)")
        case .waiting(let id):
            addPassed()
            put(.review, .queued, "waiting for review" + progress(of: id))
        case .stopped(let run):
            addRun(run)
            put(.gate, .failure, gateSentence)
        case .rejected(let id, let principal):
            addPassed()
            put(.review, .failure, "\(principal) rejected \(id)")
        case .assigned(let version, let environment): addAssigned(version, environment)
        case .alreadyLive(let version, let environment):
            put(.plan, .success, "the declarations are right")
            addRelease(version, environment, "\(version) is already live in \(environment)")
        case .removed:
            put(.plan, .success, "the model is removed")
            put(.release, .success, "\(record.model) is served no longer")
        }
    }

    private mutating func put(
        _ stage: CommitStatus.Stage, _ state: CommitStatus.State, _ description: String
    ) {
        statuses.append(
            CommitStatus(
                instance: instance, commit: commit, model: record.model, stage: stage,
                state: state, description: description, targetURL: targetURL))
    }

    private mutating func addRun(_ run: Int) {
        put(.plan, .success, "the declarations are right")
        put(.run, .success, "run \(record.model)/\(run) measured it")
    }

    /// The gate passed it, as the last judgement says.
    private mutating func addPassed() {
        guard let judgement = record.judgements[commit], judgement.evidence != nil else { return }
        addRun(judgement.run)
        put(.gate, .success, "every promotion rule holds")
    }

    /// What was found stays as it is; what was not decided yet is cancelled, and never green.
    private mutating func addSuperseded(by newer: CommitID) {
        let words = "superseded by \(newer.short)"
        guard record.runCommits.values.contains(commit) else {
            return put(.plan, .cancelled, words)
        }
        guard let judgement = record.judgements[commit] else {
            put(.plan, .success, "the declarations are right")
            return put(.run, .cancelled, words)
        }
        guard judgement.evidence != nil else {
            addRun(judgement.run)
            return put(.gate, .failure, gateSentence)
        }
        addPassed()
        put(.review, .cancelled, words)
    }

    private mutating func addAssigned(_ version: SemanticVersion, _ environment: EnvironmentName) {
        let assignment = record.assignments.last {
            $0.version == version && $0.environment == environment && $0.commit == commit
        }
        switch assignment?.cause {
        case .approved(_, let principals, _):
            addPassed()
            put(.review, .success, "approved by \(names(principals))")
            addRelease(version, environment, "\(version) is assigned to \(environment)")
        case .reverted, nil:
            put(.plan, .success, "the declarations are right")
            addRelease(version, environment, "\(version) is assigned to \(environment) again")
        }
    }

    /// A version that was taken back since is not green, wherever it was released.
    private mutating func addRelease(
        _ version: SemanticVersion, _ environment: EnvironmentName, _ words: String
    ) {
        guard record.isHeld(version, in: environment) else {
            return put(.release, .success, words)
        }
        put(.release, .failure, "\(version) was taken back from \(environment) and is on hold")
    }

    private func progress(of id: EvidenceID) -> String {
        let spoken = record.tags.filter {
            $0.evidence == id && $0.kind == .approve && $0.refusal == nil
                && !record.voidTags.contains($0.tag)
        }
        let have = Set(spoken.compactMap(\.principal)).count
        guard let approvalsNeeded else { return " of \(id)" }
        return ": \(have) of \(approvalsNeeded) approvals of \(id)"
    }

    private var gateSentence: String {
        record.judgements[commit].map { gateWords($0.verdict) } ?? "stopped at the gate"
    }

    private func sentence(_ problems: [Diagnostic]) -> String {
        guard let first = problems.first else { return "the declarations are wrong" }
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return "\(first.place): \(first.message)\(more)"
    }
}

extension Failure {
    /// What waits for a changed input is the commit's; what may mend itself or needs a person is
    /// the machine's.
    var statusState: CommitStatus.State {
        switch disposition {
        case .wait: .failure
        case .retry, .stalled: .error
        }
    }
}

/// Returns the first rule that stopped a candidate, in words.
func gateWords(_ verdict: Verdict) -> String {
    guard
        let rule = verdict.rules.first(where: { $0.outcome == .failed })
            ?? verdict.rules.first(where: { $0.outcome == .notEnoughEvidence })
    else { return "stopped at the gate" }
    return ruleWords(rule)
}

/// Returns the rule with what it met.
func ruleWords(_ rule: RuleVerdict) -> String {
    let about = rule.about.map { " (\($0))" } ?? ""
    if rule.outcome == .notEnoughEvidence { return "\(rule.rule)\(about): not enough evidence" }
    let value = rule.value.map(fourDecimals) ?? "undefined"
    let limit = rule.limit.map(fourDecimals) ?? "none"
    return "\(rule.rule)\(about) is \(value), the limit is \(limit)"
}

private func fourDecimals(_ number: Double) -> String {
    "\((number * 10_000).rounded() / 10_000)"
}

/// Returns the principals as a list in a sentence.
func names(_ principals: [Principal]) -> String {
    principals.map(\.text).joined(separator: ", ")
}
