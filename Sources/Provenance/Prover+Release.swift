import Domain

// From the tag to the evidence: what the bot wrote agrees with itself.

extension Prover {
    mutating func checkLog() {
        switch question.log {
        case .none: return
        case .whole: note(.log, holds: question.log?.description ?? "")
        case .broken(let broken): note(.log, broken: broken.description, hint: broken.hint)
        }
    }

    mutating func checkTag() -> VersionTag? {
        let name = "\(question.model)@\(question.version)"
        guard let raw = question.tag else {
            note(.tag, broken: "there is no tag \(name)", hint: Self.fetch)
            return nil
        }
        do throws(ProvenanceError) {
            let tag = try VersionTag(ref: "refs/tags/\(name)", raw: raw)
            note(.tag, holds: "the tag \(name) sits on the commit \(tag.target.short)")
            return tag
        } catch {
            note(.tag, broken: error.description, hint: "git cat-file tag '\(name)'")
            return nil
        }
    }

    mutating func checkTagSignature(_ tag: VersionTag) {
        switch question.tagSignature {
        case .good(let signer):
            note(
                .tagSignature,
                holds: "the tag is signed by \(signer.principal) with \(signer.keyFingerprint)")
        case .bad(let reason, let hint):
            note(.tagSignature, broken: "the tag's signature is not good: \(reason)", hint: hint)
        case .unsigned where tag.isSigned, .missing:
            note(.tagSignature, broken: "the tag's signature could not be read")
        case .unsigned:
            note(.tagSignature, holds: "the tag is not signed; the approvals are")
        case .none: return
        }
    }

    /// The decision that the tag stands for; there is one, and it says the same.
    mutating func checkRelease(_ tag: VersionTag) -> Released? {
        let all = records.compactMap { record -> Released? in
            guard case .released(let release) = record.decision else { return nil }
            return Released(record: record, release: release)
        }
        let found = all.filter { $0.release.version == question.version }
        guard let released = found.first else {
            note(
                .release, broken: "no decision releases \(question.model) \(question.version)",
                hint: Self.fetch)
            return nil
        }
        let release = released.release
        let twins = all.filter { $0.release.candidate == release.candidate }
        note(
            .release,
            [
                (found.count > 1, "\(found.count) decisions release \(question.version)"),
                (twins.count > 1, "the candidate \(release.candidate.short) was released twice"),
                (
                    released.record.commit != release.commit,
                    "the note hangs on another commit than the one that it releases"
                ),
                (
                    tag.target != release.commit,
                    "the tag sits on \(tag.target.short), and \(release.commit.short) was released"
                ),
                (
                    tag.configCommit != release.commit,
                    "the tag's `Config-Commit` is not the commit that was released"
                ),
                (
                    tag.candidate != release.candidate,
                    "the tag names another candidate than the decision"
                ),
                (
                    EvidenceID(tag.evidence) != release.evidence,
                    "the tag names other evidence than the decision"
                ),
                (
                    tag.artifact != release.artifact,
                    "the tag names another artifact than the decision"
                ),
                (
                    tag.datasets != release.datasets,
                    "the tag names other datasets than the decision"
                ),
                (
                    tag.approvedBy != release.approvedBy,
                    "the tag names other approvers than the decision"
                ),
            ],
            hint: Self.compare,
            else: "record \(released.record.sequence) released it at \(released.record.at)")
        return released
    }

    /// Whether the commit still makes the candidate that was released.
    mutating func checkCandidate(_ release: Release) {
        guard let recomputed = question.recomputed else { return }
        note(
            .candidate,
            [
                (
                    recomputed != release.candidate,
                    "the commit \(release.commit.short) makes the candidate \(recomputed.short), "
                        + "and \(release.candidate.short) was released"
                )
            ], hint: "git fsck",
            else: "the commit \(release.commit.short) makes the candidate "
                + release.candidate.short)
    }

    /// The evidence is kept whole, and speaks about what was released.
    mutating func checkEvidence(_ tag: VersionTag, _ released: Released) -> Judged? {
        let release = released.release
        let found = records.compactMap { record -> Judged? in
            guard case .judged(let judgement) = record.decision,
                let evidence = judgement.evidence, let digest = judgement.evidenceDigest,
                EvidenceID(digest) == release.evidence, record.commit == release.commit,
                record.sequence < released.record.sequence
            else { return nil }
            return Judged(
                record: record, judgement: judgement, evidence: evidence, digest: digest)
        }
        guard let judged = found.last else {
            note(
                .evidence,
                broken: "the notes do not hold the evidence \(release.evidence) before the release",
                hint: Self.fetch)
            return nil
        }
        let evidence = judged.evidence
        note(
            .evidence,
            [
                (
                    sha256(canonicalJSON(evidence)) != judged.digest,
                    "the evidence has the digest \(sha256(canonicalJSON(evidence)).short), and the "
                        + "note says \(judged.digest.short)"
                ),
                (judged.digest != tag.evidence, "the tag's `Evidence` is not the note's"),
                (
                    evidence.model != question.model,
                    "the evidence is about the model \(evidence.model)"
                ),
                (
                    evidence.candidate != release.candidate,
                    "the evidence is about another candidate than the release"
                ),
                (
                    evidence.artifact != release.artifact,
                    "the evidence is about another artifact than the release"
                ),
                (
                    evidence.datasets != release.datasets,
                    "the evidence is about other datasets than the release"
                ),
            ],
            hint: Self.compare + "; or a later version of Slipway wrote it",
            else: "the evidence \(release.evidence) is whole: its digest is \(judged.digest.short)")
        return judged
    }
}
