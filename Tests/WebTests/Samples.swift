import Domain
import Journal
import Web

/// Two models with a past: what the journal and the daemon know in these tests.
enum Samples {
    static let digits = ModelName(checked: "digits")
    static let houses = ModelName(checked: "houses")
    static let production = EnvironmentName(checked: "production")
    static let staging = EnvironmentName(checked: "staging")
    static let train = StepName(checked: "train")
    /// A log that is no UTF-8 and longer than a few pages.
    static let log = (0..<2500).map { UInt8(truncatingIfNeeded: $0 * 7) }
    static let first = SemanticVersion(1, 0, 0)
    static let second = SemanticVersion(1, 1, 0)

    static func commit(_ number: Int) -> CommitID { CommitID(checked: padded(number, 40)) }
    static func digest(_ number: Int) -> Digest { Digest(checked: padded(number, 64)) }
    static func fingerprint(_ number: Int) -> Fingerprint {
        Fingerprint(checked: padded(number, 64))
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return text + String(repeating: "0", count: count - text.utf8.count)
    }

    static let statuses = [
        ModelStatus(
            model: digits, head: commit(3), phase: .released, summary: "v1.1.0 is assigned",
            run: RunID(model: digits, number: 3)),
        ModelStatus(
            model: houses, head: commit(3), phase: .failed, summary: "exit status 1",
            failure: Failure("exit status 1", at: "houses/1", hint: "slipway logs houses/1")),
    ]

    static let problem = Failure(
        "the remote does not answer", at: "origin", hint: "git fetch origin",
        .retry(afterSeconds: 30))

    static let runs = [
        RunView(
            id: RunID(model: digits, number: 1), commit: commit(1), candidate: fingerprint(1),
            state: .evaluated, stage: "evaluate", startedAt: Instant(seconds: 1),
            endedAt: Instant(seconds: 2)),
        RunView(
            id: RunID(model: houses, number: 1), commit: commit(3), candidate: fingerprint(9),
            state: .failed, stage: "validate", startedAt: Instant(seconds: 3),
            endedAt: Instant(seconds: 4), steps: [StepView(name: train)],
            failure: statuses[1].failure),
        RunView(
            id: RunID(model: digits, number: 2), commit: commit(2), candidate: fingerprint(2),
            state: .running, stage: "train", startedAt: Instant(seconds: 5),
            steps: [
                StepView(
                    name: train, state: .running, attempt: 2, startedAt: Instant(seconds: 6),
                    lastMetric: MetricPoint(step: 3, name: "loss", value: 0.125),
                    peakMemoryBytes: 1 << 20),
                StepView(name: StepName(checked: "evaluate")),
            ]),
    ]

    static let events = (1...5).map { number in
        RunEvent(
            position: number, at: Instant(seconds: Int64(number)),
            event: .object(["metric": .object(["value": .number(0.5), "n": .integer(7)])]))
    }

    static let live: [EnvironmentName: LiveView] = [
        production: LiveView(models: [
            LiveModel(
                model: digits, version: second, number: 2, health: .serving, resident: [first],
                problem: nil, requests: 20, failedRequests: 1),
            LiveModel(
                model: houses, version: nil, number: nil, health: .failing, resident: [],
                problem: Failure("exit status 1"), requests: 0, failedRequests: 0),
        ]),
        staging: LiveView(models: [], problem: problem),
    ]

    static let tag = SeenTag(
        tag: commit(50), ref: "approve/digits/7/erin", kind: .approve,
        evidence: EvidenceID(digest(71)), principal: Principal("erin"), comment: "fine \"so\"\n")

    private static let decided: [(ModelName, Int, Decision)] = [
        (digits, 1, .started(run: 1, candidate: fingerprint(1))),
        (digits, 1, .judged(judgement(run: 1, evidence: digest(71)))),
        (digits, 1, .seen(tag)),
        (digits, 1, .released(release(first, run: 1, evidence: digest(71)))),
        (digits, 1, .assigned(assignment(first, 1, .reverted))),
        (digits, 2, .judged(judgement(run: 2, evidence: nil))),
        (houses, 3, .started(run: 1, candidate: fingerprint(9))),
        (digits, 3, .judged(judgement(run: 3, evidence: digest(73)))),
        (digits, 3, .released(release(second, run: 3, evidence: digest(73)))),
        (digits, 3, .assigned(assignment(second, 2, .reverted))),
        (digits, 3, .held(environment: production, version: first)),
    ]

