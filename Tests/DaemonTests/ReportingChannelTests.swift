import Domain
import Forges
import FoundationEssentials
import Host
import Journal
import Testing

@testable import Daemon

private typealias Sample = ReportingSample

/// Letters to people, from the decision to the receiver.
@Suite struct ReportingChannelTests {
    private let one = Sample.commit(1)
    private let secret = "whsec_" + Data("a key of twenty-four bytes".utf8).base64EncodedString()

    /// A bench with a Slack channel `chat` and a webhook `hook`.
    private func with(
        _ story: (ReportingBench, ReportingServer) async throws -> Void
    ) async throws {
        let bench = try await ReportingBench()
        try await ReportingServer.forge("github", secret: secret) { server in
            var chat = ChannelSettings(name: "chat", kind: .slack)
            chat.urlFile = try bench.file("chat-url", "\(server.url)/hook/chat-s3cr3t-path\n")
            var hook = ChannelSettings(name: "hook", kind: .webhook)
            hook.url = "\(server.url)/hook/hook"
            hook.secretFile = try bench.file("hook-key", "whsec_b2xkIGtleQ==\n\(secret)\n")
            bench.configuration.channels = [chat, hook]
            try await story(bench, server)
        }
    }

    private func stop(_ bench: ReportingBench, run: Int = 1) async throws {
        try await bench.decide(one, .judged(Sample.judgement(run, passed: false)))
    }

