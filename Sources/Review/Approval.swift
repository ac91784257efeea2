package import Domain

/// A reviewer's signed word about one piece of evidence, after every check.
package struct Approval: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable { case approve, reject }

    package var kind: Kind
    package var model: ModelName
    package var evidence: EvidenceID
    /// The evidence in full, as the signed message names it.
    package var evidenceLine: Digest
    /// The principal of the key that signed.
    package var reviewer: Principal
    /// All names of the same person in allowed_signers, `reviewer` included.
    package var aliases: Set<Principal>
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    package var keyFingerprint: String
    package var comment: String
    /// The commit that was tagged.
    package var target: ObjectID
    package var tagObject: ObjectID

    package init(
        kind: Kind, model: ModelName, evidence: EvidenceID, evidenceLine: Digest,
        reviewer: Principal, aliases: Set<Principal> = [], keyFingerprint: String,
        comment: String, target: ObjectID, tagObject: ObjectID
    ) {
        self.kind = kind
        self.model = model
        self.evidence = evidence
        self.evidenceLine = evidenceLine
        self.reviewer = reviewer
        self.aliases = aliases.union([reviewer])
        self.keyFingerprint = keyFingerprint
        self.comment = comment
        self.target = target
        self.tagObject = tagObject
    }
}

/// What a tag turned out to be.
package enum ApprovalCheck: Hashable, Sendable {
    case approval(Approval)
    /// It stands where approvals stand and does not count: why, and a command that mends it.
    case refused(reason: String, hint: String)
    /// It is some other tag.
    case notAnApproval
}
