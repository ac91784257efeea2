import Domain
import Hummingbird
import Journal

extension API {
    @Sendable func model(_ question: Question) async throws -> Response {
        let model = try question.model()
        guard let status = try await journal.status(of: model) else { throw unknown(model) }
        return try jsonAnswer(status)
    }

    /// Oldest first, behind the sequence `after`.
    @Sendable func decisions(_ question: Question) async throws -> Response {
        let after = try question.number("after", 0...Int.max) ?? 0
        let limit = try question.limit()
        let records = try await decided(try question.model())
        return try jsonAnswer(Array(records.filter { $0.sequence > after }.prefix(limit)))
    }

    /// Newest first.
    @Sendable func versions(_ question: Question) async throws -> Response {
        let model = try question.model()
        let limit = try question.limit()
        let record = ModelRecord(model: model, records: try await decided(model))
        let releases = record.releases.sorted { $0.version > $1.version }.prefix(limit)
        return try jsonAnswer(releases.map { VersionView(release: $0, record: record) })
    }

    /// Tags in the model's space that Slipway has not written.
    @Sendable func foreignTags(_ question: Question) async throws -> Response {
        let model = try question.model()
        guard let text = try await journal.position("foreign:\(model)") else {
            _ = try await decided(model)
            return try jsonAnswer([ForeignTag]())
        }
        return answer(Array((text + "\n").utf8), "application/json; charset=utf-8")
    }

    /// Of the run or the version that is asked for; else of the head commit; else the newest.
    @Sendable func report(_ question: Question) async throws -> Response {
        let model = try question.model()
        let run = try question.number("run", 1...Int.max)
        let version = try question.word("version", SemanticVersion.self, "a version")
        let records = try await decided(model)
        let record = ModelRecord(model: model, records: records)
        let judged = Judged(records)
        let found: Judged.Entry?
        if let run {
            found = judged.newest { $0.judgement.run == run }
        } else if let version {
            let evidence = record.release(version)?.evidence
            found = judged.newest {
                evidence != nil && $0.judgement.evidenceDigest.map(EvidenceID.init) == evidence
            }
        } else {
            let head = try await journal.status(of: model)?.head
            found = judged.newest { $0.commit == head } ?? judged.newest { _ in true }
        }
        guard let found else {
            throw try await noReport(record, run, version)
        }
        return try jsonAnswer(
            ReportView(
                judgement: found.judgement, commit: found.commit, record: record,
                approvalsNeeded: await sources.approvalsNeeded(model)))
    }

    /// Says what there is no report of, and where to find those that there are.
    private func noReport(
        _ record: ModelRecord, _ run: Int?, _ version: SemanticVersion?
    ) async throws -> WebFailure {
        let model = record.model
        if let run {
            let id = RunID(model: model, number: run)
            return try await journal.run(id) == nil
                ? .missing("there is no run \(id)", hint: "slipway runs \(model)")
                : .missing("the gate has not judged \(id)", hint: "slipway logs \(id)")
        }
        if let version {
            let what =
                record.release(version) == nil
                ? "\(model) has no version \(version)"
                : "there is no report of \(model) \(version)"
            return .missing(what, hint: "slipway versions \(model)")
        }
        return .missing(
            "there is no report of \(model)",
            hint: "the gate has judged none yet: slipway status \(model)")
    }

    /// The model's decisions; a model without any must at least have a status.
    private func decided(_ model: ModelName) async throws -> [DecisionRecord] {
        let records = try await journal.decisions(of: model)
        if records.isEmpty, try await journal.status(of: model) == nil { throw unknown(model) }
        return records
    }

    private func unknown(_ model: ModelName) -> WebFailure {
        .missing("there is no model `\(model)`", hint: "slipway status")
    }
}

/// The gate's decisions about one model, in their order.
private struct Judged {
    struct Entry {
        var commit: CommitID
        var judgement: Judgement
    }

    private let entries: [Entry]

    init(_ records: [DecisionRecord]) {
        entries = records.compactMap { record in
            guard case .judged(let judgement) = record.decision else { return nil }
            return Entry(commit: record.commit, judgement: judgement)
        }
    }

    func newest(where matches: (Entry) -> Bool) -> Entry? { entries.last(where: matches) }
}
