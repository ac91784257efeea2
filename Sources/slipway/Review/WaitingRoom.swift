import Daemon
import Domain
import Git
import Planning
import Review

/// Finds what waits for reviewers, and what one of them can do about it.
struct WaitingRoom: Sendable {
    let client: APIClient
    /// nil: there is none here, so nobody knows who wrote the changes.
    let clone: Clone?
    let remote: String
    let me: Principal?
    let now: Instant

    /// What waits, and the models besides that rest.
    func all() async throws -> (waiting: [Waiting], resting: [ModelStatus]) {
        let status = try await client.get(StatusView.self, "/api/v1/status")
        // Because an older daemon knows no policy but its own.
        let policy = try await client.getIfThere(PolicyView.self, "/api/v1/policy")
        var found: [Waiting] = []
        for model in status.models where model.phase == .waiting && model.evidence != nil {
            let path = "/api/v1/models/\(model.model)/report"
            guard let view = try await client.getIfThere(ReportView.self, path),
                let digest = view.evidenceDigest, EvidenceID(digest) == model.evidence
            else { continue }
            found.append(try await waiting(model, view, digest))
        }
        if let proposal = policy?.proposal, proposal.rejectedBy == nil {
            found.append(waiting(proposal))
        }
        if let me, let signers = policy?.trusted.signers, !signers.contains(me) {
            for index in found.indices where found[index].mine.can {
                found[index].forbid("you are not among the trusted signers")
            }
        }
        let shown = Set(found.map(\.model))
        let resting = status.models.filter {
            $0.suspended != nil && !shown.contains($0.model.text)
        }
        return (found, resting)
    }

    private func waiting(
        _ status: ModelStatus, _ view: ReportView, _ digest: Digest
    ) async throws -> Waiting {
        let id = EvidenceID(digest)
        var what = ["run \(view.run) of commit \(view.commit.short), which passed the gate"]
        let place = view.environment?.text ?? "nowhere"
        what.append(
            view.baseline.map { "it would replace \($0) in \(place)" }
                ?? "it would be the first in \(place)")
        if let lifts = view.evidence?.lifts {
            what.append("\(lifts) is on hold; approving this lifts the hold")
        }
        if let suspended = status.suspended { what.append(suspended.sentence) }
        let since = try await since(id, view.model)
        let mine = try await mine(status, view, since)
        var commands = ["slipway report \(view.model)"]
        if mine.can { commands.append("slipway approve \(view.model) --evidence \(id)") }
        return Waiting(
            model: view.model.text, evidence: id, evidenceDigest: digest, commit: view.commit,
            since: since, what: what, approvedBy: ordered(view.tags),
            approvalsNeeded: view.approvalsNeeded, lacking: lacking(status),
            refused: refused(view.tags), mine: mine, commands: commands)
    }

    private func waiting(_ proposal: PolicyView.Proposal) -> Waiting {
        var mine = Waiting.Mine(can: true, because: "you did not write it")
        if let said = said(proposal.tags) {
            mine = said
        } else if me.map(proposal.excluded.contains) ?? false {
            mine = .init(can: false, because: "you wrote it")
        } else if me == nil {
            mine = .init(can: false, because: "nobody knows who you are: --as PRINCIPAL")
        }
        let replaced = ["the policy of commit \(proposal.commit.short) would be trusted"]
        let approve = "slipway approve policy --evidence \(proposal.id)"
        return Waiting(
            model: ModelName.policy.text, evidence: proposal.id,
            evidenceDigest: proposal.evidenceDigest, commit: proposal.commit,
            since: proposal.since, what: replaced + proposal.changes, approvedBy: proposal.have,
            approvalsNeeded: proposal.need, lacking: proposal.lacking,
            refused: refused(proposal.tags), mine: mine,
            commands: mine.can ? [approve] : [])
    }

    private func ordered(_ tags: [SeenTag]) -> [Principal] {
        var people: [Principal] = []
        for tag in tags where tag.kind == .approve && tag.refusal == nil {
            if let principal = tag.principal, !people.contains(principal) {
                people.append(principal)
            }
        }
        return people
    }

    private func refused(_ tags: [SeenTag]) -> [String] {
        tags.compactMap { tag in tag.refusal.map { "\(tag.ref): \($0)" } }
    }

    /// What I said about it already; nil: nothing that counts or could be mended.
    private func said(_ tags: [SeenTag]) -> Waiting.Mine? {
        guard let me else { return nil }
        let own = tags.filter { tag in
            tag.principal == me || tag.ref.hasSuffix("/\(me)")
        }
        guard let last = own.last(where: { $0.refusal == nil }) ?? own.last else { return nil }
        if let refusal = last.refusal {
            return .init(
                can: true, because: "your tag did not count, and may be replaced: \(refusal)")
        }
        return .init(
            can: false,
            because: last.kind == .approve ? "you have approved it" : "you have rejected it")
    }

    private func mine(
        _ status: ModelStatus, _ view: ReportView, _ since: Instant?
    ) async throws -> Waiting.Mine {
        if let said = said(view.tags) { return said }
        guard let me else {
            return .init(can: false, because: "nobody knows who you are: --as PRINCIPAL")
        }
        guard let clone, let plan = try await plan(clone, view.commit),
            let planned = plan.models[view.model]
        else {
            return .init(
                can: true, because: "unless you wrote a part of it; run it in a clone to know")
        }
        let base = status.assigned.first { $0.environment == view.environment }?.commit
        let people = try await makers(clone, view.commit, base, planned)
        if people.contains(where: { $0.lowercased() == me.text.lowercased() }) {
            return .init(can: false, because: "you wrote a part of it")
        }
        let ages = [plan.repository.review.base, planned.declaration.review]
            .compactMap(\.evidenceMaxAgeSeconds)
        if let since, let age = ages.min(), now.seconds(since: since) > Double(age) {
            return .init(
                can: false, because: "the evidence is too old; a new commit is judged anew")
        }
        return .init(can: true, because: "you wrote no part of it")
    }

    private func plan(_ clone: Clone, _ commit: CommitID) async throws -> RepositoryPlan? {
        if await !clone.has(commit) {
            // Because without the remote the list says what the clone lacks.
            _ = try? await clone.git("fetch", "--quiet", remote)
        }
        guard await clone.has(commit) else { return nil }
        return try await Commits(try clone.repository()).plan(commit)
    }

    private func makers(
        _ clone: Clone, _ head: CommitID, _ base: CommitID?, _ planned: ModelPlan
    ) async throws -> [String] {
        var known = base
        if let base, await !clone.has(base) { known = nil }
        let changes = try await ChangeMakers(try clone.repository()).changes(
            from: head, notFrom: known, touching: planned.inputs)
        return changes.map(\.people).flatMap { [$0.author, $0.committer] + $0.coAuthors }
    }

    /// When the evidence was made, as the decisions say.
    private func since(_ id: EvidenceID, _ model: ModelName) async throws -> Instant? {
        var after = 0
        var found: Instant?
        while true {
            let page = try await client.getIfThere(
                [DecisionRecord].self, "/api/v1/models/\(model)/decisions",
                [("after", "\(after)")])
            guard let page, let last = page.last, last.sequence > after else { return found }
            for record in page {
                guard case .judged(let judgement) = record.decision,
                    judgement.evidenceDigest.map(EvidenceID.init) == id
                else { continue }
                found = record.at
            }
            after = last.sequence
        }
    }
}
