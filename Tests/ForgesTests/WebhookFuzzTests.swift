import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Forges

private let now = Instant(seconds: 1_800_000_000)
private let secrets = [Array("first secret".utf8), Array("whsec_c2Vjb25kIHNlY3JldA==".utf8)]

private let headerNames = [
    "x-hub-signature-256", "x-hub-signature", "x-gitea-signature", "x-forgejo-signature",
    "x-signature", "x-gitlab-token", "webhook-id", "webhook-timestamp", "webhook-signature",
    "x-github-event", "x-gitlab-event", "x-event-key", "x-github-delivery", "idempotency-key",
]

/// A value that looks like what forges send, or like nothing.
private func value(_ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return ""
    case 1: return "sha256=" + hex(random.bytes(32..<33))
    case 2: return hex(random.bytes(32..<33))
    case 3: return "sha256=" + hex(random.bytes(0..<80))
    case 4:
        return "v1," + Data(random.bytes(32..<33)).base64EncodedString() + " v1,"
            + Data(random.bytes(0..<40)).base64EncodedString()
    case 5: return "\(1_800_000_000 + Int.random(in: -400...400, using: &random))"
    case 6: return String(decoding: random.bytes(0..<60), as: UTF8.self)
    case 7: return "v1,,v1, v1 " + String(repeating: "=", count: 20)
    case 8: return "whsec_c2Vjb25kIHNlY3JldA="
    default: return "push"
    }
}

@Test func `noise is never accepted`() throws {
    try fuzz(rounds: 10_000) { seed, numbers in
        var random = SeededGenerator(seed: numbers.next())
        var headers: [String: String] = [:]
        for name in headerNames where Bool.random(using: &random) { headers[name] = value(&random) }
        for kind in WebhookKind.allCases {
            let verdict = verifyWebhook(
                kind: kind, headers: headers, body: random.bytes(0..<50), secrets: secrets,
                now: now)
            guard case .refused(let reason, let status) = verdict else {
                Issue.record("seed \(seed): \(kind) accepted \(headers)")
                continue
            }
            #expect(!reason.isEmpty && (400..<504).contains(status))
        }
    }
}

/// Authentic headers for a body, per kind.
private func authentic(_ kind: WebhookKind, _ body: [UInt8]) throws -> [String: String] {
    let code = hex(keyedHash(body, key: secrets[0]))
    switch kind {
    case .github: return ["x-hub-signature-256": "sha256=\(code)"]
    case .gitea: return ["x-forgejo-signature": code]
    case .bitbucket: return ["x-hub-signature": "sha256=\(code)"]
    case .generic: return ["x-signature": "sha256=\(code)"]
    case .gitlab:
        let key = try SigningKey(secret: secrets[1])
        return [
            "webhook-id": "id-1", "webhook-timestamp": "\(now.seconds)",
            "webhook-signature": key.signature(id: "id-1", timestamp: now.seconds, body: body),
        ]
    }
}

@Test(arguments: WebhookKind.allCases)
func `the authentic is accepted and any mutation of it refused`(kind: WebhookKind) throws {
    try fuzz(rounds: 300) { seed, numbers in
        var random = SeededGenerator(seed: numbers.next())
        let body = random.bytes(1..<200)
        let headers = try authentic(kind, body)
        func isAccepted(_ headers: [String: String], _ body: [UInt8]) -> Bool {
            let verdict = verifyWebhook(
                kind: kind, headers: headers, body: body, secrets: secrets, now: now)
            if case .accepted = verdict { return true }
            return false
        }
        #expect(isAccepted(headers, body), "seed \(seed)")
        var wrongBody = body
        wrongBody[Int.random(in: body.indices, using: &random)] ^=
            UInt8(1) << UInt8.random(in: 0..<8, using: &random)
        #expect(!isAccepted(headers, wrongBody), "seed \(seed)")
        #expect(!isAccepted(headers, body + [0]), "seed \(seed)")
        #expect(!isAccepted(headers, Array(body.dropLast())), "seed \(seed)")
        for name in headers.keys.sorted() {
            var text = Array(try #require(headers[name]).utf8)
            let index = Int.random(in: text.indices, using: &random)
            // Because the last digit of base64 before `=` has bits that mean nothing.
            guard name != "webhook-signature" || index < text.count - 2 else { continue }
            let old = text[index]
            text[index] = UInt8.random(in: 33...126, using: &random)
            let isSameDigit = text[index] | 32 == old | 32
            var wrong = headers
            wrong[name] = String(decoding: text, as: UTF8.self)
            if !isSameDigit { #expect(!isAccepted(wrong, body), "seed \(seed): \(wrong)") }
            wrong[name] = nil
            #expect(!isAccepted(wrong, body), "seed \(seed): without \(name)")
        }
    }
}

private let oracle = """
    import base64, hashlib, hmac, sys
    for line in sys.stdin:
        key, body, name, moment = line.rstrip("\\n").split(" ")
        key, body = bytes.fromhex(key), bytes.fromhex(body)
        content = ("%s.%s." % (name, moment)).encode() + body
        standard = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        print(hmac.new(key, body, hashlib.sha256).hexdigest(), standard,
              base64.b64encode(key).decode(), hashlib.sha256(body).hexdigest())
    """

@Test func `python signs the same, and what it signed is accepted`() throws {
    var random = SeededGenerator(seed: 20_260_101)
    var cases: [(key: [UInt8], body: [UInt8], id: String, moment: Int64)] = []
    for index in 0..<300 {
        let key = random.bytes(1..<150) + [1]
        let moment = now.seconds + Int64.random(in: -300...300, using: &random)
        cases.append((key, random.bytes(0..<300), "msg_\(index)", moment))
    }
    let lines = try python(
        code: oracle, lines: cases.map { "\(hex($0.key)) \(hex($0.body)) \($0.id) \($0.moment)" })
    try #require(lines.count == cases.count)
    for (one, line) in zip(cases, lines) {
        let said = line.split(separator: " ").map(String.init)
        #expect(hex(keyedHash(one.body, key: one.key)) == said[0])
        let secret = Array("whsec_\(said[2])".utf8)
        let key = try SigningKey(secret: secret)
        #expect(
            key.signature(id: one.id, timestamp: one.moment, body: one.body) == "v1,\(said[1])")
        let signed = [
            "webhook-id": one.id, "webhook-timestamp": "\(one.moment)",
            "webhook-signature": "v1,\(said[1])",
        ]
        let hint = WebhookHint(deliveryID: one.id, event: "unknown")
        #expect(
            verifyWebhook(
                kind: .gitlab, headers: signed, body: one.body, secrets: [secret], now: now)
                == .accepted(hint))
        let github = verifyWebhook(
            kind: .github, headers: ["x-hub-signature-256": "sha256=\(said[0])"], body: one.body,
            secrets: [one.key], now: now)
        #expect(github == .accepted(WebhookHint(deliveryID: nil, event: "unknown")))
        #expect(
            DeliveryKey(WebhookHint(deliveryID: nil, event: "x"), body: one.body)
                == .body(try #require(Digest(said[3]))))
    }
}
