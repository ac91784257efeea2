import Domain

/// GitHub's limit, which is the smallest.
private let descriptionCharactersMax = 140

/// Returns the call that makes the forge show the status.
package func request(for status: CommitStatus, on forge: Forge) -> ForgeRequest {
    let name = forge.kind == .gitlab ? "name" : "context"
    let body = JSONValue.members([
        "state": status.state.word(on: forge.kind), name: status.context,
        "description": oneLine(status.description, max: descriptionCharactersMax),
        "target_url": webAddress(status.targetURL),
    ])
    return ForgeRequest(
        .post, "\(forge.projectURL)/statuses/\(status.commit)", on: forge, body: body.jsonBytes)
}

/// Returns the call that asks for a page, from 1, of what the forge shows beside the commit.
package func reading(of status: CommitStatus, page: Int = 1, on forge: Forge) -> ForgeRequest {
    let query = AnswerPages.query(page, on: forge.kind)
    let url =
        switch forge.kind {
        case .github, .gitea: "/commits/\(status.commit)/status?\(query)"
        case .gitlab:
            "/repository/commits/\(status.commit)/statuses"
                + "?name=\(percentEncoded(status.context))&\(query)"
        }
    return ForgeRequest(.get, forge.projectURL + url, on: forge)
}

/// Whether a forge shows a status.
package enum StatusReading: Hashable, Sendable {
    case there
    /// It shows this word instead.
    case other(String)
    case absent
    /// It is not on the page that was read; this is the next one.
    case readOn(page: Int)
}

/// Reads a page of the answer to `reading(of:page:on:)`, whose HTTP status was 200.
package func statusReading(
    of status: CommitStatus, in body: [UInt8], page: Int = 1, on forge: Forge
) throws(ForgesError) -> StatusReading {
    let asked = "the statuses of commit \(status.commit.short)"
    let entries: [Shown]
    switch forge.kind {
    case .github, .gitea:
        entries = try decodeAnswer(Combined.self, body, asked: asked).statuses ?? []
    case .gitlab: entries = try decodeAnswer([Shown].self, body, asked: asked)
    }
    // Because a commit in several pipelines of GitLab has several: the newest is what is shown.
    let ours = entries.filter { $0.about?.lowercased() == status.context }
    if let shown = ours.max(by: { $0.id ?? 0 < $1.id ?? 0 }) {
        let word = shown.word ?? ""
        return word == status.state.word(on: forge.kind) ? .there : .other(word)
    }
    let next = try AnswerPages.next(
        after: page, count: entries.count, on: forge.kind, asked: asked)
    return next.map { .readOn(page: $0) } ?? .absent
}

/// GitHub and Gitea answer with the newest status of each context.
private struct Combined: Decodable { var statuses: [Shown]? }

/// GitHub says `context` and `state`, Gitea `context` and `status`, GitLab `name` and `status`.
private struct Shown: Decodable {
    var id: Int64?
    var context: String?
    var name: String?
    var state: String?
    var status: String?

    var about: String? { context ?? name }
    var word: String? { state ?? status }
}
