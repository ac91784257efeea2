package import Domain

/// A reviewer's signed word about one piece of evidence, after every check.
package struct Approval: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable { case approve, reject }

    /// The certificate by which the key counted.
    package struct Certificate: Hashable, Codable, Sendable {
        /// What the authority calls it.
        package var keyID: String
        package var serial: UInt64
        /// `SHA256:…` of the authority's key.
        package var authority: String

        package init(keyID: String, serial: UInt64, authority: String) {
            self.keyID = keyID
            self.serial = serial
            self.authority = authority
        }

        init(_ certificate: SSHCertificate) {
            self.init(
                keyID: String(decoding: certificate.keyID, as: UTF8.self),
                serial: certificate.serial, authority: certificate.authority.fingerprint)
        }
    }

    package var kind: Kind
    package var model: ModelName
    package var evidence: EvidenceID
    /// The evidence in full, as the signed message names it.
    package var evidenceLine: Digest
    /// The principal of the key that signed.
    package var reviewer: Principal
    /// All names of the same person in the signers' files and the certificate, `reviewer` included.
    package var aliases: Set<Principal>
    /// `SHA256:…`, as `ssh-keygen -l` prints it; for GPG `gpg:` and that of the primary key.
    package var keyFingerprint: String
    /// The private key cannot leave a security key, which was touched.
    package var isHardwareKey: Bool
    /// The security key asked for a PIN or a finger.
    package var isUserVerified: Bool
    /// nil: the key itself is trusted.
    package var certificate: Certificate?
    package var comment: String
    /// The commit that was tagged.
    package var target: ObjectID
    package var tagObject: ObjectID

    package init(
        kind: Kind, model: ModelName, evidence: EvidenceID, evidenceLine: Digest,
        reviewer: Principal, aliases: Set<Principal> = [], keyFingerprint: String,
        isHardwareKey: Bool = false, isUserVerified: Bool = false,
        certificate: Certificate? = nil, comment: String, target: ObjectID, tagObject: ObjectID
    ) {
        self.kind = kind
        self.model = model
        self.evidence = evidence
        self.evidenceLine = evidenceLine
        self.reviewer = reviewer
        self.aliases = aliases.union([reviewer])
        self.keyFingerprint = keyFingerprint
        self.isHardwareKey = isHardwareKey
        self.isUserVerified = isUserVerified
        self.certificate = certificate
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
