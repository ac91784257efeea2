import Domain
import FoundationEssentials
import Host
import Testing

private let digits = ModelName(checked: "digits")
private let production = EnvironmentName(checked: "production")
private let train = StepName(checked: "train")
private let commit = CommitID(checked: String(repeating: "c", count: 40))
private let digest = Digest(checked: String(repeating: "d", count: 64))
private let candidate = Fingerprint(checked: String(repeating: "f", count: 64))
private let offline = Failure(
    "the index of packages does not answer", at: "run digits/2", hint: "try it with pip",
    .retry(afterSeconds: 30))

private func run(_ failure: Failure? = nil) -> RunView {
    RunView(
        id: RunID(model: digits, number: 2), commit: commit, candidate: candidate,
        state: .running, stage: "train", startedAt: Instant(seconds: 5),
        steps: [StepView(name: train, state: .running, attempt: 2)], failure: failure)
}

private let running = ModelStatus(
    model: digits, head: commit, phase: .running, summary: "run digits/2 is under way",
    run: RunID(model: digits, number: 2))

private struct Line: Decodable, Equatable {
    var run: String
    var step: String
    var attempt: Int
    var text: String
}

@Test func `a line of a log becomes one object`() async throws {
    let logs = "/api/v1/runs/digits/2/logs?step=train&attempt"
    let answers = [
        "/api/v1/runs/digits/2": try json(run()),
        // The second part begins in the middle of a line, the last line is never ended.
        "\(logs)=1&offset=0": "a \"word\"\nhal", "\(logs)=1&offset=12": "f\n\nlast",
        "\(logs)=1&offset=19": "",
        "\(logs)=2&offset=0": "again\n", "\(logs)=2&offset=6": "",
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let logs = try await desk.slipway("logs", "digits/2", "--json")
            #expect(logs.code == 0 && logs.errors.isEmpty)
            let lines = try logs.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            let expected = [(1, "a \"word\""), (1, "half"), (1, ""), (1, "last"), (2, "again")]
            #expect(
                lines
                    == expected.map {
                        Line(run: "digits/2", step: "train", attempt: $0.0, text: $0.1)
                    })
            try logs.matches("logs-json")
            try await desk.slipway("logs", "digits/2").matches("logs")
        }
    }
}

@Test func `status as JSON says what is live too`() async throws {
    let live = LiveModel(
        model: digits, version: .first, number: 1, health: .serving, resident: [], problem: nil,
        requests: 3, failedRequests: 0)
    let models = try json([live])
    let answers = [
        "/api/v1/status": try json(
            StatusView(branch: "main", head: commit, models: [running], problems: [])),
        "/api/v1/live": "{\"production\":{\"models\":\(models)}}",
        "/api/v1/models/digits": try json(running), "/api/v1/runs/digits/2": try json(run()),
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let all = try await desk.slipway("status", "--json").output
            let whole = try JSONDecoder().decode(JSONValue.self, from: Data(all.utf8))
            guard case .object(let keys) = whole else {
                Issue.record("not an object: \(all)")
                return
            }
            #expect(keys.keys.sorted() == ["branch", "head", "live", "models", "problems"])
            #expect(all.contains("\"live\":{\"production\":{\"models\":\(models)}}"))
            let one = try await desk.slipway("status", "digits", "--json").output
            let status = try JSONDecoder().decode(ModelStatus.self, from: Data(one.utf8))
            #expect(status == running)
        }
    }
}

@Test func `the status of a model says what its run waits for`() async throws {
    let answers = [
        "/api/v1/models/digits": try json(running),
        "/api/v1/runs/digits/2": try json(run(offline)),
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let status = try await desk.slipway("status", "digits")
            #expect(status.code == 0)
            try status.matches("status-waiting")
        }
    }
}

@Test func `a repository without commits is told how to begin`() async throws {
    let nothing = Failure(
        "the branch `main` has no commits yet", at: "models.git",
        hint: "push one: git push origin main", .wait(for: "a commit"))
    let answers = [
        "/api/v1/status": try json(
            StatusView(branch: "main", head: nil, models: [], problems: [nothing])),
        "/api/v1/live": "{}",
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let status = try await desk.slipway("status")
            #expect(status.code == 0)
            #expect(!status.text.contains("error:"))
            try status.matches("status-no-commits")
        }
    }
}

@Test func `runs of an unknown model are not found, of a new one none`() async throws {
    let answers = [
        "/api/v1/runs?model=nope&limit=20": "[]", "/api/v1/runs?model=digits&limit=20": "[]",
        "/api/v1/models/digits": try json(running),
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let unknown = try await desk.slipway("runs", "nope")
            let asked = try await desk.slipway("status", "nope")
            #expect(unknown.code == 3)
            #expect(unknown.errors == asked.errors)
            #expect(try await desk.slipway("runs", "nope", "--json").code == 3)
            let new = try await desk.slipway("runs", "digits")
            #expect(new.code == 0)
            #expect(new.errors == "no run of digits yet\n")
        }
    }
}

@Test(arguments: [ServingDeclaration.Runtime.sklearn, .command("python serve.py")])
func `a report shows which program would serve`(
    _ runtime: ServingDeclaration.Runtime
) async throws {
    let evidence = Evidence(
        model: digits, environment: production, candidate: candidate, artifact: digest,
        datasets: [:], validation: digest, evaluation: digest, baseline: nil, replaces: nil,
        policy: digest, lifts: nil, runtime: runtime)
    let judgement = Judgement(
        run: 2, candidate: candidate,
        report: Report(task: .classification, rows: 0, metrics: []),
        verdict: Verdict(outcome: .passed, rules: []), baseline: nil, policy: digest,
        evidence: evidence, evidenceDigest: digest)
    let view = ReportView(
        judgement: judgement, commit: commit,
        record: ModelRecord(model: digits, records: []), approvalsNeeded: 1)
    let answers = ["/api/v1/models/digits/report": try json(view)]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let report = try await desk.slipway("report", "digits")
            #expect(!report.output.contains("\n\n\n"))
            try report.matches(runtime == .sklearn ? "report-sklearn" : "report-command")
        }
    }
}

@Test func `a plan knows that nothing is kept in a store that is not there`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", "digits", "models")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        try await StandIn.use([:], on: desk) {
            let plan = try await desk.slipway("plan", in: "models")
            #expect(plan.output.contains("runs     validate, train, evaluate, gate"))
            #expect(plan.errors.isEmpty)
        }
    }
}
