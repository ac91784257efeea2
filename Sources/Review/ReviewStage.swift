package import Domain

/// Where the review of one piece of evidence stands.
package enum ReviewState: Hashable, Sendable {
    /// `notes` say which approvals did not count, and why.
    case waiting(have: Int, need: Int, notes: [String])
    /// In the order of first sight.
    case approved(by: [Approval])
    case rejected(by: [Approval])
}

/// Decides about one piece of evidence.
///
/// `approvals` are all tags about it that passed `check`, in the order of first sight;
/// `usedTags` are tag objects that a release has consumed already. A rejection ends the review of
/// this evidence, also one by an excluded person or beside enough approvals: no from anybody who
/// is trusted is the safe answer. Of the approvals each object, each key and each person counts
/// once, under whatever name.
package func decide(
    rule: ReviewRule, approvals: [Approval], excludedPrincipals: Set<Principal>,
    usedTags: Set<ObjectID>
) -> ReviewState {
    let fresh = approvals.filter { !usedTags.contains($0.tagObject) }
    let rejections = fresh.filter { $0.kind == .reject }
    guard rejections.isEmpty else { return .rejected(by: rejections) }

    var notes = approvals.filter { usedTags.contains($0.tagObject) }.map {
        "the tag \($0.tagObject.short) by \($0.reviewer) was used for an earlier release"
    }
    var counted: [Approval] = []
    for approval in fresh {
        if let reason = reasonNotToCount(approval, after: counted, excluded: excludedPrincipals) {
            notes.append(reason)
        } else {
            counted.append(approval)
        }
    }
    guard counted.count >= rule.approvals else {
        return .waiting(have: counted.count, need: rule.approvals, notes: notes)
    }
    return .approved(by: counted)
}

/// Returns nil when the approval counts.
private func reasonNotToCount(
    _ approval: Approval, after counted: [Approval], excluded: Set<Principal>
) -> String? {
    if let name = approval.aliases.intersection(excluded).min() {
        let alias = name == approval.reviewer ? "" : " (the same person as \(name))"
        return "\(approval.reviewer)\(alias) made these changes and cannot approve them"
    }
    let isRepeated = counted.contains {
        $0.tagObject == approval.tagObject || $0.keyFingerprint == approval.keyFingerprint
            || !$0.aliases.isDisjoint(with: approval.aliases)
    }
    return isRepeated ? "\(approval.reviewer) has approved already and counts once" : nil
}