    static let decisions = decided.enumerated().map { index, entry in
        DecisionRecord(
            sequence: index + 1, at: Instant(seconds: Int64(index)), model: entry.0,
            commit: commit(entry.1), decision: entry.2)
    }

    private static func judgement(run: Int, evidence: Digest?) -> Judgement {
        Judgement(
            run: run, candidate: fingerprint(run),
            report: Report(
                task: .classification, rows: 3,
                metrics: [Metric(name: "accuracy", value: 0.9, low: 0.8, high: 1)]),
            verdict: Verdict(outcome: evidence == nil ? .failed : .passed, rules: []),
            baseline: run == 1 ? nil : first, policy: digest(6),
            evidence: evidence.map { _ in
                Evidence(
                    model: digits, environment: production, candidate: fingerprint(run),
                    artifact: digest(run), datasets: [DatasetName(checked: "d"): digest(4)],
                    validation: digest(4), evaluation: digest(5), baseline: nil,
                    replaces: nil, policy: digest(6), lifts: nil, runtime: .sklearn)
            }, evidenceDigest: evidence)
    }

    private static func release(
        _ version: SemanticVersion, run: Int, evidence: Digest
    ) -> Release {
        Release(
            version: version, candidate: fingerprint(run), commit: commit(run),
            evidence: EvidenceID(evidence), artifact: digest(run), datasets: [:],
            approvedBy: [Principal("erin")], tags: [])
    }

    private static func assignment(
        _ version: SemanticVersion, _ number: Int, _ cause: Assignment.Cause
    ) -> Assignment {
        Assignment(
            environment: production, version: version, number: number, commit: commit(number),
            cause: cause, replaces: nil,
            serving: ServingSettings(
                runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil))
    }

    static func fill(_ journal: Journal) async throws {
        for status in statuses { try await journal.saveStatus(status) }
        for run in runs { try await journal.save(run) }
        for event in events {
            try await journal.append(
                event.event, of: RunID(model: digits, number: 2), at: event.at)
        }
        try await journal.appendDecisions(decisions, tip: commit(90))
        try await journal.setProblem("remote", problem, at: Instant(seconds: 1))
    }

    static func sources(_ calls: Calls) -> WebSources {
        WebSources(
            watched: { WebSources.Watched(branch: "main", head: commit(3)) },
            health: {
                calls.health()
                return nil
            },
            live: { live },
            wake: { calls.wake() },
            log: { run, step, attempt, offset, limit in
                guard run == RunID(model: digits, number: 2), step == train,
                    [nil, 2].contains(attempt)
                else { return nil }
                let part = Array(log.dropFirst(offset).prefix(limit))
                return WebSources.LogPart(
                    bytes: part, nextOffset: offset + part.count, total: log.count)
            },
            plan: { try apiJSON(["revision": $0]) },
            approvalsNeeded: { _ in 2 },
            counters: { ["slipway_turns_total": 3, "slipway_lag_seconds": 0.25] },
            process: {
                WebSources.ProcessFigures(
                    residentBytes: 12_345_678, cpuSeconds: 1.25,
                    startedAt: Instant(milliseconds: 1_790_000_000_500))
            },
            policy: { policy },
            letters: { try apiJSON([$0.rawValue, "\($1)"]) },
            retryLetters: { id in
                guard let id else { return 2 }
                guard id == 7 else { throw Failure("no letter \(id) was given up", .stalled) }
                return 1
            })
    }

    static let policy: PolicyView = {
        let proposal = PolicyProposal(
            evidence: PolicyEvidence(policy: digest(8), replaces: digest(6)),
            evidenceDigest: digest(9), changes: ["weaker: approvals 2 → 1"])
        let record = PolicyRecord(records: [
            DecisionRecord(
                sequence: 1, at: Instant(seconds: 9), model: .policy, commit: commit(3),
                decision: .policyProposed(proposal))
        ])
        let shown = record.open.flatMap { record.shown[$0] }
        return PolicyView(
            trusted: .init(policy: digest(6)),
            proposal: shown.map { .init($0, have: [Principal("erin")], need: 2) })
    }()
}
