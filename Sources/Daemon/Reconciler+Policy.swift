package import Domain
import Logging

// Who may decide is decided before any model is.

extension Reconciler {
    /// Follows the pure function about policy until it waits for people or has nothing to do; a
    /// change takes effect for everything that is decided after it.
    func reconcilePolicy() async throws {
        if try await desk.refresh() { dirty.formUnion(records.keys) }
        guard let head = scan.head, let plan = scan.plan else { return }
        for _ in 0..<100 {
            let seen = try await desk.observe(head: head, plan: plan, tags: tags)
            guard case .record(let entries) = nextPolicyAction(for: seen) else {
                return try await showPolicy()
            }
            for decision in try await log.append(entries, of: .policy) {
                desk.apply(decision)
                tell(decision)
            }
            if try await desk.refresh() { dirty.formUnion(records.keys) }
        }
        throw Failure("the policy makes no progress", hint: "this is a bug in Slipway; report it")
    }

    /// Who may decide, and what waits to change that.
    package var policyView: PolicyView { desk.view }

    private func showPolicy() async throws {
        let refs = tags.refs(of: .policy)
        guard let view = desk.news(refs) else { return }
        try await show(view.broken.first.map { PolicyFailure(view).broken($0) }, "policy-files")
        try await show(view.proposal.map { PolicyFailure(view).waiting($0) }, "policy")
        let refused = RefusedTags(desk.record.tags, of: .policy, present: refs)
        try await show(refused.failure, "tags:policy")
    }

    private func show(_ failure: Failure?, _ key: String) async throws {
        if let failure { await note(failure, key) } else { try await clear(key) }
    }
}

/// What people are shown about a change of policy.
private struct PolicyFailure {
    let view: PolicyView

    init(_ view: PolicyView) { self.view = view }

    func broken(_ first: Diagnostic) -> Failure {
        Failure(
            "the policy of the head is not proposed: \(first.message)",
            at: first.place.description, hint: first.hint, .wait(for: "a commit that mends it"),
            details: view.broken)
    }

    func waiting(_ proposal: PolicyView.Proposal) -> Failure {
        let place = Place(file: "policy of \(proposal.commit.short)")
        let changes = proposal.changes.map { Diagnostic(.warning, at: place, $0) }
        if let by = proposal.rejectedBy {
            return Failure(
                "the policy of \(proposal.commit.short) was rejected by \(by); the one before it "
                    + "decides",
                at: "commit \(proposal.commit.short)",
                hint: "git revert \(proposal.commit.short), or push another change",
                .wait(for: "a commit"), details: changes)
        }
        let lacking = proposal.lacking.map { ", \($0)" }.joined()
        return Failure(
            "a change of who may approve waits: \(proposal.have.count) of \(proposal.need) "
                + "approvals of \(proposal.id)\(lacking)",
            at: "commit \(proposal.commit.short)", hint: "slipway approve policy",
            .wait(for: "its approval"), details: changes)
    }
}
