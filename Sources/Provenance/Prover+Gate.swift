import Domain

// The gate's judgement, and what was assigned when it was made.

extension Prover {
    mutating func checkJudgement(_ judged: Judged) {
        let judgement = judged.judgement
        let evidence = judged.evidence
        let stopped = judgement.verdict.rules.first {
            $0.outcome == .failed || $0.outcome == .notEnoughEvidence
        }
        let contradiction = judgement.contradiction
        note(
            .judgement,
            [
                (
                    judgement.verdict.outcome != .passed,
                    "the gate did not pass it: \(judgement.verdict.outcome.rawValue)"
                ),
                (
                    stopped != nil,
                    "the gate passed it, and its rule \(stopped?.rule ?? "") did not"
                ),
                (
                    sha256(canonicalJSON(judgement.report)) != evidence.evaluation,
                    "the report in the note is not the one that the evidence names"
                ),
                (contradiction != nil, "the verdict does not follow: \(contradiction ?? "")"),
                (
                    judgement.candidate != evidence.candidate,
                    "the gate judged another candidate than the evidence names"
                ),
                (
                    judgement.policy != evidence.policy,
                    "the gate judged under another policy than the evidence names"
                ),
                (
                    judgement.baseline != evidence.baseline,
                    "the gate compared with another baseline than the evidence names"
                ),
            ],
            hint: Self.compare,
            else: "run \(question.model)/\(judgement.run) passed the gate on "
                + "\(judgement.verdict.rules.count) rules, by the report that the evidence names")
    }

    /// The evidence spoke about the environment as it was, and nobody had said no.
    mutating func checkStanding(
        _ judged: Judged, _ release: Release, _ before: ModelRecord
    ) {
        let evidence = judged.evidence
        let current = before.current[evidence.environment]
        let refusal = before.tags.first { tag in
            tag.kind == .reject && tag.refusal == nil && tag.evidence == release.evidence
                && !before.usedTags.contains(tag.tag) && !before.voidTags.contains(tag.tag)
        }
        note(
            .standing,
            [
                (
                    refusal != nil,
                    "\(refusal?.principal?.text ?? "somebody") had said no to the evidence"
                ),
                (
                    before.outcomes[release.commit] != .waiting(release.evidence),
                    "the commit did not wait for approvals of this evidence when it was released"
                ),
                (
                    current?.number != evidence.replaces || current?.version != evidence.baseline,
                    "\(evidence.environment) had another assignment than the evidence replaces"
                ),
            ],
            hint: Self.compare,
            else: "the evidence still stood for \(evidence.environment), where "
                + (current.map { "\($0.version) was assigned" } ?? "nothing was assigned"))
    }
}
