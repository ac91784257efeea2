import Domain
import Git
import Host

/// Somebody's clone of the watched repository, or any repository on this machine.
struct Clone: Sendable {
    /// The top of the work tree; the folder itself for a bare repository.
    let folder: String
    let isBare: Bool
    private let environment: [String: String]

    /// The repository that `folder` is in; nil: the working folder, as git's variables say.
    static func find(in folder: String? = nil) async throws -> Clone {
        var environment = ownEnvironment()
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["LC_ALL"] = "C"
        if folder != nil {
            // Because a variable left by a hook would lead git to another repository.
            for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] { environment[name] = nil }
        }
        let here = Clone(folder: folder ?? currentFolder(), isBare: false, environment)
        let question = ["rev-parse", "--is-bare-repository", "--absolute-git-dir"]
        let result = try await here.run(question)
        let lines = result.outputText.split(separator: "\n").map(String.init)
        guard result.status.isSuccess, lines.count == 2 else {
            throw Stop(
                .wrong, "this is not a git repository", at: here.folder,
                hint: "run it in a clone of the watched repository")
        }
        if lines[0] == "true" { return Clone(folder: lines[1], isBare: true, environment) }
        let top = try await here.git("rev-parse", "--show-toplevel")
        return Clone(folder: top, isBare: false, environment)
    }

    private init(folder: String, isBare: Bool, _ environment: [String: String]) {
        self.folder = folder
        self.isBare = isBare
        self.environment = environment
    }

    /// Runs git here, whatever it then says.
    func run(
        _ arguments: [String], input: [UInt8] = [], deadlineSeconds: Double = 120
    ) async throws -> ChildResult {
        try await ChildProcess.run(
            "git", ["-C", folder] + arguments, environment: environment, input: input,
            outputLimitBytes: 256 << 20, deadlineSeconds: deadlineSeconds)
    }

    /// Runs git here and returns its output without the newline; stops with git's own words.
    @discardableResult
    func git(_ arguments: String..., input: String = "") async throws -> String {
        let result = try await run(arguments, input: Array(input.utf8))
        guard result.status.isSuccess else {
            throw Stop(
                .wrong, "git \(arguments.first ?? "") failed: \(lastWords(result.errorText))",
                at: folder)
        }
        var text = result.outputText
        while text.last == "\n" { text.removeLast() }
        return text
    }

    /// A setting as git sees it here; nil when it is not set.
    func setting(_ key: String) async -> String? {
        // Because git answers a setting that is not there with an error.
        guard let text = try? await git("config", "--get", key), !text.isEmpty else { return nil }
        return text
    }

    /// The commit that a revision means here.
    func commit(_ revision: String) async throws -> CommitID {
        let result = try await run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"])
        let text = result.outputText.split(separator: "\n").first.map(String.init) ?? ""
        guard result.status.isSuccess, let id = CommitID(text) else {
            throw Stop(
                .notFound, "there is no commit `\(revision)`", at: folder, hint: "git fetch")
        }
        return id
    }

    /// The remote-tracking commit of a branch; nil when it was never fetched.
    func tip(of branch: String, at remote: String) async -> CommitID? {
        // Because a branch that was never pushed is no error.
        try? await commit("refs/remotes/\(remote)/\(branch)")
    }

    func repository() throws -> Repository { try Repository(path: folder) }

    /// In whose name commits are written here, now.
    func author() async throws -> Person {
        guard let name = await setting("user.name"), let email = await setting("user.email") else {
            throw Stop(
                .wrong, "git does not know who you are", at: folder,
                hint: "git config user.name Ada && git config user.email ada@example.org")
        }
        return Person(name: name, email: email, when: now())
    }
}

/// A setting of git in the working folder, or of the user; nil when it is not set.
func gitSetting(_ key: String) async -> String? {
    // Because without git nothing is set.
    let result = try? await ChildProcess.run(
        "git", ["config", "--get", key], outputLimitBytes: 1 << 16, deadlineSeconds: 5)
    guard let result, result.status.isSuccess else { return nil }
    let text = result.outputText.split(separator: "\n").first.map(String.init)
    return text?.isEmpty == false ? text : nil
}

/// The lines of git's standard error that matter, at most three.
func lastWords(_ text: String) -> String {
    let empty = [
        "hint:", "To ", "fatal: Could not read from remote", "Please make sure you have",
        "and the repository exists", "error: failed to push some refs",
    ]
    let lines = text.split(separator: "\n").map(String.init).filter { line in
        !empty.contains(where: line.hasPrefix)
    }
    return lines.isEmpty ? "git gave no reason" : lines.suffix(3).joined(separator: " | ")
}
