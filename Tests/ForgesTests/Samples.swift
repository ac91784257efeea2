import Domain

@testable import Forges

/// Values that tests of statuses and notices are made of.
enum Sample {
    static let instance = InstanceName(checked: "lab")
    static let model = ModelName(checked: "digits")
    static let production = EnvironmentName(checked: "production")
    static let source = NoticeSource(instance: instance, repository: "vision/models")
    static let ann = Principal("ann@example.com")
    static let bob = Principal("bob@example.com")
    static let at = Instant(seconds: 1_790_000_000)

    static func commit(_ digit: Character) -> CommitID {
        CommitID(checked: String(repeating: digit, count: 40))
    }

    static func digest(_ digit: Character) -> Digest {
        Digest(checked: String(repeating: digit, count: 64))
    }

    static let candidate = Fingerprint(checked: String(repeating: "c", count: 64))
    static let evidenceID = EvidenceID(digest("e"))
    static let serving = ServingSettings(
        runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil)

    static func rule(_ outcome: RuleVerdict.Outcome) -> RuleVerdict {
        RuleVerdict(
            rule: "recall.each_class_at_least", outcome: outcome, value: 0.87654, limit: 0.9,
            about: "class 8", place: Place(file: "models/digits/model.yaml", line: 14))
    }

    static func judgement(passed: Bool, run: Int = 17) -> Judgement {
        let evidence = Evidence(
            model: model, environment: production, candidate: candidate, artifact: digest("a"),
            datasets: [:], validation: digest("1"), evaluation: digest("2"), baseline: nil,
            replaces: nil, policy: digest("3"), lifts: nil, runtime: .sklearn)
        return Judgement(
            run: run, candidate: candidate,
            report: Report(task: .classification, rows: 360, metrics: []),
            verdict: Verdict(
                outcome: passed ? .passed : .failed, rules: [rule(passed ? .passed : .failed)]),
            baseline: nil, policy: digest("3"), evidence: passed ? evidence : nil,
            evidenceDigest: passed ? digest("e") : nil)
    }

    static func tag(
        _ kind: SeenTag.Kind = .approve, by principal: Principal = ann, refusal: String? = nil
    ) -> SeenTag {
        SeenTag(
            tag: commit("f"), ref: "approve/digits/\(evidenceID)/ann", kind: kind,
            evidence: evidenceID, principal: principal, keyFingerprint: "SHA256:abc",
            comment: "good", refusal: refusal, hint: refusal.map { _ in "sign it again" })
    }

    static let release = Release(
        version: SemanticVersion(1, 0, 0), candidate: candidate, commit: commit("1"),
        evidence: evidenceID, artifact: digest("a"), datasets: [:], approvedBy: [ann],
        tags: [commit("f")])

    static func assignment(
        _ cause: Assignment.Cause, on commit: CommitID = commit("1"), number: Int = 1,
        version: SemanticVersion = SemanticVersion(1, 0, 0)
    ) -> Assignment {
        Assignment(
            environment: production, version: version, number: number, commit: commit,
            cause: cause, replaces: nil, serving: serving)
    }

    static let approved = Assignment.Cause.approved(
        evidence: evidenceID, by: [ann, bob], tags: [commit("f")])

    static func record(
        _ decision: Decision, sequence: Int = 1, on commit: CommitID = commit("1")
    ) -> DecisionRecord {
        DecisionRecord(
            sequence: sequence, at: at, model: model, commit: commit, decision: decision)
    }

    /// What these decisions, in this order, come to.
    static func history(_ decisions: [(CommitID, Decision)]) -> ModelRecord {
        ModelRecord(
            model: model,
            records: decisions.enumerated().map { index, entry in
                record(entry.1, sequence: index + 1, on: entry.0)
            })
    }

    static func status(
        _ state: CommitStatus.State, stage: CommitStatus.Stage = .gate,
        on commit: CommitID = commit("1"), description: String = "words"
    ) -> CommitStatus {
        CommitStatus(
            instance: instance, commit: commit, model: model, stage: stage, state: state,
            description: description, targetURL: "https://ci.example.com/digits/17")
    }

    static func forge(_ kind: Forge.Kind) throws -> Forge {
        switch kind {
        case .github:
            try Forge(kind: kind, apiURL: "https://api.github.com/", project: "octocat/hello")
        case .gitlab:
            try Forge(
                kind: kind, apiURL: "https://gitlab.com/api/v4", project: "group/sub.group/proj")
        case .gitea:
            try Forge(kind: kind, apiURL: "https://git.example.com/api/v1", project: "me/models")
        }
    }
}
