/// Who may decide, and who would if what waits were approved: `slipway status`, the API.
package struct PolicyView: Hashable, Codable, Sendable {
    /// The policy that is trusted now.
    package struct Trusted: Hashable, Codable, Sendable {
        package var policy: Digest
        /// The commit that has its files; nil: the daemon's own config decides.
        package var commit: CommitID?
        /// When it became trusted; nil with `commit`.
        package var since: Instant?
        /// Who approved it; empty with no `commit`.
        package var approvedBy: [Principal]
        /// Who can approve something by a key that is trusted; nil: it cannot be listed, because a
        /// certificate authority names them.
        package var signers: [Principal]?

        package init(
            policy: Digest, commit: CommitID? = nil, since: Instant? = nil,
            approvedBy: [Principal] = [], signers: [Principal]? = nil
        ) {
            self.policy = policy
            self.commit = commit
            self.since = since
            self.approvedBy = approvedBy
            self.signers = signers
        }
    }

    /// What the head of the watched branch wants.
    package struct Proposal: Hashable, Codable, Sendable {
        package var id: EvidenceID
        /// All 64 digits; an approval's `Evidence:` line.
        package var evidenceDigest: Digest
        package var policy: Digest
        package var commit: CommitID
        package var since: Instant
        /// What changes, a line each, a weaker rule first.
        package var changes: [String]
        /// Who has approved, in the order of first sight.
        package var have: [Principal]
        /// How many must, under the rules that are trusted now.
        package var need: Int
        /// What is lacking besides, a phrase each.
        package var lacking: [String]
        /// Who may not approve it, because they wrote it.
        package var excluded: [Principal]
        /// Who said no; nil: nobody, and it waits.
        package var rejectedBy: Principal?
        /// Tags about it, in the order of first sight.
        package var tags: [SeenTag]

        package init(
            _ shown: PolicyRecord.Shown, have: [Principal], need: Int, lacking: [String] = [],
            excluded: [Principal] = [], rejectedBy: Principal? = nil, tags: [SeenTag] = []
        ) {
            evidenceDigest = shown.proposal.evidenceDigest
            id = EvidenceID(shown.proposal.evidenceDigest)
            policy = shown.proposal.evidence.policy
            commit = shown.commit
            since = shown.at
            changes = shown.proposal.changes
            self.have = have
            self.need = need
            self.lacking = lacking
            self.excluded = excluded
            self.rejectedBy = rejectedBy
            self.tags = tags
        }
    }

    package var trusted: Trusted
    /// nil: the head says what is trusted, or nothing that can be read.
    package var proposal: Proposal?
    /// Why the head's files propose nothing; empty: they can be read.
    package var broken: [Diagnostic]

    package init(trusted: Trusted, proposal: Proposal? = nil, broken: [Diagnostic] = []) {
        self.trusted = trusted
        self.proposal = proposal
        self.broken = broken
    }
}
