import Domain

@testable import Provenance

// What can be wrong, one thing at a time.

extension VersionProofTests {
    /// The bot's own words: the log, the tag, the decision that it stands for, the evidence.
    static let bot: [Forgery] = [
        Forgery(.log, "a record was altered") { $0.log = .broken(.altered(sequence: 3)) },
        Forgery(.tag, "another name inside") { $0.tagFields.name = "digits@v1.0.0" },
        Forgery(.tag, "another model's name inside") { $0.tagFields.subject = "spam v1.1.0" },
        Forgery(.tag, "another version in the message") {
            $0.tagFields.subject = "digits v1.0.0"
        },
        Forgery(.tag, "it points at a tree") { $0.tagFields.type = "tree" },
        Forgery(.tag, "a lightweight tag") { $0.tag = Array("tree aaaa\n".utf8) },
        Forgery(.tag, "no trailers") {
            $0.tag = Array($0.tagFields.raw.prefix { $0 != UInt8(ascii: "C") })
        },
        Forgery(.tag, "two lines of evidence") {
            $0.tag = $0.tagFields.raw + Array("Evidence: \(Scenario.digest(1))\n".utf8)
        },
        Forgery(.tag, "far too large") {
            $0.tag = [UInt8](repeating: 10, count: VersionTag.bytesMax + 1)
        },
        Forgery(.tagSignature, "not good") {
            $0.tagSignature = .bad(reason: "an unknown key", hint: nil)
        },
        Forgery(.tagSignature, "unreadable") { $0.tagSignature = .missing },
        Forgery(.release, "no decision") { $0.dropped = [10] },
        Forgery(.release, "released twice") {
            $0.inserted = [(10, .released($0.release))]
        },
        Forgery(.release, "the candidate under another version too") {
            var other = $0.release
            other.version = SemanticVersion(9, 0, 0)
            $0.inserted = [(11, .released(other))]
        },
        Forgery(.release, "the tag on another commit") { $0.tagFields.target = Scenario.commit(1) },
        Forgery(.release, "caused by another commit") {
            $0.tagFields.configCommit = Scenario.commit(1)
        },
        Forgery(.release, "another candidate") {
            $0.tagFields.candidate = Scenario.candidate(1)
        },
        Forgery(.release, "another artifact") { $0.tagFields.artifact = Scenario.digest(21) },
        Forgery(.release, "other datasets") { $0.tagFields.datasets = [:] },
        Forgery(.release, "other approvers") { $0.tagFields.approvedBy = [Scenario.ada] },
        Forgery(.candidate, "the commit makes another") { $0.recomputed = Scenario.candidate(3) },
        Forgery(.evidence, "not in the notes") { $0.dropped = [7] },
        Forgery(.evidence, "made after the release") {
            $0.dropped = [7]
            $0.inserted = [(11, .judged($0.judgement))]
        },
        Forgery(.evidence, "changed after it was shown") {
            $0.judgement.evidence?.validation = Scenario.digest(99)
        },
        Forgery(.evidence, "the same id, another digest") {
            let digest = $0.tagFields.evidence.hex
            $0.tagFields.evidence = Digest(checked: digest.dropLast() + flipped(digest.last))
        },
        Forgery(.evidence, "of another model") {
            $0.change { $0.model = ModelName(checked: "spam") }
        },
        Forgery(.evidence, "of another candidate") {
            $0.change { $0.candidate = Scenario.candidate(3) }
            $0.judgement.candidate = Scenario.candidate(3)
        },
        Forgery(.evidence, "of another artifact") {
            $0.change { $0.artifact = Scenario.digest(21) }
        },
        Forgery(.evidence, "of other datasets") { $0.change { $0.datasets = [:] } },
    ]

    /// The gate, and what was assigned when it judged.
    static let gate: [Forgery] = [
        Forgery(.judgement, "it did not pass") { $0.judgement.verdict.outcome = .failed },
        Forgery(.judgement, "a rule failed") {
            $0.judgement.verdict.rules[1].outcome = .failed
        },
        Forgery(.judgement, "a rule had not enough evidence") {
            $0.judgement.verdict.rules[0].outcome = .notEnoughEvidence
        },
        Forgery(.judgement, "a better value") { $0.judgement.verdict.rules[0].value = 0.999 },
        Forgery(.judgement, "a worse value") { $0.judgement.verdict.rules[0].value = 0.91 },
        Forgery(.judgement, "a better value with its margin") {
            $0.judgement.verdict.rules[1].value = 0.999
            $0.judgement.verdict.rules[1].margin = 0.999 - 0.9
        },
        Forgery(.judgement, "another interval") { $0.judgement.verdict.rules[0].low = 0.97 },
        Forgery(.judgement, "a rule left out of the comparison") {
            $0.judgement.verdict.rules[0].outcome = .notApplicable
        },
        Forgery(.judgement, "about a class that is not there") {
            $0.judgement.verdict.rules[1].about = "class 9"
        },
        Forgery(.judgement, "a better report") {
            $0.judgement.report.metrics[0].value = 0.999
        },
        Forgery(.judgement, "of another candidate") {
            $0.judgement.candidate = Scenario.candidate(3)
        },
        Forgery(.judgement, "under another policy") { $0.judgement.policy = Scenario.digest(7) },
        Forgery(.judgement, "against another baseline") { $0.judgement.baseline = nil },
        Forgery(.standing, "it replaces another assignment") { $0.change { $0.replaces = 7 } },
        Forgery(.standing, "the commit was superseded") {
            $0.inserted = [(9, .superseded(by: Scenario.commit(3)))]
        },
        Forgery(.standing, "it was rejected") {
            $0.inserted = [(9, .rejected(evidence: $0.release.evidence, by: Scenario.carol))]
        },
        Forgery(.standing, "somebody had said no") {
            var refusal = $0.seen[0]
            refusal.kind = .reject
            refusal.tag = Scenario.commit(103)
            $0.inserted = [(9, .seen(refusal))]
        },
    ]

