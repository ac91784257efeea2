/// One consistent look at everything that decides about a change of policy.
package struct PolicySeen: Hashable, Sendable {
    /// What the head of the watched branch proposes.
    package struct Proposed: Hashable, Sendable {
        package var commit: CommitID
        package var proposal: PolicyProposal

        package init(commit: CommitID, proposal: PolicyProposal) {
            self.commit = commit
            self.proposal = proposal
        }
    }

    package var record: PolicyRecord
    /// nil: the head says what is trusted, or nothing that can be read.
    package var proposed: Proposed?
    /// The head of the watched branch.
    package var head: CommitID
    /// Reviewers' tags that are not in the record, in the order in which they were seen.
    package var newTags: [SeenTag]
    /// Tags of the record whose refs are gone: object id to ref.
    package var goneTags: [ObjectID: String]
    /// The rules that are trusted now: they decide about those that would replace them.
    package var policy: Seen.Policy

    package init(
        record: PolicyRecord, proposed: Proposed?, head: CommitID, newTags: [SeenTag] = [],
        goneTags: [ObjectID: String] = [:], policy: Seen.Policy
    ) {
        self.record = record
        self.proposed = proposed
        self.head = head
        self.newTags = newTags
        self.goneTags = goneTags
        self.policy = policy
    }
}

/// The next thing to do about a change of policy.
package enum PolicyAction: Hashable, Sendable {
    case record([Action.Entry])
    case awaitReview(EvidenceID)
    case settled
}

/// Returns what to do next about who may decide; level-triggered as `nextAction`.
package func nextPolicyAction(for seen: PolicySeen) -> PolicyAction {
    if let action = recordPolicyTags(seen) { return action }
    let record = seen.record
    guard let proposed = seen.proposed else {
        guard record.open != nil else { return .settled }
        return .record([.init(seen.head, .superseded(by: seen.head))])
    }
    let id = EvidenceID(proposed.proposal.evidenceDigest)
    guard record.rejected[id] == nil else { return .settled }
    guard record.open == id, let shown = record.shown[id] else {
        return .record([.init(proposed.commit, .policyProposed(proposed.proposal))])
    }
    let tags = countedTags(for: id, in: seen)
    if let refusal = tags.first(where: { $0.kind == .reject }), let by = refusal.principal {
        return .record([.init(shown.commit, .rejected(evidence: id, by: by))])
    }
    let approvals = tags.filter { $0.kind == .approve }
    let principals = approvals.compactMap(\.principal)
    guard seen.policy.lacking(Set(principals)).isEmpty, !principals.isEmpty,
        seen.policy.blocked == nil
    else {
        return .awaitReview(id)
    }
    let adoption = PolicyAdoption(
        policy: proposed.proposal.evidence.policy, evidence: id, approvedBy: principals,
        tags: approvals.map(\.tag))
    return .record([.init(shown.commit, .policyAdopted(adoption))])
}

private func recordPolicyTags(_ seen: PolicySeen) -> PolicyAction? {
    let known = Set(seen.record.tags.map(\.tag))
    var entries: [Action.Entry] = []
    for tag in seen.newTags where !known.contains(tag.tag) {
        let about = tag.evidence.flatMap { seen.record.shown[$0]?.commit } ?? seen.head
        entries.append(.init(about, .seen(tag)))
    }
    for (tag, ref) in seen.goneTags.sorted(by: { $0.key < $1.key })
    where !seen.record.deletedTags.contains(tag) {
        entries.append(.init(seen.head, .tagDeleted(tag: tag, ref: ref)))
    }
    return entries.isEmpty ? nil : .record(entries)
}

/// Each object once, each principal once, nobody who wrote the change, nothing that was spent.
private func countedTags(for id: EvidenceID, in seen: PolicySeen) -> [SeenTag] {
    var principals: [SeenTag.Kind: Set<Principal>] = [:]
    return seen.record.tags.filter { tag in
        guard tag.evidence == id, tag.refusal == nil, let principal = tag.principal,
            !seen.record.spentTags.contains(tag.tag),
            tag.kind == .reject
                || !seen.policy.excluded.contains(principal)
                    && seen.policy.ignored[tag.tag] == nil
        else { return false }
        return principals[tag.kind, default: []].insert(principal).inserted
    }
}
