import Domain
import Git
import Review

/// Judges the tags that were not seen before, in their order.
struct TagJudge {
    let workshop: Workshop
    let trust: TrustInForce
    /// What they are about: a model, or the policy.
    let subject: ModelName
    /// Who may not approve, because they wrote it, and which tags do not count now.
    let policy: Seen.Policy
    /// The evidence that reviewers were shown under an id.
    private let shown: (EvidenceID) -> Digest?
    /// Approvals that still count, also those judged so far; who said yes to what was replaced, or
    /// long ago, may say it again.
    private var standing: SeenApprovals
    /// What was judged so far.
    private(set) var seen: [SeenTag] = []

    init(
        workshop: Workshop, trust: TrustInForce, record: ModelRecord, policy: Seen.Policy
    ) {
        self.workshop = workshop
        self.trust = trust
        self.policy = policy
        subject = record.model
        shown = { record.shown[$0]?.digest }
        standing = SeenApprovals(
            record.tags.filter {
                !record.usedTags.contains($0.tag) && !record.voidTags.contains($0.tag)
                    && policy.ignored[$0.tag] == nil
            })
    }

    init(
        workshop: Workshop, trust: TrustInForce, record: PolicyRecord, policy: Seen.Policy
    ) {
        self.workshop = workshop
        self.trust = trust
        self.policy = policy
        subject = .policy
        shown = { record.shown[$0]?.proposal.evidenceDigest }
        standing = SeenApprovals(
            record.tags.filter {
                !record.spentTags.contains($0.tag) && policy.ignored[$0.tag] == nil
            })
    }

    mutating func see(_ ref: Reference) async throws {
        let tag = try await judge(ref)
        seen.append(tag)
        standing.add(tag)
    }

    private func judge(_ ref: Reference) async throws -> SeenTag {
        let kind: SeenTag.Kind = ref.name.hasPrefix("refs/tags/reject/") ? .reject : .approve
        var tag = SeenTag(
            tag: ref.target, ref: ref.name, kind: kind, evidence: evidenceID(ref.name),
            principal: nil)
        guard ref.isAnnotatedTag else {
            tag.refusal = "a lightweight tag carries no signature"
            tag.hint = "\(deletion(of: ref.name)); slipway \(kind.rawValue) \(subject)"
            return tag
        }
        guard let raw = try await bytes(of: ref.target) else {
            tag.refusal = "the object is not a tag that git understands, or far too large for one"
            tag.hint = "\(deletion(of: ref.name)); slipway \(kind.rawValue) \(subject)"
            return tag
        }
        let shown = tag.evidence.flatMap(self.shown)
        switch try await verdict(ref, raw, shown) {
        case .approval(let approval):
            tag.principal = approval.reviewer
            tag.keyFingerprint = approval.keyFingerprint
            tag.isHardware = approval.isHardwareKey
            tag.comment = String(approval.comment.prefix(2000))
            if let objection = objection(
                of: approval, shown: shown, earlier: standing, excluded: policy.excluded)
            {
                (tag.refusal, tag.hint) = (objection.reason, objection.hint)
            }
        case .refused(let reason, let hint): (tag.refusal, tag.hint) = (reason, hint)
        case .notAnApproval: tag.refusal = "the name is not one of an approval"
        }
        return tag
    }

    /// The tag object; nil when it will never be read as one, however often it is tried.
    private func bytes(of tag: ObjectID) async throws(GitError) -> [UInt8]? {
        do throws(GitError) {
            return try await workshop.repository.tagObject(tag).raw
        } catch {
            switch error {
            case .tooLarge, .wrongKind: return nil
            default: throw error
            }
        }
    }

    private func verdict(
        _ ref: Reference, _ raw: [UInt8], _ shown: Digest?
    ) async throws -> ApprovalCheck {
        let sight = TagSignatures.Sight(
            object: ref.target, ref: ref.name, firstSeen: workshop.clock())
        let signatures = TagSignatures(trust, folder: workshop.folder.path)
        switch try await signatures.check(sight, raw, evidence: shown) {
        case .checked(let verdict): return verdict
        case .unclear(let error): return refused(error.description, "git verify-tag", ref)
        case .noGPG:
            return refused(
                "it is signed by GPG, and there is no gpg where the daemon runs",
                "install gnupg there, or git config gpg.format ssh", ref)
        }
    }

    private func refused(_ reason: String, _ mend: String, _ ref: Reference) -> ApprovalCheck {
        let kind = ref.name.hasPrefix("refs/tags/reject/") ? "reject" : "approve"
        return .refused(
            reason: reason,
            hint: "\(mend); then: \(deletion(of: ref.name)); slipway \(kind) \(subject)")
    }

    private func evidenceID(_ ref: String) -> EvidenceID? {
        let parts = ref.split(separator: "/")
        return parts.count > 4 ? EvidenceID(String(parts[4])) : nil
    }
}
