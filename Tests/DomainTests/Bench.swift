import Domain

/// A model's life told line by line: what git says, and what the machine answers.
struct Bench {
    static let model = ModelName(checked: "digits")
    static let production = EnvironmentName(checked: "production")
    static let staging = EnvironmentName(checked: "staging")
    static let erin = Principal("erin")
    static let frank = Principal("frank")

    var record = ModelRecord(model: model)
    var records: [DecisionRecord] = []
    var commits: [(id: CommitID, content: Seen.Content)] = []
    var published = Seen.Published()
    var run = Seen.Run.none
    var otherRuns: Set<RunID> = []
    var newTags: [SeenTag] = []
    var goneTags: [ObjectID: String] = [:]
    var approvals = 1
    var policy = Bench.digest(1)
    var excluded: Set<Principal> = []

    static func digest(_ number: Int) -> Digest { Digest(checked: digits(number, 64)) }
    static func commit(_ number: Int) -> CommitID { CommitID(checked: digits(number, 40)) }
    static func fingerprint(_ number: Int) -> Fingerprint {
        Fingerprint(checked: digits(number, 64))
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: count - text.count) + text
    }

    static func settings(
        _ seconds: Int = 60, _ runtime: ServingDeclaration.Runtime = .sklearn
    ) -> ServingSettings {
        ServingSettings(
            runtime: runtime, warmup: nil, startTimeoutSeconds: seconds, requirements: nil)
    }

    static func candidate(
        _ inputs: Int, in environment: EnvironmentName = production, seconds: Int = 60,
        runtime: ServingDeclaration.Runtime = .sklearn
    ) -> Seen.Content {
        .candidate(
            Candidate(model: model, fingerprint: fingerprint(inputs), environment: environment),
            settings(seconds, runtime))
    }

    var seen: Seen {
        Seen(
            model: Self.model,
            head: commits.last.map { Seen.Head(commit: $0.id, content: $0.content) },
            earlier: commits.dropLast().map(\.id), record: record, published: published,
            newTags: newTags, goneTags: goneTags, run: run, otherRuns: otherRuns,
            policy: Seen.Policy(digest: policy, approvals: approvals, excluded: excluded))
    }

    var next: Action { nextAction(for: seen) }

    /// Engineers push a commit; returns its id.
    @discardableResult
    mutating func push(_ content: Seen.Content) -> CommitID {
        let id = Self.commit(1000 + commits.count)
        commits.append((id, content))
        run = .none
        return id
    }

    mutating func decide(_ commit: CommitID, _ decision: Decision) {
        let entry = DecisionRecord(
            sequence: records.count + 1, at: Instant(seconds: Int64(records.count)),
            model: Self.model, commit: commit, decision: decision)
        records.append(entry)
        record.apply(entry)
    }

    /// A reviewer's tag arrives: a new tag object each time.
    mutating func tag(
        _ kind: SeenTag.Kind, _ evidence: EvidenceID, by who: Principal = erin, object: Int
    ) {
        newTags.append(
            SeenTag(
                tag: Self.commit(object), ref: "\(kind)/digits/\(evidence)/\(who)", kind: kind,
                evidence: evidence, principal: who))
    }

    /// Does what the machine asks for until it waits for people or has nothing left to do.
    ///
    /// Training succeeds and the gate passes unless told otherwise.
    @discardableResult
    mutating func carryOn(failing: Failure? = nil, passing: Bool = true) -> [Action] {
        var done: [Action] = []
        while done.count < 100 {
            let action = next
            done.append(action)
            switch action {
            case .awaitReview, .awaitRun, .settled: return done
            default: perform(action, failing: failing, passing: passing)
            }
        }
        return done
    }

    /// Does one thing that the machine asked for.
    mutating func perform(_ action: Action, failing: Failure? = nil, passing: Bool = true) {
        switch action {
        case .record(let entries):
            for entry in entries { decide(entry.commit, entry.decision) }
            newTags.removeAll { tag in record.tags.contains { $0.tag == tag.tag } }
        case .tagVersion(let release): published.versions.insert(release.version)
        case .tagAssignment(let assignment): published.numbers.insert(assignment.number)
        case .tagUnassignment(_, let numbers): published.numbers.formUnion(numbers)
        case .deploy(let environment, let deployment):
            published.deployments[environment] = deployment
        case .start(let id, _, _): run = failing.map { .failed(id, $0) } ?? .evaluated(id)
        case .cancel(let id):
            otherRuns.remove(id)
            if run == .running(id) { run = .none }
        case .judge(let question): judge(question, passing: passing)
        case .awaitRun, .awaitReview, .settled: break
        }
    }

    private mutating func judge(_ question: Action.Question, passing: Bool) {
        let candidate = question.candidate
        let evidence = Evidence(
            model: Self.model, environment: candidate.environment,
            candidate: candidate.fingerprint, artifact: Self.digest(7), datasets: [:],
            validation: Self.digest(8), evaluation: Self.digest(9), baseline: question.baseline,
            replaces: question.replaces, policy: question.policy, lifts: question.lifts,
            runtime: question.runtime)
        decide(
            question.commit,
            .judged(
                Judgement(
                    run: question.run.number, candidate: candidate.fingerprint,
                    report: Report(task: .classification, rows: 1, metrics: []),
                    verdict: Verdict(outcome: passing ? .passed : .failed, rules: []),
                    baseline: question.baseline, policy: question.policy,
                    evidence: passing ? evidence : nil,
                    evidenceDigest: passing ? Self.digest(for: evidence) : nil)))
    }

    /// Equal evidence has an equal digest, as with the real one.
    static func digest(for evidence: Evidence) -> Digest {
        let text = [
            evidence.environment.text, evidence.candidate.hex,
            evidence.baseline?.description ?? "-", evidence.policy.hex,
            evidence.lifts?.description ?? "-",
        ].joined(separator: "|")
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return Digest(checked: digits + String(repeating: "0", count: 64 - digits.utf8.count))
    }

    /// The evidence that waits for reviewers; nil when none does.
    var waiting: EvidenceID? {
        if case .awaitReview(let id) = next { id } else { nil }
    }

    func version(in environment: EnvironmentName = production) -> SemanticVersion? {
        published.deployments[environment]?.version
    }

    /// Takes a new candidate all the way: pushed, trained, approved, deployed.
    mutating func ship(_ content: Seen.Content, object: Int) {
        push(content)
        carryOn()
        if let id = waiting { tag(.approve, id, object: object) }
        carryOn()
    }

    func outcome(_ commit: CommitID) -> ModelRecord.Outcome? { record.outcomes[commit] }
}
