package import Domain
import FoundationEssentials
import Git
import Journal
import Logging

/// The decisions of the repository: read from and appended to `refs/notes/slipway`.
///
/// The journal keeps a copy with the tip that it was read at, so that a start reads only what is
/// new. Git alone is the truth: a copy that does not fit is thrown away.
final class DecisionLog {
    static let ref = "refs/notes/slipway"

    private let workshop: Workshop
    private(set) var tip: CommitID?
    private var lastSequence = 0

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// Returns every decision, from the copy where git has not moved since.
    func load() async throws -> [DecisionRecord] {
        let now = try await workshop.repository.ref(Self.ref)
        if let now, let known = try await workshop.journal.notesTip(), known == now {
            tip = now
            let records = try await workshop.journal.decisions()
            lastSequence = records.last?.sequence ?? 0
            return records
        }
        var records: [DecisionRecord] = []
        if let now {
            records = try await Self.read(workshop.repository, from: nil, to: now, workshop)
        }
        try await workshop.journal.replaceDecisions(records, tip: now)
        tip = now
        lastSequence = records.last?.sequence ?? 0
        return records
    }

    /// Returns the decisions that somebody else wrote since the last look; nil: none.
    func refresh() async throws -> [DecisionRecord]? {
        let now = try await workshop.repository.ref(Self.ref)
        guard now != tip else { return nil }
        return try await load()
    }

    /// Writes the decisions in one notes commit; they are in git when this returns.
    func append(_ entries: [Action.Entry], of model: ModelName) async throws
        -> [DecisionRecord]
    {
        let moment = workshop.clock()
        let records = entries.enumerated().map { index, entry in
            DecisionRecord(
                sequence: lastSequence + 1 + index, at: moment, model: model,
                commit: entry.commit, decision: entry.decision)
        }
        let lines = records.map {
            ($0.commit, String(decoding: canonicalJSON($0), as: UTF8.self))
        }
        let new = try await workshop.repository.writeNotes(
            on: tip, appending: lines, author: workshop.bot(at: moment),
            message: "\(model): \(records.map { $0.decision.word }.joined(separator: ", "))\n")
        try await workshop.upstream.publish([RefUpdate(name: Self.ref, expected: tip, new: new)])
        tip = new
        lastSequence += records.count
        try await workshop.journal.appendDecisions(records, tip: new)
        return records
    }

    /// Reads the decisions of the notes that differ between two tips, in their sequence.
    ///
    /// A line that is not ours, or that a later version wrote, is passed over and logged.
    static func read(
        _ repository: Repository, from: CommitID?, to: CommitID, _ workshop: Workshop
    ) async throws -> [DecisionRecord] {
        let notes = try await repository.notesChanged(from: from, to: to)
        var records: [Int: DecisionRecord] = [:]
        for (commit, text) in notes {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                do {
                    let record = try decodeJSON(DecisionRecord.self, Array(line))
                    records[record.sequence] = record
                } catch {
                    workshop.logger.warning(
                        "a note is not a decision",
                        metadata: ["commit": "\(commit)", "error": "\(error)"])
                }
            }
        }
        return records.values.sorted { $0.sequence < $1.sequence }
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
        case .unassigned(let environment, _): "unassigned from \(environment)"
        case .removed: "removed"
        }
    }
}
