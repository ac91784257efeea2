import Domain
import FoundationEssentials
import Testing

@testable import Forges

private let commit = Sample.commit("1")
private let wanted = StickyComment(
    instance: Sample.instance, model: Sample.model, markdown: "## digits\nwaits for review\n")

private func page(
    _ comments: ForgeComment..., next: Int? = nil
) -> AnswerPage<ForgeComment> {
    AnswerPage(entries: comments, next: next)
}

private func ours(_ id: Int64, _ text: String = "old", by author: String? = "bot") -> ForgeComment {
    ForgeComment(id: id, author: author, body: "<!-- slipway:lab:digits -->\n" + text)
}

private let foreign = ForgeComment(id: 1, author: "ann", body: "looks good")

// MARK: the plan

@Test func `the comment is made when there is none`() {
    #expect(commentPlan(existing: [page(foreign)], wanted: wanted) == .create)
    #expect(commentPlan(existing: [page()], wanted: wanted) == .create)
}

@Test func `the comment is edited in place, and not at all when it says the same`() {
    #expect(commentPlan(existing: [page(foreign, ours(7))], wanted: wanted) == .edit(7))
    let same = ForgeComment(id: 7, author: "bot", body: wanted.body)
    #expect(commentPlan(existing: [page(same)], wanted: wanted) == .none)
    var changed = same
    changed.body = wanted.body.replacing("\n", with: "\r\n") + "\n\n"
    #expect(commentPlan(existing: [page(changed)], wanted: wanted) == .none)
}

@Test func `before the list's end no second comment is made`() {
    #expect(commentPlan(existing: [], wanted: wanted) == .readOn(page: 1))
    #expect(commentPlan(existing: [page(foreign, next: 2)], wanted: wanted) == .readOn(page: 2))
    #expect(
        commentPlan(existing: [page(foreign, next: 2), page(ours(9))], wanted: wanted) == .edit(9))
    #expect(
        commentPlan(existing: [page(foreign, next: 2), page(foreign)], wanted: wanted) == .create)
    #expect(commentPlan(existing: [page(ours(5), next: 2)], wanted: wanted) == .edit(5))
}

@Test func `of two after a race the older one is edited`() {
    #expect(commentPlan(existing: [page(ours(9), ours(4))], wanted: wanted) == .edit(4))
}

@Test func `comments of other models, instances and people are not ours`() {
    let quoting = ForgeComment(id: 2, author: "ann", body: "> " + wanted.body)
    let otherModel = ForgeComment(id: 3, author: "bot", body: "<!-- slipway:lab:digits-2 -->\nx")
    let otherInstance = ForgeComment(id: 4, author: "bot", body: "<!-- slipway:lab2:digits -->\nx")
    #expect(
        commentPlan(existing: [page(quoting, otherModel, otherInstance)], wanted: wanted)
            == .create)
    let forged = ours(5, by: "mallory")
    #expect(commentPlan(existing: [page(forged)], wanted: wanted, account: "Bot") == .create)
    let both = [page(forged, ours(6))]
    #expect(commentPlan(existing: both, wanted: wanted, account: "Bot") == .edit(6))
}

@Test func `what stands behind the mark has its room`() {
    let room = StickyComment.markdownUnitsMax(Sample.instance, Sample.model)
    let long = StickyComment(
        instance: Sample.instance, model: Sample.model,
        markdown: String(repeating: "🙂", count: room / 2))
    #expect(long.body.hasPrefix("<!-- slipway:lab:digits -->\n🙂"))
    #expect((59_999...60_000).contains(long.body.utf16.count))
}

/// However pages are lost, repeated and read late, there is one comment in the end.
@Test(arguments: 0..<20 as Range<UInt64>)
func `however often it is told, there is one comment`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var forge = (1...Int.random(in: 1...9, using: &random)).map {
        ForgeComment(id: Int64($0), author: "ann", body: "comment \($0)")
    }
    let size = 3
    for round in 0..<20 {
        let now = StickyComment(
            instance: Sample.instance, model: Sample.model, markdown: "round \(round / 2)")
        var pages: [AnswerPage<ForgeComment>] = []
        reading: while true {
            switch commentPlan(existing: pages, wanted: now, account: "bot") {
            case .none: break reading
            case .create:
                forge.append(
                    ForgeComment(id: Int64(forge.count + 1), author: "bot", body: now.body))
                break reading
            case .edit(let id):
                for index in forge.indices where forge[index].id == id {
                    forge[index].body = now.body
                }
                break reading
            case .readOn(let number):
                let part = Array(forge.dropFirst((number - 1) * size).prefix(size))
                pages.append(
                    AnswerPage(entries: part, next: part.count == size ? number + 1 : nil))
            }
        }
        if Bool.random(using: &random) {
            forge.append(ForgeComment(id: Int64(forge.count + 1), author: "bob", body: "!"))
        }
        #expect(forge.filter { now.isMarked($0) }.count == 1, "seed \(seed)")
        #expect(forge.contains { $0.body == now.body }, "seed \(seed)")
    }
}

// MARK: calls and answers

