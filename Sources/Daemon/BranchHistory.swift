import Domain
import Git

/// How a branch came from one head to another.
enum BranchHistory: Hashable, Sendable {
    /// Commits were added.
    case advanced
    /// The new head is an ancestor of the old one.
    case movedBack
    /// The two have a common past, of which some is not the new head's any more.
    case rewritten
    /// The two have nothing in common.
    case unrelated
    /// The old head is not in the repository any more.
    case forgotten

    static func between(
        _ old: CommitID, _ new: CommitID, in repository: Repository
    ) async throws -> BranchHistory {
        guard try await repository.has(old) else { return .forgotten }
        if try await repository.isAncestor(old, of: new) { return .advanced }
        if try await repository.isAncestor(new, of: old) { return .movedBack }
        return try await repository.mergeBase(old, new) == nil ? .unrelated : .rewritten
    }

    /// What people are shown; nil when nothing is out of the ordinary.
    func failure(branch: String, old: CommitID, new: CommitID) -> Failure? {
        let what: String
        switch self {
        case .advanced: return nil
        case .movedBack: what = "was moved back"
        case .rewritten: what = "was rewritten"
        case .unrelated: what = "was replaced by a history that has nothing in common with it"
        case .forgotten: what = "was rewritten, and its old commits are gone"
        }
        let lease = "--force-with-lease=\(branch):\(new)"
        let mend = "git push \(lease) origin \(old):refs/heads/\(branch)"
        let mended = "the next commit that is not Slipway's own takes this away"
        let hint =
            self == .forgotten
            ? "push the old commits from a clone that has them; or go on: \(mended)"
            : "put it back: \(mend); or go on: \(mended)"
        return Failure(
            "the branch `\(branch)` \(what): it was at \(old), it is at \(new)",
            at: "refs/heads/\(branch)", hint: hint, .wait(for: "a commit on top"))
    }

    /// The branch is not there any more.
    static func deleted(branch: String, last: CommitID) -> Failure {
        Failure(
            "the branch `\(branch)` was deleted; it was at \(last)", at: "refs/heads/\(branch)",
            hint: "put it back: git push origin \(last):refs/heads/\(branch); what is served stays",
            .wait(for: "the branch"))
    }
}
