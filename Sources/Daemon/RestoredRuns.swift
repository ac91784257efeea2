package import Domain

/// Returns the runs that the decisions tell of and that are over, in the order of their starts.
///
/// A journal that is made anew shows them; of their steps and metrics the decisions say nothing.
/// A run whose commit is still open is left out, because the daemon starts it again. One whose
/// commit was closed without a word about the run counts as cancelled.
package func restoredRuns(from records: [DecisionRecord]) -> [RunView] {
    var runs = RunsOfNotes()
    for record in records.sorted(by: { $0.sequence < $1.sequence }) { runs.apply(record) }
    return runs.views.filter { $0.state != .running }
}

/// The runs so far, while the decisions are gone through.
private struct RunsOfNotes {
    private(set) var views: [RunView] = []
    private var known: Set<RunID> = []
    /// Positions in `views` of the runs that have not ended.
    private var open: [Int] = []

    mutating func apply(_ record: DecisionRecord) {
        switch record.decision {
        case .started(let run, let candidate):
            start(RunID(model: record.model, number: run), candidate, record)
        case .failed(let run, let failure):
            end(record, .failed, failure) { $0.id.number == run }
        case .judged(let judgement):
            end(record, .evaluated) { $0.id.number == judgement.run }
        case .superseded, .broken, .rejected, .assigned, .alreadyLive, .unassigned, .removed:
            end(record, .cancelled) { $0.commit == record.commit }
        case .previewStarted(let run, let candidate, _):
            start(RunID(model: record.model, number: run), candidate, record)
        case .previewed(let preview): end(preview, record)
        case .seen, .tagDeleted, .released, .held, .lifted, .pushed, .policyProposed,
            .policyAdopted:
            break
        }
    }

    private mutating func end(_ preview: Preview, _ record: DecisionRecord) {
        switch preview.end {
        case .judged(let judgement): end(record, .evaluated) { $0.id.number == judgement.run }
        case .failed(let run, let failure):
            end(record, .failed, failure) { $0.id.number == run }
        case .broken, .dropped: end(record, .cancelled) { $0.commit == record.commit }
        }
    }

    /// A commit has one run at a time, so a new one ends what came before.
    private mutating func start(_ id: RunID, _ candidate: Fingerprint, _ record: DecisionRecord) {
        guard known.insert(id).inserted else { return }
        end(record, .cancelled) { $0.commit == record.commit }
        open.append(views.count)
        views.append(
            RunView(
                id: id, commit: record.commit, candidate: candidate, state: .running,
                stage: "restored", startedAt: record.at))
    }

    /// Only the first end counts.
    private mutating func end(
        _ record: DecisionRecord, _ state: RunView.State, _ failure: Failure? = nil,
        where isMeant: (RunView) -> Bool
    ) {
        let meant = open.filter { views[$0].id.model == record.model && isMeant(views[$0]) }
        for index in meant {
            views[index].state = state
            views[index].failure = failure
            views[index].endedAt = record.at
        }
        open.removeAll { meant.contains($0) }
    }
}
