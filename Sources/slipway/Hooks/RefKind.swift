import Domain
import Registry
import Review

/// What a ref is to Slipway, by its name alone.
enum RefKind: Hashable, Sendable {
    /// `refs/heads/slipway/…`: what an environment shall serve.
    case environment
    /// `refs/notes/slipway`: the record of decisions.
    case notes
    /// A version by GTO's grammar: `digits@v1.2.0`.
    case version
    /// A deployment by GTO's grammar: `digits#production#3`.
    case deployment
    /// `refs/tags/approve/…` and `refs/tags/reject/…`.
    case review
    /// It would stand where others need a folder: `refs/heads/slipway`.
    case inTheWay
    /// Any other branch.
    case branch(String)
    case other

    init(_ ref: String) {
        if ["refs/heads/slipway", "refs/tags/approve", "refs/tags/reject"].contains(ref)
            || ref.hasPrefix("refs/notes/slipway/")
        {
            self = .inTheWay
        } else if ref.hasPrefix("refs/heads/slipway/") {
            self = .environment
        } else if ref.hasPrefix("refs/heads/") {
            self = .branch(String(ref.dropFirst("refs/heads/".count)))
        } else if ref == "refs/notes/slipway" {
            self = .notes
        } else if ApprovalName.isApprovalSpace(ref) {
            self = .review
        } else if ref.hasPrefix("refs/tags/") {
            self = Self.ofTag(String(ref.dropFirst("refs/tags/".count)))
        } else {
            self = .other
        }
    }

    private static func ofTag(_ name: String) -> RefKind {
        let isInTheWay = name.indices.contains { place in
            name[place] == "/" && isBots(ofTag(named: String(name[..<place])))
        }
        return isInTheWay ? .inTheWay : ofTag(named: name)
    }

    private static func isBots(_ kind: RefKind) -> Bool { kind == .version || kind == .deployment }

    private static func ofTag(named name: String) -> RefKind {
        // Because a name outside the grammar is no tag of GTO's, and nobody reads it as one.
        guard GTOTag.isMeant(name), let tag = try? GTOTag(parsing: name) else { return .other }
        switch tag.event {
        case .assigned, .unassigned: return .deployment
        case .registered, .deregistered, .deprecated, .created: return .version
        }
    }

    /// What only the bot writes: what it is called, and what a person does instead.
    var botsOwn: (what: String, mend: String)? {
        switch self {
        case .environment:
            (
                "an environment's branch",
                "approve the candidate, and the bot moves the branch: slipway approve <model>"
            )
        case .notes:
            ("refs/notes/slipway", "leave it out of the push; the bot records its decisions there")
        case .version:
            (
                "a version tag",
                "approve the candidate, and the bot tags it: slipway approve <model>; or take "
                    + "another name for the tag"
            )
        case .deployment:
            (
                "a deployment tag",
                "approve the candidate, and the bot tags it: slipway approve <model>; or take one "
                    + "back: slipway rollback <model>"
            )
        case .review, .inTheWay, .branch, .other: nil
        }
    }
}

/// One line of what git tells a hook about a push: `old SP new SP ref`.
struct RefUpdate: Hashable, Sendable {
    var old: ObjectID
    var new: ObjectID
    var ref: String
    var kind: RefKind { RefKind(ref) }

    /// What to do instead of writing such a ref; whoever deletes one wants none to be made.
    func mend(_ writing: String) -> String { new.isZero ? "leave it out of the push" : writing }
}
