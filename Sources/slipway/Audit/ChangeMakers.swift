import Daemon
import Domain
import Git
import Planning

/// Finds the people behind changes, who may not approve them; recomputed from the commits alone,
/// by the rules by which the daemon finds them.
struct ChangeMakers: Sendable {
    let repository: Repository

    init(_ repository: Repository) { self.repository = repository }

    /// Every commit reachable from `head` and not from `base` that touched the
    /// model's inputs, merged side branches included, with its people.
    func changes(
        from head: CommitID, notFrom base: CommitID?, touching inputs: ModelPaths
    ) async throws -> [Authors.Touch] {
        try await Authors(repository).touches(from: head, notFrom: base, touching: inputs)
    }

    /// Every such commit that changed what says who may decide.
    func changes(
        from head: CommitID, notFrom base: CommitID?, changingPolicyAt paths: Set<String>
    ) async throws -> [Authors.Touch] {
        try await Authors(repository).touches(
            from: head, notFrom: base, changingPolicyAt: paths)
    }
}
