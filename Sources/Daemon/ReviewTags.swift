import Domain
import Git
import Review

/// The reviewers' tags that git shows now.
struct ReviewTags: Sendable {
    /// Every `approve/…` and `reject/…` ref with the object that it points at.
    private(set) var refs: [Reference] = []

    static func read(_ repository: Repository) async throws -> ReviewTags {
        var tags = ReviewTags()
        tags.refs = try await repository.refs(prefix: "refs/tags/approve/")
        tags.refs += try await repository.refs(prefix: "refs/tags/reject/")
        return tags
    }

    /// The refs below a model's name.
    func refs(of model: ModelName) -> [Reference] {
        refs.filter {
            $0.name.hasPrefix("refs/tags/approve/\(model)/")
                || $0.name.hasPrefix("refs/tags/reject/\(model)/")
        }
    }

    /// Refs of the approvals' space that name no model of `models`.
    func strangers(to models: Set<ModelName>) -> [Reference] {
        refs.filter { ref in
            let parts = ref.name.split(separator: "/")
            guard parts.count > 3, let model = ModelName(String(parts[3])) else { return true }
            return !models.contains(model)
        }
    }

    /// Tags of the record whose ref is gone or points elsewhere now.
    func gone(from record: ModelRecord) -> [ObjectID: String] {
        let present = Set(refs.map(\.target))
        var gone: [ObjectID: String] = [:]
        for tag in record.tags where !present.contains(tag.tag) { gone[tag.tag] = tag.ref }
        return gone
    }
}

/// Judges one tag that was not seen before.
struct TagJudge: Sendable {
    let workshop: Workshop
    let record: ModelRecord
    /// Who may not approve the head, because they wrote it.
    let excluded: Set<Principal>

    func judge(_ ref: Reference) async throws -> SeenTag {
        let kind: SeenTag.Kind = ref.name.hasPrefix("refs/tags/reject/") ? .reject : .approve
        var seen = SeenTag(
            tag: ref.target, ref: ref.name, kind: kind, evidence: evidenceID(ref.name),
            principal: nil)
        guard ref.isAnnotatedTag else {
            seen.refusal = "a lightweight tag carries no signature"
            seen.hint = "slipway \(kind.rawValue) \(record.model)"
            return seen
        }
        let raw = try await workshop.repository.tagObject(ref.target).raw
        switch check(
            tag: ref.name, raw: raw, objectID: ref.target, trust: workshop.trust.trust,
            at: workshop.clock(),
            knownEvidence: seen.evidence.flatMap { record.shown[$0]?.digest })
        {
        case .approval(let approval): accept(approval, &seen)
        case .refused(let reason, let hint): (seen.refusal, seen.hint) = (reason, hint)
        case .notAnApproval: seen.refusal = "the name is not one of an approval"
        }
        return seen
    }

    private func accept(_ approval: Approval, _ seen: inout SeenTag) {
        seen.principal = approval.reviewer
        seen.keyFingerprint = approval.keyFingerprint
        seen.comment = String(approval.comment.prefix(2000))
        if record.shown[approval.evidence]?.digest != approval.evidenceLine {
            seen.refusal = "no evidence \(approval.evidence) of \(record.model) was ever shown"
            seen.hint = "slipway report \(record.model)"
        } else if approval.kind == .approve, let name = approval.aliases.intersection(excluded).min()
        {
            seen.refusal = "\(name) made these changes and cannot approve them"
            seen.hint = "ask another reviewer: slipway approve \(record.model)"
        } else if approval.kind == .approve, let other = sameReviewer(approval) {
            seen.refusal = "\(other) has approved already and counts once"
        }
    }

    /// One person counts once per evidence, under whatever name or key.
    private func sameReviewer(_ approval: Approval) -> Principal? {
        record.tags.first { tag in
            tag.kind == .approve && tag.refusal == nil && tag.evidence == approval.evidence
                && !record.usedTags.contains(tag.tag)
                && (tag.principal.map(approval.aliases.contains) ?? false
                    || tag.keyFingerprint == approval.keyFingerprint)
        }?.principal
    }

    private func evidenceID(_ ref: String) -> EvidenceID? {
        let parts = ref.split(separator: "/")
        return parts.count > 4 ? EvidenceID(String(parts[4])) : nil
    }
}
