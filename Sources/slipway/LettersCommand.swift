import ArgumentParser
import Daemon
import Domain
import Host
import Journal

struct LettersCommand: AsyncParsableCommand {
    enum State: String, ExpressibleByArgument, CaseIterable { case dead, waiting, sent }

    static let configuration = CommandConfiguration(
        commandName: "letters",
        abstract: "List what mail, chats and webhooks could not be told, and try it again.",
        discussion: """
            A letter is given up after 20 attempts, or when the receiver says that it never will; \
            then a person may have it tried anew. Without a daemon the state folder on this \
            machine is read, and the next daemon sends what is tried again.

            Example:
              slipway letters
              slipway letters --retry 12
              slipway letters --retry all
            """)

    @Option(help: "Which: dead, waiting or sent.")
    var show = State.dead

    @Option(help: "How many at most.")
    var limit = 20

    @Option(help: ArgumentHelp("Try one anew, or all that were given up.", valueName: "id|all"))
    var retry: Retry?

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    /// What is to be tried again.
    struct Retry: ExpressibleByArgument {
        /// nil: all.
        var id: Int64?

        init?(argument: String) {
            if argument == "all" { return }
            guard let id = Int64(argument), id > 0 else { return nil }
            self.id = id
        }
    }

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit must be a number from 1 to 1000.")
        }
    }

    func run() async throws {
        let box = try await LetterBox.find(daemon)
        if let retry {
            let retried = try await box.retry(retry.id)
            return await Console.say("\(count(retried, "letter")) will be tried again")
        }
        let letters = try await box.letters(
            OutboxRow.State(rawValue: show.rawValue) ?? .dead, limit: limit)
        if format.json { return await Console.put(bytes: try compactJSON(letters)) }
        guard !letters.isEmpty else {
            let nothing: [State: String] = [
                .dead: "no letter was given up", .waiting: "no letter waits",
                .sent: "no letter was sent",
            ]
            return await Console.say(nothing[show] ?? "none")
        }
        var table = Table("ID", "CHANNEL", "EVENT", "WHEN", "ATTEMPTS", "TITLE", "LAST ERROR")
        for letter in letters {
            table.add(
                "\(letter.id)", letter.channel, letter.kind ?? "?", "\(letter.created)",
                "\(letter.attempts)", oneLine(letter.title, charactersMax: 60),
                oneLine(letter.lastError ?? "", charactersMax: 120))
        }
        await Console.put(table.text)
    }
}

/// The outbox: through the daemon, or where none runs in the state folder itself.
enum LetterBox {
    case daemon(APIClient)
    case folder(Journal)

    /// Stops when there is neither a daemon nor a journal.
    static func find(_ options: DaemonOptions) async throws -> LetterBox {
        do {
            let client = try await options.client()
            _ = try await client.get("/api/v1/letters", [("limit", "1")])
            return .daemon(client)
        } catch let error as Stop {
            let folder = options.state.folder
            guard error.code == .unreachable, options.daemon == nil, exists(folder.journal),
                !FileLock.isHeld(folder.lock)
            else { throw error }
            return .folder(try Journal(path: folder.journal))
        }
    }

    func letters(_ state: OutboxRow.State, limit: Int) async throws -> [Letter] {
        switch self {
        case .daemon(let client):
            try await client.get(
                [Letter].self, "/api/v1/letters",
                [("state", state.rawValue), ("limit", "\(limit)")])
        case .folder(let journal):
            try await Daemon.letters(in: journal, state: state, limit: limit)
        }
    }

    /// nil: all of them. Returns how many will be tried again.
    func retry(_ id: Int64?) async throws -> Int {
        switch self {
        case .daemon(let client):
            let answer = try await client.post(
                "/api/v1/letters/retry", [("id", id.map { "\($0)" })])
            return try decodeJSON([String: Int].self, answer.body)["retried"] ?? 0
        case .folder(let journal):
            guard let id else { return try await retryLetters(in: journal, at: now()) }
            try await retryLetter(id, in: journal, at: now())
            return 1
        }
    }
}
