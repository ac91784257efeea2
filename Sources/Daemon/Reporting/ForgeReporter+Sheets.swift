import Domain
import Evaluation
import Git
import Journal
import Logging
import Planning

// What the comments under pull requests are made from.

extension ForgeReporter {
    /// Two commits of which one model's plans are compared.
    struct Pair: Hashable, Sendable {
        var model: ModelName
        var base: CommitID
        var commit: CommitID
    }

    private static let pairsMax = 200

    func text(about subject: Subject) async throws -> CommentText {
        let (model, commit) = (subject.model, subject.commit)
        let records = try await tools.journal.decisions(of: model, about: commit)
        let record = ModelRecord(model: model, records: records)
        var sheet: ReviewSheet?
        if let judgement = records.compactMap(\.judgement).last {
            sheet = try await self.sheet(of: judgement, at: commit, record)
        }
        return CommentText(
            record: record, commit: commit, sheet: sheet, link: sources.link(model))
    }

    private func sheet(
        of judgement: Judgement, at commit: CommitID, _ record: ModelRecord
    ) async throws -> ReviewSheet {
        let model = record.model
        let view = ReportView(
            judgement: judgement, commit: commit, record: record,
            approvalsNeeded: await sources.approvalsNeeded(model) ?? 0)
        let release = try await baseline(of: judgement, model)
        var facts = SheetFacts(view: view, baseline: await plans(of: view, since: release))
        facts.earlier = try await report(of: release, model)
        facts.run = try await tools.journal.run(view.run)
        if case .waiting(let id) = record.outcomes[commit],
            judgement.evidenceDigest.map(EvidenceID.init) == id
        {
            facts.lacking = await sources.lacking(model, id)
        }
        return facts.sheet
    }

    private func baseline(
        of judgement: Judgement, _ model: ModelName
    ) async throws -> Release? {
        guard let version = judgement.baseline else { return nil }
        return try await tools.journal.releases(of: model).last { $0.version == version }
    }

    private func report(of release: Release?, _ model: ModelName) async throws -> Report? {
        guard let release else { return nil }
        return try await tools.journal.decisions(of: model, about: release.commit)
            .compactMap(\.judgement).last { $0.candidate == release.candidate }?.report
    }

    // MARK: What changed

    private func plans(
        of view: ReportView, since release: Release?
    ) async -> SheetFacts.Baseline {
        let unknown = SheetFacts.Baseline.unknown(
            changes: "not known here; in a clone it is: slipway report \(view.model)",
            numbers: "whether both were measured on the same rows is not known here")
        guard let base = release?.commit else { return unknown }
        let pair = Pair(model: view.model, base: base, commit: view.commit)
        if let plans = pairs[pair] { return .known(plans, commit: base) }
        do {
            guard let plans = try await plans(of: pair) else { return unknown }
            if pairs.count >= Self.pairsMax { pairs = [:] }
            pairs[pair] = plans
            return .known(plans, commit: base)
        } catch {
            tools.logger.warning(
                "\(view.model): the comment does not say what changed: \(failure(of: error).what)")
            return unknown
        }
    }

    /// nil: a commit is not there any more, or is not whole.
    private func plans(of pair: Pair) async throws -> Comparison.Plans? {
        guard let repository = sources.repository, try await repository.has(pair.base),
            try await repository.has(pair.commit)
        else { return nil }
        let planner = self.planner ?? Planner()
        self.planner = planner
        let source = PlanSource(repository)
        // The newer one last, because the next comment is often about the same commit.
        let old = try await planner.plan(of: pair.base, from: source).models[pair.model]
        let new = try await planner.plan(of: pair.commit, from: source).models[pair.model]
        guard let old, let new else { return nil }
        return Comparison.Plans(before: old, after: new)
    }
}

extension DecisionRecord {
    /// What the gate said, for a release or in a preview.
    fileprivate var judgement: Judgement? {
        switch decision {
        case .judged(let judgement): return judgement
        case .previewed(let preview):
            if case .judged(let judgement) = preview.end { return judgement }
            return nil
        default: return nil
        }
    }
}
