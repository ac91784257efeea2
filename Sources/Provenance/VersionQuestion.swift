package import Domain

/// A version and everything that is needed to prove it; the caller reads git and the artifacts.
package struct VersionQuestion {
    package var model: ModelName
    package var version: SemanticVersion
    /// The bytes of the object at `refs/tags/<model>@<version>`; nil: there is no such ref.
    package var tag: [UInt8]?
    /// What a check of the version tag's own signature found; nil: nobody checked it.
    package var tagSignature: SignatureFinding?
    /// Every decision that the notes hold, in any order.
    package var records: [DecisionRecord]
    /// What the check of the chain found; nil: nobody checked it.
    package var log: AuditLog.Finding?
    /// Checks the tag object of an approval against the trusted signers, as of its first sight.
    package var approvalCheck: (SeenApproval) -> SignatureFinding
    /// Says what the trusted policy demands of the release.
    package var policyAt: (PolicyQuestion) -> PolicyFinding
    package var artifact: ArtifactFinding
    /// The fingerprint computed anew from the commit; nil: nobody computed it.
    package var recomputed: Fingerprint?

    package init(
        model: ModelName, version: SemanticVersion, tag: [UInt8]?,
        tagSignature: SignatureFinding? = nil, records: [DecisionRecord],
        log: AuditLog.Finding? = nil,
        approvalCheck: @escaping (SeenApproval) -> SignatureFinding,
        policyAt: @escaping (PolicyQuestion) -> PolicyFinding,
        artifact: ArtifactFinding = .notChecked, recomputed: Fingerprint? = nil
    ) {
        self.model = model
        self.version = version
        self.tag = tag
        self.tagSignature = tagSignature
        self.records = records
        self.log = log
        self.approvalCheck = approvalCheck
        self.policyAt = policyAt
        self.artifact = artifact
        self.recomputed = recomputed
    }
}

/// An approval that a release used, as the notes tell of it.
package struct SeenApproval: Hashable, Sendable {
    /// The id of the tag object; the ref may be gone or point elsewhere.
    package var object: ObjectID
    package var ref: String
    /// When the bot saw it first: the moment at which its key must have been valid.
    package var firstSeen: Instant
    /// The full digest that its `Evidence:` line must say.
    package var evidence: Digest
}

/// What a check of a tag's signature found.
package enum SignatureFinding: Hashable, Sendable {
    package struct Signer: Hashable, Sendable {
        package var principal: Principal
        /// All names of that person, `principal` among them: names that share a key are one.
        package var aliases: Set<Principal>
        /// `SHA256:…`
        package var keyFingerprint: String
        /// What the `Evidence:` line says; nil in tags that have none.
        package var evidence: Digest?

        package init(
            principal: Principal, aliases: Set<Principal> = [], keyFingerprint: String,
            evidence: Digest? = nil
        ) {
            self.principal = principal
            self.aliases = aliases.union([principal])
            self.keyFingerprint = keyFingerprint
            self.evidence = evidence
        }
    }

    case good(Signer)
    case unsigned
    case bad(reason: String, hint: String?)
    /// The object is not in this clone.
    case missing
}

/// Which policy is asked for.
package struct PolicyQuestion: Hashable, Sendable {
    package var evidence: Evidence
    /// The commit that was released.
    package var commit: CommitID
    /// What was assigned in the environment at that time: people behind the commits after it and
    /// up to `commit` are the authors; nil: nothing was.
    package var since: CommitID?
}

/// What the trusted files demand.
package enum PolicyFinding: Hashable, Sendable {
    package struct Policy: Hashable, Sendable {
        package var digest: Digest
        /// How many must say yes.
        package var approvals: Int
        /// Who may not, with what they were: `author`, `committer`, `co-author`.
        package var excluded: [Principal: String]
        /// Addresses of authors that belong to no principal.
        package var unmapped: [String]

        package init(
            digest: Digest, approvals: Int, excluded: [Principal: String] = [:],
            unmapped: [String] = []
        ) {
            self.digest = digest
            self.approvals = approvals
            self.excluded = excluded
            self.unmapped = unmapped
        }
    }

    case known(Policy)
    case unknown(reason: String, hint: String?)
}

/// What became of the released files.
package enum ArtifactFinding: Hashable, Sendable {
    /// All files were read, and this is the digest of the folder that they make.
    case checked(Digest)
    case notChecked
    case missing
}
