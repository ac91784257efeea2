import Domain
import Git
import Planning

/// What the watched branch says now, and which commits touched which model since the last look.
final class BranchScan {
    /// The commits of one model that still need a decision, oldest first; the last is its head.
    typealias Touched = [ModelName: [CommitID]]

    private let repository: Repository
    private let planner: Planner
    /// How many commits are looked at in one go.
    private let commitsMax = 100_000
    private(set) var head: CommitID?
    private(set) var plan: RepositoryPlan?

    init(_ repository: Repository, _ planner: Planner) {
        self.repository = repository
        self.planner = planner
    }

    /// Returns the plan of a commit without moving the scan.
    func plan(of commit: CommitID) async throws -> RepositoryPlan {
        try await planner.plan(of: commit, from: PlanSource(repository))
    }

    /// Moves to `new` and returns what the commits on the way touched.
    ///
    /// `after` is the commit that was scanned last; nil: nothing ever was, so only `new` counts
    /// and touches every model that it has. `known` are models that have decisions.
    func move(
        to new: CommitID, after: CommitID?, known: Set<ModelName>
    ) async throws -> Touched {
        var touched: Touched = [:]
        guard let after else {
            let plan = try await plan(of: new)
            (head, self.plan) = (new, plan)
            for model in plan.modelNames.union(known) { touched[model] = [new] }
            return touched
        }
        var before = plan
        if head != after || before == nil { before = try await plan(of: after) }
        var previous = after
        for commit in try await commits(after: after, upTo: new) {
            let plan = try await plan(of: commit)
            let changed = try await planner.changedPaths(
                from: previous, to: commit, in: PlanSource(repository))
            for model in touchedModels(changedPaths: changed, old: before, new: plan) {
                touched[model, default: []].append(commit)
            }
            (previous, before) = (commit, plan)
        }
        (head, plan) = (new, before)
        return touched
    }

    /// The branch's states after `after`; rewritten history counts as one step to `upTo`.
    private func commits(after: CommitID, upTo: CommitID) async throws -> [CommitID] {
        guard after != upTo else { return [] }
        switch try await repository.firstParentCommits(
            after: after, upTo: upTo, limit: commitsMax)
        {
        case .commits(let commits): return commits
        case .notAnAncestor: return [upTo]
        }
    }
}
