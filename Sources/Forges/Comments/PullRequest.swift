package import Domain

/// A pull or merge request, as far as reporting needs it.
package struct PullRequest: Hashable, Sendable {
    package var number: Int
    package var isOpen: Bool
    /// The newest commit of its branch; nil: the forge does not say.
    package var head: CommitID?

    package init(number: Int, isOpen: Bool, head: CommitID?) {
        self.number = number
        self.isOpen = isOpen
        self.head = head
    }
}

/// One page of a forge's list.
package struct AnswerPage<Entry: Hashable & Sendable>: Hashable, Sendable {
    package var entries: [Entry]
    /// The page to ask for next; nil: this is the last.
    package var next: Int?
}

/// Returns the call for a page, from 1, of the pull requests that a commit belongs to.
package func pullRequestsRequest(
    of commit: CommitID, page: Int = 1, on forge: Forge
) -> ForgeRequest {
    let query = AnswerPages.query(page, on: forge.kind)
    let path =
        switch forge.kind {
        case .github: "/commits/\(commit)/pulls?\(query)"
        case .gitlab: "/repository/commits/\(commit)/merge_requests?\(query)"
        case .gitea: "/pulls?state=open&\(query)"
        }
    return ForgeRequest(.get, forge.projectURL + path, on: forge)
}

/// Reads the answer to `pullRequestsRequest(of:page:on:)`, whose HTTP status was 200.
///
/// Gitea lists every open one, of which those are returned whose head is the commit.
package func pullRequests(
    of commit: CommitID, in body: [UInt8], page: Int = 1, on forge: Forge
) throws(ForgesError) -> AnswerPage<PullRequest> {
    let asked = "the pull requests of commit \(commit.short)"
    let listed = try decodeAnswer([Listed].self, body, asked: asked)
    let requests = listed.compactMap { $0.request }
    let next = try AnswerPages.next(
        after: page, count: listed.count, on: forge.kind, asked: asked)
    switch forge.kind {
    case .github, .gitlab: return AnswerPage(entries: requests, next: next)
    case .gitea: return AnswerPage(entries: requests.filter { $0.head == commit }, next: next)
    }
}

/// GitHub and Gitea: `number`, `state: open`, `head.sha`; GitLab: `iid`, `state: opened`, `sha`.
private struct Listed: Decodable {
    struct Head: Decodable { var sha: String? }

    var number: Int?
    var iid: Int?
    var state: String?
    var head: Head?
    var sha: String?

    var request: PullRequest? {
        guard let number = iid ?? number, number > 0 else { return nil }
        return PullRequest(
            number: number, isOpen: state == "open" || state == "opened",
            head: (head?.sha ?? sha).flatMap { CommitID($0) })
    }
}
