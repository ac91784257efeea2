package import Domain
package import Git
import Planning

/// What the repository itself says about which branch is watched and where artifacts are kept.
struct WatchedBranch: Sendable {
    var name: String
    /// The `slipway.yaml` of the branch; defaults when it is missing or broken.
    var declaration: RepositoryDeclaration

    /// The branch that HEAD names has the `slipway.yaml` that names the watched one.
    static func find(in repository: Repository) async throws -> WatchedBranch {
        let prefix = "refs/heads/"
        let named = try await repository.headBranch ?? "\(prefix)main"
        let main = named.hasPrefix(prefix) ? String(named.dropFirst(prefix.count)) : named
        guard let declared = try await declaration(on: main, of: repository) else {
            return WatchedBranch(name: main, declaration: RepositoryDeclaration(branch: main))
        }
        // Because the watched branch has the file that counts.
        let own =
            declared.branch == main
            ? declared : try await declaration(on: declared.branch, of: repository)
        return WatchedBranch(name: declared.branch, declaration: own ?? declared)
    }

    /// The branch's `slipway.yaml`; nil when there is no branch, no such file, or errors in it.
    private static func declaration(
        on branch: String, of repository: Repository
    ) async throws -> RepositoryDeclaration? {
        guard let tip = try await repository.ref("refs/heads/\(branch)") else { return nil }
        let files = try await repository.listing(of: tip).filter { $0.path == repositoryFile }
            .map { TreeFile(path: $0.path, mode: $0.mode, blob: $0.blob) }
        let plan = try await Planner().plan(files: files) { try await repository.blob($0.blob) }
        return plan.repositoryIsBroken ? nil : plan.repository
    }
}

/// Returns the folder in which the repository wants its artifacts: `artifacts: {folder:}` of the
/// watched branch, below the state folder unless absolute.
///
/// The daemon reads it when it starts, so a change counts after a restart; `slipway serve` reads it
/// whenever it loads a version.
package func artifactsFolder(
    of repository: Repository, state: StateFolder
) async throws(Failure) -> String {
    do {
        return state.artifacts(try await WatchedBranch.find(in: repository).declaration)
    } catch {
        throw failure(of: error)
    }
}
