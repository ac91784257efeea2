import Domain
import Evaluation
import Git
import Planning

/// Gathers what a reviewer needs: numbers from the daemon, and from the clone what changed.
struct SheetMaker: Sendable {
    let client: APIClient
    /// nil: there is none here.
    let clone: Clone?
    let remote: String

    func sheet(_ view: ReportView) async throws -> ReviewSheet {
        let model = view.model
        var sheet = ReviewSheet(
            run: view.run.description, commit: view.commit, candidate: view.candidate,
            report: view.report, verdict: view.verdict)
        sheet.environment = view.environment?.text
        sheet.evidence = view.evidenceDigest.map(EvidenceID.init)
        sheet.lifts = view.evidence?.lifts
        sheet.runtime = view.evidence.map { words($0.runtime) }
        sheet.approvalsHave = view.approvers.count
        sheet.approvalsNeeded = view.approvalsNeeded
        sheet.pushes = (view.pushes ?? []).map { push in
            let why = push.why.map { ": \($0)" } ?? ""
            return "by \(push.by ?? "somebody whom the server does not know")\(why)"
        }
        sheet.words = view.tags.map { tag in
            ReviewSheet.Word(
                who: (tag.refusal == nil ? tag.principal?.text : tag.ref) ?? "somebody",
                isApproval: tag.kind == .approve, comment: tag.comment, refusal: tag.refusal)
        }
        sheet.drift = view.drift ?? []
        let plans = try await addChanges(to: &sheet, view)
        if let baseline = view.baseline {
            let earlier = try await client.getIfThere(
                ReportView.self, "/api/v1/models/\(model)/report",
                [("version", baseline.description)])
            sheet.live = Comparison(view: view, baseline: baseline, plans: plans)
                .live(earlier?.report)
        }
        sheet.costs = try await costs(view.run)
        let status = try await client.getIfThere(ModelStatus.self, "/api/v1/models/\(model)")
        sheet.suspended = status?.suspended?.sentence
        if let status, let evidence = sheet.evidence, status.evidence == evidence,
            status.phase == .waiting
        {
            sheet.lacking = lacking(status)
            sheet.commands += [
                "slipway approve \(model) --evidence \(evidence) -m 'why'",
                "slipway reject \(model) --evidence \(evidence) -m 'why not'",
            ]
        }
        let policy = try await client.getIfThere(PolicyView.self, "/api/v1/policy")
        if let proposal = policy?.proposal, proposal.rejectedBy == nil {
            sheet.policyChanges = proposal.changes
        }
        return sheet
    }

    private func costs(_ run: RunID) async throws -> [ReviewSheet.Cost] {
        let path = "/api/v1/runs/\(run.model)/\(run.number)"
        let view = try await client.getIfThere(RunView.self, path)
        return (view?.steps ?? []).filter { $0.state == .done || $0.state == .cached }.map { step in
            var seconds: Double?
            if step.state == .done, let start = step.startedAt, let end = step.endedAt {
                seconds = end.seconds(since: start)
            }
            return ReviewSheet.Cost(
                step: step.name.text, how: step.state.rawValue, seconds: seconds,
                peakMemoryBytes: step.state == .done ? step.peakMemoryBytes : nil)
        }
    }

    /// Says what changed, and returns the plans of both commits where the clone has them.
    private func addChanges(
        to sheet: inout ReviewSheet, _ view: ReportView
    ) async throws -> Comparison.Plans? {
        guard let baseline = view.baseline else {
            sheet.changesNote = "it is the first version: everything is new"
            return nil
        }
        let versions = try await client.getIfThere(
            [VersionView].self, "/api/v1/models/\(view.model)/versions")
        guard let base = versions?.first(where: { $0.release.version == baseline })?.release.commit
        else {
            sheet.changesNote = "the commit of \(baseline) is not known"
            return nil
        }
        guard let clone, try await haveBoth(clone, [base, view.commit]) else {
            sheet.changesNote = "run it in a clone of the repository to see what changed"
            return nil
        }
        let commits = Commits(try clone.repository())
        let (old, new) = (try await commits.plan(base), try await commits.plan(view.commit))
        guard let before = old.models[view.model], let after = new.models[view.model] else {
            sheet.changesNote = "one of both commits cannot be planned: slipway plan"
            return nil
        }
        sheet.changes =
            differences(from: before, to: after).map {
                ReviewSheet.Change(text: $0.text, isLowered: $0.lowers)
            } + rows(before, after)
        sheet.commands.insert(
            "git diff \(base.short) \(view.commit.short) -- \(after.declaration.folder)", at: 0)
        return Comparison.Plans(before: before, after: after)
    }

    private func haveBoth(_ clone: Clone, _ commits: [CommitID]) async throws -> Bool {
        for commit in commits where await !clone.has(commit) {
            // Because without the remote the clone says itself what it lacks.
            _ = try? await clone.git("fetch", "--quiet", remote)
            guard await clone.has(commit) else { return false }
        }
        return true
    }

    /// How much data there is more or less, where both manifests count their rows.
    private func rows(_ old: ModelPlan, _ new: ModelPlan) -> [ReviewSheet.Change] {
        new.datasets.sorted { $0.key < $1.key }.compactMap { role, manifest in
            guard let earlier = old.datasets[role] else { return nil }
            let (before, after) = (rows(of: earlier), rows(of: manifest))
            guard let before, let after, before != after else { return nil }
            return ReviewSheet.Change(
                text: "dataset \(manifest.name): \(before) → \(after) rows", isLowered: false)
        }
    }

    private func rows(of manifest: DatasetManifest) -> Int? {
        let counts = manifest.files.map(\.rows)
        return counts.reduce(Optional(0)) { sum, count in
            guard let sum, let count else { return nil }
            // Because a manifest may claim any number, and what cannot be counted is not told.
            let (total, isTooMany) = sum.addingReportingOverflow(count)
            return isTooMany ? nil : total
        }
    }
}

/// What is lacking besides the number of approvals, as the status's line says behind it.
func lacking(_ status: ModelStatus) -> [String] {
    guard let id = status.evidence,
        let end = status.summary.ranges(of: "approvals of \(id)").last?.upperBound
    else { return [] }
    // Because before the first semicolon it may say how many approvals are needed.
    let parts = status.summary[end...].split(separator: ";", omittingEmptySubsequences: false)
    return parts.dropFirst().map { part in
        String(part.drop { $0 == " " })
    }.filter { !$0.isEmpty }
}

/// The program that answers predictions, as it was declared.
private func words(_ runtime: ServingDeclaration.Runtime) -> String {
    switch runtime {
    case .sklearn: "sklearn"
    case .command(let command): "command: \(command)"
    }
}
