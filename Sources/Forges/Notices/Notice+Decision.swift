package import Domain

/// Returns what people are told of a decision: one notice or none.
///
/// Everything follows from the record and the source, so the same decision read again, after a
/// crash or a rebuild, has the same notice with the same id. So has evidence that a later commit
/// waits for review with: whoever was asked to look at it is not asked again.
package func notices(
    from record: DecisionRecord, source: NoticeSource, link: String? = nil
) -> [Notice] {
    guard let content = Content(record) else { return [] }
    return [
        Notice(
            content.event, key: key(of: record),
            from: source, model: record.model, environment: content.environment,
            title: "\(record.model): \(content.title)",
            text: content.text + "\ncommit: \(record.commit)", link: link, at: record.at)
    ]
}

private func key(of record: DecisionRecord) -> String {
    if case .judged(let judgement) = record.decision, let digest = judgement.evidenceDigest {
        return "evidence \(record.model) \(digest.hex)"
    }
    return "\(record.sequence) \(record.model) \(record.commit)"
}

/// What a decision says to people.
private struct Content {
    var event: NoticeEvent
    var environment: EnvironmentName?
    var title: String
    var text: String

    private init(
        _ event: NoticeEvent, _ title: String, in environment: EnvironmentName? = nil,
        _ lines: String?...
    ) {
        self.event = event
        self.environment = environment
        self.title = title
        text = lines.compactMap(\.self).joined(separator: "\n")
    }

    init?(_ record: DecisionRecord) {
        let (model, commit) = (record.model, record.commit)
        switch record.decision {
        case .started, .superseded, .lifted, .removed, .previewStarted, .previewed, .pushed:
            return nil
        case .policyProposed(let proposal):
            let id = EvidenceID(proposal.evidenceDigest)
            self.init(
                .policyChanged, "another policy is proposed: \(id)",
                "commit: \(commit.short)", proposal.changes.joined(separator: "\n"),
                "The trusted policy decides about it: slipway approve policy")
        case .policyAdopted(let adoption):
            self.init(
                .policyChanged, "another policy is trusted from now on",
                "commit: \(commit.short)", "approved by: \(names(adoption.approvedBy))")
        case .broken(let problems): self.init(broken: problems, commit)
        case .failed(let run, let failure): self.init(failed: run, failure, model)
        case .judged(let judgement): self.init(judgement, model, commit)
        case .seen(let tag): self.init(tag)
        case .tagDeleted(_, let ref):
            self.init(
                .problem, "the tag `\(ref)` was deleted",
                "What it said still counts: a deleted tag takes nothing back.")
        case .rejected(let evidence, let principal):
            self.init(
                .rejected, "\(principal) rejected \(evidence)",
                "What is assigned stays as it is. A new commit is needed.")
        case .released(let release):
            self.init(
                .released, "\(release.version) is released",
                "approved by: \(names(release.approvedBy))", "evidence: \(release.evidence)",
                "artifact: \(release.artifact)")
        case .assigned(let assignment): self.init(assignment, model)
        case .held(let environment, let version):
            self.init(
                .held, "\(version) is on hold in \(environment)", in: environment,
                "A revert replaced it. It comes back only through new evidence that is approved.")
        case .alreadyLive(let live): self.init(live, model)
        case .unassigned(let taken):
            let environment = taken.environment
            self.init(
                .removed, "removed from \(environment)", in: environment,
                "The commit deletes the model, so \(environment) serves it no longer.")
        }
    }

    private init(broken problems: [Diagnostic], _ commit: CommitID) {
        let shown = problems.prefix(5).map { "\($0.place): \($0.message)" }
        let more = problems.count > 5 ? "and \(problems.count - 5) more" : nil
        self.init(
            .problem, "the declarations of \(commit.short) are wrong",
            shown.joined(separator: "\n"), more, "hint: slipway check")
    }

    private init(failed run: Int, _ failure: Failure, _ model: ModelName) {
        self.init(
            failure.isAboutData ? .dataBroken : .runFailed,
            "run \(model)/\(run) failed: \(failure.what)", failure.noticeText)
    }

    private init(_ judgement: Judgement, _ model: ModelName, _ commit: CommitID) {
        let baseline = judgement.baseline.map { "compared with: \($0)" }
        guard let evidence = judgement.evidence, let digest = judgement.evidenceDigest else {
            let rules = judgement.verdict.rules.filter {
                $0.outcome == .failed || $0.outcome == .notEnoughEvidence
            }
            self.init(
                .gateFailed, "the gate stopped \(commit.short): \(gateWords(judgement.verdict))",
                rules.map(ruleWords).joined(separator: "\n"), baseline,
                "hint: slipway report \(model)")
            return
        }
        self.init(
            .waitingForReview, "\(commit.short) waits for review", in: evidence.environment,
            "evidence: \(EvidenceID(digest))", baseline,
            "hint: slipway report \(model) && slipway approve \(model)")
    }

    private init?(_ tag: SeenTag) {
        let who = tag.principal?.text ?? "somebody"
        let comment = tag.comment.isEmpty ? nil : tag.comment
        if let refusal = tag.refusal {
            self.init(
                .problem, "the tag `\(tag.ref)` does not count: \(refusal)",
                tag.hint.map { "hint: \($0)" })
        } else if tag.kind == .approve {
            let evidence = tag.evidence.map { " \($0)" } ?? ""
            self.init(
                .approved, "\(who) approved\(evidence)", comment,
                tag.keyFingerprint.map { "key: \($0)" })
        } else {
            // Because the decision that follows from it tells the same.
            return nil
        }
    }

    private init?(_ live: AlreadyLive, _ model: ModelName) {
        guard live.wouldPass == false else { return nil }
        self.init(
            .problem, "\(live.version) in \(live.environment) would no longer pass the gate",
            in: live.environment, "The promotion rules have changed. Nothing was taken down.",
            "hint: slipway report \(model)")
    }

    private init(_ assignment: Assignment, _ model: ModelName) {
        let (version, environment) = (assignment.version, assignment.environment)
        let replaces = assignment.replaces.map { "replaces: \($0)" }
        let tag = "tag: \(model)#\(environment)#\(assignment.number)"
        switch assignment.cause {
        case .approved(let evidence, let principals, _):
            self.init(
                .deployed, "\(version) goes to \(environment)", in: environment,
                "approved by: \(names(principals))", "evidence: \(evidence)", replaces, tag)
        case .reverted:
            self.init(
                .rolledBack, "\(environment) goes back to \(version)", in: environment,
                "The branch has the inputs of \(version) again.", replaces, tag)
        }
    }
}

extension Failure {
    /// Whether what must change is the data: said by the input that the failure waits for.
    fileprivate var isAboutData: Bool {
        guard case .wait(let input) = disposition else { return false }
        return input.hasPrefix("datasets/") || input.split(separator: " ").contains("data")
    }
}
