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

/// Judges the tags that were not seen before, in their order.
struct TagJudge {
    let workshop: Workshop
    let record: ModelRecord
    /// Who may not approve the head, because they wrote it.
    let excluded: Set<Principal>
    /// What was judged so far.
    private(set) var seen: [SeenTag] = []

    init(workshop: Workshop, record: ModelRecord, excluded: Set<Principal>) {
        self.workshop = workshop
        self.record = record
        self.excluded = excluded
    }

    mutating func see(_ ref: Reference) async throws { seen.append(try await judge(ref)) }

    private func judge(_ ref: Reference) async throws -> SeenTag {
        let kind: SeenTag.Kind = ref.name.hasPrefix("refs/tags/reject/") ? .reject : .approve
        var tag = SeenTag(
            tag: ref.target, ref: ref.name, kind: kind, evidence: evidenceID(ref.name),
            principal: nil)
        guard ref.isAnnotatedTag else {
            tag.refusal = "a lightweight tag carries no signature"
            tag.hint = "\(deletion(of: ref.name)); slipway \(kind.rawValue) \(record.model)"
            return tag
        }
        guard let raw = try await bytes(of: ref.target) else {
            tag.refusal = "the object is not a tag that git understands, or far too large for one"
            tag.hint = "\(deletion(of: ref.name)); slipway \(kind.rawValue) \(record.model)"
            return tag
        }
        let shown = tag.evidence.flatMap { record.shown[$0]?.digest }
        switch check(
            tag: ref.name, raw: raw, objectID: ref.target, trust: workshop.trust.trust,
            at: workshop.clock(), knownEvidence: shown)
        {
        case .approval(let approval):
            tag.principal = approval.reviewer
            tag.keyFingerprint = approval.keyFingerprint
            tag.comment = String(approval.comment.prefix(2000))
            if let objection = objection(
                of: approval, shown: shown, earlier: standing + seen, excluded: excluded)
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

    /// Earlier tags that still count, so that who said yes to what was replaced may say it again.
    private var standing: [SeenTag] {
        record.tags.filter {
            !record.usedTags.contains($0.tag) && !record.voidTags.contains($0.tag)
        }
    }

    private func evidenceID(_ ref: String) -> EvidenceID? {
        let parts = ref.split(separator: "/")
        return parts.count > 4 ? EvidenceID(String(parts[4])) : nil
    }
}
