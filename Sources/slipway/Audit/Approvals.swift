import Daemon
import Domain
import Provenance
import Review

/// The approvals of a release, as their objects in the clone are signed.
struct Approvals: Sendable {
    /// What was found about each tag that the clone has, as it was seen first.
    var answers: [TagSignatures.Sight: TagSignatures.Answer] = [:]

    func check(_ seen: SeenApproval, _ model: ModelName) -> SignatureFinding {
        let sight = TagSignatures.Sight(
            object: seen.object, ref: seen.ref, firstSeen: seen.firstSeen)
        guard let answer = answers[sight] else { return .missing }
        switch answer.result {
        case .refused(let reason, let hint): return .bad(reason: reason, hint: hint)
        case .notAnApproval: return .bad(reason: "its ref is no approval's", hint: nil)
        case .approval(let approval):
            guard approval.kind == .approve, approval.model == model else {
                return .bad(reason: "it says something else", hint: nil)
            }
            return .good(
                .init(
                    principal: approval.reviewer, aliases: approval.aliases,
                    keyFingerprint: approval.keyFingerprint, evidence: approval.evidenceLine))
        }
    }

    /// What was known about the tags when they were first seen; hardware as the signature says.
    func sights(of facts: ReleaseFacts) -> [ReviewQuestion.Tag] {
        facts.sights.map { tag, sight in
            var isHardware = false
            if case .approval(let approval) = answers[sight]?.result {
                isHardware = approval.isHardwareKey
            }
            return ReviewQuestion.Tag(
                tag: tag, firstSeen: sight.firstSeen, isHardware: isHardware)
        }
    }
}

extension TagSignatures.Answer {
    /// What it means to an auditor, who has another machine than the daemon.
    var result: ApprovalCheck {
        switch self {
        case .checked(let result): result
        case .unclear(let error):
            .refused(reason: error.description, hint: error.hint ?? "git verify-tag")
        case .noGPG:
            .refused(
                reason: "it is signed by GPG, and gpg is not installed here: nobody has checked it",
                hint: "install gnupg, then verify again")
        }
    }
}
