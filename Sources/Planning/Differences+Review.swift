import Domain

/// One key of `review:`, in words and by how much it asks.
struct ReviewMember: Hashable {
    var text: String
    /// Everything that is asked for; less of it is looser.
    var asks: Set<String> = []
    /// Greater is stricter.
    var strength = 0

    /// Whether a key asks for less than before; nil asks for nothing.
    static func isLooser(_ new: ReviewMember?, than old: ReviewMember?) -> Bool {
        guard let old else { return false }
        guard let new else { return true }
        return new.strength < old.strength || !new.asks.isSuperset(of: old.asks)
    }
}

/// The keys of `review:` that say something.
func reviewMembers(_ review: ReviewDeclaration) -> [String: ReviewMember] {
    var members: [String: ReviewMember] = [:]
    members["approvals"] = review.approvals.map { ReviewMember(text: "\($0)", strength: $0) }
    members["exclude"] = review.exclude.map { excluded in
        let names = excluded.map(\.rawValue).sorted()
        return ReviewMember(text: list(names), asks: Set(names))
    }
    for (role, count) in review.from {
        members["from.\(role)"] = ReviewMember(text: "\(count)", strength: count)
    }
    if review.hardwareKey { members["hardware_key"] = ReviewMember(text: "true") }
    if review.codeOwners { members["code_owners"] = ReviewMember(text: "true") }
    members["evidence_max_age"] = review.evidenceMaxAgeSeconds.map(limit)
    members["approvals_expire"] = review.approvalsExpireSeconds.map(limit)
    members["soak"] = review.soak.map { soak in
        ReviewMember(
            text: "\(duration(soak.seconds)) in \(soak.environment)",
            asks: [soak.environment.text], strength: soak.seconds)
    }
    return members
}

private func limit(_ seconds: Int) -> ReviewMember {
    ReviewMember(text: duration(seconds), strength: -seconds)
}

/// A duration as people write it: `30d`, `90m`.
func duration(_ seconds: Int) -> String {
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] where seconds % length == 0 {
        return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
}
