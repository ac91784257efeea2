/// Everything that was decided about who may decide: the fold of the decisions under `policy`.
package struct PolicyRecord: Hashable, Sendable {
    /// The policy that is trusted, and the commit that has its files.
    package struct Trusted: Hashable, Sendable {
        package var policy: Digest
        package var commit: CommitID
        package var at: Instant
        package var approvedBy: [Principal]
    }

    /// A proposal that reviewers were shown.
    package struct Shown: Hashable, Sendable {
        package var proposal: PolicyProposal
        package var commit: CommitID
        /// When it was last proposed.
        package var at: Instant
    }

    /// nil: the daemon's own config decides.
    package private(set) var trusted: Trusted?
    /// The proposal that waits now.
    package private(set) var open: EvidenceID?
    package private(set) var shown: [EvidenceID: Shown] = [:]
    /// Proposals that were rejected, and by whom; they stay so until the files change.
    package private(set) var rejected: [EvidenceID: Principal] = [:]
    /// In the order of first sight.
    package private(set) var tags: [SeenTag] = []
    /// Tag object to its first sight.
    package private(set) var seenAt: [ObjectID: Instant] = [:]
    package private(set) var deletedTags: Set<ObjectID> = []
    /// Tags that were used up, or spoke about what was replaced.
    package private(set) var spentTags: Set<ObjectID> = []
    /// How a commit that changed the policy came to the watched branch.
    package private(set) var pushes: [CommitID: [Push]] = [:]
    package private(set) var lastSequence = 0

    package init() {}

    /// Folds the records of `ModelName.policy`, which may come in any order and more than once.
    package init(records: some Sequence<DecisionRecord>) {
        for record in records.sorted(by: { $0.sequence < $1.sequence }) { apply(record) }
    }

    /// Adds one decision; one that is not newer than what is known changes nothing.
    package mutating func apply(_ record: DecisionRecord) {
        guard record.model == .policy, record.sequence > lastSequence else { return }
        lastSequence = record.sequence
        switch record.decision {
        case .seen(let tag):
            tags.append(tag)
            seenAt[tag.tag] = seenAt[tag.tag] ?? record.at
        case .tagDeleted(let tag, _): deletedTags.insert(tag)
        case .policyProposed(let proposal):
            let id = EvidenceID(proposal.evidenceDigest)
            shown[id] = Shown(proposal: proposal, commit: record.commit, at: record.at)
            open = id
        case .rejected(let evidence, let by):
            rejected[evidence] = by
            if open == evidence { open = nil }
        case .policyAdopted(let adoption):
            trusted = Trusted(
                policy: adoption.policy, commit: record.commit, at: record.at,
                approvedBy: adoption.approvedBy)
            open = nil
            rejected = [:]
            // Because what was said under the old rules does not speak under the new ones.
            spentTags.formUnion(tags.map(\.tag))
        case .superseded: open = nil
        case .pushed(let push):
            if !(pushes[record.commit]?.contains(push) ?? false) {
                pushes[record.commit, default: []] += [push]
            }
        default: break
        }
    }
}

extension ModelName {
    /// The reserved name under which policy is decided.
    package static let policy = ModelName(checked: "policy")
}