@Test func `pull requests of a commit are asked for as each forge wants it`() throws {
    let urls = try Forge.Kind.allCases.map {
        pullRequestsRequest(of: commit, on: try Sample.forge($0)).url
    }
    #expect(
        urls == [
            "https://api.github.com/repos/octocat/hello/commits/\(commit)/pulls"
                + "?per_page=100&page=1",
            "https://gitlab.com/api/v4/projects/group%2Fsub.group%2Fproj/repository/commits/"
                + "\(commit)/merge_requests?per_page=100&page=1",
            "https://git.example.com/api/v1/repos/me/models/pulls?state=open&limit=50&page=1",
        ])
}

@Test func `pull requests are read from each forge's answer`() throws {
    func read(_ body: String, _ kind: Forge.Kind) throws -> AnswerPage<PullRequest> {
        try pullRequests(of: commit, in: Array(body.utf8), on: try Sample.forge(kind))
    }
    let one = PullRequest(number: 7, isOpen: true, head: commit)
    let github = """
        [{"number": 7, "state": "open", "head": {"ref": "x", "sha": "\(commit)"}, "id": 1},
         {"number": 6, "state": "closed", "head": {"sha": "\(Sample.commit("2"))"}}]
        """
    let closed = PullRequest(number: 6, isOpen: false, head: Sample.commit("2"))
    #expect(try read(github, .github) == AnswerPage(entries: [one, closed], next: nil))
    let gitlab = #"[{"id": 900, "iid": 7, "state": "opened", "sha": "\#(commit)"}]"#
    #expect(try read(gitlab, .gitlab) == AnswerPage(entries: [one], next: nil))
    // Gitea lists all that are open, and may have more.
    let gitea = github.replacing("closed", with: "open")
    #expect(try read(gitea, .gitea) == AnswerPage(entries: [one], next: 2))
    #expect(try read("[]", .gitea) == AnswerPage(entries: [], next: nil))
    #expect(throws: ForgesError.self) { try read(#"{"message": "no"}"#, .github) }
}

@Test func `comments are read, made and edited as each forge wants it`() throws {
    let (github, gitlab, gitea) = (
        try Sample.forge(.github), try Sample.forge(.gitlab), try Sample.forge(.gitea)
    )
    let project = "https://gitlab.com/api/v4/projects/group%2Fsub.group%2Fproj"
    #expect(
        [github, gitlab, gitea].map { commentsRequest(under: 7, page: 2, on: $0).url } == [
            "https://api.github.com/repos/octocat/hello/issues/7/comments?per_page=100&page=2",
            project + "/merge_requests/7/notes?per_page=100&page=2",
            "https://git.example.com/api/v1/repos/me/models/issues/7/comments",
        ])
    #expect(
        [github, gitlab, gitea].map { "\(createComment(wanted, under: 7, on: $0))" } == [
            "POST https://api.github.com/repos/octocat/hello/issues/7/comments",
            "POST " + project + "/merge_requests/7/notes",
            "POST https://git.example.com/api/v1/repos/me/models/issues/7/comments",
        ])
    #expect(
        [github, gitlab, gitea].map { "\(editComment(5, to: wanted, under: 7, on: $0))" } == [
            "PATCH https://api.github.com/repos/octocat/hello/issues/comments/5",
            "PUT " + project + "/merge_requests/7/notes/5",
            "PATCH https://git.example.com/api/v1/repos/me/models/issues/comments/5",
        ])
    let body = createComment(wanted, under: 7, on: gitea).body
    let sent = try JSONDecoder().decode([String: String].self, from: Data(body))
    #expect(sent == ["body": wanted.body])
    #expect(ownAccountRequest(on: gitlab).url == "https://gitlab.com/api/v4/user")
    #expect(try ownAccount(in: Array(#"{"login": "bot", "id": 1}"#.utf8)) == "bot")
    #expect(try ownAccount(in: Array(#"{"username": "bot"}"#.utf8)) == "bot")
    #expect(throws: ForgesError.self) { try ownAccount(in: Array("{}".utf8)) }
}

@Test func `comments are read from each forge's answer`() throws {
    func read(_ body: String, _ kind: Forge.Kind) throws -> AnswerPage<ForgeComment> {
        try comments(in: Array(body.utf8), on: try Sample.forge(kind))
    }
    let one = ForgeComment(id: 5, author: "bot", body: "x")
    let github = #"[{"id": 5, "body": "x", "user": {"login": "bot", "id": 1}}]"#
    #expect(try read(github, .github) == AnswerPage(entries: [one], next: nil))
    #expect(try read(github, .gitea) == AnswerPage(entries: [one], next: nil))
    let gitlab = """
        [{"id": 5, "body": "x", "author": {"username": "bot"}, "system": false},
         {"id": 6, "body": "added 1 commit", "author": {"username": "ann"}, "system": true}]
        """
    #expect(try read(gitlab, .gitlab) == AnswerPage(entries: [one], next: nil))
    let ghost = #"[{"id": 5, "body": null, "user": null}]"#
    let nobody = ForgeComment(id: 5, author: nil, body: "")
    #expect(try read(ghost, .github) == AnswerPage(entries: [nobody], next: nil))
    let full = "[" + Array(repeating: #"{"id": 1}"#, count: 100).joined(separator: ",") + "]"
    #expect(try read(full, .github).next == 2)
    #expect(throws: ForgesError.self) { try read("<html>", .github) }
}
