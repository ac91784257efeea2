package import Domain
import FoundationEssentials
import Git
import Journal
import Logging
import Provenance

/// The decisions of the repository: read from and appended to `refs/notes/slipway`.
///
/// The journal keeps a copy with the tip that it was read at, so that a start reads only what is
/// new. Git alone is the truth: a copy that does not fit is thrown away.
final class DecisionLog {
    static let ref = "refs/notes/slipway"

    private let workshop: Workshop
    private(set) var tip: CommitID?
    /// The last line that is in git.
    private var head: AuditLog.Head?
    private var isLoaded = false
    /// The journal could not be written after the notes were, so its copy lacks decisions.
    private var isCopyBehind = false
    /// Somebody said that what is there counts, whole or not.
    private var acceptsLoss = false

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// Lets the next look take what is there although it does not hold together.
    func acceptLoss() { acceptsLoss = true }

    /// Returns what every decision comes to, when it is the first look or git has moved since;
    /// nil: it has not.
    ///
    /// Throws `NotesFailure` when the notes lack what they had before or their chain is broken:
    /// decisions are only ever added, so they were taken away or altered, and whoever forgets
    /// them decides everything anew.
    func look() async throws -> KeptDecisions? {
        let now = try await workshop.repository.ref(Self.ref)
        if isLoaded, now == tip {
            if isCopyBehind { _ = try await readAgain(now, try await chain()) }
            return nil
        }
        let known = isLoaded ? tip : try await workshop.journal.notesTip()
        if let known {
            try await requireDescent(from: known, to: now)
            try await requireOwn(from: known, to: now)
        }
        let chain = try await chain()
        let decisions: KeptDecisions
        if known == now, !isCopyBehind, let last = try await lastHead(at: now) {
            decisions = try await workshop.journal.foldDecisions(into: KeptDecisions()) {
                $0.add($1)
            }
            head = last
        } else {
            decisions = KeptDecisions(try await readAgain(now, chain))
        }
        tip = now
        isLoaded = true
        return decisions
    }

    private func readAgain(_ now: CommitID?, _ chain: LogChain) async throws -> [DecisionRecord] {
        var found = Lines()
        if let now {
            found = Lines(try await workshop.repository.notes(at: now), workshop.logger)
        }
        let end = try await check(found, chain)
        let records = found.records
        // Because a stop between the two must not leave a copy that looks whole without its runs.
        try await restoreRuns(records)
        try await workshop.journal.replaceDecisions(
            records, tip: now, outbox: workshop.configuration.outbox)
        head = end
        try await remember(now)
        isCopyBehind = false
        return records
    }

    /// Returns the end of the chain.
    private func check(_ found: Lines, _ chain: LogChain) async throws -> AuditLog.Head? {
        switch chain.check(found.lines) {
        case .whole(_, let head, _): return head
        case .broken(let broken):
            guard acceptsLoss else { throw NotesFailure(broken) }
            workshop.logger.warning("accepted as it is: \(broken)")
            let end = found.end
            try await workshop.journal.setPosition(Position.accepted, end?.text ?? "")
            return end
        }
    }

    /// Lets a journal that was lost show the runs again; what it knows itself stays.
    private func restoreRuns(_ records: [DecisionRecord]) async throws {
        for run in restoredRuns(from: records) {
            guard try await workshop.journal.run(run.id) == nil else { continue }
            try await workshop.journal.save(run)
        }
    }

    private func requireDescent(from known: CommitID, to now: CommitID?) async throws {
        let repository = workshop.repository
        let isThere = try await repository.has(known)
        if let now, isThere, try await repository.isAncestor(known, of: now) { return }
        throw NotesFailure(gone: known, isDeleted: now == nil, isThere: isThere)
    }

    /// Because whoever may push notes could add decisions that nobody has made: the chain has no
    /// secret. Where the bot has a key, what came since must be signed by it.
    private func requireOwn(from known: CommitID, to now: CommitID?) async throws {
        guard let now, now != known, !acceptsLoss, let key = try await workshop.botKey() else {
            return
        }
        let walk = try await workshop.repository.firstParentCommits(
            after: known, upTo: now, limit: 100_000)
        guard case .commits(let commits) = walk else {
            throw NotesFailure(foreign: now, since: known)
        }
        for commit in commits where try await !workshop.isSigned(commit, by: key) {
            throw NotesFailure(foreign: commit, since: known)
        }
    }

    /// A decision about a model's commit, or about policy.
    struct Entry {
        var model: ModelName
        var entry: Action.Entry

        init(_ model: ModelName, _ entry: Action.Entry) {
            self.model = model
            self.entry = entry
        }
    }

    /// Writes the decisions about one model, as below.
    func append(
        _ entries: [Action.Entry], of model: ModelName
    ) async throws -> [DecisionRecord] {
        let words = entries.map { $0.decision.word }.joined(separator: ", ")
        return try await append(entries.map { Entry(model, $0) }, "\(model): \(words)")
    }

