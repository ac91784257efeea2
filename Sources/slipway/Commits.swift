import Daemon
import Domain
import Git
import Planning
import Review

/// Reads what the commits of a clone say about models.
struct Commits: Sendable {
    let repository: Repository
    private let planner = Planner()
    /// How many commits are looked at for their authors.
    private let commitsMax = 2000

    init(_ repository: Repository) { self.repository = repository }

    func plan(_ commit: CommitID) async throws -> RepositoryPlan {
        try await planner.plan(of: commit, from: PlanSource(repository))
    }

    func files(_ commit: CommitID) async throws -> [TreeFile] {
        try await repository.listing(of: commit).map(TreeFile.init)
    }

    /// The mail addresses behind the commits between `base` and `head` that touch these inputs.
    func people(
        from head: CommitID, notFrom base: CommitID?, _ inputs: ModelPaths
    ) async throws -> [String] {
        var people: Set<String> = []
        var seen: Set<CommitID> = [head]
        var queue = [head]
        while let id = queue.popLast(), seen.count <= commitsMax {
            if let base, try await repository.isAncestor(id, of: base) { continue }
            let commit = try await repository.commit(id)
            let changed = try await repository.changedPaths(from: commit.parents.first, to: id)
            if changed.contains(where: inputs.contains) {
                people.formUnion([commit.author.email, commit.committer.email])
                people.formUnion(commit.coAuthors.map(\.email))
            }
            for parent in commit.parents where seen.insert(parent).inserted { queue.append(parent) }
        }
        return people.filter { !$0.isEmpty }.sorted()
    }
}

/// The number of approvals that the daemon of this state folder trusts; nil when there is none.
func trustedApprovals(_ folder: StateFolder) -> Int? {
    // Because a clone on another machine than the daemon's has no configuration.
    (try? DaemonConfiguration(stateFolder: folder.path))?.review.approvals
}
