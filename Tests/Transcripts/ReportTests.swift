import Domain
import FoundationEssentials
import Host
import Testing

private let digits = ModelName(checked: "digits")
private let production = EnvironmentName(checked: "production")
private let digest = Digest(checked: String(repeating: "d", count: 64))
private let candidate = Fingerprint(checked: String(repeating: "f", count: 64))
private let first = SemanticVersion(1, 0, 0)
private let ada = Principal("ada@example.org")

/// A daemon's answers about a model whose second candidate waits beside its first version.
struct WaitingModel {
    var base: CommitID
    var head: CommitID
    var tags: [SeenTag] = []
    var proposal: PolicyView.Proposal?
    var suspended: Suspension?
    /// Whom the policy trusts; nil: there is no policy to ask for, or `proposal` alone.
    var signers: [Principal]?
    /// The gate measured the first version anew, and found this accuracy.
    var anew: Double?
    var previews: [PreviewView] = []
    var evidence: EvidenceID { EvidenceID(digest) }

    private func report(
        _ accuracy: Double, _ cells: [[Int]], _ slices: [(String, Double)]
    ) -> Report {
        func metric(_ name: String, _ value: Double) -> Metric {
            Metric(name: name, value: value, low: value - 0.02, high: min(1, value + 0.02))
        }
        return Report(
            task: .classification, rows: 360,
            metrics: [
                metric("accuracy", accuracy), metric("f1", accuracy - 0.01),
                metric("log_loss", 1 - accuracy),
            ],
            classes: ["3", "8"].map {
                ClassReport(label: $0, support: 180, precision: accuracy, recall: 0.9, f1: 0.92)
            },
            confusion: ConfusionMatrix(labels: ["3", "8"], counts: cells),
            slices: slices.map { value, accuracy in
                SliceReport(
                    column: "scanner", value: value, rows: 120,
                    metrics: [metric("accuracy", accuracy)])
            }, resamples: 1000)
    }

    private func judgement(_ report: Report, run: Int, baseline: SemanticVersion?) -> Judgement {
        let place = Place(file: "models/digits/model.yaml", line: 14)
        var rules = [
            RuleVerdict(
                rule: "accuracy.at_least", outcome: .passed, value: report.metrics[0].value,
                low: 0.93, high: 0.97, limit: 0.9, margin: 0.05, place: place)
        ]
        if let anew, baseline != nil {
            rules.append(
                RuleVerdict(
                    rule: "accuracy.not_below_baseline_by", outcome: .passed, value: 0.95,
                    limit: anew - 0.005, margin: 0.955 - anew, about: "baseline \(anew)",
                    place: place))
        }
        return Judgement(
            run: run, candidate: candidate, report: report,
            verdict: Verdict(outcome: .passed, rules: rules), baseline: baseline, policy: digest,
            evidence: Evidence(
                model: digits, environment: production, candidate: candidate, artifact: digest,
                datasets: [:], validation: digest, evaluation: digest, baseline: baseline,
                replaces: 1, policy: digest, lifts: nil, runtime: .sklearn),
            evidenceDigest: digest)
    }

    private var record: ModelRecord {
        let seen = tags.enumerated().map { index, tag in
            DecisionRecord(
                sequence: index + 1, at: Instant(seconds: 100), model: digits, commit: head,
                decision: .seen(tag))
        }
        return ModelRecord(model: digits, records: seen)
    }

