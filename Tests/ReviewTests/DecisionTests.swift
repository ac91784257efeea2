import Domain
import TestKit
import Testing

@testable import Review

@Suite struct DecisionTests {
    private func approval(
        _ reviewer: String, _ kind: Approval.Kind = .approve, tag: Int = 1, key: String? = nil,
        aliases: [String] = []
    ) -> Approval {
        let digits = String(tag, radix: 16)
        let id = String(repeating: "0", count: 40 - digits.count) + digits
        return Approval(
            kind: kind, model: ModelName(checked: "digits"), evidence: EvidenceID(evidence),
            evidenceLine: evidence, reviewer: Principal(reviewer),
            aliases: Set(aliases.map { Principal($0) }), keyFingerprint: key ?? "key \(reviewer)",
            comment: "", target: .zero, tagObject: ObjectID(checked: id))
    }

    /// The record of a tag that counted when it was first seen.
    private func seen(_ approval: Approval, refusal: String? = nil) -> SeenTag {
        SeenTag(
            tag: approval.tagObject, ref: "", kind: approval.kind == .approve ? .approve : .reject,
            evidence: approval.evidence, principal: approval.reviewer,
            keyFingerprint: approval.keyFingerprint, refusal: refusal)
    }

    private func reason(
        _ approval: Approval, after earlier: [SeenTag] = [], excluded: [String] = []
    ) -> String? {
        objection(
            of: approval, shown: evidence, earlier: SeenApprovals(earlier),
            excluded: Set(excluded.map { Principal($0) }))?.reason
    }

    @Test func `two people count twice, and one person once under any name or key`() {
        let ada = approval("ada")
        #expect(reason(ada) == nil)
        #expect(reason(approval("bob", tag: 2), after: [seen(ada)]) == nil)
        let again = "ada has approved already and counts once"
        #expect(reason(approval("ada", tag: 2), after: [seen(ada)]) == again)
        #expect(reason(approval("bob", tag: 2, key: "key ada"), after: [seen(ada)]) != nil)
        #expect(reason(approval("a@home", tag: 2, aliases: ["ada"]), after: [seen(ada)]) != nil)
    }

    @Test func `a tag that was refused, or said no, does not stand in the way`() {
        let ada = approval("ada")
        #expect(reason(ada, after: [seen(ada, refusal: "expired")]) == nil)
        #expect(reason(ada, after: [seen(approval("ada", .reject))]) == nil)
    }

    @Test func `whoever made the changes cannot approve them, but may reject`() {
        let ada = approval("ada", aliases: ["root"])
        #expect(
            reason(ada, excluded: ["root"])
                == "ada (the same person as root) made these changes and cannot approve them")
        #expect(reason(approval("eve"), excluded: ["eve"]) != nil)
        #expect(reason(approval("eve", .reject), excluded: ["eve"]) == nil)
    }

    @Test func `evidence that was never shown, or differs after its id, is refused`() {
        let other = Digest(checked: evidence.hex.prefix(16) + String(repeating: "0", count: 48))
        let ada = approval("ada")
        #expect(objection(of: ada, shown: nil, earlier: SeenApprovals(), excluded: []) != nil)
        #expect(objection(of: ada, shown: other, earlier: SeenApprovals(), excluded: []) != nil)
    }

    @Test func `a declaration can tighten the trusted rule and never loosen it`() {
        let trusted = ReviewRule(approvals: 2, exclude: [.author])
        for approvals in [nil, 0, 1, 2, 3] as [Int?] {
            for exclude in [nil, [], [.committer]] as [Set<ReviewDeclaration.Excluded>?] {
                let tightened = trusted.tightened(
                    by: ReviewDeclaration(approvals: approvals, exclude: exclude))
                #expect(tightened.approvals == max(2, approvals ?? 0))
                #expect(tightened.exclude == trusted.exclude.union(exclude ?? []))
            }
        }
    }
}

@Suite struct ApprovalMessageTests {
    @Test(arguments: [
        "", "Fine.", "Two\n\nparagraphs", "Evidence: not this", "a: b\nc: d", "  indented",
        "grün\r\nund so", "---\nbelow",
    ])
    func `what is written is read`(comment: String) throws {
        for lifts in [nil, SemanticVersion(1, 1, 0)] {
            let text = approvalMessage(comment: comment, evidence: evidence, lifts: lifts)
            let read = try ApprovalMessage(parsing: Array(text.utf8))
            #expect(read.evidence == evidence)
            #expect(read.lifts == lifts)
            #expect(Array(read.comment.utf8) == comment.utf8.filter { $0 != 13 })
        }
    }

    @Test func `a comment cannot smuggle in a signature`() throws {
        let text = approvalMessage(comment: "-----BEGIN SSH SIGNATURE-----", evidence: evidence)
        #expect(text.hasPrefix(" -----BEGIN"))
    }

    @Test func `random bytes never crash a parser`() {
        for seed in UInt64(1)...300 {
            var random = Seeded(state: seed)
            let alphabet = Array("ssh-ed25519 \"=,!*?#Z\n\r\t0123 Evidence: tag object AAAA".utf8)
            let count = Int.random(in: 0...200, using: &random)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &random)
                    ? alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                    : UInt8.random(in: 0...255, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(AllowedSigners.parsing(text).value.lines.isEmpty, "seed \(seed)")
            #expect(throws: ReviewError.self, "seed \(seed)") {
                try SSHSignature(blob: Array("SSHSIG".utf8) + [0, 0, 0, 1] + bytes)
            }
            #expect(throws: ReviewError.self, "seed \(seed)") {
                try ApprovalMessage(parsing: bytes)
            }
            #expect(throws: ReviewError.self, "seed \(seed)") { try TagObject(raw: bytes) }
        }
    }
}
