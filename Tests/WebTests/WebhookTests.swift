import Domain
import Forges
import Host
import Logging
import Synchronization
import TestKit
import Testing
import Web

/// Webhooks over a real server, signed by OpenSSL.
@Suite(.timeLimit(.minutes(5))) struct WebhookTests {
    private static let secret = "It's a Secret to Everybody"
    private static let body = Array(#"{"ref":"refs/heads/main"}"#.utf8)

    private func stand(bodyBytesMax: Int? = nil) async throws -> Stand {
        var stand = try await Stand()
        let calls = stand.calls
        stand.sources.hint = { calls.wake() }
        stand.sources.webhooks = WebhookKind.allCases.map { kind in
            WebhookEndpoint(name: kind.rawValue, kind: kind, bodyBytesMax: bodyBytesMax) {
                [Array("an older one".utf8), Array(Self.secret.utf8)]
            }
        }
        return stand
    }

    private func hmac(_ body: [UInt8], _ secret: String = Self.secret) async throws -> String {
        let result = try await ChildProcess.run(
            "openssl", ["dgst", "-sha256", "-hmac", secret, "-hex"], input: body,
            outputLimitBytes: 10_000, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return String(try #require(result.outputText.split(separator: " ").last).prefix(64))
    }

    private func headers(_ kind: WebhookKind, _ code: String, id: String) -> [String] {
        switch kind {
        case .github:
            [
                "X-Hub-Signature-256: sha256=\(code)", "X-GitHub-Delivery: \(id)",
                "X-GitHub-Event: push",
            ]
        case .gitlab:
            [
                "X-Gitlab-Token: \(Self.secret)", "Idempotency-Key: \(id)",
                "X-Gitlab-Event: Push Hook",
            ]
        case .gitea: ["X-Gitea-Signature: \(code)", "X-Gitea-Delivery: \(id)"]
        case .bitbucket: ["X-Hub-Signature: sha256=\(code)", "X-Request-UUID: \(id)"]
        case .generic: ["X-Signature: sha256=\(code)", "X-Request-ID: \(id)"]
        }
    }

    private func post(
        _ client: Client, _ name: String, _ headers: [String], _ body: [UInt8] = Self.body
    ) async throws -> Answer {
        let options = headers.flatMap { ["--header", $0] }
        return try await client.ask(
            "/webhooks/\(name)", options + ["--data-binary", "@-"], input: body)
    }

    private func expect(_ status: Int, _ ask: () async throws -> Answer) async throws {
        let answer = try await ask()
        #expect(answer.status == status, "\(answer.text)")
    }

    @Test func `an authentic one of each forge wakes the loop once, and a repeat does not`()
        async throws
    {
        let stand = try await stand()
        let code = try await hmac(Self.body)
        try await stand.serve { client in
            for (number, kind) in WebhookKind.allCases.enumerated() {
                let sent = headers(kind, code, id: "delivery-1")
                let first = try await post(client, kind.rawValue, sent)
                #expect(first.status == 202, "\(kind): \(first.text)")
                #expect(try first.json([String: String].self) == ["status": "accepted"])
                let again = try await post(client, kind.rawValue, sent)
                #expect(again.status == 200)
                #expect(again.text == "{\"status\":\"repeated\"}\n")
                #expect(stand.calls.wakeCount == number + 1)
            }
            let page = try PrometheusPage(try await client.ask("/metrics").text)
            for kind in WebhookKind.allCases {
                for (result, count) in [("accepted", 1.0), ("repeated", 1), ("refused", 0)] {
                    let labels = ["webhook": kind.rawValue, "result": result]
                    #expect(page["slipway_webhooks_total", labels] == count)
                }
            }
        }
    }

    @Test func `one that is not authentic is a 401 that says why, and wakes nothing`()
        async throws
    {
        let stand = try await stand()
        let code = try await hmac(Self.body)
        let other = try await hmac(Self.body, "guessed")
        try await stand.serve { client in
            for kind in WebhookKind.allCases where kind != .gitlab {
                let changed = Self.body + [32]
                for answer in [
                    try await post(client, kind.rawValue, headers(kind, other, id: "1")),
                    try await post(client, kind.rawValue, headers(kind, code, id: "1"), changed),
                    try await post(client, kind.rawValue, []),
                ] {
                    #expect(answer.status == 401, "\(kind): \(answer.text)")
                    #expect(try !answer.json(ErrorBody.self).error.isEmpty)
                    #expect(!answer.text.contains("Secret to"))
                }
            }
            let token = try await post(client, "gitlab", ["X-Gitlab-Token: guessed"])
            #expect(token.status == 401)
            #expect(stand.calls.wakeCount == 0)
        }
    }

    @Test func `a signature sent twice fits nothing`() async throws {
        let stand = try await stand()
        let code = try await hmac(Self.body)
        let sent = headers(.github, code, id: "1")
        try await stand.serve { client in
            let answer = try await post(client, "github", sent + [sent[0]])
            #expect(answer.status == 400, "\(answer.text)")
            #expect(stand.calls.wakeCount == 0)
        }
    }

    @Test func `GitHub's ping is answered and wakes nothing`() async throws {
        let stand = try await stand()
        let code = try await hmac(Self.body)
        try await stand.serve { client in
            let answer = try await post(
                client, "github",
                ["X-Hub-Signature-256: sha256=\(code)", "X-GitHub-Event: ping"])
            #expect(answer.status == 200)
            #expect(answer.text == "{\"status\":\"pong\"}\n")
            #expect(stand.calls.wakeCount == 0)
        }
    }

    @Test func `a body above the limit is a 413, said or counted`() async throws {
        let stand = try await stand(bodyBytesMax: 1000)
        let large = [UInt8](repeating: 32, count: 1001)
        let code = try await hmac(large)
        let sent = headers(.github, code, id: "1")
        try await stand.serve { client in
            try await expect(413) { try await post(client, "github", sent, large) }
            let chunked = sent + ["Transfer-Encoding: chunked"]
            try await expect(413) { try await post(client, "github", chunked, large) }
            #expect(stand.calls.wakeCount == 0)
            // Because nothing of a body is waited for that is refused by its length.
            let head = "POST /webhooks/github HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n"
            let answer = Answer(
                try await client.talk(Array((head + "Connection: close\r\n\r\n").utf8)))
            #expect(answer?.status == 413)
            let page = try PrometheusPage(try await client.ask("/metrics").text)
            let labels = ["webhook": "github", "result": "too_large"]
            #expect(page["slipway_webhooks_total", labels] == 3)
        }
    }

    @Test func `a body of up to a mebibyte is read`() async throws {
        let stand = try await stand()
        let large = [UInt8](repeating: 32, count: 1 << 20)
        let sent = headers(.gitea, try await hmac(large), id: "1")
        try await stand.serve { client in
            try await expect(202) { try await post(client, "gitea", sent, large) }
            try await expect(413) { try await post(client, "gitea", sent, large + [32]) }
        }
    }

    @Test func `what is not configured is a 404, and only POST is taken`() async throws {
        let stand = try await stand()
        try await stand.serve { client in
            for name in ["nobody", "", "github/x", "Github", "%67ithub"] {
                try await expect(404) { try await post(client, name, []) }
            }
            try await expect(404) { try await client.ask("/webhooks/github") }
        }
    }

    @Test func `a secret that cannot be read is said without its place`() async throws {
        var stand = try await stand()
        stand.sources.webhooks = [
            WebhookEndpoint(name: "github", kind: .github) { () throws -> [[UInt8]] in
                throw Failure("gone", at: "/secret/place")
            }
        ]
        try await stand.serve { client in
            let answer = try await post(client, "github", [])
            #expect(answer.status == 503)
            #expect(!answer.text.contains("place") && !answer.text.contains("gone"))
        }
    }

    @Test func `a secret that is gone is logged with its place, though another reason was before`()
        async throws
    {
        var stand = try await stand()
        let lines = LogLines()
        stand.logger = Logger(label: "test") { _ in lines.handler }
        let isGone = Mutex(false)
        stand.sources.webhooks = [
            WebhookEndpoint(name: "github", kind: .github) { () throws -> [[UInt8]] in
                guard isGone.withLock(\.self) else { return [Array(Self.secret.utf8)] }
                throw Failure("it cannot be read", at: "/secret/place")
            }
        ]
        try await stand.serve { client in
            try await expect(401) { try await post(client, "github", []) }
            isGone.withLock { $0 = true }
            for _ in 0..<3 { try await expect(503) { try await post(client, "github", []) } }
        }
        #expect(lines.text.filter { $0.contains("webhook github") }.count == 2, "\(lines.text)")
        #expect(lines.text.contains { $0.contains("/secret/place: it cannot be read") })
    }

    @Test func `too many requests are a 429, and the others are served`() async throws {
        var stand = try await stand()
        // Because how many a slow machine lets through in a second is not how many it takes.
        stand.time = Instant(seconds: 1_800_000_000)
        try await stand.serve { client in
            var head = "POST /webhooks/github HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            head = String(repeating: head, count: 400)
            let last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let text = String(
                decoding: try await client.talk(Array((head + last).utf8)), as: UTF8.self)
            #expect(text.ranges(of: "HTTP/1.1 429").count == 200)
            #expect(text.ranges(of: "HTTP/1.1 401").count == 200)
            #expect(text.contains("HTTP/1.1 200"))
        }
    }

    @Test func `what curl and openssl send as the documentation says is accepted`()
        async throws
    {
        let stand = try await stand()
        try await stand.serve { client in
            let script = """
                body='{"changed": true}'
                code=$(printf %s "$body" | openssl dgst -sha256 -hmac "$1" -r | cut -d' ' -f1)
                curl --silent --noproxy '*' --data "$body" --header "X-Signature: sha256=$code" \\
                  "http://127.0.0.1:$0/webhooks/generic"
                """
            let result = try await ChildProcess.run(
                "bash", ["-c", script, "\(client.port)", Self.secret], outputLimitBytes: 10_000,
                deadlineSeconds: patienceSeconds)
            #expect(result.outputText == "{\"status\":\"accepted\"}\n", "\(result.errorText)")
            #expect(stand.calls.wakeCount == 1)
        }
    }

    @Test func `what is previewed is shown`() async throws {
        var stand = try await Stand()
        stand.sources.previews = {
            [
                PreviewView(
                    model: Samples.digits, ref: "refs/pull/1/head", commit: Samples.commit(1),
                    problems: [], isWaiting: true, decisions: [])
            ]
        }
        try await stand.serve { client in
            let views = try await client.ask("/api/v1/previews").json([PreviewView].self)
            #expect(views.map(\.ref) == ["refs/pull/1/head"])
            #expect(views.first?.summary == "waits for a place")
        }
    }
}

/// Keeps what is logged.
private final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])

    var text: [String] { kept.withLock(\.self) }

    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.kept.withLock { $0.append("\(event.message)") } }
    }
}
