import Domain
import FoundationEssentials
import Testing

@testable import Forges

private func made(
    _ decision: Decision, sequence: Int = 5, link: String? = nil
) -> Notice? {
    notices(
        from: Sample.record(decision, sequence: sequence), source: Sample.source, link: link
    ).first
}

private let version = SemanticVersion(1, 0, 0)
private let data = Failure(
    "dataset `digits-train` failed validation: 1 violation; nothing was trained",
    .wait(for: "a commit that mends the data"))
private let live = AlreadyLive(
    environment: Sample.production, version: version, serving: Sample.serving, wouldPass: false)

@Test(arguments: [
    (
        Decision.failed(run: 17, failure: Failure("status 1", .wait(for: "a commit"))),
        NoticeEvent.runFailed, "digits: run digits/17 failed: status 1"
    ),
    (
        .failed(run: 17, failure: data), .dataBroken,
        "digits: run digits/17 failed: dataset `digits-train` failed validation: 1 violation; "
            + "nothing was trained"
    ),
    (
        .judged(Sample.judgement(passed: false)), .gateFailed,
        "digits: the gate stopped 1111111: recall.each_class_at_least (class 8) is 0.8765, "
            + "the limit is 0.9"
    ),
    (
        .judged(Sample.judgement(passed: true)), .waitingForReview,
        "digits: 1111111 waits for review"
    ),
    (.seen(Sample.tag()), .approved, "digits: ann@example.com approved eeeeeeeeeeeeeeee"),
    (
        .seen(Sample.tag(refusal: "it is not signed")), .problem,
        "digits: the tag `approve/digits/eeeeeeeeeeeeeeee/ann` does not count: it is not signed"
    ),
    (
        .rejected(evidence: Sample.evidenceID, by: Sample.bob), .rejected,
        "digits: bob@example.com rejected eeeeeeeeeeeeeeee"
    ),
    (.released(Sample.release), .released, "digits: v1.0.0 is released"),
    (
        .assigned(Sample.assignment(Sample.approved)), .deployed,
        "digits: v1.0.0 goes to production"
    ),
    (
        .assigned(Sample.assignment(.reverted)), .rolledBack,
        "digits: production goes back to v1.0.0"
    ),
    (
        .held(environment: Sample.production, version: version), .held,
        "digits: v1.0.0 is on hold in production"
    ),
    (
        .unassigned(Unassignment(environment: Sample.production, number: 2, commits: [])),
        .removed,
        "digits: removed from production"
    ),
    (
        .alreadyLive(live), .problem,
        "digits: v1.0.0 in production would no longer pass the gate"
    ),
])
func `people are told of what was decided`(
    decision: Decision, event: NoticeEvent, title: String
) throws {
    let notice = try #require(made(decision))
    #expect(notice.event == event && notice.title == title)
    #expect(notice.model == Sample.model && notice.at == Sample.at)
    #expect(notice.text.contains(Sample.commit("1").hex))
}

