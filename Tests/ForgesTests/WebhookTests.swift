import Domain
import Testing

@testable import Forges

private let now = Instant(seconds: 1_614_265_330)

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func verify(
    _ kind: WebhookKind, _ headers: [String: String], _ body: String, _ secrets: String...,
    at moment: Instant = now
) -> WebhookVerdict {
    verifyWebhook(
        kind: kind, headers: headers, body: bytes(body), secrets: secrets.map(bytes), now: moment)
}

private func refusal(_ verdict: WebhookVerdict) -> (reason: String, status: Int)? {
    guard case .refused(let reason, let status) = verdict else { return nil }
    return (reason, status)
}

// MARK: GitHub, with the example of its documentation

private let githubSecret = "It's a Secret to Everybody"
private let githubHeaders = [
    "x-github-event": "push", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256":
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
]

@Test func `the example of GitHub's documentation is accepted`() {
    let hint = WebhookHint(
        deliveryID: "72d3162e-cc78-11e3-81ab-4c9367dc0958", event: "push")
    #expect(verify(.github, githubHeaders, "Hello, World!", githubSecret) == .accepted(hint))
}

@Test func `any of several secrets is enough, so that they can be changed`() {
    let hint = WebhookHint(
        deliveryID: "72d3162e-cc78-11e3-81ab-4c9367dc0958", event: "push")
    #expect(
        verify(.github, githubHeaders, "Hello, World!", "new", githubSecret, "older")
            == .accepted(hint))
    #expect(refusal(verify(.github, githubHeaders, "Hello, World!", "new", "older")) != nil)
}

@Test func `a try of the connection is answered, but only when it is authentic`() {
    var headers = githubHeaders
    headers["x-github-event"] = "ping"
    #expect(verify(.github, headers, "Hello, World!", githubSecret) == .ping)
    #expect(refusal(verify(.github, headers, "Hello, World?", githubSecret))?.status == 401)
}

@Test func `every flipped bit of body or signature is refused`() throws {
    let body = bytes("Hello, World!")
    for index in body.indices {
        for bit in 0..<8 {
            var wrong = body
            wrong[index] ^= 1 << bit
            let verdict = verifyWebhook(
                kind: .github, headers: githubHeaders, body: wrong,
                secrets: [bytes(githubSecret)], now: now)
            #expect(refusal(verdict)?.status == 401)
        }
    }
    let signature = try #require(githubHeaders["x-hub-signature-256"])
    for index in 7..<signature.utf8.count {
        var wrong = bytes(signature)
        wrong[index] = wrong[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        var headers = githubHeaders
        headers["x-hub-signature-256"] = String(decoding: wrong, as: UTF8.self)
        #expect(refusal(verify(.github, headers, "Hello, World!", githubSecret)) != nil)
    }
}

@Test func `the old SHA-1 signature is refused with what to do`() throws {
    let headers = [
        "x-github-event": "push",
        "x-hub-signature": "sha1=0123456789012345678901234567890123456789",
    ]
    let found = try #require(refusal(verify(.github, headers, "Hello, World!", githubSecret)))
    #expect(found.status == 401)
    #expect(found.reason.contains("X-Hub-Signature-256"))
}

@Test(arguments: [
    "", "sha256=", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1x",
    "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17, sha256=00",
])
func `a malformed signature is refused`(value: String) {
    let headers = ["x-hub-signature-256": value]
    #expect(refusal(verify(.github, headers, "Hello, World!", githubSecret))?.status == 400)
}

@Test(arguments: WebhookKind.allCases)
func `without a signature nothing is accepted`(kind: WebhookKind) {
    let headers = ["x-github-event": "push", "x-event-key": "repo:push"]
    #expect(refusal(verify(kind, headers, "{}", "secret"))?.status == 401)
    #expect(refusal(verify(kind, [:], "", "secret"))?.status == 401)
}

@Test(arguments: WebhookKind.allCases)
func `without a secret, or with an empty one, nothing is accepted`(kind: WebhookKind) {
    // Because these are what anybody can make with the empty key.
    let code = hex(keyedHash(bytes("{}"), key: []))
    let headers = [
        "x-hub-signature-256": "sha256=\(code)", "x-hub-signature": "sha256=\(code)",
        "x-gitea-signature": code, "x-signature": "sha256=\(code)", "x-gitlab-token": "",
    ]
    #expect(refusal(verify(kind, headers, "{}"))?.status == 503)
    #expect(refusal(verify(kind, headers, "{}", ""))?.status == 503)
    #expect(refusal(verify(kind, headers, "{}", "\0\0\0"))?.status == 503)
}

// MARK: GitLab and Standard Webhooks

private let standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
private let standardBody = #"{"test": 2432232314}"#
private let standardHeaders = [
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "x-gitlab-event": "Push Hook",
]
private let standardHint = WebhookHint(
    deliveryID: "msg_p5jXN8AQM9LWM0D4loKWxJek", event: "Push Hook")

@Test func `the published example of Standard Webhooks is accepted and made`() throws {
    #expect(
        verify(.gitlab, standardHeaders, standardBody, standardSecret) == .accepted(standardHint))
    let key = try SigningKey(secret: bytes(standardSecret))
    let made = key.signature(
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: bytes(standardBody))
    #expect(made == standardHeaders["webhook-signature"])
}

