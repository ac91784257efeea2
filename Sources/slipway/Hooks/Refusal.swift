import Domain

/// Why a hook says no: one line of what, where and how to mend it.
struct Refusal: Hashable, Sendable {
    /// How many of one push are printed.
    static let shownMax = 50

    /// A ref, or a place in a file.
    var place: String
    var what: String
    var mend: String?

    init(_ what: String, at place: String, mend: String? = nil) {
        self.what = what
        self.place = place
        self.mend = mend
    }

    init(_ diagnostic: Diagnostic, in ref: String) {
        self.init(
            diagnostic.message, at: "\(diagnostic.place) (\(ref))", mend: diagnostic.hint)
    }

    /// One line, whatever stands in names and paths.
    var line: String {
        let end = mend.map { "; mend: \($0)" } ?? ""
        return "slipway: refused: \(oneLine("\(place): \(what)\(end)", charactersMax: 1000))"
    }

    /// What is printed of many.
    static func text(_ refusals: [Refusal]) -> String {
        var lines = refusals.prefix(shownMax).map(\.line)
        let more = refusals.count - lines.count
        if more > 0 { lines.append("slipway: refused: and \(count(more, "more reason"))") }
        return lines.joined(separator: "\n")
    }
}

extension RefKind {
    /// Why nobody may delete or move such a ref; nil: it may be.
    ///
    /// A review tag may be replaced by another that its reviewer has signed: who says it again,
    /// because the first did not count or has expired, takes the same name.
    func objection(to update: RefUpdate) -> Refusal? {
        let act = update.new.isZero ? "deleted" : "moved"
        guard !update.old.isZero else { return nil }
        switch self {
        case .review:
            guard update.new.isZero else { return nil }
            return Refusal(
                "a review tag is not deleted", at: update.ref,
                mend: "say the contrary with slipway reject or approve; one that does not count "
                    + "does no harm, and whoever runs the server can: git update-ref -d "
                    + update.ref)
        case .version, .deployment:
            return Refusal(
                "a version or deployment is not \(act): the bot only adds to them",
                at: update.ref,
                mend: "leave it out of the push; take a model back with slipway "
                    + "rollback <model>")
        case .environment, .notes, .inTheWay, .branch, .other: return nil
        }
    }
}
