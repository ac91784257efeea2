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

    /// What the `slipway.yaml` of a commit says; nil when it has none, or errors in it.
    func declaration(at commit: CommitID) async throws -> RepositoryDeclaration? {
        guard let bytes = try await repository.blob(at: commit, repositoryFile) else { return nil }
        let file = TreeFile(path: repositoryFile, blob: blobID(bytes))
        let plan = try await Planner().plan(files: [file]) { _ in bytes }
        return plan.repositoryIsBroken ? nil : plan.repository
    }
}

/// Who pushed what was released, as the notes say; empty when nobody said who pushed the newest
/// commit, so that a rule about it cannot have been met.
func pushers(
    of newest: CommitID, _ commits: [CommitID], _ pushes: [CommitID: [Push]]
) -> [String] {
    func names(_ commit: CommitID) -> [String] { (pushes[commit] ?? []).compactMap(\.by) }
    guard !names(newest).isEmpty else { return [] }
    return Set((commits + [newest]).flatMap(names)).sorted()
}