@Test func `one of several signatures is enough, and other versions do not count`() {
    var headers = standardHeaders
    let right = standardHeaders["webhook-signature"] ?? ""
    headers["webhook-signature"] = "v1,AAAA v1a,AAAA \(right) v2,x"
    #expect(verify(.gitlab, headers, standardBody, standardSecret) == .accepted(standardHint))
    headers["webhook-signature"] = right.replacing("v1,", with: "v2,")
    #expect(refusal(verify(.gitlab, headers, standardBody, standardSecret))?.status == 401)
    headers["webhook-signature"] = String(repeating: "v1,AAAA ", count: 16) + right
    #expect(refusal(verify(.gitlab, headers, standardBody, standardSecret))?.status == 401)
}

@Test func `a signature counts for five minutes on either side`() {
    for seconds in [-300.0, 0, 300] {
        let moment = now.advanced(bySeconds: seconds)
        let verdict = verify(
            .gitlab, standardHeaders, standardBody, standardSecret, at: moment)
        #expect(verdict == .accepted(standardHint))
    }
    for seconds in [-86_400.0, -301, 301, 86_400] {
        let moment = now.advanced(bySeconds: seconds)
        let verdict = verify(
            .gitlab, standardHeaders, standardBody, standardSecret, at: moment)
        #expect(refusal(verdict)?.reason.contains("clock") == true)
    }
}

@Test(arguments: ["webhook-id", "webhook-timestamp"])
func `what is signed beside the body cannot be changed or left out`(header: String) {
    var headers = standardHeaders
    headers[header] = nil
    #expect(refusal(verify(.gitlab, headers, standardBody, standardSecret))?.status == 400)
    headers[header] = header == "webhook-id" ? "msg_other" : "1614265331"
    #expect(refusal(verify(.gitlab, headers, standardBody, standardSecret))?.status == 401)
    for wrong in ["", "-1", "1614265330.msg", "99999999999999999999", " 1614265330"] {
        headers[header] = wrong
        #expect(refusal(verify(.gitlab, headers, standardBody, standardSecret)) != nil)
    }
}

@Test func `the parts of a signed text cannot be moved against each other`() throws {
    let key = try SigningKey(secret: bytes("secret"))
    let signature = key.signature(id: "a", timestamp: 1_614_265_330, body: bytes("1614265330.{}"))
    let headers = [
        "webhook-id": "a.1614265330", "webhook-timestamp": "1614265330",
        "webhook-signature": signature,
    ]
    #expect(refusal(verify(.gitlab, headers, "{}", "secret"))?.status == 400)
}

@Test func `GitLab's plain token is compared whole`() {
    let headers = [
        "x-gitlab-token": "a token", "x-gitlab-event": "Tag Push Hook",
        "idempotency-key": "f5e5f430-f57b-4e6e-9fac-d9128cd7232f", "x-gitlab-event-uuid": "other",
    ]
    let hint = WebhookHint(
        deliveryID: "f5e5f430-f57b-4e6e-9fac-d9128cd7232f", event: "Tag Push Hook")
    #expect(verify(.gitlab, headers, "{}", "old", "a token") == .accepted(hint))
    for wrong in ["a toke", "a token ", "A token", "b token", "a token\0"] {
        #expect(refusal(verify(.gitlab, headers, "{}", wrong))?.status == 401)
    }
}

@Test func `a signing token that was configured cannot be got round with a plain one`() {
    var headers = standardHeaders
    headers["x-gitlab-token"] = "plain"
    // Both are configured and the signature is wrong: the plain token does not save it.
    let other = #"{"test": 1}"#
    #expect(refusal(verify(.gitlab, headers, other, standardSecret, "plain"))?.status == 401)
    // The text of the signing token is no plain token.
    let alone = ["x-gitlab-token": standardSecret]
    #expect(refusal(verify(.gitlab, alone, other, standardSecret))?.status == 401)
    // Only the plain one is configured here: what GitLab signs with is not known to us.
    #expect(verify(.gitlab, headers, other, "plain") == .accepted(standardHint))
}