    /// Every path that reviewing asks for.
    func answers() throws -> [String: String] {
        let now = judgement(
            report(0.95, [[176, 4], [14, 166]], [("new", 0.88), ("old", 0.98)]), run: 2,
            baseline: first)
        let before = judgement(
            report(0.92, [[170, 10], [12, 168]], [("new", 0.93), ("old", 0.91)]), run: 1,
            baseline: nil)
        let view = ReportView(
            judgement: now, commit: head, record: record, approvalsNeeded: 2)
        let earlier = ReportView(
            judgement: before, commit: base, record: ModelRecord(model: digits), approvalsNeeded: 2)
        let release = Release(
            version: first, candidate: candidate, commit: base, evidence: evidence,
            artifact: digest, datasets: [:], approvedBy: [ada], tags: [])
        var status = ModelStatus(
            model: digits, head: head, phase: .waiting,
            summary: "passed the gate; 1 of 2 approvals of \(evidence); 0 of 1 from ml",
            evidence: evidence)
        status.suspended = suspended
        let judged = DecisionRecord(
            sequence: 7, at: Instant(seconds: 1_790_000_000), model: digits, commit: head,
            decision: .judged(now))
        let path = "/api/v1/models/digits"
        var answers = [
            path: try json(status), "\(path)/report": try json(view),
            "\(path)/report?version=v1.0.0": try json(earlier),
            "\(path)/versions": try json([VersionView(release: release, record: record)]),
            "\(path)/decisions?after=0": try json([judged]),
            "\(path)/decisions?after=7": "[]",
            "/api/v1/runs/digits/2": try json(run),
            "/api/v1/status": try json(
                StatusView(branch: "main", head: head, models: [status], problems: [])),
            "/api/v1/live": "{}",
        ]
        if proposal != nil || signers != nil {
            answers["/api/v1/policy"] = try json(
                PolicyView(trusted: .init(policy: digest, signers: signers), proposal: proposal))
        }
        answers["/api/v1/previews"] = try json(previews)
        return answers
    }

    private var run: RunView {
        let start = Instant(seconds: 1_789_999_000)
        func step(_ name: String, _ state: StepView.State, _ seconds: Double) -> StepView {
            StepView(
                name: StepName(checked: name), state: state, attempt: 1, startedAt: start,
                endedAt: start.advanced(bySeconds: seconds), peakMemoryBytes: 300 << 20)
        }
        return RunView(
            id: RunID(model: digits, number: 2), commit: head, candidate: candidate,
            state: .evaluated, stage: "evaluate", startedAt: start,
            steps: [step("train", .done, 134), step("evaluate", .cached, 0)])
    }
}

extension Desk {
    /// A clone with two commits of the template `digits`: the second changes a parameter and lowers
    /// a limit.
    func twoCommits() async throws -> WaitingModel {
        try await slipway("new", "digits", "models")
        try await git("add", "--all", in: "models")
        try await git("commit", "--quiet", "--message", "first", in: "models")
        let base = try commit("models")
        let declaration = try text("models/models/digits/model.yaml")
        let changed = declaration.replacing("gamma: 0.0005", with: "gamma: 0.001")
            .replacing("at_least: 0.9", with: "at_least: 0.8")
        try write("models/models/digits/model.yaml", changed)
        try await git("commit", "--quiet", "--all", "--message", "second", in: "models")
        return WaitingModel(base: base, head: try commit("models"))
    }

    func commit(_ clone: String) throws -> CommitID {
        let hex = try text("\(clone)/.git/refs/heads/main").prefix { !$0.isNewline }
        return try #require(CommitID(String(hex)))
    }
}

private func tag(_ who: String, refusal: String? = nil) -> SeenTag {
    SeenTag(
        tag: ObjectID(checked: String(repeating: "a", count: 40)),
        ref: "refs/tags/approve/digits/\(EvidenceID(digest))/\(who)", kind: .approve,
        evidence: EvidenceID(digest), principal: refusal == nil ? Principal(who) : nil,
        comment: "Recall of class 8 is up.", refusal: refusal)
}

