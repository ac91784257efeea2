package import Domain
package import Forges
import FoundationEssentials
import Host
package import Review

/// What the daemon is told outside the repository: `<state>/config.json`.
///
/// It holds the first trust, so nothing that a commit brings can change it.
package struct DaemonConfiguration: Hashable, Codable, Sendable {
    /// A bare repository beside the daemon, or a remote by path, ssh or http(s).
    package var repository: String
    /// Address and port of the API: `127.0.0.1:7433`; port 0 lets the system pick.
    package var listen: String
    /// Who may approve at all, and how many must; a commit can only make it stricter.
    package var review: ReviewRule
    package var bot: Bot
    /// How often the repository is looked at while something happens, and always where neither
    /// hooks nor webhooks arrive.
    package var pollSeconds: Double
    /// The longest pause between two looks.
    package var pollSecondsMax: Double
    /// How many runs are under way at once, over all models.
    package var runsMax: Int
    /// Where forges say that something was pushed.
    package var webhooks: [WebhookConfiguration]
    /// What this daemon is called on forges and in notices; nil: `main`.
    package var instance: InstanceName?
    /// Where people reach the API; notices and statuses link there.
    package var publicURL: String?
    /// The forge that is told how far commits have come.
    package var forge: ForgeSettings?
    /// Who else is told of what.
    package var channels: [ChannelSettings]?
    /// From where data may be fetched that is not in git.
    package var sources: [SourceSettings]?
    /// How often a prefix that a dataset follows is looked at; nil: every 60 s.
    package var followSeconds: Double?
    /// The longest object that is fetched, and the most of a prefix that is followed; nil:
    /// 100 GiB.
    package var dataBytesMax: Int?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case repository, listen, review, bot, pollSeconds, pollSecondsMax, runsMax, webhooks
        case instance, publicURL, forge, channels, sources, followSeconds, dataBytesMax
    }

    /// In whose name the daemon writes commits and tags.
    package struct Bot: Hashable, Codable, Sendable {
        package var name: String
        package var email: String
        /// The file of an SSH private key without a passphrase, from the state folder unless
        /// absolute; nil: what the bot writes is not signed.
        package var signingKey: String?

        package init(
            name: String = "Slipway", email: String = "slipway@localhost",
            signingKey: String? = nil
        ) {
            self.name = name
            self.email = email
            self.signingKey = signingKey
        }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case name, email, signingKey
        }

        package init(from decoder: any Decoder) throws {
            try requireKnownKeys(CodingKeys.self, decoder)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            name = try values.decode(String.self, forKey: .name)
            email = try values.decode(String.self, forKey: .email)
            signingKey = try values.decodeIfPresent(String.self, forKey: .signingKey)
        }
    }

    package init(
        repository: String, listen: String = "127.0.0.1:7433", review: ReviewRule = ReviewRule(),
        bot: Bot = Bot(), pollSeconds: Double = 2, runsMax: Int = 4, pollSecondsMax: Double = 60,
        webhooks: [WebhookConfiguration] = []
    ) {
        self.repository = repository
        self.listen = listen
        self.review = review
        self.bot = bot
        self.pollSeconds = pollSeconds
        self.runsMax = runsMax
        self.pollSecondsMax = pollSecondsMax
        self.webhooks = webhooks
    }

    /// Keys that an earlier version did not know may be missing; those that nobody knows are
    /// refused.
    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(CodingKeys.self, decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try requireKnown(
            ["approvals", "exclude"],
            in: values.nestedContainer(keyedBy: TextKey.self, forKey: .review))
        self.init(
            repository: try values.decode(String.self, forKey: .repository),
            listen: try values.decode(String.self, forKey: .listen),
            review: try values.decode(ReviewRule.self, forKey: .review),
            bot: try values.decode(Bot.self, forKey: .bot),
            pollSeconds: try values.decode(Double.self, forKey: .pollSeconds),
            runsMax: try values.decode(Int.self, forKey: .runsMax),
            pollSecondsMax: try values.decodeIfPresent(Double.self, forKey: .pollSecondsMax) ?? 60,
            webhooks: try values.decodeIfPresent(
                [WebhookConfiguration].self, forKey: .webhooks) ?? [])
        instance = try values.decodeIfPresent(InstanceName.self, forKey: .instance)
        publicURL = try values.decodeIfPresent(String.self, forKey: .publicURL)
        forge = try values.decodeIfPresent(ForgeSettings.self, forKey: .forge)
        channels = try values.decodeIfPresent([ChannelSettings].self, forKey: .channels)
        sources = try values.decodeIfPresent([SourceSettings].self, forKey: .sources)
        followSeconds = try values.decodeIfPresent(Double.self, forKey: .followSeconds)
        dataBytesMax = try values.wholeNumberIfPresent(.dataBytesMax)
    }

    /// Reads `<state>/config.json`.
    package init(stateFolder: String) throws(Failure) {
        let path = StateFolder(stateFolder).configuration
        guard exists(path) else {
            throw Failure(
                "there is no Slipway in `\(stateFolder)`", at: path,
                hint: "slipway init --repository PATH --trust FILE --state \(stateFolder)")
        }
        do {
            let bytes = try readFile(path, limitBytes: 1 << 20)
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch let error as HostError {
            throw error.failure
        } catch {
            throw settingsFailure(error, in: path)
        }
        try checkNumbers(in: path)
        _ = try reporting(StateFolder(stateFolder))
        _ = try dataSources(StateFolder(stateFolder))
    }

    /// Refuses numbers with which the daemon would never rest, or never do anything.
    private func checkNumbers(in file: String) throws(Failure) {
        let numbers: [(CodingKeys, Double?, least: Double)] = [
            (.pollSeconds, pollSeconds, 0.01), (.pollSecondsMax, pollSecondsMax, 0.01),
            (.runsMax, Double(runsMax), 1), (.followSeconds, followSeconds, 0.01),
            (.dataBytesMax, dataBytesMax.map(Double.init), 1),
        ]
        for (key, number, least) in numbers {
            guard let number, number < least else { continue }
            let words = least == 1 ? "1" : "\(least)"
            throw Failure(
                "`\(key.stringValue)` of the daemon's configuration is too small: "
                    + "\(least == 1 ? "\(Int(number))" : "\(number)")",
                at: file, hint: "it is at least \(words)", .wait(for: "a changed configuration"))
        }
    }

    /// Writes `<state>/config.json`, making the folder if need be.
    package func write(stateFolder: String) throws(Failure) {
        let folder = StateFolder(stateFolder)
        do throws(HostError) {
            try makeFolder(stateFolder)
            try writeFileAtomically(folder.configuration, prettyJSON(self))
        } catch {
            throw error.failure
        }
    }
}