// MARK: the others

@Test func `Gitea sends bare digits, and Forgejo's header stands first`() {
    let code = hex(keyedHash(bytes("{}"), key: bytes("secret")))
    var headers = [
        "x-gitea-signature": code, "x-gitea-event": "push", "x-gitea-delivery": "gitea-1",
        "x-github-event": "push", "x-github-delivery": "not read",
    ]
    let hint = WebhookHint(deliveryID: "gitea-1", event: "push")
    #expect(verify(.gitea, headers, "{}", "secret") == .accepted(hint))
    headers["x-forgejo-signature"] = String(repeating: "0", count: 64)
    #expect(refusal(verify(.gitea, headers, "{}", "secret"))?.status == 401)
    headers["x-forgejo-signature"] = code
    headers["x-gitea-signature"] = "not read"
    headers["x-forgejo-delivery"] = "forgejo-1"
    let other = WebhookHint(deliveryID: "forgejo-1", event: "push")
    #expect(verify(.gitea, headers, "{}", "secret") == .accepted(other))
    #expect(
        verify(.gitea, ["x-hub-signature-256": "sha256=\(code)"], "{}", "secret")
            == .accepted(WebhookHint(deliveryID: nil, event: "unknown")))
}

@Test func `Bitbucket signs in a header of GitHub's old name`() {
    let body = "Hello World!"
    // The example of Bitbucket Cloud's documentation.
    let headers = [
        "x-hub-signature":
            "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
        "x-event-key": "repo:push", "x-request-uuid": "r-1", "x-hook-uuid": "h-1",
    ]
    #expect(
        verify(.bitbucket, headers, body, githubSecret)
            == .accepted(WebhookHint(deliveryID: "r-1", event: "repo:push")))
    #expect(refusal(verify(.bitbucket, headers, body, "other"))?.status == 401)
    var ping = headers
    ping["x-event-key"] = "diagnostics:ping"
    #expect(verify(.bitbucket, ping, body, githubSecret) == .ping)
}

@Test func `a script signs with openssl and curl, or in the standard form`() {
    let code = hex(keyedHash([], key: bytes("secret"))).uppercased()
    #expect(
        verify(.generic, ["x-signature": "sha256=\(code)"], "", "secret")
            == .accepted(WebhookHint(deliveryID: nil, event: "unknown")))
    let verdict = verify(.generic, standardHeaders, standardBody, standardSecret)
    let hint = WebhookHint(deliveryID: "msg_p5jXN8AQM9LWM0D4loKWxJek", event: "unknown")
    #expect(verdict == .accepted(hint))
}

@Test func `a body above the limit is refused whatever its signature`() {
    let body = [UInt8](repeating: 0, count: webhookBodyBytesMax + 1)
    let code = hex(keyedHash(body, key: bytes("secret")))
    let verdict = verifyWebhook(
        kind: .generic, headers: ["x-signature": "sha256=\(code)"], body: body,
        secrets: [bytes("secret")], now: now)
    #expect(refusal(verdict)?.status == 413)
}

@Test func `what headers say reaches no log when it is long or strange`() {
    var headers = githubHeaders
    headers["x-github-event"] = "push\nfake log line"
    headers["x-github-delivery"] = String(repeating: "x", count: 129)
    #expect(
        verify(.github, headers, "Hello, World!", githubSecret)
            == .accepted(WebhookHint(deliveryID: nil, event: "unknown")))
}

@Test func `no reason tells a secret or the right signature`() {
    let kinds = WebhookKind.allCases.flatMap { kind in
        [[:], githubHeaders, standardHeaders, ["x-gitlab-token": "no"]].compactMap {
            refusal(verify(kind, $0, "body", "my secret", standardSecret))?.reason
        }
    }
    #expect(!kinds.isEmpty)
    let right = hex(keyedHash(bytes("body"), key: bytes("my secret")))
    for reason in kinds {
        #expect(!reason.contains("my secret") && !reason.contains("MfKQ9r8"))
        #expect(!reason.contains(right))
    }
}

@Test(arguments: ["", "whsec_", "whsec_!!!!", "whsec_AAAA", "\0"])
func `what is no key makes no signing key`(secret: String) {
    #expect(throws: ForgesError.signingKeyWrong) { try SigningKey(secret: bytes(secret)) }
}

@Test func `a signing key shows nowhere`() throws {
    let key = try SigningKey(secret: bytes("a very secret key"))
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("97"))
    #expect(!dumped.contains("bytes"))
}
