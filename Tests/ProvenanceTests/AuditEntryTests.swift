import Domain
import Testing

@testable import Provenance

private let serving = ServingSettings(
    runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil)
private let id = EvidenceID(Scenario.digest(1))
private let rejection = SeenTag(
    tag: Scenario.commit(9), ref: "refs/tags/reject/digits/\(id)/ada@example.org", kind: .reject,
    evidence: id, principal: Scenario.ada, keyFingerprint: "SHA256:k")

private func record(_ sequence: Int, _ decision: Decision) -> DecisionRecord {
    DecisionRecord(
        sequence: sequence, at: Instant(seconds: 1_780_272_000), model: Scenario.model,
        commit: Scenario.commit(1), decision: decision)
}

private func reverted(_ number: Int) -> Decision {
    .assigned(
        Assignment(
            environment: Scenario.production, version: SemanticVersion(1, 0, 0), number: number,
            commit: Scenario.commit(1), cause: .reverted, replaces: nil, serving: serving))
}

struct AuditEntryTests {
    /// Decision, who, what, and the tag that it is about.
    static let table: [(Decision, AuditEntry.Actor, String, String?)] = [
        (
            .superseded(by: Scenario.commit(2)), .author("eve"),
            "the commit was superseded by aaaaaaa", nil
        ),
        (
            .broken(problems: [
                Diagnostic(at: Place(file: "a", line: 3), "odd"),
                Diagnostic(at: Place(file: "b"), "odd"),
            ]), .author("eve"), "the declarations are wrong: a:3: odd, and 1 more", nil
        ),
        (.failed(run: 3, failure: Failure("no disk")), .bot, "run digits/3 failed: no disk", nil),
        (
            .seen(rejection), .reviewer(Scenario.ada), "said no to evidence \(id)", rejection.ref
        ),
        (
            .tagDeleted(tag: Scenario.commit(9), ref: "refs/tags/x"), .unknown,
            "the tag x was deleted or moved; what it said still counts", "refs/tags/x"
        ),
        (
            .rejected(evidence: id, by: Scenario.ada), .reviewer(Scenario.ada),
            "rejected evidence \(id)", nil
        ),
        (
            reverted(2), .author("eve"),
            "assigned v1.0.0 to production again, because the commit went back to it",
            "refs/tags/digits#production#2"
        ),
        (
            .held(environment: Scenario.production, version: SemanticVersion(1, 1, 0)), .bot,
            "put v1.1.0 on hold in production", nil
        ),
        (
            .lifted(
                environment: Scenario.production, version: SemanticVersion(1, 1, 0), evidence: id),
            .bot, "lifted the hold of v1.1.0 in production on evidence \(id)", nil
        ),
        (
            .alreadyLive(
                AlreadyLive(
                    environment: Scenario.production, version: SemanticVersion(1, 0, 0),
                    serving: serving, wouldPass: nil)), .author("eve"),
            "the commit asks for v1.0.0, which production has already", nil
        ),
        (
            .unassigned(
                Unassignment(
                    environment: Scenario.production, number: 4,
                    commits: [Scenario.commit(2), Scenario.commit(3)])), .author("eve"),
            "the commit removed the model; production serves it no longer",
            "refs/tags/digits#production!#5"
        ),
        (
            .removed, .author("eve"), "the commit removed the model, which no environment served",
            nil
        ),
        (
            .pushed(Push(by: "ada", ref: "refs/heads/main", why: "May's data")), .pusher("ada"),
            "pushed the commit to refs/heads/main: May's data", "refs/heads/main"
        ),
        (
            .pushed(Push(by: nil, ref: "refs/heads/main")), .unknown,
            "somebody pushed the commit to refs/heads/main", "refs/heads/main"
        ),
    ]

    @Test(arguments: table.indices)
    func `each decision is one sentence with who did it`(_ index: Int) {
        let (decision, who, what, ref) = Self.table[index]
        let entry = AuditEntry(record(1, decision)) { _ in "eve" }
        #expect(entry.who == who)
        #expect(entry.what == what)
        #expect(entry.ref == ref)
    }

    @Test func `a story reads from run to assignment`() {
        let scenario = Scenario()
        let entries = AuditEntry.entries(of: scenario.records.shuffled() + scenario.records)
        #expect(entries.map(\.sequence) == Array(1...11))
        let id = scenario.release.evidence
        #expect(
            entries[5...].map(\.what) == [
                "started run digits/2 of candidate aaaaaaaaaaaa",
                "run digits/2 passed the gate; evidence \(id)", "approved evidence \(id)",
                "approved evidence \(id)",
                "released v1.1.0 on evidence \(id), approved by ada@example.org, bob@example.org",
                "assigned v1.1.0 to production on evidence \(id), approved by ada@example.org, "
                    + "bob@example.org",
            ])
        #expect(entries[7].key == "SHA256:key-101")
        #expect(entries[9].ref == "refs/tags/digits@v1.1.0")
    }

    @Test func `a rejection has the key of the tag that said it`() {
        let entries = AuditEntry.entries(of: [
            record(1, .seen(rejection)), record(2, .rejected(evidence: id, by: Scenario.ada)),
        ])
        #expect(entries.map(\.key) == ["SHA256:k", "SHA256:k"])
        #expect(entries[1].ref == rejection.ref)
    }

    @Test func `the gate's no names the rules`() {
        var judgement = Scenario().judgement
        judgement.verdict.outcome = .failed
        judgement.verdict.rules[1].outcome = .failed
        #expect(
            AuditEntry(record(1, .judged(judgement))).what
                == "run digits/2 failed at the gate: recall.each_class_at_least")
        judgement.verdict.outcome = .notEnoughEvidence
        judgement.verdict.rules[1].outcome = .notEnoughEvidence
        #expect(AuditEntry(record(1, .judged(judgement))).what.contains("not enough evidence"))
    }

    @Test func `a tag that does not count says why, and moves no cursor`() {
        var tag = rejection
        tag.principal = nil
        tag.refusal = "bad\u{1B}[2J\nline"
        let entry = AuditEntry(record(1, .seen(tag)))
        #expect(entry.who == .unknown)
        #expect(entry.what.hasSuffix("which does not count: bad [2J line"))
    }

    @Test func `the table has one line for each entry, with its key`() {
        let entries = AuditEntry.entries(of: [
            record(1, .seen(rejection)), record(12, .removed),
        ])
        #expect(
            AuditEntry.table(entries) == """
                #   WHEN                  MODEL   COMMIT   WHO              WHAT
                1   2026-06-01T00:00:00Z  digits  aaaaaaa  ada@example.org  said no to evidence \
                \(id), by key SHA256:k
                12  2026-06-01T00:00:00Z  digits  aaaaaaa  slipway          the commit removed \
                the model, which no environment served
                """)
    }

    @Test func `an entry is one JSON object`() {
        let entry = AuditEntry(record(4, .seen(rejection)))
        #expect(
            String(decoding: canonicalJSON(entry), as: UTF8.self)
                == #"{"at":1780272000000,"commit":"\#(Scenario.commit(1))","key":"SHA256:k","#
                + #""model":"digits","ref":"\#(rejection.ref)","sequence":4,"#
                + #""what":"said no to evidence \#(id)","#
                + #""who":{"kind":"reviewer","name":"ada@example.org"}}"#)
    }
}
