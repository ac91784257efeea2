import Domain
package import Forges
package import Transfer

/// The forge that is told how far commits have come: `forge` in `config.json`.
package struct ForgeSettings: Hashable, Codable, Sendable {
    package var kind: Forge.Kind
    /// nil: `https://api.github.com`, which is right for GitHub alone.
    package var apiURL: String?
    package var project: String
    /// Where the token is; exactly one of the two.
    package var tokenFile: String?
    package var tokenEnvironment: String?
    package var tokenHeader: Forge.TokenHeader?
    /// Certificates (PEM) that are trusted besides the system's.
    package var authoritiesFile: String?
    /// Whether pull requests get a comment; nil: they do.
    package var comments: Bool?

    package init(
        kind: Forge.Kind, apiURL: String?, project: String, tokenFile: String? = nil,
        tokenEnvironment: String? = nil, authoritiesFile: String? = nil, comments: Bool? = nil
    ) {
        self.kind = kind
        self.apiURL = apiURL
        self.project = project
        self.tokenFile = tokenFile
        self.tokenEnvironment = tokenEnvironment
        self.authoritiesFile = authoritiesFile
        self.comments = comments
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, apiURL, project, tokenFile, tokenEnvironment, tokenHeader, authoritiesFile
        case comments
    }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(CodingKeys.self, decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.choice(of: Forge.Kind.allCases, .kind)
        apiURL = try values.decodeIfPresent(String.self, forKey: .apiURL)
        project = try values.decode(String.self, forKey: .project)
        tokenFile = try values.decodeIfPresent(String.self, forKey: .tokenFile)
        tokenEnvironment = try values.decodeIfPresent(String.self, forKey: .tokenEnvironment)
        tokenHeader = try values.choiceIfPresent(
            of: [.bearer, .token, .privateToken], .tokenHeader)
        authoritiesFile = try values.decodeIfPresent(String.self, forKey: .authoritiesFile)
        comments = try values.decodeIfPresent(Bool.self, forKey: .comments)
    }
}

/// Who is told of what, and how: one of `channels` in `config.json`.
package struct ChannelSettings: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        case mail, slack, webhook
    }

    package var name: String
    package var kind: Kind
    /// nil: all.
    package var events: [NoticeEvent]?
    /// Patterns as `NoticeFilter` reads them; nil: all.
    package var models: [String]?
    /// Slack and webhooks: where to; one of the two, because the address of Slack is a secret.
    package var url: String?
    package var urlFile: String?
    /// Webhooks: the keys that sign, one a line.
    package var secretFile: String?
    /// Mail: `host` or `host:port`.
    package var server: String?
    package var from: String?
    package var to: [String]?
    package var security: MailServer.Security?
    package var user: String?
    package var passwordFile: String?
    /// Certificates (PEM) that are trusted besides the system's.
    package var authoritiesFile: String?

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, kind, events, models, url, urlFile, secretFile, server, from, to, security
        case user, passwordFile, authoritiesFile
    }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(CodingKeys.self, decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        kind = try values.choice(of: Kind.allCases, .kind)
        events = try values.choices(of: NoticeEvent.allCases, .events)
        models = try values.decodeIfPresent([String].self, forKey: .models)
        url = try values.decodeIfPresent(String.self, forKey: .url)
        urlFile = try values.decodeIfPresent(String.self, forKey: .urlFile)
        secretFile = try values.decodeIfPresent(String.self, forKey: .secretFile)
        server = try values.decodeIfPresent(String.self, forKey: .server)
        from = try values.decodeIfPresent(String.self, forKey: .from)
        to = try values.decodeIfPresent([String].self, forKey: .to)
        security = try values.choiceIfPresent(of: [.none, .startTLS, .tls], .security)
        user = try values.decodeIfPresent(String.self, forKey: .user)
        passwordFile = try values.decodeIfPresent(String.self, forKey: .passwordFile)
        authoritiesFile = try values.decodeIfPresent(String.self, forKey: .authoritiesFile)
    }

    /// Which notices it wants.
    var filter: NoticeFilter {
        NoticeFilter(events: events.map(Set.init), models: models ?? [])
    }
}
