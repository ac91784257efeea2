import ArgumentParser
import Daemon
import Domain
import Git
import Host
import Planning

/// What suspending and resuming have in common.
struct SuspensionOptions: ParsableArguments {
    @Argument(help: "A model; else everything, or everything of --environment.")
    var model: ModelName?

    @Option(help: ArgumentHelp("Only what goes to this environment.", valueName: "name"))
    var environment: EnvironmentName?

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @Option(help: "The watched branch; else the one that slipway.yaml names.")
    var branch: String?

    @Flag(help: "Print the new slipway.yaml, and write nothing.")
    var dryRun = false

    @Flag(help: "Print JSON: what is suspended afterwards.")
    var json = false

    func isSame(_ suspension: Suspension) -> Bool {
        suspension.model == model && suspension.environment == environment
    }

    /// Whether it makes some of what these words mean rest.
    func overlaps(_ suspension: Suspension) -> Bool {
        (model == nil || suspension.model == nil || model == suspension.model)
            && (environment == nil || suspension.environment == nil
                || environment == suspension.environment)
    }

    /// `digits in production`, `everything`
    var subject: String { Self.subject(model, environment) }

    static func subject(of suspension: Suspension) -> String {
        subject(suspension.model, suspension.environment)
    }

    /// The command that takes this item out.
    static func resuming(_ suspension: Suspension) -> String {
        var words = ["slipway resume"]
        if let model = suspension.model { words.append(model.text) }
        if let environment = suspension.environment {
            words.append("--environment \(environment)")
        }
        return words.joined(separator: " ")
    }

    private static func subject(_ model: ModelName?, _ environment: EnvironmentName?) -> String {
        (model?.text ?? "everything") + (environment.map { " in \($0)" } ?? "")
    }
}

/// A change of the `suspend:` list, as a commit on the watched branch that is pushed.
struct SuspensionChange {
    let clone: Clone
    let options: SuspensionOptions
    private let repository: Repository
    private let head: CommitID
    private let branch: String
    private let bytes: [UInt8]
    /// What the file says now.
    let declaration: RepositoryDeclaration

    init(_ clone: Clone, _ options: SuspensionOptions) async throws {
        self.clone = clone
        self.options = options
        try await clone.git("fetch", "--quiet", options.remote)
        repository = try clone.repository()
        var branch = options.branch
        if branch == nil {
            let own = try? await clone.commit("HEAD")
            // Because a clone without a commit yet has the usual branch.
            if let own {
                branch = try await repositoryDeclaration(at: own, of: repository)?.branch
            }
        }
        self.branch = branch ?? RepositoryDeclaration().branch
        guard let head = await clone.tip(of: self.branch, at: options.remote) else {
            throw Stop(
                .notFound, "`\(options.remote)` has no branch `\(self.branch)`", at: clone.folder,
                hint: "--remote NAME, --branch NAME")
        }
        self.head = head
        guard let bytes = try await repository.blob(at: head, repositoryFile),
            let declaration = try await repositoryDeclaration(at: head, of: repository)
        else {
            throw Stop(
                .wrong, "\(repositoryFile) of \(self.branch) is not there, or wrong",
                at: "commit \(head.short)", hint: "slipway check")
        }
        self.bytes = bytes
        self.declaration = declaration
    }

    /// Stops unless the watched branch has what is named.
    func requireKnownNames() async throws {
        guard options.model != nil || options.environment != nil else { return }
        let plan = try await Commits(repository).plan(head)
        if let model = options.model?.text {
            try require(model, "model", among: plan.modelNames.map(\.text))
        }
        if let environment = options.environment?.text {
            try require(environment, "environment", among: plan.environments.keys.map(\.text))
        }
    }

    private func require(_ name: String, _ kind: String, among known: [String]) throws {
        guard !known.contains(name) else { return }
        let meant = nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
        throw Stop(
            .notFound, "\(branch) has no \(kind) `\(name)`\(meant)", at: "commit \(head.short)",
            hint: known.isEmpty
                ? "it has no \(kind) at all" : "known: \(known.sorted().joined(separator: ", "))")
    }

    /// Edits the list so that it says `wanted`, and pushes that with this message.
    func write(
        removing: Set<Int>, adding: Suspension?, message: String
    ) async throws {
        var list = try editable()
        guard list.items.count == declaration.suspensions.count else {
            throw Stop(
                .wrong, "`suspend:` of \(repositoryFile) is written in a way that is not edited",
                at: "\(options.remote)/\(branch)", hint: "edit it by hand, and push")
        }
        list.remove(removing)
        if let adding { list.add(adding) }
        let text = list.text
        let kept = declaration.suspensions.enumerated().filter { !removing.contains($0.offset) }
        var wanted = declaration
        wanted.suspensions = kept.map(\.element) + (adding.map { [$0] } ?? [])
        try await require(text, says: wanted)
        if options.dryRun { return await Console.put(bytes: Array(text.utf8)) }
        try await push(text, message)
        if options.json { await Console.put(bytes: try compactJSON(wanted.suspensions)) }
    }

    private func editable() throws -> SuspensionList {
        do throws(SuspensionList.Trouble) {
            return try SuspensionList(String(decoding: bytes, as: UTF8.self))
        } catch {
            switch error {
            case .inBrackets(let line):
                throw Stop(
                    .wrong, "`suspend:` stands on one line, and is not edited",
                    at: "\(repositoryFile):\(line)", hint: "write one item a line, each with `- `")
            }
        }
    }

    /// Stops before anybody sees the file if it says anything else than what was meant.
    private func require(_ text: String, says wanted: RepositoryDeclaration) async throws {
        let bytes = Array(text.utf8)
        let file = TreeFile(path: repositoryFile, blob: blobID(bytes))
        let plan = try await Planner().plan(files: [file]) { _ in bytes }
        guard !plan.repositoryIsBroken, plan.repository == wanted else {
            throw Stop(
                .wrong, "the edited \(repositoryFile) would not say what was meant",
                at: "\(options.remote)/\(branch)", hint: "edit `suspend:` by hand, and push")
        }
    }

    private func push(_ text: String, _ message: String) async throws {
        let author = try await clone.author()
        let commit = try await repository.writeCommit(
            parents: [head], base: head,
            changes: [FileChange(path: repositoryFile, content: .bytes(Array(text.utf8)))],
            message: message + "\n", author: author, committer: author)
        let result = try await clone.run(
            ["push", "--quiet", options.remote, "\(commit.hex):refs/heads/\(branch)"])
        guard result.status.isSuccess else {
            throw Stop(
                .refused, "the commit was not pushed: \(lastWords(result.errorText))",
                at: "\(options.remote)/\(branch)", hint: "git fetch, then try again")
        }
        await Console.say("pushed \(commit.short) to \(branch): \(message)")
        await Console.say("your clone follows with: git pull")
    }
}
