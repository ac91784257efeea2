package import Domain
package import Host
package import Review

/// Says whether tags are approvals under one trust: SSH signatures are checked in process, those by
/// GPG by `gpg`.
///
/// The daemon asks it when it sees a tag, and whoever audits the tag later asks the same.
package struct TagSignatures: Sendable {
    /// A tag object as it was seen.
    package struct Sight: Hashable, Sendable {
        package var object: ObjectID
        package var ref: String
        /// When the bot saw it first: the moment at which its key must be valid.
        package var firstSeen: Instant

        package init(object: ObjectID, ref: String, firstSeen: Instant) {
            self.object = object
            self.ref = ref
            self.firstSeen = firstSeen
        }
    }

    package enum Answer: Hashable, Sendable {
        case checked(ApprovalCheck)
        /// gpg ran and there is no verdict about exactly one signature.
        case unclear(ReviewError)
        /// It is signed by GPG, and there is no gpg on this machine.
        case noGPG
    }

    private let trust: TrustInForce
    /// Where gpg's homes are made, each gone after its question.
    private let folder: String

    package init(_ trust: TrustInForce, folder: String) {
        self.trust = trust
        self.folder = folder
    }

    /// Checks the bytes of a tag object, under both lists of revoked keys: the trusted one, and
    /// the one from outside the repository.
    ///
    /// `evidence` is the digest that the tag's name stands for, where it is known. Throws when gpg
    /// could not do its work in time, which says nothing about the tag.
    package func check(
        _ sight: Sight, _ raw: [UInt8], evidence: Digest?
    ) async throws(HostError) -> Answer {
        var answer: GPGAnswer?
        switch try await askGPG(sight, raw) {
        case .said(let said): answer = said
        case .unclear(let error): return .unclear(error)
        case .absent: return .noGPG
        case nil: break
        }
        func check(_ trust: Trust) -> ApprovalCheck {
            Review.check(
                tag: sight.ref, raw: raw, objectID: sight.object, trust: trust,
                at: sight.firstSeen, knownEvidence: evidence, gpg: answer)
        }
        let verdict = check(trust.trust)
        guard case .approval = verdict, let revoked = trust.revokedHere else {
            return .checked(verdict)
        }
        return .checked(
            check(Trust(signers: trust.trust.signers, revoked: revoked, gpg: trust.trust.gpg)))
    }

    /// nil: there is nothing to ask, or no GPG key is trusted.
    private func askGPG(
        _ sight: Sight, _ raw: [UInt8]
    ) async throws(HostError) -> GPGKeyring.Answer? {
        guard !trust.trust.gpg.principals.isEmpty, ApprovalName(ref: sight.ref) != nil,
            let question = GPGQuestion(tag: raw)
        else { return nil }
        let keyring = GPGKeyring(
            keys: trust.policy.gpgKeys, folder: folder, moment: sight.firstSeen)
        return try await keyring.ask(question)
    }
}