@Test func `a report stands beside what is live, a lowered limit first`() async throws {
    try await Desk.use { desk in
        var model = try await desk.twoCommits()
        model.tags = [tag("bob@example.org")]
        try await StandIn.use(try model.answers(), on: desk) {
            let report = try await desk.slipway("report", "digits", in: "models")
            #expect(report.code == 0)
            let lines = report.output.split(separator: "\n").map(String.init)
            let place = try #require(lines.firstIndex { $0.hasPrefix("Changed since v1.0.0") })
            #expect(lines[place + 1].hasPrefix("! promotion."))
            #expect(lines[place + 1].hasSuffix("(lowered)"))
            #expect(lines.allSatisfy { $0.count <= 100 })
            try report.matches("report-compared")
            let full = try await desk.slipway("report", "digits", "--full", in: "models")
            #expect(full.output.contains("class  precision"))
            try await desk.slipway("report", "digits", "--format", "markdown", in: "models")
                .matches("report-markdown")
            let page = try await desk.slipway("report", "digits", "--format", "html", in: "models")
            #expect(page.output.hasPrefix("<!DOCTYPE html>"))
            try page.matches("report-html")
            let json = try await desk.slipway("report", "digits", "--json")
            #expect(json.output.hasPrefix(#"{"approvalsNeeded":2"#))
        }
    }
}

@Test func `outside a clone a report says how to see what changed`() async throws {
    try await Desk.use { desk in
        let commit = CommitID(checked: String(repeating: "c", count: 40))
        let model = WaitingModel(base: commit, head: commit)
        try await StandIn.use(try model.answers(), on: desk) {
            let report = try await desk.slipway("report", "digits")
            #expect(report.output.contains("run it in a clone"))
        }
    }
}

