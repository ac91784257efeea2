import Domain
import Gateway
import Testing

@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    @Test func `a kept connection that turns out to be closed is replaced once`() async throws {
        try await withGateway { gateway, port, upstream in
            try await RawClient.connect(port) { client in
                for _ in 0..<3 {
                    let answer = try await client.predict(
                        "digits", "Test-Do: close-when-reused\r\n", body: "{\"a\":1}")
                    #expect(answer.status == 200)
                }
            }
            #expect(upstream.now.connections == 3)
            #expect(upstream.now.bodies.allSatisfy { $0 == 7 })
            #expect(gateway.snapshot()[digits]?.failed == 0)
        }
    }

    @Test func `a runtime that closes a fresh connection unanswered is 502`() async throws {
        try await withGateway { gateway, port, upstream in
            try await RawClient.connect(port) { client in
                let answer = try await client.predict("digits", "Test-Do: close-at-once\r\n")
                #expect(answer.status == 502)
                #expect(answer.text.contains("\"error\""))
            }
            #expect(upstream.now.connections == 1)
            try await eventually { gateway.snapshot()[digits]?.failed == 1 }
        }
    }

    @Test func `a runtime that is down is 503 until it is back`() async throws {
        try await withGateway { gateway, port, upstream in
            try await RawClient.connect(port) { client in
                try await expectEqual(client.predict().status, 200)
                try await upstream.kill()
                let answer = try await client.predict()
                #expect(answer.status == 503)
                #expect(answer.headers["retry-after"] == "1")
                #expect(answer.text.contains("not running"))
                let next = try await TestUpstream.start(version: "v1.0.0")
                try gateway.route(next)
                try await expectEqual(client.predict().status, 200)
                next.stop()
            }
        }
    }

    @Test func `half an answer never looks like a whole one`() async throws {
        try await withGateway { gateway, port, _ in
            await #expect(throws: (any Error).self) {
                try await RawClient.connect(port) {
                    try await $0.predict("digits", "Test-Do: half-answer\r\n")
                }
            }
            try await eventually { gateway.snapshot()[digits]?.failed == 1 }
        }
    }

    @Test func `a runtime that does not answer in time is 504`() async throws {
        var configuration = GatewayConfiguration.patient
        configuration.answerTimeoutSeconds = 0.2
        try await withGateway(configuration) { _, port, _ in
            try await RawClient.connect(port) { client in
                try await expectEqual(client.predict("digits", "Test-Do: hold\r\n").status, 504)
                // Because on a busy machine any answer may take longer than that.
                try await eventually { try await client.predict().status == 200 }
            }
        }
    }

    @Test func `a client that leaves gives the runtime back`() async throws {
        try await withGateway { gateway, port, upstream in
            try await RawClient.connect(port) { client in
                try await client.send(RawClient.prediction("digits", "Test-Do: hold\r\n"))
                try await eventually { upstream.heldCount == 1 }
                #expect(gateway.snapshot()[digits]?.inFlight == 1)
            }
            try await eventually { gateway.snapshot()[digits]?.inFlight == 0 }
            #expect(gateway.snapshot()[digits]?.failed == 0)
        }
    }

    @Test func `a client that stays silent is closed`() async throws {
        var configuration = GatewayConfiguration.patient
        configuration.clientIdleSeconds = 0.5
        try await withGateway(configuration) { _, port, _ in
            try await RawClient.connect(port) { client in
                do {
                    try await client.send("POST /v1/models/digits:predict HTTP/1.1\r\nHo")
                } catch RawError.closed {
                    // Because a machine under load may get here only after the half second.
                }
                try await expectEqual(client.isClosed(), true)
            }
        }
    }
}
