import Domain
import Forges
import Host
import Journal
import Testing

@testable import Daemon

private typealias Sample = ReportingSample

/// What each kind of forge calls a state.
private func word(_ state: CommitStatus.State, _ kind: Forge.Kind) -> String {
    state.word(on: kind)
}

/// Statuses, against servers that behave like the three kinds of forges.
@Suite struct ReportingForgeTests {
    private let one = Sample.commit(1)
    private let two = Sample.commit(2)
    private let version = SemanticVersion(1, 0, 0)

    private func with(
        _ kind: Forge.Kind, _ story: (ReportingBench, ReportingServer) async throws -> Void
    ) async throws {
        let bench = try await ReportingBench()
        try await ReportingServer.forge(kind.rawValue) { server in
            try bench.useForge(kind, server)
            try await story(bench, server)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `a forge shows each stage as it is decided, red as well as green`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            let reporter = try bench.forgeReporter()
            try await bench.decide(one, Sample.started(1))
            await reporter.pass()
            #expect(
                try await server.shown(one)
                    == ["plan": "success", "run": word(.running, kind)])
            try await bench.decide(one, .judged(Sample.judgement(1, passed: false)))
            try await bench.decide(
                two, .broken(problems: [Diagnostic(at: Place(file: "m.yaml"), "no such key")]))
            await reporter.pass()
            #expect(
                try await server.shown(one)
                    == ["plan": "success", "run": "success", "gate": word(.failure, kind)])
            #expect(try await server.shown(two) == ["plan": word(.failure, kind)])
            let three = Sample.commit(3)
            try await bench.decide(
                three, Sample.started(2),
                .failed(run: 2, failure: Failure("the disk is full", .stalled)))
            await reporter.pass()
            #expect(
                try await server.shown(three)
                    == ["plan": "success", "run": word(.error, kind)])
            let context = try await server.state().shown.map(\.context).first
            #expect(context?.hasPrefix("slipway/lab/m/") == true)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `what is void is green no longer, and a hold flips the release`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            let reporter = try bench.forgeReporter()
            try await bench.decide(
                one, Sample.started(1), .judged(Sample.judgement(1, passed: true)))
            await reporter.pass()
            #expect(
                try await server.shown(one) == [
                    "plan": "success", "run": "success", "gate": "success", "review": "pending",
                ])
            try await bench.decide(
                one, Sample.released(1, version, on: one),
                Sample.assigned(1, version, on: one, number: 1))
            await reporter.pass()
            #expect(try await server.shown(one)["release"] == "success")
            try await bench.decide(two, .held(environment: Sample.production, version: version))
            await reporter.pass()
            #expect(try await server.shown(one)["release"] == word(.failure, kind))

            let three = Sample.commit(3)
            try await bench.decide(
                three, Sample.started(2), .judged(Sample.judgement(2, passed: true)))
            await reporter.pass()
            #expect(try await server.shown(three)["gate"] == "success")
            // The gate decides anew, because what it compared with was replaced.
            try await bench.decide(three, .judged(Sample.judgement(2, passed: false)))
            await reporter.pass()
            let now = try await server.shown(three)
            #expect(now["gate"] == word(.failure, kind))
            #expect(now["review"] == word(.cancelled, kind))
            // A red stage was told before anything that turned green beside it.
            let history = try await server.state().history.filter { $0.sha == three.hex }
            #expect(history.last?.state != "success")
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `errors, lost answers and swallowed statuses are mended by sending again`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            bench.answerSeconds = 1
            let reporter = try bench.forgeReporter()
            try await server.fail("POST", "500", times: 3)
            try await server.fail("POST", "drop", times: 1)
            try await server.fail("POST", "hang", times: 1)
            try await server.fail("POST", "swallow", times: 2)
            try await server.fail("GET", "502", times: 2)
            try await bench.decide(
                one, Sample.started(1), .judged(Sample.judgement(1, passed: false)))
            try await bench.pass(reporter, "it is red") {
                let shown = try await server.shown(one)
                let isTold = await reporter.pending.isEmpty
                return isTold && shown["gate"] == word(.failure, kind) && shown.count == 3
            }
            let count = try await server.state().asked.count
            bench.clock.advance(10_000)
            await reporter.pass()
            #expect(try await server.state().asked.count == count)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `a rate limit is honoured to the second`(kind: Forge.Kind) async throws {
        try await with(kind) { bench, server in
            let reporter = try bench.forgeReporter()
            try await server.fail("POST", "429", times: 1, headers: ["Retry-After": "120"])
            try await bench.decide(one, Sample.started(1))
            await reporter.pass()
            #expect(try await server.state().asked.count == 1)
            bench.clock.advance(115)
            await reporter.pass()
            #expect(try await server.state().asked.count == 1)
            bench.clock.advance(10)
            await reporter.pass()
            #expect(try await server.shown(one).count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `a wrong token is shown with its mend, stands nowhere, and is read anew`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            let reporter = try bench.forgeReporter()
            _ = try bench.file("token", "s3cr3t-and-wrong")
            try await bench.decide(one, Sample.started(1))
            await reporter.pass()
            let problem = try await bench.journal.problems().first { $0.key == "forge" }
            #expect(problem?.failure.what.contains("401") == true)
            #expect(problem?.failure.hint?.contains("token") == true)
            #expect(try await server.state().shown == [])
            _ = try bench.file("token", "t0ken-value")
            try await bench.pass(reporter, "the right token is taken up") {
                try await server.shown(one).count == 2
            }
            #expect(try await bench.journal.problems() == [])
            let all = try bench.everything()
            #expect(!all.contains("s3cr3t-and-wrong") && !all.contains("t0ken-value"))
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Forge.Kind.allCases)
    func `a restart sends nothing again, and a deleted journal only what can be repeated`(
        kind: Forge.Kind
    ) async throws {
        try await with(kind) { bench, server in
            try await bench.decide(
                one, Sample.started(1), .judged(Sample.judgement(1, passed: true)))
            await (try bench.forgeReporter()).pass()
            let before = try await server.state()
            await (try bench.forgeReporter()).pass()
            #expect(try await server.state().history == before.history)
            try await bench.journal.forgetLedger(
                about: [one.hex], of: (try bench.forgeReporter()).name)
            let late = try bench.forgeReporter()
            await late.pass()
            #expect(await late.pending.isEmpty)
            #expect(try await Set(server.state().shown) == Set(before.shown))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `where GitLab does not go back to pending, it is not asked for ever`() async throws {
        try await with(.gitlab) { bench, server in
            let reporter = try bench.forgeReporter()
            try await bench.decide(one, Sample.started(1))
            await reporter.pass()
            #expect(try await server.shown(one)["run"] == "running")
            // Another life of the daemon sends what is there already.
            try await bench.journal.forgetLedger(about: [one.hex], of: reporter.name)
            let second = try bench.forgeReporter()
            await second.pass()
            #expect(await second.pending.isEmpty)
            let transitions = try await server.state()
            #expect(transitions.history.count == 2 + 1)
            // The plan was over, so that GitLab made a second one; the run was refused.
            #expect(transitions.shown.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a commit that the forge does not know is tried a bounded number of times`()
        async throws
    {
        try await with(.github) { bench, server in
            let reporter = try bench.forgeReporter()
            try await server.fail(one.hex, "422", times: 100_000)
            try await bench.decide(one, Sample.started(1))
            try await bench.decide(two, Sample.started(2))
            try await bench.pass(reporter, "the other commit is told", step: 60) {
                try await server.shown(two).count == 2
            }
            try await bench.pass(reporter, "it is given up", step: 40_000) {
                await reporter.tries.values.allSatisfy { $0.next == nil }
            }
            let asked = try await server.state().asked.filter { $0.contains(one.hex) }
                .filter { $0.hasPrefix("POST") }
            #expect(asked.count <= 2 * Backoff.status.attemptsMax)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `models that a commit did not touch get no status`() async throws {
        try await with(.github) { bench, server in
            let other = ModelName(checked: "other")
            let reporter = try bench.forgeReporter()
            try await bench.decide(one, Sample.started(1))
            try await bench.decide(two, Sample.started(1), model: other)
            await reporter.pass()
            let shown = try await server.state().shown
            #expect(shown.allSatisfy { ($0.sha == one.hex) == $0.context.contains("/m/") })
            #expect(shown.count == 4)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a burst is told newest first, within the rate, and none is lost`() async throws {
        try await with(.github) { bench, server in
            bench.callsPerMinute = 40
            let reporter = try bench.forgeReporter()
            for number in 1..<80 {
                try await bench.decide(
                    Sample.commit(number), .superseded(by: Sample.commit(80)))
            }
            try await bench.decide(Sample.commit(80), Sample.started(1))
            await reporter.pass()
            #expect(try await server.state().asked.count == 40)
            #expect(try await server.shown(Sample.commit(80)).count == 2)
            var minutes = 0
            while !(await reporter.pending.isEmpty), minutes < 20 {
                bench.clock.advance(60)
                await reporter.pass()
                minutes += 1
            }
            let state = try await server.state()
            #expect(state.asked.count <= 40 * (minutes + 1))
            #expect(Set(state.shown.map(\.sha)).count == 80)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a state that was passed before the forge answered is never sent`() async throws {
        try await with(.github) { bench, server in
            let reporter = try bench.forgeReporter()
            try await server.fail("POST", "503", times: 1)
            try await bench.decide(one, Sample.started(1))
            await reporter.pass()
            try await bench.decide(one, .judged(Sample.judgement(1, passed: true)))
            bench.clock.advance(60)
            await reporter.pass()
            let states = try await server.state().history.filter { $0.context.hasSuffix("/run") }
            #expect(states.map(\.state) == ["success"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a preview is shown up to the gate`() async throws {
        try await with(.github) { bench, server in
            let reporter = try bench.forgeReporter()
            let ref = "refs/heads/try"
            try await bench.decide(
                one, .previewStarted(run: 1, candidate: Sample.candidate, ref: ref))
            await reporter.pass()
            #expect(try await server.shown(one) == ["plan": "success", "run": "pending"])
            var judgement = Sample.judgement(1, passed: false)
            judgement.evidence = nil
            try await bench.decide(
                one, .previewed(Preview(ref: ref, end: .judged(judgement))))
            try await bench.decide(
                two,
                .previewed(
                    Preview(
                        ref: ref,
                        end: .broken([Diagnostic(at: Place(file: "m.yaml"), "no such key")]))))
            await reporter.pass()
            #expect(
                try await server.shown(one)
                    == ["plan": "success", "run": "success", "gate": "failure"])
            #expect(try await server.shown(two) == ["plan": "failure"])
        }
    }
}
