import Domain
import Forges
import Host
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

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
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
            #expect(mine.body.contains("| accuracy | 0.9600 | 0.8100 … 0.9700 |"), "\(mine.body)")
            // A restart that has lost what it knew finds its comment again.
            try await bench.journal.forgetLedger(about: [one.hex, two.hex], of: reporter.name)
            let late = try bench.forgeReporter()
            await late.pass()
            #expect(try await server.state().comments == comments)
            #expect(await late.unsaid.allSatisfy { $0.commit == one })
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
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

    @Test(.timeLimit(.minutes(5)))
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

    @Test(.timeLimit(.minutes(5)))
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

    private func markdown(
        _ commit: CommitID, _ bench: ReportingBench, unitsMax: Int = 60_000
    ) async throws -> String {
        try await ReportingServer.forge("github") { server in
            try bench.useForge(.github, server)
            let subject = ForgeReporter.Subject(model: Sample.model, commit: commit)
            let text = try await bench.forgeReporter().text(about: subject)
            return try #require(text.markdown(unitsMax: unitsMax))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a reviewer finds the review sheet as far as it is known, and the command`()
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
        let text = try await markdown(two, bench)
        let id = EvidenceID(Sample.digest(2))
        #expect(
            text.hasPrefix(
                """
                **Slipway: m waits for review** at commit \(two.short)

                ## m/2 for production: passed the gate

                commit \(two.short), candidate \(Sample.fingerprint(2).short), compared with v1.0.0

                ### Changed since v1.0.0

                - not known here; in a clone it is: slipway report m

                ### Gate

                | rule | outcome |
                """), "\(text)")
        #expect(text.contains("\n- 0 of 2 approvals of \(id)\n"))
        #expect(text.contains("```sh\nslipway approve m --evidence \(id) -m 'why'\n"))
        #expect(text.hasSuffix("(https://slipway.example.com/api/v1/models/m/report)\n"))
        // The same text in less room: whole sections are left out, the link never.
        let short = try await markdown(two, bench, unitsMax: 700)
        #expect(short.utf16.count <= 700 && short.contains("\nLeft out, because it is too long"))
        #expect(short.hasSuffix("(https://slipway.example.com/api/v1/models/m/report)\n"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `what was lowered stands first under a pull request too`() async throws {
        try await ReportingServer.forge("github") { server in
            try await play { yard in
                await yard.stop()
                try writeFileAtomically("\(yard.state.path)/token", Array("t0ken-value".utf8))
                yard.configure = { configuration in
                    configuration.publicURL = "https://slipway.example.com"
                    configuration.forge = ForgeSettings(
                        kind: .github, apiURL: server.url, project: "lab/models",
                        tokenFile: "token")
                }
                try await yard.start()
                let first = try await yard.push(shellModel(right: 7), "first")
                try await yard.release(first)
                var model = ShellModel(right: 8)
                model.promotion = "{accuracy: {at_least: 0.4}}"
                let second = try await yard.push(model.files, "second")
                _ = try await yard.evidence(second)
                let workshop = try #require(yard.workshop)
                let tools = ReportTools(journal: workshop.journal, logger: workshop.logger)
                let reporting = try workshop.configuration.reporting(yard.state)
                let reporter = ForgeReporter(
                    reporting, try #require(reporting.forge), tools,
                    try #require(yard.reconciler).reportSources)
                let name = try #require(ModelName("m"))
                let text = try #require(
                    try await reporter.text(about: .init(model: name, commit: second))
                        .markdown(unitsMax: 60_000))
                let lowered = "- ⚠️ promotion.accuracy.at\\_least: 0.7 → 0.4"
                #expect(text.contains("### Changed since v1.0.0\n\n\(lowered)"), "\(text)")
                #expect(text.contains("\n| accuracy | 0."))
                #expect(text.contains("| train | done |"))
                let diff = "git diff \(first.short) \(second.short) -- models/m\nslipway approve m "
                #expect(text.contains(diff))
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what comes from the repository is text and no Markdown`() async throws {
        let bench = try await ReportingBench()
        let nasty = "<img src=x> @team #12 [a](http://b) `c` | d\n/close <!-- slipway:lab:m -->"
        try await bench.decide(
            one, Sample.started(1),
            .judged(Sample.judgement(1, passed: false, about: nasty)))
        try await bench.decide(two, .failed(run: 2, failure: Failure("/close \(nasty)")))
        for commit in [one, two] {
            let text = try await markdown(commit, bench).replacing("\\[", with: "")
                .replacing("\\`", with: "").replacing("https://slipway", with: "")
                .replacing("&#124;", with: "")
            #expect(!text.contains("<") && !text.contains("@team"))
            #expect(!text.contains("#12") && !text.contains("[a"))
            #expect(!text.contains("://") && !text.contains(" `c`"))
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("/") })
        }
    }
}
