import ArgumentParser
import Daemon
import Domain
import Host

struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Put git hooks in place, or be called by them.",
        discussion: """
            In a clone they check what is committed and pushed, on the server they refuse what \
            must not arrive and wake the daemon; see docs/hooks.md.

            Example:
              cd models && slipway hook install
              slipway hook install --server --repository models.git --bot slipway
            """,
        subcommands: [
            HookInstallCommand.self, HookUninstallCommand.self, HookPreCommitCommand.self,
            HookCommitMessageCommand.self, HookPrePushCommand.self, HookPreReceiveCommand.self,
            HookPostReceiveCommand.self,
        ])
}

struct HookInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the hooks of a clone, or those of the server.",
        discussion: """
            In a clone: pre-commit, commit-msg and pre-push. In a bare repository: post-receive, \
            which wakes the daemon and says what a push will do; it refuses nothing. With \
            --server also pre-receive, which refuses what `slipway check` refuses and what only \
            the bot may write. A hook that is there is called first, and comes back with \
            `slipway hook uninstall`.

            Example:
              cd models && slipway hook install
              slipway hook install --repository models.git
              slipway hook install --server --repository models.git --bot slipway
              slipway hook install --hook pre-push
            """)

    @Flag(help: "The hooks of a server: pre-receive and post-receive.")
    var server = false

    @Option(
        name: .customLong("hook"), parsing: .upToNextOption,
        help: ArgumentHelp("Only these hooks.", valueName: "name"))
    var hooks: [HookName] = []

    @Option(
        help: ArgumentHelp(
            "The user by whose name the bot pushes: git's slipway.bot.", valueName: "user"))
    var bot: String?

    @Option(help: ArgumentHelp("The repository; else the one here.", valueName: "path"))
    var repository: String?

    @OptionGroup var state: StateOption

    func validate() throws {
        guard !server || hooks.allSatisfy(\.isServers) else {
            throw ValidationError("--server installs pre-receive and post-receive only.")
        }
        guard bot?.isEmpty != true else { throw ValidationError("--bot must name a user.") }
    }

    func run() async throws {
        let installation = try await HookInstallation.find(repository)
        let names = chosen(installation.clone)
        var settings = [(key: "slipway.executable", value: try ownExecutable())]
        if names.contains(where: \.isServers) || state.state != nil {
            settings.append(("slipway.state", state.folder.path))
        }
        if let bot { settings.append(("slipway.bot", bot)) }
        let paths = try await installation.install(names, settings: settings)
        await Console.put(paths.joined(separator: "\n"))
        if installation.isShared {
            await Console.say(
                "note: every repository with this core.hooksPath calls them; where slipway is "
                    + "not installed they do nothing")
        }
    }

    private func chosen(_ clone: Clone) -> [HookName] {
        if !hooks.isEmpty { return HookName.allCases.filter(hooks.contains) }
        if server { return [.preReceive, .postReceive] }
        return clone.isBare ? [.postReceive] : [.preCommit, .commitMessage, .prePush]
    }
}

struct HookUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take the hooks out again, and put back those that were there.",
        discussion: """
            Leaves no trace: the hooks and git's configuration are as they were before.

            Example:
              slipway hook uninstall
              slipway hook uninstall --repository models.git
            """)

    @Option(help: ArgumentHelp("The repository; else the one here.", valueName: "path"))
    var repository: String?

    func run() async throws {
        let aside = try await HookInstallation.find(repository).uninstall()
        for path in aside {
            await Console.say("note: \(path) stays: another hook has taken its place")
        }
    }
}

struct HookPreCommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-commit",
        abstract: "Check what is staged; git's hook calls it.",
        discussion: """
            Runs `slipway check --staged`, and looks for secrets in the added lines. A line with \
            the comment `slipway:allow-secret` is let pass.

            Example:
              slipway hook pre-commit
            """)

    func run() async throws {
        var hunt = SecretHunt(HookGit())
        try await hunt.searchStaged()
        for note in hunt.notes { await Console.say("note: \(note)") }
        let secrets = hunt.found.prefix(Refusal.shownMax).map { line($0.diagnostic) }
        await Console.put(secrets.joined(separator: "\n"))
        try await FilesCheck(staged: true).run()
        guard hunt.found.isEmpty else {
            throw Stop(.wrong, "\(count(hunt.found.count, "secret")) would be committed")
        }
    }
}