@Test func `of what is only on its way nobody is told`() {
    let passing = AlreadyLive(
        environment: Sample.production, version: version, serving: Sample.serving, wouldPass: nil)
    let silent: [Decision] = [
        .started(run: 1, candidate: Sample.candidate), .superseded(by: Sample.commit("2")),
        .removed, .seen(Sample.tag(.reject)), .alreadyLive(passing),
        .lifted(
            environment: Sample.production, version: version, evidence: Sample.evidenceID),
    ]
    for decision in silent { #expect(made(decision) == nil) }
}

@Test func `a notice has the same id whenever it is made, and no other has it`() throws {
    let decision = Decision.released(Sample.release)
    let one = try #require(made(decision))
    #expect(one == made(decision))
    #expect(one.id.hasPrefix("msg_") && one.id.utf8.count == 36 && !one.id.contains("."))
    var ids: Set = [one.id]
    for sequence in 100..<200 {
        let other = try #require(made(decision, sequence: sequence))
        #expect(ids.insert(other.id).inserted)
    }
    let elsewhere = NoticeSource(instance: Sample.instance, repository: "vision/other")
    let other = notices(from: Sample.record(decision, sequence: 5), source: elsewhere)
    #expect(other.count == 1 && ids.insert(other[0].id).inserted)
    let parts = [("a", "bc"), ("ab", "c")].map { repository, key in
        Notice(
            .problem, key: key,
            from: NoticeSource(instance: Sample.instance, repository: repository),
            title: "", text: "", at: Sample.at
        ).id
    }
    #expect(parts[0] != parts[1])
}

@Test func `evidence that waits again is the same event, and other evidence another`() throws {
    let judgement = Sample.judgement(passed: true)
    let one = try #require(made(.judged(judgement), sequence: 5))
    #expect(try #require(made(.judged(judgement), sequence: 9)).id == one.id)
    var other = judgement
    other.evidenceDigest = Sample.digest("7")
    #expect(try #require(made(.judged(other), sequence: 9)).id != one.id)
    let stopped = Decision.judged(Sample.judgement(passed: false))
    #expect(made(stopped, sequence: 5)?.id != made(stopped, sequence: 9)?.id)
}

@Test func `a notice about policy is read as it was written`() throws {
    var notice = try #require(made(.seen(Sample.tag())))
    for name in [ModelName.policy, Sample.model] {
        notice.model = name
        let bytes = try JSONEncoder().encode(notice)
        #expect(try JSONDecoder().decode(Notice.self, from: bytes) == notice)
    }
}

@Test func `problems and changed policies have notices of their own`() {
    let problem = Notice.problem(
        Failure("the disk is full", at: "/data", hint: "make room"), key: "disk",
        from: Sample.source, at: Sample.at)
    #expect(problem.title == "the disk is full")
    #expect(problem.text == "the disk is full\nwhere: /data\nhint: make room")
    let policy = Notice.policyChanged(
        to: Sample.digest("3"), by: "approved by ann", from: Sample.source, at: Sample.at)
    #expect(policy.event == .policyChanged && policy.title.contains("333333333333"))
}

@Test func `a mail's subject is one line, whatever was said`() {
    let notice = Notice(
        .problem, key: "k", from: Sample.source,
        title: "a\r\nBcc: everybody@example.com" + String(repeating: "x", count: 300),
        text: "first\r\nsecond\u{0}", link: "https://ci.example.com/x", at: Sample.at)
    let mail = notice.mail
    #expect(mail.subject.hasPrefix("[slipway] a Bcc: everybody@example.com"))
    #expect(mail.subject.utf8.allSatisfy { $0 >= 32 } && mail.subject.utf16.count <= 200)
    #expect(mail.text.contains("first \nsecond \n") && !mail.text.contains("\r"))
    #expect(mail.text.contains("https://ci.example.com/x\n") && mail.id == notice.id)
}

private struct Slack: Decodable {
    struct Text: Decodable {
        var type: String
        var text: String
    }
    struct Block: Decodable {
        var type: String
        var text: Text?
        var elements: [Text]?
    }
    var text: String
    var blocks: [Block]
}

@Test func `Slack is sent text that commands nobody`() throws {
    let notice = Notice(
        .gateFailed, key: "k", from: Sample.source, title: "<!channel> & @here \"x\"",
        text: "a < b\n<https://evil.example|click>", link: "https://ci.example.com/?a=1&b=2",
        at: Sample.at)
    let slack = try JSONDecoder().decode(Slack.self, from: Data(notice.slackBody))
    #expect(slack.text == "&lt;!channel&gt; &amp; @\u{200B}here \"x\"")
    #expect(slack.blocks.map(\.type) == ["section", "section", "context"])
    #expect(slack.blocks[0].text?.text == "*\(slack.text)*")
    #expect(
        slack.blocks[1].text?.text == "a &lt; b\n&lt;https://evil.example|click&gt;")
    #expect(
        slack.blocks[2].elements?.first?.text
            == "<https://ci.example.com/?a=1&amp;b=2|Details> · gate-failed, \(Sample.at)")
}

