import Domain
import Gateway
import Testing

@Suite(.timeLimit(.minutes(5))) struct ProtocolTests {
    private static let small: GatewayConfiguration = {
        var configuration = GatewayConfiguration.patient
        configuration.requestBodyBytesMax = 1000
        return configuration
    }()

    @Test func `a body over the limit is 413 and never reaches the runtime`() async throws {
        try await withGateway(Self.small) { _, port, upstream in
            try await RawClient.connect(port) { client in
                let body = String(repeating: "x", count: 1001)
                try await expectEqual(client.predict(body: body).status, 413)
                try await expectEqual(client.isClosed(), true)
            }
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /v1/models/digits:predict HTTP/1.1\r\nHost: x\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n")
                let chunk = "200\r\n" + String(repeating: "x", count: 512) + "\r\n"
                try await client.send(chunk + chunk)
                try await expectEqual(client.answer().status, 413)
            }
            #expect(upstream.paths.isEmpty)
        }
    }

    @Test func `bodies under way share one bound`() async throws {
        var configuration = GatewayConfiguration.patient
        configuration.bufferedBytesMax = 1000
        try await withGateway(configuration) { _, port, upstream in
            try await RawClient.connect(port) { first in
                try await first.send(
                    RawClient.prediction(
                        "digits", "Test-Do: hold\r\n",
                        body: String(repeating: "x", count: 900)))
                try await eventually { upstream.heldCount == 1 }
                let second = try await RawClient.connect(port) {
                    try await $0.predict(body: String(repeating: "x", count: 200))
                }
                #expect(second.status == 503)
                upstream.release()
                try await expectEqual(first.answer().status, 200)
                let third = try await first.predict(body: String(repeating: "x", count: 900))
                #expect(third.status == 200)
            }
        }
    }

    @Test func `a chunked request reaches the runtime with its length`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /v1/models/digits:predict HTTP/1.1\r\nHost: x\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                try await expectEqual(client.answer().status, 200)
            }
            #expect(upstream.now.bodies == [5])
            #expect(upstream.headers("content-length") == ["5"])
        }
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET /v2 HTTP/9.9\r\n\r\n", "GET /v2 HTTP/1.1\r\nHost : x\r\n\r\n",
        "POST /v1/models/digits:predict HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/models/digits:predict HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/models/digits:predict HTTP/1.1\r\nContent-Length: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
        "\u{16}\u{03}\u{01}\r\n\r\n",
    ])
    func `what is not HTTP is refused and the connection closed`(text: String) async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                try await client.send(text)
                try await expectEqual(client.answer().status, 400)
                try await expectEqual(client.isClosed(), true)
            }
            #expect(upstream.paths.isEmpty)
        }
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                let one = RawClient.prediction("digits", "Test-Do: hold\r\n")
                try await client.send(
                    one + "GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n"
                        + RawClient.prediction("nobody") + RawClient.prediction()
                        + "garbage\r\n\r\n")
                try await eventually { upstream.heldCount == 1 }
                upstream.release()
                try await expectEqual(client.answer().text.contains("v1.0.0"), true)
                try await expectEqual(client.answer().text.contains("slipway"), true)
                try await expectEqual(client.answer().status, 404)
                try await expectEqual(client.answer().text.contains("v1.0.0"), true)
                try await expectEqual(client.answer().status, 400)
                try await expectEqual(client.isClosed(), true)
            }
        }
    }

    @Test func `hundreds of pipelined requests lose nothing`() async throws {
        try await withGateway { _, port, _ in
            try await RawClient.connect(port) { client in
                let all = String(repeating: RawClient.prediction(), count: 500)
                try await client.send(all)
                for _ in 0..<500 { try await expectEqual(client.answer().status, 200) }
            }
        }
    }

    @Test func `HTTP 1_0 gets plain bodies and its connection closed`() async throws {
        try await withGateway { _, port, _ in
            for wish in ["plain", "chunked"] {
                try await RawClient.connect(port) { client in
                    try await client.send(
                        "POST /v1/models/digits:predict HTTP/1.0\r\nTest-Do: \(wish)\r\n"
                            + "Content-Length: 2\r\n\r\n{}")
                    let answer = try await client.answer()
                    #expect(answer.text == "{\"predictions\":[\"v1.0.0\"]}")
                    #expect(answer.headers["transfer-encoding"] == nil)
                    try await expectEqual(client.isClosed(), true)
                }
            }
            try await RawClient.connect(port) { client in
                for _ in 0..<2 {
                    try await client.send("GET /v2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    try await expectEqual(client.answer().headers["connection"], "keep-alive")
                }
            }
        }
    }

    @Test func `a client that asks first is told to go on`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /v1/models/digits:predict HTTP/1.1\r\nHost: x\r\n"
                        + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                try await expectEqual(client.answer().status, 100)
                try await client.send("{}")
                try await expectEqual(client.answer().status, 200)
            }
            #expect(upstream.headers("expect") == [])
        }
    }

    @Test func `a long answer streams through whole`() async throws {
        try await withGateway { _, port, _ in
            try await RawClient.connect(port) { client in
                let answer = try await client.predict("digits", "Test-Do: big\r\n")
                #expect(answer.body.count == 24 << 20)
                let next = try await client.predict("digits", "Test-Do: chunked\r\n")
                #expect(next.text == "{\"predictions\":[\"v1.0.0\"]}")
            }
        }
    }
}
