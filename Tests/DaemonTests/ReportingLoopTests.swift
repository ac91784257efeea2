import Domain
import Forges
import Host
import Journal
import Testing

@testable import Daemon

/// The whole way: a push, the loop, and what a forge and a receiver of webhooks see of it.
@Suite struct ReportingLoopTests {
    private func report(_ yard: Yard) throws -> (stop: StopSignal, life: Task<Void, Never>) {
        let workshop = try #require(yard.workshop)
        let reconciler = try #require(yard.reconciler)
        let tools = ReportTools(
            journal: workshop.journal, logger: workshop.logger, pauseSeconds: 0.05,
            callsPerMinute: 10_000)
        let reporter = try Reporter(
            workshop.configuration, yard.state, tools, reconciler.reportSources)
        let stop = StopSignal()
        return (stop, Task { await reporter.run(until: stop) })
    }

    /// Runs the reporter beside the loop until the story is told and everything was sent.
    private func reporting(_ yard: Yard, _ story: () async throws -> Void) async throws {
        let (stop, life) = try report(yard)
        defer { life.cancel() }
        try await story()
        stop.raise()
        await life.value
    }

    private func events(_ server: ReportingServer) async throws -> [String] {
        try await server.state().hooks.compactMap { hook in
            hook.body.split(separator: "\"type\":\"").last?.split(separator: "\"").first
                .map(String.init)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a push is red, its mend green, and a deleted journal tells nobody again`() async throws {
        let secret = "a secret of many bytes"
        try await ReportingServer.forge("github", secret: secret) { server in
            let yard = try await Yard()
            try makeFolder(yard.state.path)
            try writeFileAtomically("\(yard.state.path)/key", Array(secret.utf8))
            try writeFileAtomically("\(yard.state.path)/token", Array("t0ken-value".utf8))
            yard.configure = { configuration in
                var hook = ChannelSettings(name: "hook", kind: .webhook)
                hook.url = "\(server.url)/hook/hook"
                hook.secretFile = "key"
                configuration.channels = [hook]
                configuration.forge = ForgeSettings(
                    kind: .github, apiURL: server.url, project: "lab/models", tokenFile: "token")
            }
            do {
                try await yard.start()
                try await tell(yard, server)
            } catch {
                try await yard.close()
                throw error
            }
            try await yard.close()
        }
    }

    private func tell(_ yard: Yard, _ server: ReportingServer) async throws {
        var bad: CommitID?
        var good: CommitID?
        try await reporting(yard) {
            let first = try await yard.push(shellModel(right: 4), "half of it wrong")
            bad = first
            try await eventually("the gate is red") {
                try await server.shown(first)["gate"] == "failure"
            }
            let second = try await yard.push(shellModel(right: 8), "all of it right")
            good = second
            try await yard.release(second)
            try await eventually("the release is green") {
                try await server.shown(second) == [
                    "plan": "success", "run": "success", "gate": "success", "review": "success",
                    "release": "success",
                ]
            }
        }
        let told = try await events(server)
        #expect(
            told == ["gate-failed", "waiting-for-review", "approved", "released", "deployed"])
        let hooks = try await server.state().hooks
        #expect(Set(hooks.map(\.id)).count == hooks.count && hooks.allSatisfy { $0.valid })
        #expect(try await yard.journal.outboxCounts() == [.sent: hooks.count])

        await yard.stop()
        try Journal.delete(path: yard.state.journal)
        try await yard.start()
        try await reporting(yard) {
            let third = try await yard.push(shellModel(right: 3), "wrong again")
            try await eventually("the gate is red") {
                try await server.shown(third)["gate"] == "failure"
            }
        }
        #expect(try await events(server) == told + ["gate-failed"])
        #expect(try await server.shown(try #require(bad))["gate"] == "failure")
        #expect(try await server.shown(try #require(good))["release"] == "success")
    }

    @Test(.timeLimit(.minutes(5)))
    func `what was decided while the journal could not be written is told by the next life`()
        async throws
    {
        try await ReportingServer.forge("github", secret: "s") { server in
            try await play { yard in
                yard.configure = { configuration in
                    var hook = ChannelSettings(name: "hook", kind: .webhook)
                    hook.url = "\(server.url)/hook/hook"
                    hook.secretFile = "key"
                    configuration.channels = [hook]
                }
                try writeFileAtomically("\(yard.state.path)/key", Array("s".utf8))
                await yard.stop()
                try await yard.start()
                let first = try await yard.push(shellModel(right: 4), "half of it wrong")
                try await yard.until("stopped") { $0.outcomes[first] == .stopped(run: 1) }
                // The last decision is in git, and a crash came before the journal had it.
                let records = try await yard.journal.decisions()
                await yard.stop()
                let journal = try Journal(path: yard.state.journal)
                try await journal.replaceDecisions(records.dropLast(), tip: nil)
                try await journal.setPosition("chain", nil)
                try await yard.start()
                try await reporting(yard) {
                    try await eventually("it is told") {
                        try await events(server) == ["gate-failed"]
                    }
                }
            }
        }
    }
}
