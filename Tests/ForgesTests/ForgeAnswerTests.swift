import Domain
import Testing

@testable import Forges

private let now = Instant(seconds: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT

private func answer(
    _ status: Int, _ body: String = "", _ headers: [String: String] = [:],
    on kind: Forge.Kind = .github
) -> ForgeAnswer {
    interpret(status: status, headers: headers, body: Array(body.utf8), for: kind, now: now)
}

private func refusal(_ answer: ForgeAnswer) -> ForgeRefusal? {
    guard case .permanent(let refusal) = answer else { return nil }
    return refusal
}

@Test(arguments: Forge.Kind.allCases)
func `a status that was taken is confirmed`(kind: Forge.Kind) {
    #expect(answer(201, "{}", on: kind) == .confirmed)
    #expect(answer(200, on: kind) == .confirmed)
}

@Test(arguments: [
    (":enqueue", ":pending", true), (":run", ":running", true), (":success", ":success", true),
    (":drop", ":failed", true), (":cancel", ":canceled", true), (":enqueue", ":running", false),
    (":run", ":success", false), (":cancel", ":success", false),
])
func `GitLab's refusal of the same state means that it is there`(
    event: String, state: String, isThere: Bool
) {
    let body =
        #"{"message":"Cannot transition status via \#(event) from \#(state) (Reason(s): "#
        + #"Status cannot transition via \"x\")"}"#
    let found = answer(400, body, on: .gitlab)
    #expect((found == .alreadyThere) == isThere)
    #expect((refusal(found) != nil) == !isThere)
    #expect(refusal(answer(400, body, on: .github)) != nil)
}

@Test func `a busy forge says when to come again`() {
    #expect(answer(429) == .retry(afterSeconds: 60))
    #expect(answer(429, "", ["retry-after": "7"]) == .retry(afterSeconds: 7))
    #expect(answer(503, "", ["retry-after": "120"]) == .retry(afterSeconds: 120))
    #expect(answer(500) == .retry(afterSeconds: 30))
    #expect(answer(409, on: .gitlab) == .retry(afterSeconds: 30))
    let date = ["retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"]
    #expect(answer(503, "", date) == .retry(afterSeconds: 60))
    let gitlab = ["ratelimit-remaining": "0", "ratelimit-reset": "784111787"]
    #expect(answer(429, "", gitlab, on: .gitlab) == .retry(afterSeconds: 10))
}

@Test func `GitHub's rate limit is told from a lack of rights`() {
    let spent = ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "784112377"]
    #expect(answer(403, "", spent) == .retry(afterSeconds: 600))
    let said = #"{"message":"You have exceeded a secondary rate limit."}"#
    #expect(answer(403, said) == .retry(afterSeconds: 60))
    #expect(answer(403, said, ["retry-after": "5"]) == .retry(afterSeconds: 5))
    let rights = #"{"message":"Resource not accessible by personal access token"}"#
    let left = ["x-ratelimit-remaining": "4999", "x-ratelimit-reset": "784112377"]
    let found = refusal(answer(403, rights, left))
    #expect(found?.reason.contains("Resource not accessible") == true)
    #expect(found?.hint.contains("Commit statuses") == true)
}

@Test(arguments: [
    "-5", "abc", "", "99999999999999999999", "1e9", "Sun, 99 Nov 1994 08:49:37 GMT",
    "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 99:49:37 GMT", "NaN",
])
func `a wait that cannot be read is a usual one`(text: String) {
    #expect(answer(429, "", ["retry-after": text]) == .retry(afterSeconds: 60))
}

@Test func `no wait is longer than six hours or shorter than a second`() {
    #expect(answer(429, "", ["retry-after": "999999999"]) == .retry(afterSeconds: 21_600))
    #expect(answer(429, "", ["retry-after": "0"]) == .retry(afterSeconds: 1))
    let past = ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "5"]
    #expect(answer(429, "", past) == .retry(afterSeconds: 1))
}

@Test(arguments: [
    (401, "token"), (403, "token"), (404, "project"), (422, "1,000"), (301, "moved"), (400, "see"),
])
func `what sending again cannot mend has a hint`(status: Int, word: String) {
    let found = refusal(answer(status, #"{"message":"No"}"#))
    #expect(found?.hint.contains(word) == true)
    #expect(found?.reason == "GitHub answers \(status): No")
    #expect(found?.failure.disposition == .stalled)
}

@Test func `what a forge says is quoted on one line, whatever its form`() {
    let object = #"{"message":{"base":["a\nb"]}}"#
    let quoted = refusal(answer(400, object, on: .gitlab))?.reason
    #expect(quoted?.contains(#"{"base":["a\nb"]}"#) == true)
    #expect(refusal(answer(404, "<html>login</html>"))?.reason == "GitHub answers 404")
    let long = #"{"error":"\#(String(repeating: "x", count: 5_000))"}"#
    #expect((refusal(answer(404, long))?.reason.count ?? 1_000) < 250)
    #expect(refusal(answer(404, #"{"message":"a\nb\u001b"}"#))?.reason == "GitHub answers 404: a b")
}

@Test(arguments: 0..<5 as Range<UInt64>)
func `no answer breaks the reader`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let texts = ["{", "[", "null", "[{}]", #"{"statuses":[{}]}"#, #"{"message":"#, "\"", "1"]
    for _ in 0..<500 {
        let status = Int.random(in: -10...700, using: &random)
        let noise = random.bytes(0..<40)
        let body = Array((texts.randomElement(using: &random) ?? "").utf8) + noise
        let headers = [
            "retry-after": String(decoding: random.bytes(0..<30), as: UTF8.self),
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": String(decoding: random.bytes(0..<20), as: UTF8.self),
        ]
        for kind in Forge.Kind.allCases {
            let found = interpret(
                status: status, headers: headers, body: body, for: kind, now: now)
            #expect((found == .confirmed) == (200..<300).contains(status), "seed \(seed)")
        }
    }
}
