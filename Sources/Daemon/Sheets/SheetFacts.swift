package import Domain
package import Evaluation
import Planning
import Review

/// What a review sheet is made from: the same for the one that `slipway report` shows and the one
/// under a pull request, whoever found it out.
package struct SheetFacts: Sendable {
    /// What is known of the commit of the version that is live.
    package enum Baseline: Sendable {
        case known(Comparison.Plans, commit: CommitID)
        /// Why it is not known what changed, and why the numbers of both cannot be compared.
        case unknown(changes: String, numbers: String)
    }

    package var view: ReportView
    /// Counts only where the view has a baseline.
    package var baseline: Baseline
    /// The baseline's own report; nil: it is not kept.
    package var earlier: Report?
    /// nil: it is not known what the steps took.
    package var run: RunView?
    /// What a release needs besides a number of approvals, a phrase each; nil: the evidence waits
    /// for nobody.
    package var lacking: [String]?
    /// Why the model rests; nil: it does not.
    package var suspended: String?
    /// How the head of the watched branch would change who may decide; a weaker rule first.
    package var policyChanges: [String] = []

    package init(view: ReportView, baseline: Baseline) {
        self.view = view
        self.baseline = baseline
    }

    package var sheet: ReviewSheet {
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
        sheet.data = view.data ?? []
        sheet.lineage = view.lineage ?? []
        sheet.costs = costs
        sheet.suspended = suspended
        sheet.policyChanges = policyChanges
        compare(&sheet)
        if let lacking, let evidence = sheet.evidence {
            sheet.lacking = lacking
            sheet.commands += [
                "slipway approve \(view.model) --evidence \(evidence) -m 'why'",
                "slipway reject \(view.model) --evidence \(evidence) -m 'why not'",
            ]
        }
        return sheet
    }

    private func compare(_ sheet: inout ReviewSheet) {
        guard let version = view.baseline else {
            sheet.changesNote = "it is the first version: everything is new"
            return
        }
        switch baseline {
        case .unknown(let changes, let numbers):
            sheet.changesNote = changes
            sheet.live = .init(version: version, report: nil, note: numbers)
        case .known(let plans, let commit):
            let comparison = Comparison(view: view, baseline: version, plans: plans)
            sheet.changes = comparison.changes
            sheet.live = comparison.live(earlier)
            let folder = shellWord(plans.after.declaration.folder)
            sheet.commands.append("git diff \(commit.short) \(view.commit.short) -- \(folder)")
        }
    }

    private var costs: [ReviewSheet.Cost] {
        (run?.steps ?? []).filter { $0.state == .done || $0.state == .cached }.map { step in
            var seconds: Double?
            if step.state == .done, let start = step.startedAt, let end = step.endedAt {
                seconds = end.seconds(since: start)
            }
            return ReviewSheet.Cost(
                step: step.name.text, how: step.state.rawValue, seconds: seconds,
                peakMemoryBytes: step.state == .done ? step.peakMemoryBytes : nil)
        }
    }
}

/// The program that answers predictions, as it was declared.
private func words(_ runtime: ServingDeclaration.Runtime) -> String {
    switch runtime {
    case .sklearn: "sklearn"
    case .command(let command): "command: \(command)"
    }
}