    /// Writes the decisions in one notes commit; they are in git when this returns.
    ///
    /// When the journal's copy cannot be written then, that is said in the log and the copy is
    /// made anew later: what is in git has been decided.
    func append(_ entries: [Entry], _ subject: String) async throws -> [DecisionRecord] {
        let moment = workshop.clock()
        var records: [DecisionRecord] = []
        var lines: [(ObjectID, String)] = []
        var end = head
        for (model, entry) in entries.map({ ($0.model, $0.entry) }) {
            let record = DecisionRecord(
                sequence: (end?.sequence ?? 0) + 1, at: moment, model: model,
                commit: entry.commit, decision: entry.decision, previous: end?.digest)
            let line = canonicalJSON(record)
            end = AuditLog.Head(sequence: record.sequence, digest: sha256(line))
            records.append(record)
            lines.append((record.commit, String(decoding: line, as: UTF8.self)))
        }
        let written = try await workshop.repository.writeNotes(
            on: tip, appending: lines, author: workshop.bot(at: moment),
            message: subject + "\n")
        let new = try await workshop.signed(written)
        try await workshop.upstream.publish([RefUpdate(name: Self.ref, expected: tip, new: new)])
        tip = new
        head = end
        guard !isCopyBehind else { return records }
        do {
            try await workshop.journal.appendDecisions(
                records, tip: new, outbox: workshop.configuration.outbox)
            try await remember(new)
        } catch {
            isCopyBehind = true
            workshop.logger.critical("\(failure(of: error).what); the decisions are in git")
        }
        return records
    }
}

// What the journal remembers of the chain.
extension DecisionLog {
    private enum Position {
        static let chain = "chain"
        static let accepted = "chain-accepted"
    }

    private func remember(_ tip: CommitID?) async throws(JournalError) {
        let text = [tip?.hex, head?.text].compactMap(\.self).joined(separator: " ")
        try await workshop.journal.setPosition(Position.chain, text)
    }

    private func chain() async throws(JournalError) -> LogChain {
        let last = try await workshop.journal.position(Position.chain)
        let accepted = try await workshop.journal.position(Position.accepted)
        return LogChain(
            remembered: isLoaded ? head : last.flatMap { AuditLog.Head(endOf: $0) },
            accepted: accepted.flatMap { AuditLog.Head(endOf: $0) })
    }

    /// The end of the chain that was found whole at this very tip; nil: it must be read again.
    private func lastHead(at tip: CommitID?) async throws(JournalError) -> AuditLog.Head? {
        guard let tip, let text = try await workshop.journal.position(Position.chain),
            text.hasPrefix("\(tip) ")
        else { return nil }
        return AuditLog.Head(endOf: text)
    }
}

extension AuditLog.Head {
    fileprivate var text: String { "\(sequence) \(digest)" }

    /// Reads the last two words.
    fileprivate init?(endOf text: String) {
        let words = text.split(separator: " ").suffix(2)
        guard words.count == 2, let sequence = words.first.flatMap({ Int($0) }),
            let digest = words.last.flatMap({ Digest(String($0)) })
        else { return nil }
        self.init(sequence: sequence, digest: digest)
    }
}

/// The lines of all notes.
///
/// A line that is not ours is passed over and logged; one that a later version wrote has its
/// place in the chain all the same.
private struct Lines {
    private(set) var lines: [AuditLine] = []
    private var decisions: [Int: (digest: Digest, record: DecisionRecord)] = [:]

    init() {}

    init(_ notes: [ObjectID: String], _ logger: Logger) {
        for (commit, text) in notes {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                do {
                    try add(Array(line))
                } catch {
                    logger.warning(
                        "a note is not a decision",
                        metadata: ["commit": "\(commit)", "error": "\(error)"])
                }
            }
        }
    }

    private mutating func add(_ bytes: [UInt8]) throws {
        let line = try AuditLine(parsing: bytes)
        lines.append(line)
        let record = try decodeJSON(DecisionRecord.self, bytes)
        // Because the choice between two must be the same each time.
        if let known = decisions[line.sequence], known.digest <= line.digest { return }
        decisions[line.sequence] = (line.digest, record)
    }

    /// In their sequence.
    var records: [DecisionRecord] {
        decisions.values.map(\.record).sorted { $0.sequence < $1.sequence }
    }

    /// The last line, whether the others hold together or not.
    var end: AuditLog.Head? {
        lines.max { ($0.sequence, $1.digest) < ($1.sequence, $0.digest) }.map(AuditLog.Head.init)
    }
}

extension Decision {
    /// The decision in a word or two, for the notes' history.
    package var word: String {
        switch self {
        case .started(let run, _): "run \(run) started"
        case .superseded: "superseded"
        case .broken: "broken"
        case .failed(let run, _): "run \(run) failed"
        case .judged(let judgement): "judged \(judgement.verdict.outcome.rawValue)"
        case .seen(let tag): tag.refusal == nil ? "\(tag.kind.rawValue) seen" : "tag refused"
        case .tagDeleted: "tag deleted"
        case .rejected: "rejected"
        case .released(let release): "released \(release.version)"
        case .assigned(let assignment): "\(assignment.version) to \(assignment.environment)"
        case .held(_, let version): "\(version) on hold"
        case .lifted(_, let version, _): "hold of \(version) lifted"
        case .alreadyLive(let live): "\(live.version) is already live"
        case .unassigned(let taken): "unassigned from \(taken.environment)"
        case .removed: "removed"
        case .previewStarted(let run, _, _): "run \(run) of a preview started"
        case .previewed(let preview): "preview \(preview.end.word)"
        case .pushed(let push): "pushed by \(push.by ?? "somebody")"
        case .policyProposed: "policy proposed"
        case .policyAdopted: "policy adopted"
        }
    }
}

extension Preview.End {
    /// The end in a word or two, for the notes' history.
    package var word: String {
        switch self {
        case .judged(let judgement): "judged \(judgement.verdict.outcome.rawValue)"
        case .failed(let run, _): "run \(run) failed"
        case .broken: "broken"
        case .dropped: "dropped"
        }
    }
}
