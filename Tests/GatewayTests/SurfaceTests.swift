import Domain
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct SurfaceTests {
    @Test func `an answer names the version and the deployment that gave it`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                let answer = try await client.predict()
                #expect(answer.status == 200)
                #expect(answer.text == "{\"predictions\":[\"v1.0.0\"]}")
                #expect(answer.headers["slipway-model-version"] == "v1.0.0")
                #expect(answer.headers["slipway-deployment"] == "1")
                #expect(answer.headers["x-kept"] == "2")
                #expect(answer.headers["x-secret"] == nil)
            }
            #expect(upstream.paths == ["/v1/models/digits:predict"])
        }
    }

    @Test func `headers about one connection do not reach the runtime`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                let extra = "Connection: X-Mine, Content-Length\r\nX-Mine: 1\r\nTE: trailers\r\n"
                try await expectEqual(client.predict("digits", extra, body: "[1]").status, 200)
            }
            #expect(upstream.headers("x-mine") == [])
            #expect(upstream.headers("te") == [])
            #expect(upstream.headers("connection") == [])
            #expect(upstream.headers("content-length") == ["3"])
            #expect(upstream.now.bodies == [3])
        }
    }

    @Test(arguments: [
        ("/v1/models/digits", 200, "\"version\":\"1\",\"state\":\"AVAILABLE\""),
        ("/v1/models/digits/versions/1", 200, "AVAILABLE"),
        ("/v1/models/digits/versions/7", 404, "deployment 1"),
        ("/v1/models/nobody", 404, "served: digits"),
        ("/v2", 200, "slipway"), ("/v2/health/live", 200, "true"),
        ("/v2/health/ready", 200, "true"), ("/v2/models/digits", 200, "predictions"),
        ("/v2/models/digits/ready", 200, "predictions"),
        ("/v2/models/digits/versions/v1.0.0", 200, "predictions"),
        ("/v2/models/nobody/ready", 404, "not served"), ("/nowhere", 404, "no such path"),
        ("/v1/models/digits:predict", 405, "POST"), ("/v2/models/digits/infer", 405, "POST"),
        ("/slipway/live", 200, "hello"), ("/metrics", 200, "slipway_gateway_requests_total"),
    ])
    func `a path is answered as the protocols say`(
        path: String, status: Int, text: String
    ) async throws {
        try await withGateway { _, port, _ in
            try await RawClient.connect(port) { client in
                let answer = try await client.get(path)
                #expect(answer.status == status)
                #expect(answer.text.contains(text), "\(answer.text)")
            }
        }
    }

    @Test func `a prediction may name the version that is live and no other`() async throws {
        try await withGateway { _, port, upstream in
            try await RawClient.connect(port) { client in
                try await expectEqual(client.predict("digits/versions/1").status, 200)
                try await expectEqual(client.predict("digits/versions/v1.0.0").status, 200)
                try await expectEqual(client.predict("digits/versions/2").status, 404)
                try await client.send(
                    "POST /v2/models/digits/versions/1/infer?a=b HTTP/1.1\r\nHost: x\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
                try await expectEqual(client.answer().status, 200)
            }
            #expect(upstream.paths.last == "/v2/models/digits/infer?a=b")
        }
    }

    @Test func `a model that should be served and has no runtime yet is 503`() async throws {
        try await withGateway { gateway, port, _ in
            gateway.expect([digits, ModelName(checked: "late")])
            try await RawClient.connect(port) { client in
                let answer = try await client.predict("late")
                #expect(answer.status == 503)
                #expect(answer.headers["retry-after"] == "1")
                try gateway.setRoute(model: digits, route: nil)
                try await expectEqual(client.predict().status, 503)
                gateway.expect([])
                try await expectEqual(client.predict().status, 404)
            }
        }
    }

    @Test func `requests, failures and their time are counted`() async throws {
        try await withGateway { gateway, port, _ in
            try await RawClient.connect(port) { client in
                for _ in 0..<3 { _ = try await client.predict() }
                _ = try await client.predict("digits", "Test-Do: fail\r\n")
                _ = try await client.get("/v1/models/digits")
            }
            let traffic = try #require(gateway.snapshot()[digits])
            #expect(traffic.requests == 4)
            #expect(traffic.failed == 1)
            #expect(traffic.inFlight == 0)
            #expect(traffic.latency.counts.reduce(0, +) == 4)
            let text = gateway.snapshot().prometheus
            #expect(text.contains("slipway_gateway_requests_total{model=\"digits\"} 4\n"))
            #expect(text.contains("_bucket{model=\"digits\",le=\"+Inf\"} 4\n"))
        }
    }

    @Test func `a port that is taken is named`() async throws {
        try await withGateway { _, port, _ in
            let second = GatewayServer()
            await #expect(throws: GatewayError.portInUse(host: "127.0.0.1", port: port)) {
                _ = try await second.start(host: "127.0.0.1", port: port)
            }
            await second.stop()
        }
    }

    @Test func `a path is taken apart`() {
        #expect(Endpoint(uri: "/v1/models/a:predict?x=:") == .predict(model: "a", version: nil))
        #expect(
            Endpoint(uri: "/v1/models/a/versions/3:predict") == .predict(model: "a", version: "3"))
        #expect(Endpoint(uri: "/v2/models/a/versions/3") == .metadata(model: "a", version: "3"))
        for path in [
            "/v1/models/", "/v1/models/:predict", "/v1/models/a:regress", "/v1/models/a/b:predict",
            "/v1/models/a/versions/:predict", "/v2/models/a/load", "/v2/models//infer",
        ] {
            #expect(Endpoint(uri: path) == .other(path))
        }
    }
}
