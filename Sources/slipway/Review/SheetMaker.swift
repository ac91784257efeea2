import Daemon
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
        var facts = SheetFacts(view: view, baseline: try await baseline(of: view))
        if let baseline = view.baseline {
            facts.earlier = try await client.getIfThere(
                ReportView.self, "/api/v1/models/\(model)/report",
                [("version", baseline.description)])?.report
        }
        facts.run = try await client.getIfThere(
            RunView.self, "/api/v1/runs/\(model)/\(view.run.number)")
        let status = try await client.getIfThere(ModelStatus.self, "/api/v1/models/\(model)")
        facts.suspended = status?.suspended?.sentence
        if let status, status.phase == .waiting, let evidence = status.evidence,
            evidence == view.evidenceDigest.map(EvidenceID.init)
        {
            facts.lacking = lacking(status)
        }
        let policy = try await client.getIfThere(PolicyView.self, "/api/v1/policy")
        if let proposal = policy?.proposal, proposal.rejectedBy == nil {
            facts.policyChanges = proposal.changes
        }
        return facts.sheet
    }

    /// Both commits as the clone has them.
    private func baseline(of view: ReportView) async throws -> SheetFacts.Baseline {
        func unknown(_ why: String) -> SheetFacts.Baseline {
            .unknown(
                changes: why,
                numbers: "run it in a clone to know whether both were measured on the same rows")
        }
        guard let version = view.baseline else { return unknown("there is none") }
        let versions = try await client.getIfThere(
            [VersionView].self, "/api/v1/models/\(view.model)/versions")
        guard let base = versions?.first(where: { $0.release.version == version })?.release.commit
        else { return unknown("the commit of \(version) is not known") }
        guard let clone, try await haveBoth(clone, [base, view.commit]) else {
            return unknown("run it in a clone of the repository to see what changed")
        }
        let commits = Commits(try clone.repository())
        let (old, new) = (try await commits.plan(base), try await commits.plan(view.commit))
        guard let before = old.models[view.model], let after = new.models[view.model] else {
            return unknown("one of both commits cannot be planned: slipway plan")
        }
        return .known(Comparison.Plans(before: before, after: after), commit: base)
    }

    private func haveBoth(_ clone: Clone, _ commits: [CommitID]) async throws -> Bool {
        for commit in commits where await !clone.has(commit) {
            // Because without the remote the clone says itself what it lacks.
            _ = try? await clone.git("fetch", "--quiet", remote)
            guard await clone.has(commit) else { return false }
        }
        return true
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
