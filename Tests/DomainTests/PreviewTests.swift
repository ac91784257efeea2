import Domain
import Testing

/// A model with previews: the bench, and the heads beside the watched branch.
private struct Previewed {
    var bench = Bench()
    var heads: [Seen.PreviewHead] = []
    var passing = true
    var failing: Failure?

    var seen: Seen {
        var seen = bench.seen
        seen.previews = heads
        return seen
    }

    var next: Action { nextAction(for: seen) }

    mutating func preview(
        _ content: Seen.Content, ref: String = "refs/heads/feature/a", commit: Int = 2000
    ) {
        heads.removeAll { $0.ref == ref }
        heads.append(
            Seen.PreviewHead(
                ref: ref, commit: Bench.commit(commit), content: content, run: .none))
    }

    /// Does what is asked for until it rests; returns it all.
    @discardableResult
    mutating func carryOn() -> [Action] {
        var done: [Action] = []
        while done.count < 100 {
            let action = next
            done.append(action)
            switch action {
            case .awaitReview, .awaitRun, .settled: return done
            case .start(let id, let commit, _) where isPreview(id, commit):
                let end = failing.map { Seen.Run.failed(id, $0) } ?? .evaluated(id)
                for index in heads.indices where heads[index].commit == commit {
                    heads[index].run = end
                }
            case .judge(let question) where question.preview != nil: judge(question)
            default: bench.perform(action)
            }
        }
        Issue.record("it never rests: \(done.suffix(4))")
        return done
    }

    private func isPreview(_ id: RunID, _ commit: CommitID) -> Bool {
        bench.record.previews[commit]?.run == id.number
    }

    private mutating func judge(_ question: Action.Question) {
        let judgement = Judgement(
            run: question.run.number, candidate: question.candidate.fingerprint,
            report: Report(task: .classification, rows: 1, metrics: []),
            verdict: Verdict(outcome: passing ? .passed : .failed, rules: []),
            baseline: question.baseline, policy: question.policy, evidence: nil,
            evidenceDigest: nil)
        let preview = Preview(ref: question.preview ?? "", end: .judged(judgement))
        bench.decide(question.commit, .previewed(preview))
    }

    func state(_ commit: Int = 2000) -> ModelRecord.PreviewState? {
        bench.record.previews[Bench.commit(commit)]
    }
}

@Suite struct PreviewTests {
    @Test(arguments: [true, false])
    func `a preview is run and judged, and nothing is shown to reviewers`(passes: Bool) {
        var world = Previewed()
        world.bench.ship(Bench.candidate(1), object: 1)
        let before = world.bench.published
        world.passing = passes
        world.preview(Bench.candidate(2))
        let done = world.carryOn()
        #expect(done.last == .settled)
        #expect(world.state()?.verdict == (passes ? .passed : .failed))
        #expect(world.bench.published == before)
        #expect(world.bench.record.shown.count == 1, "the released one alone")
        #expect(world.bench.record.outcomes[Bench.commit(2000)] == nil)
        #expect(world.bench.record.lastRun == 2)
        #expect(world.next == .settled)
    }

    @Test func `an approval cannot reach what a preview showed`() {
        var world = Previewed()
        world.preview(Bench.candidate(2))
        world.carryOn()
        let evidence = EvidenceID(Bench.digest(77))
        world.bench.tag(.approve, evidence, object: 9)
        world.carryOn()
        #expect(world.bench.record.releases.isEmpty)
        #expect(world.bench.published == Seen.Published())
    }

    @Test func `a preview that is gone is dropped and its run cancelled`() {
        var world = Previewed()
        world.bench.ship(Bench.candidate(1), object: 1)
        world.preview(Bench.candidate(2))
        guard case .record = world.next else { return #expect(Bool(false)) }
        world.bench.perform(world.next)
        let run = RunID(model: Bench.model, number: 2)
        world.heads[0].run = .running(run)
        world.bench.otherRuns = [run]
        #expect(world.next == .settled, "its run is under way and left alone")
        world.heads = []
        #expect(
            world.next
                == .record([
                    .init(
                        Bench.commit(2000),
                        .previewed(Preview(ref: "refs/heads/feature/a", end: .dropped)))
                ]))
        world.bench.perform(world.next)
        #expect(world.next == .cancel(run))
        world.bench.perform(world.next)
        #expect(world.next == .settled)
    }

    @Test func `a newer commit of a preview drops the older one`() {
        var world = Previewed()
        world.preview(Bench.candidate(2))
        world.bench.perform(world.next)
        world.preview(Bench.candidate(3), commit: 2001)
        world.carryOn()
        #expect(world.state(2000)?.isOver == true)
        #expect(world.state(2000)?.verdict == nil)
        #expect(world.state(2001)?.verdict == .passed)
    }

    @Test func `a merged preview goes on as the watched branch's, up to review`() {
        var world = Previewed()
        world.preview(Bench.candidate(2), commit: 1000)
        world.carryOn()
        let commit = world.bench.push(Bench.candidate(2))
        #expect(commit == Bench.commit(1000))
        world.heads = []
        guard case .awaitReview = world.carryOn().last else {
            return #expect(Bool(false), "\(world.next)")
        }
    }

    @Test func `two refs at one commit are one preview`() {
        var world = Previewed()
        world.preview(Bench.candidate(2), ref: "refs/heads/feature/a")
        world.preview(Bench.candidate(2), ref: "refs/pull/1/head")
        world.carryOn()
        #expect(world.bench.record.lastRun == 1)
    }

