import Domain

/// One decision of every kind, each with all its parts.
enum Samples {
    static let evidence = Evidence(
        model: Bench.model, environment: Bench.production, candidate: Bench.fingerprint(1),
        artifact: Bench.digest(2), datasets: [DatasetName(checked: "d"): Bench.digest(3)],
        validation: Bench.digest(4), evaluation: Bench.digest(5),
        baseline: SemanticVersion(1, 0, 0), replaces: 4, policy: Bench.digest(6),
        lifts: SemanticVersion(1, 1, 0),
        runtime: .command("python serve.py"))
    static let id = EvidenceID(Bench.digest(7))

    static let settings = ServingSettings(
        runtime: .command("python serve.py"), warmup: .object(["instances": .array([])]),
        startTimeoutSeconds: 30, requirements: Bench.digest(8))

    static let report = Report(
        task: .classification, rows: 3,
        metrics: [
            Metric(name: "accuracy", value: 0.9, low: 0.8, high: 1),
            Metric(name: "roc_auc", value: nil),
        ],
        classes: [ClassReport(label: "a", support: 2, precision: 1, recall: 0.5, f1: 2.0 / 3)],
        confusion: ConfusionMatrix(labels: ["a", "b"], counts: [[1, 1], [0, 1]]),
        slices: [SliceReport(column: "site", value: "x", rows: 1, metrics: [])], resamples: 100,
        seed: .max)

    static let verdict = Verdict(
        outcome: .notEnoughEvidence,
        rules: [
            RuleVerdict(
                rule: "accuracy.at_least", outcome: .passed, value: 0.9, limit: 0.8, margin: 0.1,
                place: Place(file: "models/digits/model.yaml", line: 1, column: 2)),
            RuleVerdict(
                rule: "accuracy.not_below_baseline_by", outcome: .notApplicable,
                place: Place(file: "models/digits/model.yaml")),
        ])

    static let tag = SeenTag(
        tag: Bench.commit(9), ref: "approve/digits/0/erin", kind: .approve, evidence: id,
        principal: Bench.erin, keyFingerprint: "SHA256:x", isHardware: true,
        comment: "fine\n", refusal: "late", hint: "sign again")

    static let failures: [Failure] = [
        Failure("a", at: "b", hint: "c", .retry(afterSeconds: 1.5)),
        Failure("a", .wait(for: "models/digits/data.csv")), Failure("a"),
    ]

    static let release = Release(
        version: SemanticVersion(1, 0, 0), candidate: Bench.fingerprint(1),
        commit: Bench.commit(1), evidence: id, artifact: Bench.digest(2),
        datasets: [DatasetName(checked: "d"): Bench.digest(3)], approvedBy: [Bench.erin],
        tags: [Bench.commit(9)])

    static func assignment(_ cause: Assignment.Cause) -> Assignment {
        Assignment(
            environment: Bench.production, version: SemanticVersion(1, 0, 0), number: 4,
            commit: Bench.commit(1), cause: cause, replaces: SemanticVersion(1, 1, 0),
            serving: settings)
    }

    static let decisions: [Decision] =
        [
            .started(run: 1, candidate: Bench.fingerprint(1)),
            .previewStarted(
                run: 2, candidate: Bench.fingerprint(1), ref: "refs/heads/feature/a"),
            .previewed(Preview(ref: "refs/heads/feature/a", end: .judged(judgement(nil)))),
            .previewed(Preview(ref: "refs/pull/1/head", end: .dropped)),
            .previewed(
                Preview(
                    ref: "refs/pull/1/head",
                    end: .broken([Diagnostic(at: Place(file: "a", line: 3), "odd")]))),
            .pushed(Push(by: "ada", ref: "refs/heads/main")),
            .pushed(Push(by: nil, ref: "refs/heads/main", why: "it \"rains\"")),
            .policyProposed(
                PolicyProposal(
                    evidence: PolicyEvidence(policy: Bench.digest(4), replaces: Bench.digest(5)),
                    evidenceDigest: Bench.digest(6), changes: ["approvals 2 → 1"])),
            .policyAdopted(
                PolicyAdoption(
                    policy: Bench.digest(4), evidence: id, approvedBy: [Bench.erin],
                    tags: [Bench.commit(9)])),
            .superseded(by: Bench.commit(2)),
            .broken(problems: [
                Diagnostic(.warning, at: Place(file: "a", line: 3), "odd", hint: "mend it")
            ]),
            .judged(judgement(evidence)), .judged(judgement(nil)), .seen(tag),
            .tagDeleted(tag: Bench.commit(9), ref: tag.ref),
            .rejected(evidence: id, by: Bench.erin), .released(release),
            .assigned(assignment(.reverted)),
            .assigned(
                assignment(.approved(evidence: id, by: [Bench.erin], tags: [Bench.commit(9)]))),
            .held(environment: Bench.production, version: SemanticVersion(1, 1, 0)),
            .lifted(
                environment: Bench.production, version: SemanticVersion(1, 1, 0), evidence: id),
            .alreadyLive(
                AlreadyLive(
                    environment: Bench.production, version: SemanticVersion(1, 0, 0),
                    serving: settings, wouldPass: false)),
            .unassigned(
                Unassignment(
                    environment: Bench.production, number: 5,
                    commits: [Bench.commit(1), Bench.commit(2)])), .removed,
            .unassigned(Unassignment(environment: Bench.production, number: 7, commits: [])),
        ] + failures.map { .failed(run: 1, failure: $0) }

    private static func judgement(_ evidence: Evidence?) -> Judgement {
        Judgement(
            run: 1, candidate: Bench.fingerprint(1), report: report, verdict: verdict,
            baseline: SemanticVersion(1, 0, 0), policy: Bench.digest(6), evidence: evidence,
            evidenceDigest: evidence.map { Bench.digest(for: $0) })
    }
}
