import Domain
import Testing

@testable import Review

@Suite struct DecisionTests {
    private func approval(
        _ reviewer: String, _ kind: Approval.Kind = .approve, tag: Int, key: String? = nil,
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

    private func decision(
        _ approvals: [Approval], need: Int = 2, excluded: [String] = [], used: [Approval] = []
    ) -> ReviewState {
        decide(
            rule: ReviewRule(approvals: need), approvals: approvals,
            excludedPrincipals: Set(excluded.map { Principal($0) }),
            usedTags: Set(used.map(\.tagObject)))
    }

    private func have(_ state: ReviewState) -> Int? {
        if case .waiting(let have, _, _) = state { have } else { nil }
    }

    @Test func `two people are enough for two, and one person is not`() {
        let (ada, bob) = (approval("ada", tag: 1), approval("bob", tag: 2))
        #expect(decision([ada, bob]) == .approved(by: [ada, bob]))
        #expect(have(decision([ada])) == 1)
        #expect(have(decision([ada, ada])) == 1)
        #expect(have(decision([ada, approval("ada", tag: 3)])) == 1)
        #expect(have(decision([ada, approval("bob", tag: 3, key: "key ada")])) == 1)
        #expect(have(decision([ada, approval("a@home", tag: 3, aliases: ["ada"])])) == 1)
        #expect(decision([], need: 0) == .approved(by: []))
    }

    @Test func `excluded people and used tags do not count, and the notes say so`() {
        let ada = approval("ada", tag: 1, aliases: ["root"])
        let expected = ReviewState.waiting(
            have: 0, need: 1,
            notes: ["ada (the same person as root) made these changes and cannot approve them"])
        #expect(decision([ada], need: 1, excluded: ["root"]) == expected)
        guard case .waiting(0, 1, let notes) = decision([ada], need: 1, used: [ada]) else {
            Issue.record("a used tag counted")
            return
        }
        #expect(notes.count == 1 && notes[0].contains("earlier release"))
    }

    @Test func `one rejection ends it, also by an excluded person, but not a used one`() {
        let approvals = [approval("ada", tag: 1), approval("bob", tag: 2)]
        let no = approval("eve", .reject, tag: 3)
        #expect(decision(approvals + [no], excluded: ["eve"]) == .rejected(by: [no]))
        #expect(decision(approvals + [no], used: [no]) == .approved(by: approvals))
    }

    @Test func `more excluded people, used tags or needed approvals never turn waiting into yes`() {
        for seed in UInt64(1)...200 {
            var random = Seeded(state: seed)
            let names = ["ada", "bob", "eve", "joe"]
            let approvals = (0..<6).map {
                approval(names[Int.random(in: 0..<4, using: &random)], tag: $0 + 1)
            }
            let need = Int.random(in: 1...3, using: &random)
            guard case .waiting = decision(approvals, need: need) else { continue }
            let excluded = names.filter { _ in Bool.random(using: &random) }
            let used = approvals.filter { _ in Bool.random(using: &random) }
            #expect(have(decision(approvals, need: need, excluded: excluded)) != nil, "\(seed)")
            #expect(have(decision(approvals, need: need, used: used)) != nil, "\(seed)")
            #expect(have(decision(approvals, need: need + 1)) != nil, "\(seed)")
        }
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
