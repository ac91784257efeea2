import ArgumentParser
import Domain
import Host

struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Fill a folder with a working example.",
        discussion: """
            PATH is a new folder, which becomes a git repository, or an empty clone. Nothing is \
            committed. The templates are `digits` (a classifier) and `regression`.

            Example:
              git clone models.git models && slipway new digits models
            """)

    @Argument(help: "digits or regression.")
    var template: String

    @Argument(help: "A new folder, or an empty clone.")
    var path: String

    func run() async throws {
        let source = try templateFolder()
        let target = absolutePath(path)
        try requireEmpty(target)
        let isNew = !exists("\(target)/.git")
        try makeFolder(target)
        if isNew {
            let result = try await ChildProcess.run(
                "git", ["init", "--quiet", "--initial-branch=main", target],
                outputLimitBytes: 1 << 16, deadlineSeconds: 30)
            guard result.status.isSuccess else {
                throw Stop(.wrong, "git init failed: \(lastWords(result.errorText))", at: target)
            }
        }
        try copy(source, to: target)
        await Console.put(target)
        let push = isNew ? "git remote add origin URL && git push -u origin main" : "git push"
        await Console.say(
            """
            next:
              cd \(path)
              slipway check
              git add --all && git commit --message '\(template): first model'
              slipway plan
              \(push)
            """)
    }

    private func templateFolder() throws -> String {
        let templates = try sharedPath("templates")
        let names = try namesIn(templates).filter { exists("\(templates)/\($0)/slipway.yaml") }
        guard names.contains(template) else {
            throw Stop(
                .notFound, "there is no template `\(template)`", at: templates,
                hint: "one of: \(names.joined(separator: ", "))")
        }
        return "\(templates)/\(template)"
    }

    private func requireEmpty(_ target: String) throws {
        guard exists(target) else { return }
        guard isFolder(target), try namesIn(target).allSatisfy({ $0 == ".git" }) else {
            throw Stop(
                .refused, "the folder is not empty, and nothing is overwritten", at: target,
                hint: "choose a new folder, or an empty clone")
        }
    }

    /// Copies everything but what running the template's own code leaves behind.
    private func copy(_ source: String, to target: String) throws {
        for entry in try walk(source) {
            let parts = entry.path.split(separator: "/")
            if parts.contains("__pycache__") || parts.contains(".git") { continue }
            let (from, to) = ("\(source)/\(entry.path)", "\(target)/\(entry.path)")
            switch entry.kind {
            case .folder: try makeFolder(to)
            case .file: try copyFile(from, to: to, mode: entry.isExecutable ? 0o755 : 0o644)
            case .link: try makeLink(at: to, to: try readLink(from))
            case .other: break
            }
        }
    }
}
