import Domain
import FoundationEssentials
import Host
import Testing
import Web

@Suite(.timeLimit(.minutes(5))) struct RefusalTests {
    private static let malformed = [
        "/api/v1/models/Digits", "/api/v1/models/policy/report", "/api/v1/models/a_b/versions",
        "/api/v1/models/-/decisions", "/api/v1/runs/digits/0", "/api/v1/runs/digits/x",
        "/api/v1/runs/digits/-1/events", "/api/v1/runs/digits/99999999999999999999/logs",
        "/api/v1/runs?limit=0", "/api/v1/runs?limit=1001", "/api/v1/runs?limit=",
        "/api/v1/runs?limit=ten", "/api/v1/runs?limit", "/api/v1/runs?model=Bad",
        "/api/v1/runs/digits/2/events?after=-1", "/api/v1/runs/digits/2/events?limit=1001",
        "/api/v1/runs/digits/2/logs?offset=-1", "/api/v1/runs/digits/2/logs?limit=1048577",
        "/api/v1/runs/digits/2/logs?attempt=0", "/api/v1/runs/digits/2/logs?step=a%20b",
        "/api/v1/models/digits/report?version=1", "/api/v1/models/digits/report?run=0",
        "/api/v1/models/digits/decisions?after=1.5", "/api/v1/plan?revision=",
        "/api/v1/plan?revision=--all",
    ]

    private static let missing = [
        "/", "/api", "/api/v1/", "/api/v1/nothing", "/api/v2/status", "/metrics/x", "/api/v1/wake",
        "/api/v1/models/nobody", "/api/v1/models/nobody/report", "/api/v1/models/nobody/versions",
        "/api/v1/models/nobody/decisions", "/api/v1/runs/digits/99", "/api/v1/runs/nobody/1",
        "/api/v1/runs/digits/99/events", "/api/v1/runs/digits/99/logs",
        "/api/v1/runs/houses/1/logs", "/api/v1/runs/digits/2/logs?step=evaluate",
        "/api/v1/runs/digits/2/logs?attempt=7", "/api/v1/models/digits/report?run=99",
        "/api/v1/models/digits/report?version=v9.0.0", "/api/v1/models/houses/report",
    ]

    @Test func `what cannot be understood is a 400 that says why`() async throws {
        try await Stand().serve { client in
            for path in Self.malformed { try await refuse(client, path, 400) }
        }
    }

    @Test func `what is not there is a 404 that says what`() async throws {
        try await Stand().serve { client in
            for path in Self.missing { try await refuse(client, path, 404) }
            for method in ["PUT", "DELETE", "POST", "PATCH"] {
                let answer = try await client.ask("/api/v1/status", ["--request", method])
                #expect(answer.status == 404)
                #expect(
                    try answer.json(ErrorBody.self).error
                        == "nothing answers `\(method) /api/v1/status`")
            }
            let body = try await client.ask("/api/v1/runs/digits/99").json(ErrorBody.self)
            #expect(body.error == "there is no run digits/99")
            #expect(body.hint == "slipway runs digits")
        }
    }

    @Test(arguments: [
        ("digits/report?run=99", "there is no run digits/99", "slipway runs digits"),
        ("houses/report?run=1", "the gate has not judged houses/1", "slipway logs houses/1"),
        ("digits/report?version=9.9.9", "digits has no version v9.9.9", "slipway versions digits"),
        (
            "houses/report", "there is no report of houses",
            "the gate has judged none yet: slipway status houses"
        ),
    ])
    func `a report that is not there says where to find one`(
        path: String, error: String, hint: String
    ) async throws {
        try await Stand().serve { client in
            let body = try await client.ask("/api/v1/models/\(path)").json(ErrorBody.self)
            #expect(body.error == error)
            #expect(body.hint == hint)
        }
    }

    private func refuse(_ client: Client, _ path: String, _ status: Int) async throws {
        let answer = try await client.ask(path)
        #expect(answer.status == status, "\(path)")
        let body = try answer.json(ErrorBody.self)
        #expect(!body.error.isEmpty && !body.error.contains("\n"), "\(path)")
        let keys = try JSONDecoder().decode([String: String].self, from: Data(answer.body)).keys
        #expect(Set(keys).isSubset(of: ["error", "where", "hint"]), "\(path)")
        let head = try await client.ask(path, ["--head"])
        #expect(head.status == status && head.body.isEmpty, "\(path)")
        #expect(head.headers["content-length"] == answer.headers["content-length"], "\(path)")
    }

    @Test func `a body has 64 KiB at most, however it is sent`() async throws {
        let stand = try await Stand()
        let most = [UInt8](repeating: 97, count: 65_536)
        try await stand.serve { client in
            for way in ["Content-Type: text/plain", "Transfer-Encoding: chunked"] {
                let options = ["--header", way, "--data-binary", "@-"]
                let fits = try await client.ask("/api/v1/wake", options, input: most)
                #expect(fits.status == 202, "\(way)")
                let tooLarge = try await client.ask("/api/v1/wake", options, input: most + [97])
                #expect(tooLarge.status == 413, "\(way)")
                #expect(
                    try tooLarge.json(ErrorBody.self).error
                        == "the request's body has more than 65536 bytes")
            }
            let read = ["--request", "GET", "--data-binary", "@-"]
            #expect(try await client.ask("/healthz", read, input: most + [97]).status == 413)
        }
        #expect(stand.calls.wakeCount == 2)
    }

    @Test func `after a body that was refused the connection goes on`() async throws {
        try await Stand().serve { client in
            let large = String(repeating: "a", count: 70_000)
            let first = "POST /api/v1/wake HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"
            let second = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let bytes = try await client.talk(Array((first + large + second).utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("HTTP/1.1 413 "))
            #expect(text.hasSuffix("ok\n"))
        }
    }

    @Test(arguments: [
        "POST /api/v1/wake HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/v1/wake HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "no HTTP at all\r\n\r\n",
    ])
    func `what is no HTTP is a 400 and stops nobody else`(request: String) async throws {
        let stand = try await Stand()
        try await stand.serve { client in
            let answer = try #require(Answer(try await client.talk(Array(request.utf8))))
            #expect(answer.status == 400)
            #expect(try await client.ask("/healthz").status == 200)
        }
        #expect(stand.calls.wakeCount == 0)
    }

    @Test(arguments: [
        "//", "/%", "/%ff", "/?", "/?&&=&", "*", "http://", "http://x", "http://x:y?z", "/#",
        "/api/v1/runs?=&model", "/api/v1/runs/%00/1", "/api/v1/models/..%2f..", "///////",
    ])
    func `no target that a stranger makes up stops the server`(target: String) async throws {
        try await Stand().serve { client in
            let request = "GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answer = try #require(Answer(try await client.talk(Array(request.utf8))))
            #expect([200, 400, 404].contains(answer.status))
            #expect(try await client.ask("/healthz").status == 200)
        }
    }

    @Test func `a loop that stands still is a 503 with where and hint`() async throws {
        var stand = try await Stand()
        stand.sources.health = { Failure("stuck", at: "fetch", hint: "slipway status") }
        try await stand.serve { client in
            let answer = try await client.ask("/healthz")
            #expect(answer.status == 503)
            let body = #"{"error":"stuck","hint":"slipway status","where":"fetch"}"#
            #expect(answer.text == "\(body)\n")
        }
    }

    @Test func `whose turn it is decides the status`() async throws {
        var stand = try await Stand()
        stand.sources.plan = { revision in
            throw revision == "busy"
                ? Failure("busy", .retry(afterSeconds: 1)) : Failure("no such commit")
        }
        stand.sources.log = { _, _, attempt, _, _ in
            throw attempt == 1
                ? Failure("busy", .retry(afterSeconds: 1)) : Failure("the log cannot be read")
        }
        stand.sources.live = {
            let endless = Failure("never", .retry(afterSeconds: .infinity))
            return [Samples.production: LiveView(models: [], problem: endless)]
        }
        try await stand.serve { client in
            for (path, status) in [
                ("/api/v1/plan?revision=busy", 503), ("/api/v1/plan?revision=x", 400),
                ("/api/v1/runs/digits/2/logs?attempt=1", 503),
                ("/api/v1/runs/digits/2/logs", 500), ("/api/v1/live", 500),
            ] {
                let answer = try await client.ask(path)
                #expect(answer.status == status, "\(path)")
                #expect(try !answer.json(ErrorBody.self).error.isEmpty)
            }
        }
    }

    @Test func `before the first commit there is nothing to plan`() async throws {
        var stand = try await Stand()
        stand.sources.watched = { WebSources.Watched(branch: "main", head: nil) }
        try await stand.serve { client in
            #expect(try await client.ask("/api/v1/plan").status == 404)
            let status = try await client.ask("/api/v1/status").json(StatusView.self)
            #expect(status.head == nil)
        }
    }
}
