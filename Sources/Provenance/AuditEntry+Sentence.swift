import Domain

/// What was decided, in one sentence.
func sentence(of record: DecisionRecord) -> String {
    let model = record.model
    switch record.decision {
    case .started(let run, let candidate):
        return "started run \(model)/\(run) of candidate \(candidate.short)"
    case .superseded(let newer): return "the commit was superseded by \(newer.short)"
    case .broken(let problems): return "the declarations are wrong: \(first(of: problems))"
    case .failed(let run, let failure): return "run \(model)/\(run) failed: \(failure.what)"
    case .judged(let judgement): return sentence(of: judgement, model)
    case .seen(let tag): return sentence(of: tag)
    case .tagDeleted(_, let ref):
        return "the tag \(shortened(ref)) was deleted or moved; what it said still counts"
    case .rejected(let evidence, _): return "rejected evidence \(evidence)"
    case .released(let release):
        return "released \(release.version) on evidence \(release.evidence), "
            + approved(by: release.approvedBy)
    case .assigned(let assignment): return sentence(of: assignment)
    case .held(let environment, let version): return "put \(version) on hold in \(environment)"
    case .lifted(let environment, let version, let evidence):
        return "lifted the hold of \(version) in \(environment) on evidence \(evidence)"
    case .alreadyLive(let live):
        return "the commit asks for \(live.version), which \(live.environment) has already"
    case .unassigned(let taken):
        return "the commit removed the model; \(taken.environment) serves it no longer"
    case .removed: return "the commit removed the model, which no environment served"
    case .previewStarted(let run, let candidate, let ref):
        return "started run \(model)/\(run) of candidate \(candidate.short) for \(shortened(ref))"
    case .previewed(let preview): return sentence(of: preview, model)
    case .pushed(let push):
        let who = push.by == nil ? "somebody pushed" : "pushed"
        return "\(who) the commit to \(shortened(push.ref))\(push.why.map { ": \($0)" } ?? "")"
    case .policyProposed(let proposal):
        return "the commit proposes another policy, evidence "
            + "\(EvidenceID(proposal.evidenceDigest)): "
            + proposal.changes.joined(separator: ", ")
    case .policyAdopted(let adoption):
        return "the policy of the commit is trusted from now on, "
            + approved(by: adoption.approvedBy)
    }
}

private func first(of problems: [Diagnostic]) -> String {
    guard let problem = problems.first else { return "nothing says how" }
    let others = problems.count == 1 ? "" : ", and \(problems.count - 1) more"
    return "\(problem.place): \(problem.message)\(others)"
}

private func sentence(of judgement: Judgement, _ model: ModelName) -> String {
    let run = "run \(model)/\(judgement.run)"
    func rules(_ outcome: RuleVerdict.Outcome) -> String {
        judgement.verdict.rules.filter { $0.outcome == outcome }.map(\.rule)
            .joined(separator: ", ")
    }
    switch judgement.verdict.outcome {
    case .passed:
        let evidence = judgement.evidenceDigest.map { "; evidence \(EvidenceID($0))" } ?? ""
        return "\(run) passed the gate\(evidence)"
    case .failed: return "\(run) failed at the gate: \(rules(.failed))"
    case .notEnoughEvidence:
        return "\(run) has not enough evidence for the gate: \(rules(.notEnoughEvidence))"
    }
}

private func sentence(of preview: Preview, _ model: ModelName) -> String {
    let ref = shortened(preview.ref)
    switch preview.end {
    case .judged(let judgement): return "\(ref): \(sentence(of: judgement, model))"
    case .failed(let run, let failure):
        return "\(ref): run \(model)/\(run) failed: \(failure.what)"
    case .broken(let problems):
        return "\(ref): the declarations are wrong: \(first(of: problems))"
    case .dropped: return "\(ref) went on without this commit"
    }
}

private func sentence(of tag: SeenTag) -> String {
    let evidence = tag.evidence.map { "evidence \($0)" } ?? "no evidence"
    let word =
        switch tag.kind {
        case .approve: "approved \(evidence)"
        case .reject: "said no to \(evidence)"
        }
    guard let refusal = tag.refusal else { return word }
    return "\(word), which does not count: \(refusal)"
}

private func sentence(of assignment: Assignment) -> String {
    let what = "assigned \(assignment.version) to \(assignment.environment)"
    switch assignment.cause {
    case .approved(let evidence, let people, _):
        return "\(what) on evidence \(evidence), \(approved(by: people))"
    case .reverted: return "\(what) again, because the commit went back to it"
    }
}

private func approved(by people: [Principal]) -> String {
    people.isEmpty
        ? "with nobody asked"
        : "approved by " + people.map(\.text).joined(separator: ", ")
}

/// The ref as people write it.
func shortened(_ ref: String) -> String {
    ref.hasPrefix("refs/tags/") ? String(ref.dropFirst(10)) : ref
}