struct HookCommitMessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit-msg",
        abstract: "Check the trailers of a commit's message; git's hook calls it.",
        discussion: """
            `Version-Bump:` must be major, minor or patch, `Restored-from:` a commit. With \
            `git config slipway.trailers true`, a trailer `Model:` is added for every model that \
            the commit touches.

            Example:
              slipway hook commit-msg .git/COMMIT_EDITMSG
            """)

    @Argument(help: "The file of the message.")
    var file: String

    func run() async throws { try await CommitMessageHook(file: file).run() }
}

struct HookPrePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-push",
        abstract: "Check what is pushed; git's hook calls it.",
        discussion: """
            Reads lines `local-ref local-oid remote-ref remote-oid`. Checks the tip of every \
            branch, looks for secrets in every commit that is new to the remote, and refuses refs \
            that only the bot writes.

            Example:
              echo "refs/heads/main $new refs/heads/main $old" | slipway hook pre-push origin URL
            """)

    @Argument(help: "The remote's name.")
    var remote: String

    @Argument(help: "The remote's address.")
    var address = ""

    func run() async throws {
        let lines = try readPush(PrePushJudge.Line.init)
        var judge = PrePushJudge(git: HookGit(), remote: remote)
        try await judge.judge(lines)
        try await conclude(judge.refusals, judge.notes)
    }
}

struct HookPreReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive",
        abstract: "Refuse what must not arrive; git's hook calls it.",
        discussion: """
            Reads lines `old new ref` and prints every reason, one a line. All refs of a push are \
            refused together, or none.

            Example:
              echo "$old $new refs/heads/main" | slipway hook pre-receive --state /var/lib/slipway
            """)

    @Option(
        help: ArgumentHelp(
            "The daemon's state folder, where the trust is; else git's slipway.state.",
            valueName: "dir"))
    var state: String?

    func run() async throws {
        let git = HookGit()
        let updates = try readPush { line -> RefUpdate? in
            let words = line.split(separator: " ")
            guard words.count == 3, let old = ObjectID(String(words[0])),
                let new = ObjectID(String(words[1]))
            else { return nil }
            return RefUpdate(old: old, new: new, ref: String(words[2]))
        }
        let folder = if let state { state } else { try await git.setting("slipway.state") }
        var judge = PushJudge(
            git: git, pusher: await Pusher.find(), bot: try await git.setting("slipway.bot"),
            state: StateFolder(statePath(folder)))
        try await judge.judge(updates, PushOptions.given)
        try await conclude(judge.refusals, judge.notes)
    }
}

struct HookPostReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-receive",
        abstract: "Tell the daemon of a push; git's hook calls it.",
        discussion: """
            Reads lines `old new ref` and prints what will happen. Always exits 0. \
            `git push -o slipway.skip` does not wake the daemon, which finds the push by itself; \
            `git push -o slipway.why=TEXT` has the reason logged.

            Example:
              echo "$old $new refs/heads/main" | slipway hook post-receive
            """)

    func run() async throws { answerPostReceive() }
}

/// How many refs one push may have; who has more pushes in parts.
private let pushLinesMax = 10_000

/// Reads what git says of a push on standard input; a line that is not understood stops.
private func readPush<Line>(_ parse: (String) -> Line?) throws -> [Line] {
    var lines: [Line] = []
    while let text = readLine() {
        if text.isEmpty { continue }
        guard let line = parse(text) else {
            throw Stop(.wrong, "git's line is not understood: \(oneLine(text, charactersMax: 200))")
        }
        guard lines.count < pushLinesMax else {
            throw Stop(
                .refused, "a push of over \(pushLinesMax) refs is not judged",
                hint: "push them in parts")
        }
        lines.append(line)
    }
    return lines
}

/// Prints what a hook found, and stops when it refuses.
private func conclude(_ refusals: [Refusal], _ notes: [String]) async throws {
    for note in notes.prefix(Refusal.shownMax) { await Console.say("slipway: note: \(note)") }
    guard !refusals.isEmpty else { return }
    await Console.say(Refusal.text(refusals))
    throw Stop(.refused)
}