    private func tag(_ evidence: EvidenceID) -> SeenTag {
        SeenTag(
            tag: ObjectID(checked: String(repeating: "f", count: 40)), ref: "approve/policy/x/ada",
            kind: .approve, evidence: evidence, principal: Sample.ada,
            keyFingerprint: "SHA256:abc", comment: "good", refusal: nil, hint: nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a change of policy is told, proposed, approved and adopted`() async throws {
        try await with { bench, server in
            let id = EvidenceID(Sample.digest(9))
            let proposal = PolicyProposal(
                evidence: PolicyEvidence(policy: Sample.digest(2), replaces: Sample.digest(1)),
                evidenceDigest: Sample.digest(9), changes: ["weaker: 1 of 2 approvals"])
            let adoption = PolicyAdoption(
                policy: Sample.digest(2), evidence: id, approvedBy: [Sample.ada], tags: [])
            try await bench.decide(
                one, .policyProposed(proposal), .seen(tag(id)), .policyAdopted(adoption),
                model: .policy)
            for name in ["chat", "hook"] { await (try bench.courier(name)).pass() }
            #expect(try await counts(bench) == [.sent: 6], "\(bench.book.text)")
            let told = try await server.state().hooks.filter { $0.name == "hook" }.map(\.body)
            let events = ["policy-changed", "approved", "policy-changed"]
            #expect(told.count == 3)
            for (body, event) in zip(told, events) {
                #expect(body.contains("\"type\":\"\(event)\"") && body.contains("policy"))
            }
            #expect(told.first?.contains("weaker: 1 of 2 approvals") ?? false)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `evidence that waits again after another commit is not announced again`() async throws {
        try await with { bench, server in
            try await bench.decide(one, .judged(Sample.judgement(1, passed: true)))
            try await bench.decide(
                Sample.commit(2), .judged(Sample.judgement(1, passed: true)))
            try await bench.decide(
                Sample.commit(3), .judged(Sample.judgement(2, passed: true)))
            for name in ["chat", "hook"] { await (try bench.courier(name)).pass() }
            #expect(try await counts(bench) == [.sent: 4])
        }
    }

    private func counts(_ bench: ReportingBench) async throws -> [OutboxRow.State: Int] {
        try await bench.journal.outboxCounts()
    }

    @Test(.timeLimit(.minutes(5)))
    func `a decision reaches Slack and a webhook that another program verifies`() async throws {
        try await with { bench, server in
            try await bench.decide(one, Sample.started(1))
            #expect(try await counts(bench) == [:])
            try await stop(bench)
            for name in ["chat", "hook"] { await (try bench.courier(name)).pass() }
            let hooks = try await server.state().hooks
            #expect(try await counts(bench) == [.sent: 2])
            let chat = try #require(hooks.first { $0.name.hasPrefix("chat") })
            let hook = try #require(hooks.first { $0.name == "hook" })
            #expect(hook.valid)
            #expect(hook.id?.hasPrefix("msg_") == true && chat.key == hook.id)
            #expect(hook.body.contains("\"type\":\"gate-failed\""))
            #expect(hook.body.contains("\"link\":\"https://slipway.example.com/"))
            #expect(chat.body.contains("\"blocks\"") && chat.body.contains("stopped"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what failed is sent again under the same id, and told once`() async throws {
        try await with { bench, server in
            try await server.fail("hook/hook", "500", times: 2)
            try await server.fail("hook/hook", "drop", times: 1)
            try await stop(bench)
            let courier = try bench.courier("hook")
            for _ in 0..<8 {
                await courier.pass()
                bench.clock.advance(100)
            }
            let hooks = try await server.state().hooks
            #expect(hooks.count == 2)
            #expect(Set(hooks.map(\.id)).count == 1 && Set(hooks.map(\.body)).count == 1)
            #expect(hooks.allSatisfy { $0.valid })
            let rows = try await bench.journal.outbox(.sent, limit: 9)
            // Because libcurl itself may send again over a connection that was kept.
            #expect(rows.count == 1 && (3...4).contains(rows[0].attempts))
            #expect(try await bench.journal.problems() == [])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a crash between sending and noting it sends the same id again, and no second`()
        async throws
    {
        try await with { bench, server in
            // The receiver has it, and its answer never comes.
            try await server.fail("hook/hook", "hang", times: 1)
            try await stop(bench)
            let courier = try bench.courier("hook")
            let life = Task { await courier.pass() }
            try await eventually("it has arrived") { try await server.state().hooks.count == 1 }
            life.cancel()
            await life.value
            #expect(try await counts(bench) == [.waiting: 2])
            let row = try await bench.journal.outbox(.waiting, limit: 9).first
            #expect(row?.attempts == 0)
            await (try bench.courier("hook")).pass()
            let hooks = try await server.state().hooks
            #expect(hooks.count == 2 && Set(hooks.map(\.id)).count == 1)
            #expect(try await counts(bench) == [.sent: 1, .waiting: 1])
            await (try bench.courier("hook")).pass()
            #expect(try await server.state().hooks.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is refused is given up at once, shown, and can be tried anew`() async throws {
        try await with { bench, server in
            try await server.fail("hook/chat", "410", times: 1)
            try await stop(bench)
            let courier = try bench.courier("chat")
            await courier.pass()
            let dead = try await letters(in: bench.journal, state: .dead)
            let letter = try #require(dead.first)
            #expect(letter.channel == "chat" && letter.model == Sample.model)
            #expect(letter.kind == "gate-failed" && letter.attempts == 1)
            #expect(letter.title.contains("stopped") && letter.lastError?.contains("410") == true)
            let problem = try await bench.journal.problems().first { $0.key == "channel:chat" }
            #expect(problem?.failure.hint?.contains("config.json") == true)
            bench.clock.advance(100)
            try await retryLetter(letter.id, in: bench.journal, at: bench.clock.now)
            await courier.pass()
            #expect(try await server.state().hooks.map(\.key) == [letter.event])
            #expect(try await bench.journal.problems() == [])
            await #expect(throws: Failure.self) {
                try await retryLetter(letter.id, in: bench.journal, at: bench.clock.now)
            }
            #expect(try await retryLetters(in: bench.journal, at: bench.clock.now) == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `attempts are bounded, and Retry-After is honoured`() async throws {
        try await with { bench, server in
            try await server.fail(
                "hook/hook", "429", times: 1, headers: ["Retry-After": "3000"])
            try await server.fail("hook/hook", "503", times: 1000)
            try await stop(bench)
            let courier = try bench.courier("hook")
            await courier.pass()
            bench.clock.advance(2990)
            await courier.pass()
            #expect(try await server.state().asked.count == 1)
            for _ in 0..<50 {
                bench.clock.advance(10_000)
                await courier.pass()
            }
            #expect(try await server.state().asked.count == Backoff.letters.attemptsMax)
            #expect(try await counts(bench) == [.dead: 1, .waiting: 1])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a channel that hangs delays no other, and a stop drains within its deadline`()
        async throws
    {
        try await with { bench, server in
            try await server.fail("hook/chat", "hang", times: 100)
            for run in 1...5 { try await stop(bench, run: run) }
            let reporter = try bench.reporter()
            let stop = StopSignal()
            let life = Task { await reporter.run(until: stop) }
            try await eventually("the other is told") {
                try await server.state().hooks.filter { $0.name == "hook" }.count == 5
            }
            try await self.stop(bench, run: 6)
            stop.raise()
            await life.value
            let hooks = try await server.state().hooks
            #expect(hooks.filter { $0.name == "hook" }.count == 6)
            #expect(hooks.filter { $0.name.hasPrefix("chat") }.count == 1)
            #expect(try await counts(bench) == [.sent: 6, .waiting: 6])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `one letter that never goes through does not hold up those behind it`() async throws {
        try await with { bench, server in
            try await server.fail("hook/hook", "500", times: 1)
            try await stop(bench, run: 1)
            try await stop(bench, run: 2)
            let courier = try bench.courier(
                "hook", backoff: Backoff(firstSeconds: 1000, secondsMax: 1000, attemptsMax: 5))
            await courier.pass()
            bench.clock.advance(61)
            await courier.pass()
            #expect(try await server.state().hooks.count == 1)
            bench.clock.advance(1000)
            await courier.pass()
            let ids = try await server.state().hooks.map(\.id)
            #expect(ids.count == 2 && Set(ids).count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `secrets are read when they are needed and stand nowhere`() async throws {
        try await with { bench, server in
            try removeFile("\(bench.state.path)/hook-key")
            try await server.fail("hook/chat", "403", times: 3)
            try await stop(bench)
            let couriers = [try bench.courier("hook"), try bench.courier("chat")]
            for _ in 0..<4 {
                for courier in couriers { await courier.pass() }
                bench.clock.advance(200)
            }
            let problem = try await bench.journal.problems().first { $0.key == "channel:hook" }
            #expect(problem?.failure.place == "\(bench.state.path)/hook-key")
            _ = try bench.file("hook-key", secret)
            for courier in couriers { await courier.pass() }
            #expect(try await counts(bench) == [.sent: 2])
            #expect(try await server.state().hooks.filter { $0.name == "hook" }[0].valid)
            let all = try bench.everything()
            #expect(!all.contains(secret.dropFirst(6)) && !all.contains("chat-s3cr3t-path"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `letters for a channel that is no more are given up at the next start`() async throws {
        try await with { bench, server in
            try await stop(bench)
            bench.configuration.channels?.removeLast()
            let stop = StopSignal()
            stop.raise()
            await (try bench.reporter()).run(until: stop)
            #expect(try await counts(bench) == [.dead: 1, .sent: 1])
            let dead = try await letters(in: bench.journal, state: .dead)
            #expect(dead.first?.lastError?.contains("`hook`") == true)
        }
    }

    @Test func `who wants other models and events has no row`() async throws {
        let bench = try await ReportingBench()
        var mine = ChannelSettings(name: "mine", kind: .slack)
        mine.models = ["*", "!m"]
        var reviews = ChannelSettings(name: "reviews", kind: .slack)
        reviews.events = [.waitingForReview]
        bench.configuration.channels = [mine, reviews]
        try await stop(bench)
        #expect(try await counts(bench) == [:])
        try await bench.decide(
            one, .judged(Sample.judgement(2, passed: true)),
            model: ModelName(checked: "other"))
        #expect(try await counts(bench) == [.waiting: 2])
    }

    @Test func `a problem is told once, when it has lasted`() async throws {
        let bench = try await ReportingBench()
        bench.configuration.channels = [ChannelSettings(name: "chat", kind: .slack)]
        let watch = ProblemWatch(bench.configuration, bench.tools())
        for key in ["repository", "channel:chat"] {
            try await bench.journal.setProblem(key, Failure("gone"), at: bench.clock.now)
        }
        await watch.pass()
        #expect(try await counts(bench) == [:])
        bench.clock.advance(ProblemWatch.lastedSeconds + 1)
        await watch.pass()
        await watch.pass()
        #expect(try await counts(bench) == [.waiting: 1])
        try await bench.journal.clearProblem("repository")
        try await bench.journal.setProblem("repository", Failure("gone"), at: bench.clock.now)
        bench.clock.advance(ProblemWatch.lastedSeconds + 1)
        await watch.pass()
        #expect(try await counts(bench) == [.waiting: 2])
    }
}
