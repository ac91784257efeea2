import ArgumentParser
import Domain
import Git
import Host
import Provenance

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show who did what, when, with which key: from git alone.",
        discussion: """
            Fetches the decisions, prints them with the newest last, and checks that none was \
            altered or taken away: each names the one before it, and the clone remembers the last \
            one it saw. A chain that is broken is exit code 1.

            Example:
              slipway log
              slipway log digits --since 2w
              slipway log policy --since 2026-06-01 --json
            """)

    @Argument(help: "A model, or `policy`; else everything.", transform: subject)
    var model: ModelName?

    @Option(help: ArgumentHelp("From a day, a moment in UTC, or `2d` ago on.", valueName: "when"))
    var since: Moment?

    @Option(help: ArgumentHelp("Only so many of the newest.", valueName: "count"))
    var limit: Int?

    @OptionGroup var notes: NotesOptions
    @OptionGroup var format: JSONOption

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        let clone = try await Clone.find()
        _ = try await clone.fetchDecisions(notes)
        let repository = try clone.repository()
        let decisions = try await DecisionNotes(of: repository)
        let memory = RememberedHead(clone)
        let finding = decisions.check(remembered: await memory.read())
        var records = decisions.records
        if let model {
            records.removeAll { $0.model != model }
            guard !records.isEmpty else {
                throw Stop(
                    .notFound, "nothing was decided about `\(model)`", at: DecisionNotes.ref,
                    hint: "slipway log")
            }
        }
        let authors = try await authors(of: records, repository)
        var entries = AuditEntry.entries(of: records) { authors[$0] }
        if let since = since?.before(now()) { entries.removeAll { $0.at < since } }
        if let limit { entries = entries.suffix(limit) }
        if format.json {
            await Console.put(
                bytes: try compactJSON(LogView(chain: .init(finding), entries: entries)))
        } else if !entries.isEmpty {
            await Console.put(AuditEntry.table(entries))
        }
        if decisions.strangers > 0 {
            await Console.say("note: \(count(decisions.strangers, "line")) could not be read")
        }
        if case .broken(let broken) = finding {
            throw Stop(.wrong, "chain broken: \(broken)", at: DecisionNotes.ref, hint: broken.hint)
        }
        await memory.write(finding)
        await Console.say(sentence(finding))
    }

    /// Who wrote the commits that the records are about, as far as the clone has them.
    private func authors(
        of records: [DecisionRecord], _ repository: Repository
    ) async throws -> [CommitID: String] {
        var authors: [CommitID: String] = [:]
        for record in records {
            var commits = [record.commit]
            if case .superseded(let newer) = record.decision { commits.append(newer) }
            if case .assigned(let assignment) = record.decision {
                commits.append(assignment.commit)
            }
            for commit in commits where authors[commit] == nil {
                // Because a commit may have been rewritten since, and is then not to be had.
                authors[commit] = try? await repository.commit(commit).author.email
            }
        }
        return authors
    }

    @Sendable private static func subject(_ text: String) throws -> ModelName {
        if text == ModelName.policy.text { return .policy }
        guard let model = ModelName(text) else {
            throw ValidationError("`\(text)` is not a model's name.")
        }
        return model
    }
}

private func sentence(_ finding: AuditLog.Finding) -> String {
    guard case .whole(let count, _, let unnamed) = finding else { return finding.description }
    let early = unnamed == 0 ? "" : "; the first \(unnamed) were written before they were chained"
    return "chain whole: \(count) \(count == 1 ? "entry" : "entries")\(early)"
}

/// The JSON of `slipway log`.
private struct LogView: Encodable {
    struct Chain: Encodable {
        var whole: Bool
        var sentence: String
        var hint: String?
        var head: AuditLog.Head?

        init(_ finding: AuditLog.Finding) {
            sentence = finding.description
            switch finding {
            case .whole(_, let head, _): (whole, self.head) = (true, head)
            case .broken(let broken): (whole, hint) = (false, broken.hint)
            }
        }
    }

    var chain: Chain
    var entries: [AuditEntry]
}
