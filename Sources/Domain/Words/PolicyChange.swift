/// What people approve to change who may approve: digests of the trusted policy, before and after.
///
/// Its id is made as that of `Evidence`.
package struct PolicyEvidence: Hashable, Codable, Sendable {
    /// Of the policy that is proposed.
    package var policy: Digest
    /// Of the policy that is trusted now, and decides.
    package var replaces: Digest

    package init(policy: Digest, replaces: Digest) {
        self.policy = policy
        self.replaces = replaces
    }
}

/// A commit's policy that waits for approval.
package struct PolicyProposal: Hashable, Codable, Sendable {
    package var evidence: PolicyEvidence
    /// The SHA-256 of the evidence's canonical JSON.
    package var evidenceDigest: Digest
    /// What changes, a line each, a weaker rule first.
    package var changes: [String]

    package init(evidence: PolicyEvidence, evidenceDigest: Digest, changes: [String]) {
        self.evidence = evidence
        self.evidenceDigest = evidenceDigest
        self.changes = changes
    }
}

/// A policy that became trusted; its files are those of the commit that the note hangs on.
package struct PolicyAdoption: Hashable, Codable, Sendable {
    package var policy: Digest
    package var evidence: EvidenceID
    package var approvedBy: [Principal]
    /// The tag objects that were used up by it.
    package var tags: [ObjectID]

    package init(
        policy: Digest, evidence: EvidenceID, approvedBy: [Principal], tags: [ObjectID]
    ) {
        self.policy = policy
        self.evidence = evidence
        self.approvedBy = approvedBy
        self.tags = tags
    }
}