/// Where everything lies in the daemon's state folder.
package struct StateFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var configuration: String { "\(path)/config.json" }
    /// The first trust: who may sign, in the format of ssh-keygen(1).
    package var signers: String { "\(path)/trust/allowed_signers" }
    /// Keys that count no longer, one a line; need not exist.
    package var revoked: String { "\(path)/trust/revoked_keys" }
    package var journal: String { "\(path)/journal.sqlite" }
    package var lock: String { "\(path)/daemon.lock" }
    /// Where the running daemon says how to reach it.
    package var daemonAddress: String { "\(path)/daemon.json" }
    package var hookSocket: String { "\(path)/hook.sock" }
    package var environments: String { "\(path)/environments" }
    package var runs: String { "\(path)/runs" }
    /// What files of datasets were found to be; can be deleted at any time.
    package var parts: String { "\(path)/parts" }
    /// What was found in data, and made of it, and can be found and made again.
    package var cache: String { "\(path)/cache" }

    package func artifacts(_ repository: RepositoryDeclaration) -> String {
        repository.artifactsFolder.hasPrefix("/")
            ? repository.artifactsFolder : "\(path)/\(repository.artifactsFolder)"
    }

    package func run(_ id: RunID) -> String { "\(runs)/\(id.model)/\(id.number)" }

    package func serveSocket(_ environment: EnvironmentName) -> String {
        "\(path)/serve-\(environment).sock"
    }

    package func serveAddress(_ environment: EnvironmentName) -> String {
        "\(path)/serve-\(environment).json"
    }
}
