import Daemon
import Domain
import Git
import Planning
import Review

/// Reads what the commits of a clone say about models.
struct Commits: Sendable {
    let repository: Repository
    private let planner = Planner()

    init(_ repository: Repository) { self.repository = repository }

    func plan(_ commit: CommitID) async throws -> RepositoryPlan {
        try await planner.plan(of: commit, from: PlanSource(repository))
    }

    func files(_ commit: CommitID) async throws -> [TreeFile] {
        try await repository.listing(of: commit).map(TreeFile.init)
    }
}

/// The number of approvals that the daemon of this state folder trusts; nil when there is none.
func trustedApprovals(_ folder: StateFolder) -> Int? {
    // Because a clone on another machine than the daemon's has no configuration.
    (try? DaemonConfiguration(stateFolder: folder.path))?.review.approvals
}
