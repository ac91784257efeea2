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
    private var isLoaded = false
    /// The journal could not be written after the notes were, so its copy lacks decisions.
    private var isCopyBehind = false

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// Returns what every decision comes to, when it is the first look or git has moved since;
    /// nil: it has not.
    ///
    /// Throws when the notes lack what they had before: decisions are only ever added, so they
    /// were taken away, and forgetting them would decide everything anew.
    func look() async throws -> KeptDecisions? {
        let now = try await workshop.repository.ref(Self.ref)
        if isLoaded, now == tip {
            if isCopyBehind { _ = try await readAgain(now) }
            return nil
        }
        let known = isLoaded ? tip : try await workshop.journal.notesTip()
        if let known { try await requireDescent(from: known, to: now) }
        let decisions: KeptDecisions
        if known == now, !isCopyBehind {
            decisions = try await workshop.journal.foldDecisions(into: KeptDecisions()) {
                $0.add($1)
            }
        } else {
            decisions = KeptDecisions(try await readAgain(now))
        }
        tip = now
        lastSequence = decisions.lastSequence
        isLoaded = true
        return decisions
    }

    private func readAgain(_ now: CommitID?) async throws -> [DecisionRecord] {
        var records: [DecisionRecord] = []
        if let now {
            records = try await Self.read(workshop.repository, from: nil, to: now, workshop)
        }
        // Because a stop between the two must not leave a copy that looks whole without its runs.
        try await restoreRuns(records)
        try await workshop.journal.replaceDecisions(records, tip: now)
        isCopyBehind = false
        return records
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
        let mend = "git push --force origin \(known):\(Self.ref)"
        throw Failure(
            "the decisions in `\(Self.ref)` were \(now == nil ? "deleted" : "rewritten")",
            at: Self.ref,
            hint: "put them back: \(isThere ? mend : "from a clone that has \(known)"); or accept "
                + "the loss with `slipway rebuild`")
    }

    /// Writes the decisions in one notes commit; they are in git when this returns.
    ///
    /// When the journal's copy cannot be written then, that is said in the log and the copy is
    /// made anew later: what is in git has been decided.
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
        guard !isCopyBehind else { return records }
        do {
            try await workshop.journal.appendDecisions(records, tip: new)
        } catch {
            isCopyBehind = true
            workshop.logger.critical("\(error.failure.what); the decisions are in git")
        }
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
