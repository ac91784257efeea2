import Domain
import FoundationEssentials
import Testing

@testable import Forges

private func json(_ body: [UInt8]) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(body))
}

private let sha = String(repeating: "1", count: 40)

@Test func `GitHub is sent a status as its documentation says`() throws {
    let made = request(for: Sample.status(.running), on: try Sample.forge(.github))
    #expect(made.method == .post)
    #expect(made.url == "https://api.github.com/repos/octocat/hello/statuses/\(sha)")
    #expect(made.headers["accept"] == "application/vnd.github+json")
    #expect(made.headers["user-agent"] == "slipway")
    #expect(
        try json(made.body)
            == .object([
                "state": .string("pending"), "context": .string("slipway/lab/digits/gate"),
                "description": .string("words"),
                "target_url": .string("https://ci.example.com/digits/17"),
            ]))
}

@Test func `GitLab is sent a status with its path in one segment`() throws {
    let made = request(for: Sample.status(.running), on: try Sample.forge(.gitlab))
    #expect(
        made.url == "https://gitlab.com/api/v4/projects/group%2Fsub.group%2Fproj/statuses/\(sha)")
    #expect(
        try json(made.body)
            == .object([
                "state": .string("running"), "name": .string("slipway/lab/digits/gate"),
                "description": .string("words"),
                "target_url": .string("https://ci.example.com/digits/17"),
            ]))
}

@Test func `Gitea is sent a status below its own API`() throws {
    let made = request(for: Sample.status(.failure), on: try Sample.forge(.gitea))
    #expect(made.url == "https://git.example.com/api/v1/repos/me/models/statuses/\(sha)")
    guard case .object(let members) = try json(made.body) else { return #expect(Bool(false)) }
    #expect(members["state"] == .string("failure"))
}

@Test(arguments: [
    (CommitStatus.State.queued, ["pending", "pending", "pending"]),
    (.running, ["pending", "running", "pending"]),
    (.success, ["success", "success", "success"]),
    (.failure, ["failure", "failed", "failure"]),
    (.error, ["error", "failed", "error"]),
    (.cancelled, ["error", "canceled", "warning"]),
])
func `each state has its word on each forge, and only success is green`(
    state: CommitStatus.State, words: [String]
) {
    #expect([Forge.Kind.github, .gitlab, .gitea].map { state.word(on: $0) } == words)
    #expect(words.contains("success") == (state == .success))
}

@Test func `a description is one line of at most 140 characters`() throws {
    let long = "first\nsecond\t\u{202E}third \u{1B}[31m" + String(repeating: "é🙂", count: 100)
    let made = request(
        for: Sample.status(.success, description: long), on: try Sample.forge(.github))
    guard case .object(let members) = try json(made.body),
        case .string(let text)? = members["description"]
    else { return #expect(Bool(false)) }
    #expect(text.hasPrefix("first second third [31mé🙂"))
    #expect(text.hasSuffix("…") && text.utf16.count <= 140 && text.utf16.count >= 138)
}

@Test func `an address that is none is not sent`() throws {
    for wrong in ["javascript:alert(1)", "https://a b", "", "https://x/\"y"] {
        var status = Sample.status(.success)
        status.targetURL = wrong
        let made = request(for: status, on: try Sample.forge(.github))
        guard case .object(let members) = try json(made.body) else { return #expect(Bool(false)) }
        #expect(members["target_url"] == nil)
    }
}

@Test(arguments: [
    (Forge.Kind.github, "authorization", "Bearer s3cret"),
    (.gitlab, "private-token", "s3cret"), (.gitea, "authorization", "token s3cret"),
])
func `the token goes into the forge's header and shows nowhere else`(
    kind: Forge.Kind, header: String, value: String
) throws {
    let made = request(for: Sample.status(.success), on: try Sample.forge(kind))
    let sent = made.authorise(token: try ForgeToken(" s3cret\n"))
    #expect(sent.headers[header] == value)
    #expect(sent.headers.filter { $0.key != header } == made.headers)
    var dumped = ""
    dump(sent, to: &dumped)
    for shown in ["\(sent)", String(reflecting: sent), "\(made)", dumped] {
        #expect(!shown.contains("s3cret"))
    }
    #expect("\(sent)" == "POST \(made.url)")
}

@Test(arguments: ["", "  \n", "a\nb", "a b", "a\r\nX-Evil: 1", "tökén"])
func `what no header can carry is no token`(text: String) {
    #expect(throws: ForgesError.tokenWrong) { try ForgeToken(text) }
}

@Test(arguments: [
    "", "api.github.com", "ftp://x", "https://", "https://user:pw@host/api", "https://x/?a=1",
    "https://x/#f", "https://x y", "file:///etc/passwd",
])
func `what is no address of an API is refused`(address: String) {
    #expect(throws: ForgesError.addressWrong(address)) {
        try Forge(kind: .github, apiURL: address, project: "a/b")
    }
}

@Test(arguments: ["", "a", "a/", "/b", "a/b/c", "a/..", "./b", "a/b\n"])
func `what is no project is refused`(project: String) {
    #expect(throws: ForgesError.projectWrong(project)) {
        try Forge(kind: .github, apiURL: "https://api.github.com", project: project)
    }
}

@Test func `a project of GitLab may have groups or be a number`() throws {
    for project in ["a/b", "a/b/c/d", "42"] {
        _ = try Forge(kind: .gitlab, apiURL: "https://gitlab.com/api/v4", project: project)
    }
    for project in ["a", "a//b", "a/../b"] {
        #expect(throws: ForgesError.projectWrong(project)) {
            try Forge(kind: .gitlab, apiURL: "https://gitlab.com/api/v4", project: project)
        }
    }
}

@Test func `every error has a sentence`() {
    let errors: [ForgesError] = [
        .addressWrong("x"), .projectWrong("x"), .tokenWrong, .signingKeyWrong,
        .answerUnreadable(asked: "x", detail: "y"), .answerEndless(asked: "x", pages: 50),
    ]
    for error in errors { #expect("\(error)".count > 20 && "\(error)" == error.failure.what) }
}
