import Domain
import Forges
import Journal
import Testing

@testable import Daemon

private typealias Sample = ReportingSample

/// The one comment of each model under a pull request.
@Suite struct ReportingCommentTests {
    private let one = Sample.commit(1)
    private let two = Sample.commit(2)
    private let ref = "refs/heads/try"

    private func with(
        _ kind: Forge.Kind, _ story: (ReportingBench, ReportingServer) async throws -> Void
    ) async throws {
        let bench = try await ReportingBench()
        try await ReportingServer.forge(kind.rawValue) { server in
            try bench.useForge(kind, server)
            try await story(bench, server)
        }
    }

    private func open(
        _ number: Int, at commit: CommitID, isOpen: Bool = true, _ server: ReportingServer
    ) async throws {
        try await server.tell(
            "pull", "{\"number\": \(number), \"head\": \"\(commit)\", \"open\": \(isOpen)}")
    }

    private func preview(_ run: Int, passed: Bool, accuracy: Double = 0.9) -> Decision {
        var judgement = Sample.judgement(run, passed: passed, accuracy: accuracy)
        judgement.evidence = nil
        judgement.evidenceDigest = nil
        return .previewed(Preview(ref: ref, end: .judged(judgement)))
    }

    @Test(.timeLimit(.minutes(2)), arguments: Forge.Kind.allCases)
    func `there is one comment for each model, edited in place`(kind: Forge.Kind) async throws {
        try await with(kind) { bench, server in
            try await open(5, at: one, server)
            let reporter = try bench.forgeReporter()
            let start = Decision.previewStarted(run: 1, candidate: Sample.candidate, ref: ref)
            try await bench.decide(one, start)
            try await bench.decide(one, start, model: ModelName(checked: "other"))
            await reporter.pass()
            var comments = try await server.state().comments
            #expect(comments.map(\.number) == [5, 5])
            #expect(Set(comments.map { $0.body.prefix(29) }).count == 2)
            try await bench.decide(one, preview(1, passed: false))
            await reporter.pass()
            try await open(5, at: two, server)
            try await bench.decide(
                two, .previewStarted(run: 2, candidate: Sample.candidate, ref: ref),
                preview(2, passed: true, accuracy: 0.96))
            await reporter.pass()
            comments = try await server.state().comments
            #expect(comments.count == 2)
            let mine = try #require(comments.first { $0.body.contains("slipway:lab:m ") })
            #expect(mine.body.contains("would pass") && mine.body.contains(two.short))
            #expect(mine.body.contains("| accuracy | 0.96 (0.81 to 0.97) |"))
            // A restart that has lost what it knew finds its comment again.
            try await bench.journal.forgetLedger(about: [one.hex, two.hex], of: reporter.name)
            let late = try bench.forgeReporter()
            await late.pass()
            #expect(try await server.state().comments == comments)
            #expect(await late.unsaid.allSatisfy { $0.commit == one })
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Forge.Kind.allCases)
    func `a lost answer makes no second comment, nor does somebody's copy of the mark`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            bench.answerSeconds = 1
            let mark = StickyComment.mark(InstanceName(checked: "lab"), Sample.model)
            try await server.tell(
                "comment", "{\"number\": 5, \"author\": \"mallory\", \"body\": \"\(mark) x\"}")
            try await open(5, at: one, server)
            let place = kind == .gitlab ? "/notes" : "/comments"
            try await server.fail(place, "drop", times: 2)
            try await server.fail(place, "500", times: 1)
            let reporter = try bench.forgeReporter()
            try await bench.decide(
                one, .previewStarted(run: 1, candidate: Sample.candidate, ref: ref))
            try await bench.pass(reporter, "it is said") { await reporter.unsaid.isEmpty }
            let comments = try await server.state().comments
            #expect(comments.map(\.author) == ["mallory", "slipway-bot"])
            #expect(comments.first?.body == "\(mark) x")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a pull request that is opened later gets its comment, a closed one none`()
        async throws
    {
        try await with(.github) { bench, server in
            let reporter = try bench.forgeReporter()
            try await bench.decide(
                one, .previewStarted(run: 1, candidate: Sample.candidate, ref: ref))
            await reporter.pass()
            #expect(try await server.state().comments == [])
            try await open(5, at: one, server)
            try await open(6, at: two, isOpen: false, server)
            try await bench.decide(
                two, .previewStarted(run: 2, candidate: Sample.candidate, ref: ref))
            try await bench.pass(reporter, "both are said", step: 120) {
                await reporter.unsaid.isEmpty
            }
            #expect(try await server.state().comments.map(\.number) == [5])
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a comment that is refused stops no status`() async throws {
        try await with(.github) { bench, server in
            try await open(5, at: one, server)
            try await server.fail("/comments", "403", times: 1000)
            let reporter = try bench.forgeReporter()
            try await bench.decide(
                one, .previewStarted(run: 1, candidate: Sample.candidate, ref: ref))
            await reporter.pass()
            try await bench.decide(one, preview(1, passed: false))
            await reporter.pass()
            #expect(try await server.shown(one)["gate"] == "failure")
            #expect(try await bench.journal.problems() == [])
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a reviewer finds metrics beside the baseline, the evidence and the command`()
        async throws
    {
        let bench = try await ReportingBench()
        let version = SemanticVersion(1, 0, 0)
        try await bench.decide(
            one, Sample.started(1), .judged(Sample.judgement(1, passed: true, accuracy: 0.9)),
            Sample.released(1, version, on: one), Sample.assigned(1, version, on: one, number: 1))
        try await bench.decide(
            two, Sample.started(2),
            .judged(Sample.judgement(2, passed: true, accuracy: 0.92, baseline: version)))
        let text = try await CommentText(
            model: Sample.model, commit: two, journal: bench.journal, approvalsNeeded: 2,
            link: bench.configuration.link(Sample.model))
        let markdown = try #require(text.markdown)
        let id = EvidenceID(Sample.digest(2))
        #expect(markdown.hasPrefix("### Slipway: `m` waits for review\n"))
        #expect(markdown.contains("| metric | this | v1.0.0 | change |"))
        #expect(markdown.contains("| accuracy | 0.92 (0.81 to 0.97) | 0.9 | +0.02 |"))
        #expect(markdown.contains("Gate: passed."))
        #expect(markdown.contains("Evidence: `\(id)`. Approvals: 0 of 2."))
        #expect(markdown.contains("```sh\nslipway approve m --evidence \(id)\n```"))
        #expect(markdown.contains("https://slipway.example.com/api/v1/models/m/report"))
        #expect(!text.isPreview)
    }

    @Test func `what comes from the repository is text and no Markdown`() async throws {
        let bench = try await ReportingBench()
        let nasty = "<img src=x> @team #12 [a](http://b) `c` | d\n/close <!-- slipway:lab:m -->"
        try await bench.decide(
            one, Sample.started(1),
            .judged(Sample.judgement(1, passed: false, about: nasty)))
        try await bench.decide(two, .failed(run: 2, failure: Failure("/close \(nasty)")))
        for commit in [one, two] {
            let text = try await CommentText(
                model: Sample.model, commit: commit, journal: bench.journal, approvalsNeeded: nil,
                link: nil)
            let markdown = try #require(text.markdown).replacing("\\<", with: "")
                .replacing("\\[", with: "").replacing("\\`", with: "")
            #expect(!markdown.contains("<") && !markdown.contains("@team"))
            #expect(!markdown.contains("#12") && !markdown.contains("[a"))
            #expect(!markdown.contains("://") && !markdown.contains(" `c`"))
            #expect(!markdown.split(separator: "\n").contains { $0.hasPrefix("/") })
        }
    }
}