    @Test func `what rests starts no preview, and drops none`() {
        var world = Previewed()
        world.preview(Bench.candidate(2))
        var seen = world.seen
        seen.suspended = Suspension(reason: "labels", by: "ada")
        #expect(nextAction(for: seen) == .settled)
        world.bench.perform(world.next)
        seen = world.seen
        seen.previews = []
        seen.suspended = Suspension(reason: "labels", by: "ada")
        #expect(nextAction(for: seen) == .settled)
    }

    private enum Past: CaseIterable { case new, started, startedOther, judged, dropped, failed }
    private enum Run: CaseIterable { case none, running, failed, evaluated, ofAnother }
    private enum Watched: CaseIterable { case nothing, live, waiting, running, unstarted, merged }
    private enum Content: CaseIterable { case candidate, broken, absent, gone }

    @Test func `in every state the watched branch goes first and a preview changes nothing live`() {
        var count = 0
        for past in Past.allCases {
            for run in Run.allCases {
                for watched in Watched.allCases {
                    for content in Content.allCases {
                        check(state(past, run, watched, content))
                        count += 1
                    }
                }
            }
        }
        #expect(count == 6 * 5 * 6 * 4)
    }

    private func check(_ state: Previewed) {
        var world = state
        let alone = nextAction(for: state.bench.seen)
        let action = world.next
        switch alone {
        case .awaitRun, .awaitReview, .settled: break
        case .record(let entries):
            // Because without its heads every preview is gone.
            let isDrop = entries.allSatisfy { entry in
                if case .previewed = entry.decision { true } else { false }
            }
            if !isDrop { #expect(action == alone) }
        default: #expect(action == alone)
        }
        let releases = world.bench.record.releases
        let assignments = world.bench.record.assignments
        let live = world.bench.published.deployments
        for action in world.carryOn() {
            if case .judge(let question) = action,
                question.commit == Bench.commit(2000)
            {
                #expect(question.preview == "refs/heads/feature/a")
            }
        }
        #expect(world.bench.record.releases == releases)
        #expect(world.bench.record.assignments == assignments)
        #expect(world.bench.published.deployments == live)
        let open = world.bench.record.previews.filter { !$0.value.isOver }
        #expect(
            open.allSatisfy { commit, _ in
                world.heads.contains { head in
                    guard head.commit == commit else { return false }
                    if case .running = head.run { return true }
                    return head.content == .absent
                }
            }, "\(open)")
    }

    private func state(
        _ past: Past, _ run: Run, _ watched: Watched, _ content: Content
    ) -> Previewed {
        var world = Previewed()
        prepare(&world, watched)
        let commit = Bench.commit(watched == .merged ? 1000 : 2000)
        let number = world.bench.record.lastRun + 1
        let ref = "refs/heads/feature/a"
        if past != .new {
            world.bench.decide(
                commit,
                .previewStarted(
                    run: number, candidate: Bench.fingerprint(past == .startedOther ? 9 : 5),
                    ref: ref))
        }
        let failure = Failure("exit status 1")
        switch past {
        case .new, .started, .startedOther: break
        case .judged: world.bench.decide(commit, .previewed(Preview(ref: ref, end: .dropped)))
        case .dropped: world.bench.decide(commit, .previewed(Preview(ref: ref, end: .dropped)))
        case .failed:
            world.bench.decide(
                commit, .previewed(Preview(ref: ref, end: .failed(run: number, failure))))
        }
        guard content != .gone else { return world }
        let id = RunID(model: Bench.model, number: run == .ofAnother ? 99 : number)
        let seen: Seen.Run =
            switch run {
            case .none: .none
            case .running, .ofAnother: .running(id)
            case .failed: .failed(id, failure)
            case .evaluated: .evaluated(id)
            }
        let said: Seen.Content =
            switch content {
            case .candidate: Bench.candidate(5)
            case .broken: .broken([Diagnostic(at: Place(file: "a", line: 1), "no")])
            case .absent, .gone: .absent
            }
        world.heads = [Seen.PreviewHead(ref: ref, commit: commit, content: said, run: seen)]
        return world
    }

    private func prepare(_ world: inout Previewed, _ watched: Watched) {
        switch watched {
        case .nothing: break
        case .live: world.bench.ship(Bench.candidate(1), object: 1)
        case .waiting, .merged:
            world.bench.push(Bench.candidate(1))
            world.bench.carryOn()
        case .running:
            world.bench.push(Bench.candidate(1))
            world.bench.perform(world.bench.next)
            world.bench.run = .running(RunID(model: Bench.model, number: 1))
        case .unstarted: world.bench.push(Bench.candidate(1))
        }
    }

    @Test func `what people see of a preview follows from its decisions`() throws {
        var world = Previewed()
        func view(_ waits: Bool = false) -> PreviewView {
            PreviewView(
                model: Bench.model, ref: "refs/pull/1/head", commit: Bench.commit(2000),
                problems: [], isWaiting: waits, decisions: world.bench.records)
        }
        #expect(view().phase == .waiting)
        world.preview(Bench.candidate(2))
        world.bench.perform(world.next)
        #expect(view().phase == .running)
        #expect(view().run == RunID(model: Bench.model, number: 1))
        #expect(view(true).summary == "waits for a place")
        world.passing = false
        world.carryOn()
        #expect(view().phase == .stopped)
        #expect(view().verdict?.outcome == .failed)
    }
}