    /// Approvals, policy, signatures, people, and what they released.
    static let people: [Forgery] = [
        Forgery(.approvals, "never seen") { $0.release.tags[1] = Scenario.commit(104) },
        Forgery(.approvals, "seen after the release") {
            let late = $0.seen[1]
            $0.dropped = [9]
            $0.inserted = [(11, .seen(late))]
        },
        Forgery(.approvals, "seen before the evidence") {
            let early = $0.seen[1]
            $0.dropped = [9]
            $0.inserted = [(6, .seen(early))]
        },
        Forgery(.approvals, "refused") { $0.seen[1].refusal = "an unknown key" },
        Forgery(.approvals, "about other evidence") {
            $0.seen[1].evidence = EvidenceID(Scenario.digest(1))
        },
        Forgery(.approvals, "of somebody else") {
            $0.seen[1].principal = Scenario.carol
            $0.changeSigner(102) {
                $0 = .init(
                    principal: Scenario.carol, keyFingerprint: $0.keyFingerprint,
                    evidence: $0.evidence)
            }
            $0.changePolicy { $0.excluded = [:] }
        },
        Forgery(.policy, "other files are trusted") {
            $0.changePolicy { $0.digest = Scenario.digest(7) }
        },
        Forgery(.policy, "unknown") { $0.policy = .unknown(reason: "no file", hint: "--trust") },
        Forgery(.signatures, "not good") {
            $0.signatures[Scenario.commit(102)] = .bad(reason: "not these bytes", hint: nil)
        },
        Forgery(.signatures, "none") { $0.signatures[Scenario.commit(102)] = .unsigned },
        Forgery(.signatures, "the object is gone") { $0.signatures[Scenario.commit(102)] = nil },
        Forgery(.signatures, "for other evidence") {
            $0.changeSigner(102) { $0.evidence = Scenario.digest(1) }
        },
        Forgery(.signatures, "for no evidence") { $0.changeSigner(102) { $0.evidence = nil } },
        Forgery(.signatures, "by somebody else") {
            $0.changeSigner(102) { $0.principal = Principal("dan@example.org") }
        },
        Forgery(.signatures, "with another key") {
            $0.changeSigner(102) { $0.keyFingerprint = "SHA256:other" }
        },
        Forgery(.people, "too few") { $0.changePolicy { $0.approvals = 3 } },
        Forgery(.people, "by the author") {
            $0.changePolicy { $0.excluded = [Scenario.bob: "co-author"] }
        },
        Forgery(.people, "by the author under another name") {
            $0.changeSigner(102) { $0.aliases.insert(Scenario.carol) }
        },
        Forgery(.people, "one person under two names") {
            $0.changeSigner(102) { $0.aliases.insert(Scenario.ada) }
        },
        Forgery(.people, "one key under two names") {
            $0.seen[1].keyFingerprint = "SHA256:key-101"
            $0.changeSigner(102) { $0.keyFingerprint = "SHA256:key-101" }
        },
        Forgery(.artifact, "other files") { $0.artifact = .checked(Scenario.digest(21)) },
        Forgery(.artifact, "gone") { $0.artifact = .missing },
    ]
}

private func flipped(_ digit: Character?) -> String { digit == "0" ? "1" : "0" }

/// Forgeries that break other links besides their own.
extension VersionProofTests {
    static let wider: [Forgery] = [
        Forgery(.approvals, "a rejection used as an approval") { $0.seen[1].kind = .reject },
        Forgery(.approvals, "one approval twice") {
            $0.release.tags = [Scenario.commit(101), Scenario.commit(101)]
            $0.release.approvedBy = [Scenario.ada, Scenario.ada]
            $0.tagFields.approvedBy = [Scenario.ada, Scenario.ada]
        },
        Forgery(.approvals, "used up by the release before") {
            $0.release.tags = [Scenario.commit(100)]
            $0.release.approvedBy = [Scenario.ada]
            $0.tagFields.approvedBy = [Scenario.ada]
        },
        Forgery(.standing, "another assignment in between") {
            let serving = ServingSettings(
                runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil)
            $0.inserted = [
                (
                    9,
                    .assigned(
                        Assignment(
                            environment: Scenario.production, version: SemanticVersion(1, 0, 0),
                            number: 2, commit: Scenario.commit(3), cause: .reverted,
                            replaces: nil, serving: serving))
                )
            ]
        },
    ]
}
