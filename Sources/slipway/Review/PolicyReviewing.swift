import Domain
import Host
import Provenance
import Review

/// Makes one signed tag about the change of policy that waits, and waits for its effect; all that
/// it needs to know is in the notes.
struct PolicyReviewing {
    private let options: ReviewOptions
    private let kind: Approval.Kind
    private let comment: String

    init(_ options: ReviewOptions, _ kind: Approval.Kind, comment: String) {
        self.options = options
        self.kind = kind
        self.comment = comment
    }

    func run() async throws {
        let clone = try await Clone.find()
        let tag = ReviewTag(clone: clone, options: options, kind: kind, comment: comment)
        try await tag.requireKey()
        let record = try await record(clone)
        guard let id = record.open, let shown = record.shown[id] else {
            throw Stop(
                .refused, "no change of policy waits for a review", at: DecisionNotes.ref,
                hint: "slipway log policy")
        }
        if kind == .approve, let by = record.rejected[id] {
            throw Stop(
                .refused, "\(by) has rejected this change of policy", at: id.description,
                hint: "push a new commit; it is judged anew")
        }
        if let asked = options.evidence, asked != id.hex {
            throw Stop(
                .refused, "the evidence is \(id) now, not \(asked)",
                at: "commit \(shown.commit.short)", hint: "read it anew: slipway review")
        }
        await Console.put(text(of: shown))
        let object = try await tag.publish(
            .init(
                evidence: shown.proposal.evidenceDigest, commit: shown.commit, lifts: nil,
                seen: record.tags))
        try await outcome(of: object, about: id, clone)
    }

    private func record(_ clone: Clone) async throws -> PolicyRecord {
        _ = try await clone.fetchDecisions(from: options.remote)
        let decisions = try await DecisionNotes(of: try clone.repository())
        return PolicyRecord(records: decisions.records)
    }

    /// Waits until the notes say what became of the tag.
    private func outcome(
        of tag: ObjectID, about id: EvidenceID, _ clone: Clone
    ) async throws {
        let end = monotonicSeconds() + options.wait.value
        var looksLeft = 4
        while monotonicSeconds() < end, looksLeft > 0 {
            let now = try await record(clone)
            if let seen = now.tags.first(where: { $0.tag == tag }) {
                if let refusal = seen.refusal {
                    throw Stop(
                        .refused, "it does not count: \(refusal)", at: seen.ref, hint: seen.hint)
                }
                if let by = now.rejected[id] {
                    return await Console.say("\(by) rejected the change of policy")
                }
                if now.open != id {
                    return await Console.say("the new policy is trusted from now on")
                }
                looksLeft -= 1
            }
            try await Task.sleep(for: .milliseconds(400))
        }
        await Console.say(
            looksLeft == 0
                ? "it counts; others must approve too: slipway review"
                : options.wait.value == 0
                    ? "the daemon looks at it soon: slipway log policy"
                    : "the daemon has not looked at it within \(duration(options.wait.value)); "
                        + "see slipway log policy")
    }
}

/// A change of policy as people read it.
func text(of shown: PolicyRecord.Shown) -> String {
    let evidence = shown.proposal.evidence
    let lines = [
        "policy \(evidence.replaces.short) → \(evidence.policy.short), commit "
            + "\(shown.commit.short)",
        "evidence  \(EvidenceID(shown.proposal.evidenceDigest))",
    ]
    return (lines + shown.proposal.changes.map { "  \($0)" }).joined(separator: "\n")
}
