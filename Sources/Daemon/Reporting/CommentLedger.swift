import Domain
import FoundationEssentials
import Journal
import Provenance

/// What was said under pull requests, and where.
struct CommentLedger: Sendable {
    /// The context of its rows is this and the model's name.
    static let prefix = "comment/"

    /// What a commit's comment says, and under which pull requests it stands.
    struct Entry: Hashable, Codable, Sendable {
        /// Of the comment's text.
        var digest: Digest
        var requests: [Int]
    }

    /// When a commit without a pull request is looked at again.
    struct Search: Hashable, Sendable {
        var digest: Digest
        var count: Int
        var next: Instant
    }

    /// A model under a pull request.
    struct Claim: Hashable, Sendable {
        var request: Int
        var model: ModelName
    }

    private var entries: [ForgeReporter.Subject: Entry] = [:]
    var searches: [ForgeReporter.Subject: Search] = [:]
    /// Whose comment stands there: the newest commit's.
    var claims: [Claim: CommitID] = [:]

    subscript(_ subject: ForgeReporter.Subject) -> Entry? { entries[subject] }

    /// Takes up a row that an earlier life wrote.
    mutating func take(_ row: LedgerRow) {
        guard let commit = CommitID(row.about),
            let model = ModelName(String(row.context.dropFirst(Self.prefix.count))),
            // Because a row that cannot be read is as good as none: the comment is read again.
            let entry = try? JSONDecoder().decode(Entry.self, from: Data(row.value.utf8))
        else { return }
        entries[ForgeReporter.Subject(model: model, commit: commit)] = entry
    }

    /// Notes what was said and returns the row that says so.
    mutating func set(_ entry: Entry, for subject: ForgeReporter.Subject) -> LedgerRow {
        entries[subject] = entry
        searches[subject] = nil
        return LedgerRow(
            about: subject.commit.hex, context: Self.prefix + subject.model.text,
            value: String(decoding: canonicalJSON(entry), as: UTF8.self))
    }

    /// The commits under whose comment a model stands there.
    func holders(of claim: Claim) -> [CommitID] {
        entries.filter { $0.key.model == claim.model && $0.value.requests.contains(claim.request) }
            .map(\.key.commit)
    }

    mutating func keep(only commits: Set<CommitID>) {
        entries = entries.filter { commits.contains($0.key.commit) }
        searches = searches.filter { commits.contains($0.key.commit) }
        claims = claims.filter { commits.contains($0.value) }
    }
}