@Test func `Slack's limits hold for the worst of texts`() throws {
    let notice = Notice(
        .problem, key: "k", from: Sample.source, title: String(repeating: "&", count: 9_000),
        text: String(repeating: "<", count: 50_000), at: Sample.at)
    let slack = try JSONDecoder().decode(Slack.self, from: Data(notice.slackBody))
    for block in slack.blocks { #expect((block.text?.text.utf16.count ?? 0) <= 3_000) }
    #expect(slack.blocks[1].text?.text.hasSuffix("&lt;…") == true)
}

private struct Hook: Decodable {
    struct Content: Decodable {
        var model: String?
        var environment: String?
        var title: String
        var text: String
        var link: String?
    }
    var id: String
    var type: String
    var timestamp: String
    var data: Content
}

@Test func `a webhook is signed so that the receiver's own check accepts it`() throws {
    let secret = Array("whsec_c2Vjb25kIHNlY3JldA==".utf8)
    let notice = try #require(made(.assigned(Sample.assignment(Sample.approved))))
    let now = Instant(seconds: 1_800_000_000)
    let keys = [
        try SigningKey(secret: Array("new".utf8)), try SigningKey(secret: secret),
    ]
    let hook = notice.hook(keys: keys, at: now)
    #expect(hook.headers["webhook-timestamp"] == "1800000000")
    #expect(hook.headers["webhook-signature"]?.split(separator: " ").count == 2)
    for accepted in [secret, Array("new".utf8)] {
        let verdict = verifyWebhook(
            kind: .gitlab, headers: hook.headers, body: hook.body, secrets: [accepted], now: now)
        #expect(
            verdict == .accepted(WebhookHint(deliveryID: notice.id, event: "unknown")))
    }
    let body = try JSONDecoder().decode(Hook.self, from: Data(hook.body))
    #expect(body.id == notice.id && body.type == "deployed")
    #expect(body.timestamp == Sample.at.description)
    #expect(body.data.model == "digits" && body.data.environment == "production")
    #expect(body.data.title == notice.title && body.data.text == notice.text)
    let later = notice.hook(keys: keys, at: now.advanced(bySeconds: 60))
    #expect(later.body == hook.body && later.headers["webhook-id"] == notice.id)
    #expect(notice.hook(keys: [], at: now).headers["webhook-signature"] == nil)
}

@Test func `text of any kind is JSON`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
        let text = String(decoding: random.bytes(0..<80), as: UTF8.self)
        let value = JSONValue.object([text: .array([.string(text), .null, .number(.nan)])])
        let back = try JSONDecoder().decode(JSONValue.self, from: Data(value.jsonBytes))
        #expect(back == .object([text: .array([.string(text), .null, .null])]))
    }
}

@Test(arguments: [
    ([], true), (["*"], true), (["digits"], true), (["digit"], false), (["dig*"], true),
    (["*its"], true), (["d?gits"], true), (["?"], false), (["other", "d*s"], true),
    (["*", "!digits"], false), (["!digits"], false), (["!other"], true),
    (["!dig*", "digits"], true), (["**i**s*"], true), ([""], false),
])
func `a channel is told of the models that it names`(patterns: [String], isWanted: Bool) throws {
    let notice = try #require(made(.released(Sample.release)))
    #expect(NoticeFilter(models: patterns).wants(notice) == isWanted)
    let general = Notice.problem(
        Failure("x"), key: "k", from: Sample.source, at: Sample.at)
    #expect(NoticeFilter(models: patterns).wants(general))
}

@Test func `a channel is told of the events that it names`() throws {
    let notice = try #require(made(.released(Sample.release)))
    #expect(NoticeFilter(events: [.released, .held]).wants(notice))
    #expect(!NoticeFilter(events: [.held]).wants(notice))
    #expect(!NoticeFilter(events: []).wants(notice))
    #expect(!NoticeFilter(events: [.released], models: ["other"]).wants(notice))
}

@Test func `a notice survives an outbox`() throws {
    let notice = try #require(made(.released(Sample.release), link: "https://x.example/1"))
    let stored = try JSONEncoder().encode(notice)
    #expect(try JSONDecoder().decode(Notice.self, from: stored) == notice)
}
