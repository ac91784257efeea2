import Daemon
import Domain
import Provenance

/// What the notes say about one release, as far as they hold together.
struct ReleaseFacts: Sendable {
    let model: ModelName
    let release: Release
    let releasedAt: Instant
    let evidence: Evidence
    let evidenceDigest: Digest
    let judgedAt: Instant
    let judgedSequence: Int
    /// Everything that was decided about the model before the release.
    let before: ModelRecord
    /// The commit of what was assigned then; nil: nothing was.
    let since: CommitID?

    /// nil: no decision releases the version, or the evidence is not there.
    init?(_ model: ModelName, _ version: SemanticVersion, _ records: [DecisionRecord]) {
        let own = records.filter { $0.model == model }
        var found: (release: Release, record: DecisionRecord)?
        for record in own where found == nil {
            if case .released(let release) = record.decision, release.version == version {
                found = (release, record)
            }
        }
        guard let (release, record) = found else { return nil }
        let earlier = own.filter { $0.sequence < record.sequence }
        let judged = earlier.last { entry in
            guard case .judged(let judgement) = entry.decision,
                let digest = judgement.evidenceDigest
            else { return false }
            return entry.commit == release.commit && EvidenceID(digest) == release.evidence
        }
        guard let judged, case .judged(let judgement) = judged.decision,
            let evidence = judgement.evidence, let digest = judgement.evidenceDigest
        else { return nil }
        self.model = model
        self.release = release
        self.evidence = evidence
        evidenceDigest = digest
        releasedAt = record.at
        judgedAt = judged.at
        judgedSequence = judged.sequence
        before = ModelRecord(model: model, records: earlier)
        since = before.current[evidence.environment]?.commit
    }

    /// The tags that the release used, as each was seen first.
    var sights: [(tag: SeenTag, sight: TagSignatures.Sight)] {
        release.tags.compactMap { object in
            guard let tag = before.tags.first(where: { $0.tag == object }),
                let at = before.seenAt[object]
            else { return nil }
            return (tag, TagSignatures.Sight(object: object, ref: tag.ref, firstSeen: at))
        }
    }

    /// Whether the policy of this very release is asked for.
    func isAsked(_ question: PolicyQuestion) -> Bool {
        question.evidence == evidence && question.commit == release.commit
            && question.since == since
    }
}
