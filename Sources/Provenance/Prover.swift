import Domain

/// Follows the chain of one version and notes what it finds at each link.
struct Prover {
    /// What the notes say about the release, once it was found.
    struct Released {
        var record: DecisionRecord
        var release: Release
    }

    /// The judgement that made the evidence, once it was found.
    struct Judged {
        var record: DecisionRecord
        var judgement: Judgement
        var evidence: Evidence
        var digest: Digest
    }

    let question: VersionQuestion
    /// The model's decisions in their order, each sequence once.
    let records: [DecisionRecord]
    private(set) var links: [VersionProof.Link] = []
    /// Filled as far as the chain was followed.
    var signers: [SignatureFinding.Signer] = []
    var policy: PolicyFinding.Policy?

    init(_ question: VersionQuestion) {
        self.question = question
        var last = 0
        records = question.records.filter { $0.model == question.model }
            .sorted { $0.sequence < $1.sequence }
            .filter { record in
                defer { last = max(last, record.sequence) }
                return record.sequence > last
            }
    }

    mutating func run() {
        checkLog()
        guard let tag = checkTag() else { return }
        checkTagSignature(tag)
        guard let released = checkRelease(tag) else { return }
        checkCandidate(released.release)
        guard let judged = checkEvidence(tag, released) else { return }
        checkJudgement(judged)
        let before = ModelRecord(
            model: question.model,
            records: records.filter { $0.sequence < released.record.sequence })
        checkStanding(judged, released.release, before)
        let approvals = checkApprovals(judged, released, before)
        checkPolicy(judged, released.release, before)
        if let approvals { checkSignatures(approvals, judged, released.release) }
        checkArtifact(released.release)
    }

    mutating func note(_ name: VersionProof.Link.Name, holds sentence: String) {
        links.append(.init(name: name, finding: .holds(oneLine(sentence))))
    }

    mutating func note(
        _ name: VersionProof.Link.Name, broken sentence: String, hint: String? = nil
    ) {
        links.append(
            .init(
                name: name,
                finding: .broken(oneLine(sentence), hint: hint.map { oneLine($0) })))
    }

    /// Notes the first of the objections, or that the link holds.
    mutating func note(
        _ name: VersionProof.Link.Name, _ objections: [(isTrue: Bool, sentence: String)],
        hint: String? = nil, else sentence: String
    ) {
        if let objection = objections.first(where: \.isTrue) {
            note(name, broken: objection.sentence, hint: hint)
        } else {
            note(name, holds: sentence)
        }
    }

    /// The fetch that brings what a clone may lack.
    static let fetch =
        "git fetch origin 'refs/tags/*:refs/tags/*' refs/notes/slipway:refs/notes/slipway"
    /// What is left when the bot's own words contradict each other.
    static let compare = "compare with another clone: git log -p refs/notes/slipway"
}
