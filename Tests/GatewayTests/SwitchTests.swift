import Domain
import Gateway
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct SwitchTests {
    /// What one client met.
    private struct Tally: Sendable {
        var requests = 0
        var wrong: [String] = []
        var versions: Set<String> = []
    }

    @Test func `routes flip under load without one failed or mislabelled answer`() async throws {
        try await withGateway { gateway, port, first in
            let second = try await TestUpstream.start(version: "v1.1.0")
            let flips = Counter()
            let tallies = try await withThrowingTaskGroup(of: Tally.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await Self.hammer(port, requests: 1000) }
                }
                let flipper = Task {
                    while !Task.isCancelled {
                        let number = flips.increase()
                        let minor = number % 2
                        try gateway.route(
                            minor == 0 ? first : second, minor: minor, number: number)
                        await pause(milliseconds: 1)
                    }
                }
                var tallies: [Tally] = []
                for try await tally in group { tallies.append(tally) }
                flipper.cancel()
                _ = await flipper.result
                return tallies
            }
            #expect(tallies.reduce(0) { $0 + $1.requests } == 8000)
            #expect(tallies.flatMap(\.wrong) == [])
            #expect(tallies.allSatisfy { $0.versions == ["v1.0.0", "v1.1.0"] })
            #expect(flips.value > 20)
            // Because a request is counted once its answer is on the way.
            try await eventually { gateway.snapshot()[digits]?.requests == 8000 }
            let traffic = try #require(gateway.snapshot()[digits])
            #expect(traffic.failed == 0)
            #expect(traffic.inFlight == 0)
            second.stop()
        }
    }

    private static func hammer(_ port: Int, requests: Int) async throws -> Tally {
        try await RawClient.connect(port) { client in
            var tally = Tally()
            for _ in 0..<requests {
                let answer = try await client.predict()
                let named = answer.headers["slipway-model-version"] ?? "none"
                tally.requests += 1
                tally.versions.insert(named)
                if answer.status != 200 || answer.text != "{\"predictions\":[\"\(named)\"]}" {
                    tally.wrong.append("\(answer.status) \(named) \(answer.text)")
                }
            }
            return tally
        }
    }

    @Test func `a drain waits for the requests that the old runtime still has`() async throws {
        try await withGateway { gateway, port, first in
            let second = try await TestUpstream.start(version: "v1.1.0")
            let slow = Task {
                try await RawClient.connect(port) { try await $0.predictSlowly() }
            }
            try await eventually { first.heldCount == 1 }
            try gateway.route(second, minor: 1, number: 2)
            #expect(
                await !gateway.drain(model: digits, version: version(0), deadlineSeconds: 0.05))
            let during = try await RawClient.connect(port) { try await $0.predict() }
            #expect(during.headers["slipway-model-version"] == "v1.1.0")
            first.release()
            let late = try await slow.value
            #expect(late.headers["slipway-model-version"] == "v1.0.0")
            #expect(late.text == "{\"predictions\":[\"v1.0.0\"]}")
            #expect(
                await gateway.drain(
                    model: digits, version: version(0), deadlineSeconds: patienceSeconds))
            second.stop()
        }
    }

    @Test func `a stopping gateway answers what it has and takes nothing new`() async throws {
        // Because all connections of one loop learn together that the gateway stops.
        var configuration = GatewayConfiguration.patient
        configuration.threads = 1
        try await withGateway(configuration) { gateway, port, upstream in
            let slow = Task {
                try await RawClient.connect(port) { try await $0.predictSlowly() }
            }
            try await eventually { upstream.heldCount == 1 }
            let running = Task { await gateway.run(drainSeconds: patienceSeconds) }
            let isClosed = try await RawClient.connect(port) { idle in
                _ = try await idle.predict()
                running.cancel()
                return try await idle.isClosed()
            }
            #expect(isClosed)
            try await eventually {
                // Because a connection that is refused, or closed unanswered, is the proof.
                let answer = try? await RawClient.connect(port) { try await $0.predict() }
                return answer == nil
            }
            upstream.release()
            let answer = try await slow.value
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            await running.value
        }
    }
}
