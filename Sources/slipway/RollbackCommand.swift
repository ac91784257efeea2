import ArgumentParser
import Domain
import Git
import Host
import Planning

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take one model back to an earlier version, by a commit that is pushed for you.",
        discussion: """
            Restores the model's folder, its datasets and what it includes from the commit of the \
            earlier version, in a new commit on the watched branch with the trailer Restored-from. \
            Your work tree is not touched. Without --to it is the version that was assigned before \
            the present one and is not on hold.

            Example:
              slipway rollback digits --dry-run
              slipway rollback digits --to v1.0.0
            """)

    @Argument(help: "The model.")
    var model: ModelName

    @Option(help: ArgumentHelp("The version to go back to.", valueName: "version"))
    var to: SemanticVersion?

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let clone = try await Clone.find()
        let client = try await daemon.client()
        let target = try await RollbackTarget.find(model, to, client)
        let branch = try await client.get(StatusView.self, "/api/v1/status").branch
        try await clone.git("fetch", "--quiet", remote)
        guard let head = await clone.tip(of: branch, at: remote) else {
            throw Stop(
                .notFound, "`\(remote)` has no branch `\(branch)`", at: clone.folder,
                hint: "--remote NAME")
        }
        let restoring = Restoring(
            model: model, version: target.version, from: target.commit, head: head,
            commits: Commits(try clone.repository()))
        let changes = try await restoring.changes()
        guard !changes.isEmpty else {
            throw Stop(
                .wrong, "\(branch) already has the inputs of \(model) \(target.version)",
                at: "commit \(head.short)", hint: "slipway status \(model)")
        }
        await Console.put(changes.map(words).joined(separator: "\n"))
        for other in try await restoring.others(changes) {
            await Console.say("note: \(other) uses some of these files and is touched too")
        }
        guard !dryRun else {
            return await Console.say("nothing was written; \(target.sentence(model))")
        }
        let author = try await clone.author()
        let commit = try await restoring.write(changes, candidate: target.candidate, author)
        let result = try await clone.run(
            ["push", "--quiet", remote, "\(commit.hex):refs/heads/\(branch)"])
        guard result.status.isSuccess else {
            throw Stop(
                .refused, "the commit was not pushed: \(lastWords(result.errorText))",
                at: "\(remote)/\(branch)", hint: "git fetch, then slipway rollback \(model)")
        }
        await Console.say("pushed \(commit.short) to \(branch); \(target.sentence(model))")
        await Console.say("your clone follows with: git pull")
    }

    private func words(_ change: FileChange) -> String {
        if case .removed = change.content { return "remove   \(change.path)" }
        return "restore  \(change.path)"
    }
}

/// The version that a rollback goes back to.
struct RollbackTarget: Sendable {
    var version: SemanticVersion
    var commit: CommitID
    var candidate: Fingerprint
    var isHeld: Bool

    /// Chooses the version that was asked for, or the one before the present one.
    static func find(
        _ model: ModelName, _ asked: SemanticVersion?, _ client: APIClient
    ) async throws -> RollbackTarget {
        let path = "/api/v1/models/\(model)"
        let versions = try await client.get([VersionView].self, "\(path)/versions")
        let chosen: VersionView?
        if let asked {
            chosen = versions.first { $0.release.version == asked }
        } else {
            let records = try await client.get([DecisionRecord].self, "\(path)/decisions")
            let order = records.compactMap { record -> SemanticVersion? in
                guard case .assigned(let assignment) = record.decision else { return nil }
                return assignment.version
            }
            chosen = order.dropLast().reversed().lazy.compactMap { earlier in
                versions.first { $0.release.version == earlier }
            }.first { $0.heldIn.isEmpty && $0.assignedTo.isEmpty }
        }
        guard let chosen else {
            let what = asked.map { "\(model) has no version \($0)" }
            throw Stop(
                .notFound, what ?? "\(model) has no earlier version that is not on hold",
                hint: "slipway versions \(model)")
        }
        return RollbackTarget(
            version: chosen.release.version, commit: chosen.release.commit,
            candidate: chosen.release.candidate, isHeld: !chosen.heldIn.isEmpty)
    }

    func sentence(_ model: ModelName) -> String {
        isHeld
            ? "\(version) is on hold, so it waits for an approval of new evidence"
            : "\(model) \(version) is assigned again at once, without training or approval"
    }
}
