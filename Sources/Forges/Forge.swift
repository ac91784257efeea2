/// A project on a forge, as its API is spoken to.
package struct Forge: Hashable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        case github, gitlab
        /// Gitea and Forgejo.
        case gitea
    }

    /// The header that carries the token.
    package enum TokenHeader: String, Hashable, Codable, Sendable {
        /// `Authorization: Bearer …`: GitHub, and OAuth tokens of every forge.
        case bearer
        /// `Authorization: token …`: Gitea and Forgejo.
        case token
        /// `PRIVATE-TOKEN: …`: access tokens of GitLab.
        case privateToken = "private-token"
    }

    package let kind: Kind
    /// Without a slash at the end: `https://api.github.com`, `https://host/api/v4`.
    package let apiURL: String
    /// `owner/name`; on GitLab the whole path with its groups, or the project's number.
    package let project: String
    package let tokenHeader: TokenHeader

    /// Takes the token in the forge's usual header when `tokenHeader` is nil.
    package init(
        kind: Kind, apiURL: String, project: String, tokenHeader: TokenHeader? = nil
    ) throws(ForgesError) {
        var address = apiURL[...]
        while address.hasSuffix("/") { address.removeLast() }
        guard let url = webAddress(String(address)), url.utf8.count > "https://".utf8.count,
            !url.utf8.contains(where: { "@?#".utf8.contains($0) })
        else { throw .addressWrong(apiURL) }
        guard Self.isProject(project, on: kind) else { throw .projectWrong(project) }
        self.kind = kind
        self.apiURL = url
        self.project = project
        self.tokenHeader = tokenHeader ?? kind.usualHeader
    }

    private static func isProject(_ project: String, on kind: Kind) -> Bool {
        let parts = project.split(separator: "/", omittingEmptySubsequences: false)
        let areNames = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.utf8.allSatisfy { $0 > 32 && $0 != 127 }
        }
        switch kind {
        case .github, .gitea: return areNames && parts.count == 2
        case .gitlab: return areNames && (parts.count > 1 || Int(project) != nil)
        }
    }

    /// The address of the project in the API.
    var projectURL: String {
        switch kind {
        case .github, .gitea:
            apiURL + "/repos/"
                + project.split(separator: "/").map { percentEncoded(String($0)) }
                .joined(separator: "/")
        case .gitlab: apiURL + "/projects/" + percentEncoded(project)
        }
    }
}

extension Forge.Kind {
    fileprivate var usualHeader: Forge.TokenHeader {
        switch self {
        case .github: .bearer
        case .gitlab: .privateToken
        case .gitea: .token
        }
    }

    /// What the forge is called in sentences.
    var title: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .gitea: "the forge"
        }
    }
}
