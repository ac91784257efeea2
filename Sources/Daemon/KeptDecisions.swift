package import Domain

/// The decisions folded to what the loop keeps of them in memory.
///
/// A report may have thousands of numbers, and no later decision asks for one of them: they stay
/// in git and in the journal, where whoever shows a report reads them.
package struct KeptDecisions: Sendable {
    package private(set) var records: [ModelName: ModelRecord] = [:]
    /// The newest commit of each model that has a decision of its own.
    private(set) var heads: [ModelName: CommitID] = [:]
    /// Who may decide.
    private(set) var policy = PolicyRecord()
    private(set) var lastSequence = 0
    /// Needed while the decisions are read; the records share what they got from it.
    private var texts = SharedTexts()

    init() {}

    /// Folds decisions that stand in their sequence.
    package init(_ records: [DecisionRecord]) { for record in records { add(record) } }

    /// Adds the decision that follows those before in the one sequence.
    mutating func add(_ record: DecisionRecord) {
        lastSequence = record.sequence
        if record.model == .policy { return policy.apply(record) }
        var kept = record.kept
        texts.share(&kept)
        records[record.model, default: ModelRecord(model: record.model)].apply(kept)
        if record.decision.movesHead { heads[record.model] = kept.commit }
    }
}

extension DecisionRecord {
    /// The decision without the numbers of its report, and of the rules the one that is shown:
    /// the one that stopped the commit.
    var kept: DecisionRecord {
        guard case .judged(var judgement) = decision else { return self }
        judgement.report = Report(
            task: judgement.report.task, rows: judgement.report.rows, metrics: [])
        let rules = judgement.verdict.rules
        let stopper =
            rules.first { $0.outcome == .failed }
            ?? rules.first { $0.outcome == .notEnoughEvidence }
        judgement.verdict.rules = stopper.map { [$0] } ?? []
        var record = self
        record.decision = .judged(judgement)
        return record
    }
}

/// Lets equal ids be one text in memory: each is read many times, in the decisions about a commit.
private struct SharedTexts: Sendable {
    private var known: Set<String> = []

    mutating func share(_ record: inout DecisionRecord) {
        share(&record.commit)
        switch record.decision {
        case .started(let run, var candidate):
            share(&candidate)
            record.decision = .started(run: run, candidate: candidate)
        case .superseded(var newer):
            share(&newer)
            record.decision = .superseded(by: newer)
        case .judged(var judgement):
            share(&judgement)
            record.decision = .judged(judgement)
        default: break
        }
    }

    private mutating func share(_ judgement: inout Judgement) {
        share(&judgement.candidate)
        share(&judgement.policy)
        guard var evidence = judgement.evidence else { return }
        share(&evidence.candidate)
        share(&evidence.artifact)
        share(&evidence.validation)
        share(&evidence.evaluation)
        share(&evidence.policy)
        for (name, var digest) in evidence.datasets {
            share(&digest)
            evidence.datasets[name] = digest
        }
        judgement.evidence = evidence
    }

    private mutating func share(_ id: inout some HexIdentifier) {
        id = type(of: id).init(checked: known.insert(id.hex).memberAfterInsert)
    }
}
