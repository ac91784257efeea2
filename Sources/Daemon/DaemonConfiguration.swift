package import Domain
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
    /// How often the repository is looked at when no hook wakes the daemon.
    package var pollSeconds: Double
    /// How many runs are under way at once, over all models.
    package var runsMax: Int

    /// In whose name the daemon writes commits and tags.
    package struct Bot: Hashable, Codable, Sendable {
        package var name: String
        package var email: String

        package init(name: String = "Slipway", email: String = "slipway@localhost") {
            self.name = name
            self.email = email
        }
    }

    package init(
        repository: String, listen: String = "127.0.0.1:7433", review: ReviewRule = ReviewRule(),
        bot: Bot = Bot(), pollSeconds: Double = 2, runsMax: Int = 4
    ) {
        self.repository = repository
        self.listen = listen
        self.review = review
        self.bot = bot
        self.pollSeconds = pollSeconds
        self.runsMax = runsMax
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
            throw Failure(
                "the daemon's configuration cannot be read: \(error)", at: path,
                hint: "mend it, or write it anew with `slipway init --force`")
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
