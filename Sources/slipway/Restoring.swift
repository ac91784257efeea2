import Domain
import Git
import Planning

/// Puts one model's inputs back to what they were in an earlier commit.
struct Restoring: Sendable {
    let model: ModelName
    let version: SemanticVersion
    let from: CommitID
    let head: CommitID
    let commits: Commits

    /// What has to change; the environment's file stays, because it is no part of the model.
    func changes() async throws -> [FileChange] {
        let (old, new) = (try await commits.plan(from), try await commits.plan(head))
        guard let before = old.models[model] else {
            throw Stop(
                .notFound, "\(model) cannot be planned at the commit of \(version)",
                at: "commit \(from.short)", hint: "slipway plan \(from.short)")
        }
        let now = new.models[model]?.inputs
        func counts(_ path: String) -> Bool {
            !path.hasPrefix("environments/")
                && (before.inputs.contains(path) || now?.contains(path) ?? false)
        }
        let earlier = try await commits.files(from).filter { before.inputs.contains($0.path) }
        let present = try await commits.files(head).filter { counts($0.path) }
        let wanted = Dictionary(
            earlier.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var changes = present.filter { wanted[$0.path] == nil }
            .map { FileChange(path: $0.path, content: .removed) }
        let have = Set(present)
        for file in earlier where counts(file.path) && !have.contains(file) {
            changes.append(
                FileChange(path: file.path, content: .entry(mode: file.mode, id: file.blob)))
        }
        return changes.sorted { $0.path < $1.path }
    }

    /// The other models that the changes touch.
    func others(_ changes: [FileChange]) async throws -> [ModelName] {
        let plan = try await commits.plan(head)
        return touchedModels(changedPaths: changes.map(\.path), old: nil, new: plan)
            .subtracting([model]).sorted()
    }

    /// Writes the commit, and stops before anybody sees it if it is not the candidate again.
    func write(
        _ changes: [FileChange], candidate: Fingerprint, _ author: Person
    ) async throws -> CommitID {
        let message = "Roll \(model) back to \(version)\n\nRestored-from: \(from.hex)\n"
        let commit = try await commits.repository.writeCommit(
            parents: [head], base: head, changes: changes, message: message, author: author,
            committer: author)
        let plan = try await commits.plan(commit)
        guard plan.models[model]?.candidate.fingerprint == candidate else {
            let problem = plan.brokenModels[model]?.first
            throw Stop(
                .wrong, "restoring the files of \(model) does not give \(version) again",
                at: problem?.place.description ?? "commit \(from.short)",
                hint: problem?.message ?? "git revert the commits instead")
        }
        return commit
    }
}
