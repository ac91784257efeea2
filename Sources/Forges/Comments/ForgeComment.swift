import Domain

/// A comment under a pull request.
package struct ForgeComment: Hashable, Sendable {
    package var id: Int64
    /// The login name; nil: the forge does not say.
    package var author: String?
    package var body: String

    package init(id: Int64, author: String?, body: String) {
        self.id = id
        self.author = author
        self.body = body
    }
}

/// Returns the call for a page, from 1, of a pull request's comments.
package func commentsRequest(
    under number: Int, page: Int = 1, on forge: Forge
) -> ForgeRequest {
    let query = AnswerPages.query(page, on: forge.kind)
    let url = forge.commentsURL(number)
    // Because Gitea gives out all comments at once and knows no pages here.
    return ForgeRequest(.get, forge.kind == .gitea ? url : "\(url)?\(query)", on: forge)
}

/// Reads the answer to `commentsRequest(under:page:on:)`, whose HTTP status was 200.
package func comments(
    in body: [UInt8], page: Int = 1, on forge: Forge
) throws(ForgesError) -> AnswerPage<ForgeComment> {
    let asked = "the comments of a pull request"
    let listed = try decodeAnswer([Listed].self, body, asked: asked)
    let comments = listed.filter { $0.system != true }.map(\.comment)
    guard forge.kind != .gitea else { return AnswerPage(entries: comments, next: nil) }
    let next = try AnswerPages.next(
        after: page, count: listed.count, on: forge.kind, asked: asked)
    return AnswerPage(entries: comments, next: next)
}

/// Returns the call that writes a comment under a pull request.
package func createComment(
    _ comment: StickyComment, under number: Int, on forge: Forge
) -> ForgeRequest {
    ForgeRequest(.post, forge.commentsURL(number), on: forge, body: comment.json)
}

/// Returns the call that replaces a comment's text.
package func editComment(
    _ id: Int64, to comment: StickyComment, under number: Int, on forge: Forge
) -> ForgeRequest {
    switch forge.kind {
    case .github, .gitea:
        ForgeRequest(
            .patch, "\(forge.projectURL)/issues/comments/\(id)", on: forge, body: comment.json)
    case .gitlab:
        ForgeRequest(
            .put, "\(forge.commentsURL(number))/\(id)", on: forge, body: comment.json)
    }
}

/// Returns the call that asks whose token it is; tokens of GitHub Apps may not ask.
package func ownAccountRequest(on forge: Forge) -> ForgeRequest {
    ForgeRequest(.get, forge.apiURL + "/user", on: forge)
}

/// Reads the login name in the answer to `ownAccountRequest(on:)`.
package func ownAccount(in body: [UInt8]) throws(ForgesError) -> String {
    let asked = "its own account"
    guard let name = try decodeAnswer(Account.self, body, asked: asked).name else {
        throw .answerUnreadable(asked: asked, detail: "it has no name")
    }
    return name
}

extension Forge {
    fileprivate func commentsURL(_ number: Int) -> String {
        switch kind {
        case .github, .gitea: "\(projectURL)/issues/\(number)/comments"
        case .gitlab: "\(projectURL)/merge_requests/\(number)/notes"
        }
    }
}

extension StickyComment {
    fileprivate var json: [UInt8] { JSONValue.members(["body": body]).jsonBytes }
}

/// GitHub and Gitea: `user.login`; GitLab: `author.username`, and `system` for its own lines.
private struct Listed: Decodable {
    var id: Int64
    var body: String?
    var user: Account?
    var author: Account?
    var system: Bool?

    var comment: ForgeComment {
        ForgeComment(id: id, author: user?.name ?? author?.name, body: body ?? "")
    }
}

private struct Account: Decodable {
    var login: String?
    var username: String?

    var name: String? { login ?? username }
}
