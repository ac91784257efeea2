import Domain

@testable import Provenance

/// Two releases of one model told by the notes; the second one, v1.1.0, is what is proven. Each
/// part can be changed by itself.
struct Scenario: Sendable {
    static let model = ModelName(checked: "digits")
    static let production = EnvironmentName(checked: "production")
    static let ada = Principal("ada@example.org")
    static let bob = Principal("bob@example.org")
    static let carol = Principal("carol@example.org")
    static let version = SemanticVersion(1, 1, 0)

    static func digest(_ number: Int) -> Digest { Digest(checked: digits(number, 64)) }
    static func commit(_ number: Int) -> CommitID { CommitID(checked: digits(number, 40)) }
    static func candidate(_ number: Int) -> Fingerprint {
        Fingerprint(checked: digits(number, 64))
    }
    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "a", count: count - text.count) + text
    }

    /// The fields of the version tag's object.
    struct Tag: Sendable {
        var target = commit(2)
        var type = "commit"
        var name = "digits@v1.1.0"
        var subject = "digits v1.1.0"
        var candidate = Scenario.candidate(2)
        var evidence = digest(0)
        var artifact = digest(22)
        var datasets = [DatasetName(checked: "digits-train"): digest(32)]
        var approvedBy = [ada, bob]
        var configCommit = commit(2)
        var signature = ""

        var raw: [UInt8] {
            var lines = [
                "object \(target)", "type \(type)", "tag \(name)",
                "tagger slipway <slipway@example.org> 1780272000 +0000", "", subject, "",
                "Candidate: \(candidate)", "Evidence: \(evidence)", "Artifact: \(artifact)",
            ]
            lines += datasets.map { "Dataset: \($0.key) \($0.value)" }
            lines += approvedBy.map { "Approved-by: \($0)" }
            lines.append("Config-Commit: \(configCommit)")
            return Array((lines.joined(separator: "\n") + "\n" + signature).utf8)
        }
    }

    var judgement: Judgement
    var release: Release
    var seen: [SeenTag]
    var tag: [UInt8]?
    var tagFields = Tag()
    /// Decisions beside the story, by the sequence behind which they come.
    var inserted: [(after: Int, decision: Decision)] = []
    var dropped: Set<Int> = []
    var log: AuditLog.Finding?
    var tagSignature: SignatureFinding?
    var signatures: [ObjectID: SignatureFinding] = [:]
    var policy: PolicyFinding
    var artifact = ArtifactFinding.checked(digest(22))
    var recomputed: Fingerprint?

    init() {
        judgement = Self.judged(candidate: 2, artifact: 22, baseline: SemanticVersion(1, 0, 0), 1)
        release = Release(
            version: Self.version, candidate: Self.candidate(2), commit: Self.commit(2),
            evidence: EvidenceID(Self.digest(0)), artifact: Self.digest(22),
            datasets: [DatasetName(checked: "digits-train"): Self.digest(32)],
            approvedBy: [Self.ada, Self.bob], tags: [Self.commit(101), Self.commit(102)])
        seen = [(101, Self.ada), (102, Self.bob)].map { number, principal in
            SeenTag(
                tag: Self.commit(number), ref: "refs/tags/approve/digits/0/\(principal)",
                kind: .approve, evidence: nil, principal: principal,
                keyFingerprint: "SHA256:key-\(number)")
        }
        policy = .known(
            .init(digest: Self.digest(6), approvals: 2, excluded: [Self.carol: "author"]))
        log = .whole(
            count: 11, head: .init(sequence: 11, digest: Self.digest(9)), unnamed: 0)
        recomputed = Self.candidate(2)
        follow()
        for (tag, principal) in [(seen[0], Self.ada), (seen[1], Self.bob)] {
            signatures[tag.tag] = .good(
                .init(
                    principal: principal, keyFingerprint: tag.keyFingerprint ?? "",
                    evidence: judgement.evidenceDigest))
        }
    }

    /// Takes over the digest of the evidence wherever it is named.
    mutating func follow() {
        guard let evidence = judgement.evidence else { return }
        let digest = sha256(canonicalJSON(evidence))
        judgement.evidenceDigest = digest
        release.evidence = EvidenceID(digest)
        for index in seen.indices { seen[index].evidence = release.evidence }
        tagFields.evidence = digest
        for (object, finding) in signatures {
            guard case .good(var signer) = finding else { continue }
            signer.evidence = digest
            signatures[object] = .good(signer)
        }
    }

    /// Changes the evidence as somebody would who then makes everything else fit.
    mutating func change(_ body: (inout Evidence) -> Void) {
        guard var evidence = judgement.evidence else { return }
        body(&evidence)
        judgement.evidence = evidence
        follow()
    }

    mutating func changePolicy(_ body: (inout PolicyFinding.Policy) -> Void) {
        guard case .known(var known) = policy else { return }
        body(&known)
        policy = .known(known)
    }

    mutating func changeSigner(
        _ number: Int, _ body: (inout SignatureFinding.Signer) -> Void
    ) {
        guard case .good(var signer) = signatures[Self.commit(number)] else { return }
        body(&signer)
        signatures[Self.commit(number)] = .good(signer)
    }

    static let report = Report(
        task: .classification, rows: 360,
        metrics: [Metric(name: "accuracy", value: 0.975, low: 0.958, high: 0.99)],
        classes: ["3", "8"].map {
            ClassReport(label: $0, support: 180, precision: 0.98, recall: 0.975, f1: 0.975)
        })

    private static func judged(
        candidate number: Int, artifact: Int, baseline: SemanticVersion?, _ replaces: Int?
    ) -> Judgement {
        let evidence = Evidence(
            model: model, environment: production, candidate: candidate(number),
            artifact: digest(artifact),
            datasets: [DatasetName(checked: "digits-train"): digest(32)],
            validation: digest(4), evaluation: sha256(canonicalJSON(report)), baseline: baseline,
            replaces: replaces, policy: digest(6), lifts: nil, runtime: .sklearn)
        let place = Place(file: "models/digits/model.yaml", line: 14)
        let rules = [
            RuleVerdict(
                rule: "accuracy.at_least", outcome: .passed, value: 0.975, low: 0.958, high: 0.99,
                limit: 0.9, margin: 0.075, place: place),
            RuleVerdict(
                rule: "recall.each_class_at_least", outcome: .passed, value: 0.975, limit: 0.9,
                margin: 0.075, about: "class 3", place: place),
        ]
        return Judgement(
            run: number, candidate: candidate(number), report: report,
            verdict: Verdict(outcome: .passed, rules: rules), baseline: baseline,
            policy: digest(6), evidence: evidence,
            evidenceDigest: sha256(canonicalJSON(evidence)))
    }

    private static func assignment(
        _ release: Release, number: Int, replaces: SemanticVersion?
    ) -> Decision {
        .assigned(
            Assignment(
                environment: production, version: release.version, number: number,
                commit: release.commit,
                cause: .approved(
                    evidence: release.evidence, by: release.approvedBy, tags: release.tags),
                replaces: replaces,
                serving: ServingSettings(
                    runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil)))
    }

    /// The story, from record 1: the release of v1.1.0 is record 10.
    var records: [DecisionRecord] {
        let before = Self.judged(candidate: 1, artifact: 21, baseline: nil, nil)
        let id = EvidenceID(before.evidenceDigest ?? Self.digest(0))
        let first = Release(
            version: SemanticVersion(1, 0, 0), candidate: Self.candidate(1),
            commit: Self.commit(1), evidence: id, artifact: Self.digest(21), datasets: [:],
            approvedBy: [Self.ada], tags: [Self.commit(100)])
        let approval = SeenTag(
            tag: Self.commit(100), ref: "refs/tags/approve/digits/\(id)/\(Self.ada)",
            kind: .approve, evidence: id, principal: Self.ada, keyFingerprint: "SHA256:key-101")
        let story: [(Int, Decision)] = [
            (1, .started(run: 1, candidate: Self.candidate(1))), (1, .judged(before)),
            (1, .seen(approval)), (1, .released(first)),
            (1, Self.assignment(first, number: 1, replaces: nil)),
            (2, .started(run: 2, candidate: release.candidate)), (2, .judged(judgement)),
            (2, .seen(seen[0])), (2, .seen(seen[1])), (2, .released(release)),
            (2, Self.assignment(release, number: 2, replaces: SemanticVersion(1, 0, 0))),
        ]
        var records: [DecisionRecord] = []
        func add(_ commit: Int, _ decision: Decision) {
            records.append(
                DecisionRecord(
                    sequence: records.count + 1,
                    at: Instant(seconds: 1_780_272_000 + Int64(records.count) * 60),
                    model: Self.model, commit: Self.commit(commit), decision: decision))
        }
        for (index, (commit, decision)) in story.enumerated() {
            if !dropped.contains(index + 1) { add(commit, decision) }
            for insert in inserted where insert.after == index + 1 { add(2, insert.decision) }
        }
        return records
    }

    var proof: VersionProof {
        let signatures = signatures
        let policy = policy
        return VersionProof(
            VersionQuestion(
                model: Self.model, version: Self.version, tag: tag ?? tagFields.raw,
                tagSignature: tagSignature, records: records, log: log,
                approvalCheck: { signatures[$0.object] ?? .missing },
                policyAt: { _ in policy }, artifact: artifact, recomputed: recomputed))
    }
}
