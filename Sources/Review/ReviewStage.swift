package import Domain

/// Why a verified approval or rejection does not count, and how to mend it.
package struct Objection: Hashable, Sendable {
    package var reason: String
    package var hint: String?
}

/// Decides, when a verified tag is first seen, whether it counts; nil: it does.
///
/// `shown` is the evidence that reviewers were shown under the tag's id; `earlier` are the
/// approvals that were seen before, used ones left out. An approval counts once for each person and
/// each key, under whatever name, and never for people who made the changes. A rejection by
/// anybody who is trusted counts: no is the safe answer. How many must approve is decided by
/// `nextAction`, on what was recorded here.
package func objection(
    of approval: Approval, shown: Digest?, earlier: SeenApprovals, excluded: Set<Principal>
) -> Objection? {
    guard shown == approval.evidenceLine else {
        return Objection(
            reason: "no evidence \(approval.evidence) of \(approval.model) was ever shown",
            hint: "slipway report \(approval.model)")
    }
    guard approval.kind == .approve else { return nil }
    let makers = Set(excluded.map { $0.text.lowercased() })
    if let name = approval.aliases.filter({ makers.contains($0.text.lowercased()) }).min() {
        let alias = name == approval.reviewer ? "" : " (the same person as \(name))"
        return Objection(
            reason: "\(approval.reviewer)\(alias) made these changes and cannot approve them",
            hint: "ask another reviewer: slipway approve \(approval.model)")
    }
    guard !earlier.has(approval.tagObject) else {
        return Objection(reason: "this tag object was seen already and counts once", hint: nil)
    }
    guard earlier.hasSame(as: approval) else { return nil }
    return Objection(reason: "\(approval.reviewer) has approved already and counts once", hint: nil)
}