@Test func `what waits says who must still approve, and what I can do`() async throws {
    try await Desk.use { desk in
        var model = try await desk.twoCommits()
        model.tags = [tag("bob@example.org")]
        try await StandIn.use(try model.answers(), on: desk) {
            let other = ["review", "--as", "carol@example.org"]
            let review = try await desk.slipway(other, in: "models")
            #expect(review.code == 0)
            #expect(review.output.contains("you      can approve it: you wrote no part of it"))
            let author = try await desk.slipway("review", "--as", "Ada@example.org", in: "models")
            #expect(author.output.contains("cannot approve it: you wrote a part of it"))
            let again = try await desk.slipway("review", "--as", "bob@example.org", in: "models")
            #expect(again.output.contains("cannot approve it: you have approved it"))
            let mine = try await desk.slipway(
                "review", "--mine", "--as", "bob@example.org", in: "models")
            #expect(mine.output.isEmpty)
            try mine.matches("review-nothing")
            let json = try await desk.slipway(other + ["--json"], in: "models")
            #expect(
                json.output.hasPrefix(#"[{"approvalsNeeded":2,"approvedBy":["bob@example.org"]"#))
        }
    }
}

@Test func `a change of policy waits too, and a tag that was refused may be replaced`()
    async throws
{
    try await Desk.use { desk in
        let commit = CommitID(checked: String(repeating: "c", count: 40))
        var model = WaitingModel(base: commit, head: commit)
        model.tags = [tag("carol@example.org", refusal: "it is not signed")]
        let proposal = PolicyProposal(
            evidence: PolicyEvidence(policy: digest, replaces: digest), evidenceDigest: digest,
            changes: ["weaker: review.approvals: 2 → 1"])
        let shown = PolicyRecord(records: [
            DecisionRecord(
                sequence: 1, at: Instant(seconds: 1_790_000_000), model: .policy, commit: commit,
                decision: .policyProposed(proposal))
        ]).shown[EvidenceID(digest)]
        model.proposal = PolicyView.Proposal(
            try #require(shown), have: [], need: 2, excluded: [ada])
        try await StandIn.use(try model.answers(), on: desk) {
            let review = try await desk.slipway("review", "--as", "carol@example.org")
            #expect(review.output.contains("your tag did not count, and may be replaced"))
            #expect(review.output.contains("slipway approve policy --evidence"))
            #expect(review.output.contains("weaker: review.approvals: 2 → 1"))
            let author = try await desk.slipway("review", "--as", "ada@example.org")
            #expect(author.output.contains("cannot approve it: you wrote it"))
            let report = try await desk.slipway("report", "digits")
            #expect(report.output.contains("! weaker: review.approvals: 2 → 1"))
        }
    }
}

@Test func `status shows what is suspended`() async throws {
    try await Desk.use { desk in
        let commit = CommitID(checked: String(repeating: "c", count: 40))
        var model = WaitingModel(base: commit, head: commit)
        model.suspended = Suspension(reason: "audit", by: "ada@example.org")
        try await StandIn.use(try model.answers(), on: desk) {
            let status = try await desk.slipway("status")
            #expect(status.output.contains("waiting-for-review, suspended"))
            let review = try await desk.slipway("review", "--as", "carol@example.org")
            #expect(review.output.contains("suspended by ada@example.org: audit"))
        }
    }
}

@Test func `what was measured on other rows is not subtracted`() async throws {
    try await Desk.use { desk in
        var model = try await desk.twoCommits()
        model.anew = 0.93
        let manifest = try desk.text("models/datasets/digits-test.yaml")
        try desk.write(
            "models/datasets/digits-test.yaml", manifest.replacing("2c3ebc8", with: "7c3ebc8"))
        try await desk.git("commit", "--quiet", "--all", "--message", "third", in: "models")
        model.head = try desk.commit("models")
        try await StandIn.use(try model.answers(), on: desk) {
            for format in ["text", "markdown", "html"] {
                let report = try await desk.slipway(
                    "report", "digits", "--format", format, in: "models")
                #expect(report.code == 0)
                #expect(report.output.contains("report was measured on other rows"))
                #expect(report.output.contains("+0.0200"), "0.95 beside 0.93 measured anew")
                #expect(!report.output.contains("+0.0300"), "0.92 is of other rows")
                #expect(!report.output.contains("Confusion matrix"))
                #expect(!report.output.contains("what became worst"))
            }
        }
    }
}

@Test func `who is not trusted cannot approve, and what rests is listed`() async throws {
    try await Desk.use { desk in
        var model = try await desk.twoCommits()
        model.signers = [Principal("carol@example.org")]
        try await StandIn.use(try model.answers(), on: desk) {
            let nobody = try await desk.slipway("review", "--as", "nobody@x", in: "models")
            #expect(nobody.output.contains("cannot approve it: you are not among the trusted"))
            #expect(!nobody.output.contains("slipway approve"))
            let carol = try await desk.slipway(
                "review", "--as", "carol@example.org", in: "models")
            #expect(carol.output.contains("can approve it: you wrote no part of it"))
        }
    }
}

@Test func `a model that rests shows it in the report and in the list of reviews`() async throws {
    try await Desk.use { desk in
        let commit = CommitID(checked: String(repeating: "c", count: 40))
        var model = WaitingModel(base: commit, head: commit)
        model.suspended = Suspension(reason: "audit", by: "ada@example.org")
        var answers = try model.answers()
        var status = ModelStatus(
            model: digits, head: commit, phase: .released, summary: "v1.0.0 is already live")
        status.suspended = model.suspended
        answers["/api/v1/status"] = try json(
            StatusView(branch: "main", head: commit, models: [status], problems: []))
        try await StandIn.use(answers, on: desk) {
            let review = try await desk.slipway("review", "--as", "carol@example.org")
            #expect(review.output.contains("digits rests"))
            #expect(review.output.contains("suspended by ada@example.org: audit"))
            let report = try await desk.slipway("report", "digits")
            #expect(report.output.contains("! suspended by ada@example.org: audit"))
            let run = try await desk.slipway("report", "spam", "--run", "digits/2")
            #expect(run.code == 64)
        }
    }
}

@Test func `status shows previews`() async throws {
    try await Desk.use { desk in
        let commit = CommitID(checked: String(repeating: "c", count: 40))
        var model = WaitingModel(base: commit, head: commit)
        model.previews = [
            PreviewView(
                model: digits, ref: "refs/heads/wider", commit: commit, problems: [],
                isWaiting: true, decisions: [])
        ]
        try await StandIn.use(try model.answers(), on: desk) {
            let status = try await desk.slipway("status")
            #expect(status.output.contains("refs/heads/wider"))
            #expect(status.output.contains("waits for a place"))
            let json = try await desk.slipway("status", "--json")
            #expect(json.output.contains(#""previews":[{"#))
        }
    }
}
