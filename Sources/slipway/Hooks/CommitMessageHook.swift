import Domain
import Host
import Planning

/// What the hook does with a commit's message before the commit is made.
struct CommitMessageHook: Sendable {
    private static let messageBytesMax = 1 << 20
    /// A commit that touches more models says so by its files.
    private static let trailersMax = 50

    let file: String
    private let git = HookGit()

    init(file: String) { self.file = file }

    func run() async throws {
        let bytes = try readFile(file, limitBytes: Self.messageBytesMax)
        let comment = try await git.setting("core.commentChar") ?? "#"
        let message = CommitMessage(
            String(decoding: bytes, as: UTF8.self), file: file, comment: comment)
        guard !message.isEmpty else { return }
        let found = try await message.diagnostics { [git] revision in
            let name = "\(revision)^{commit}"
            return try await git.answer("rev-parse", "--verify", "--quiet", name) != nil
        }
        await Console.say(found.map(line).joined(separator: "\n"))
        guard !found.contains(where: { $0.severity == .error }) else { throw Stop(.wrong) }
        if try await git.answer("config", "--type=bool", "--get", "slipway.trailers") == "true" {
            try await addTrailers()
        }
    }

    /// Adds `Model:` for every model that the staged change touches, by git's own rules.
    private func addTrailers() async throws {
        let models = try await touched()
        guard !models.isEmpty else { return }
        guard models.count <= Self.trailersMax else {
            return await Console.say("note: \(models.count) models are touched; none is named")
        }
        let trailers = models.flatMap { ["--trailer", "Model: \($0)"] }
        _ = try await git.output(
            [
                "interpret-trailers", "--in-place", "--if-exists=addIfDifferent",
                "--if-missing=add", "--where=end",
            ] + trailers + [file])
    }

    private func touched() async throws -> [ModelName] {
        let tree = try await StagedTree()
        let changed = try await tree.changedPaths()
        guard !changed.isEmpty else { return [] }
        let after = try await Planner().plan(files: try await tree.files()) {
            try await tree.read($0)
        }
        var before: RepositoryPlan?
        if let head = try await git.answer("rev-parse", "--verify", "--quiet", "HEAD"),
            let commit = ObjectID(head)
        {
            before = try await Commits(try tree.clone.repository()).plan(commit)
        }
        return touchedModels(changedPaths: changed.sorted(), old: before, new: after).sorted()
    }
}
