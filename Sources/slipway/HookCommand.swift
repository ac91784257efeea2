import ArgumentParser
import Daemon
import Domain
import Host

struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Put git hooks in place, or be called by them.",
        discussion: """
            Example:
              slipway hook install --repository models.git
            """,
        subcommands: [
            HookInstallCommand.self, HookUninstallCommand.self, HookPostReceiveCommand.self,
            HookPreCommitCommand.self,
        ])
}

struct HookInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install post-receive in a bare repository, pre-commit in a clone.",
        discussion: """
            post-receive wakes the daemon and says what a push will do; it refuses nothing. \
            pre-commit runs `slipway check --staged`. A hook that is there is called first.

            Example:
              slipway hook install --repository models.git
              cd models && slipway hook install
            """)

    @Option(help: ArgumentHelp("The repository; else the one here.", valueName: "path"))
    var repository: String?

    @OptionGroup var state: StateOption

    func run() async throws {
        let hook = try await InstalledHook.find(repository)
        try await hook.install(
            executable: try ownExecutable(),
            state: hook.clone.isBare || state.state != nil ? state.folder.path : nil)
        await Console.put(hook.path)
    }
}

struct HookUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take the hook out again, and put back the one that was there.",
        discussion: """
            Example:
              slipway hook uninstall --repository models.git
            """)

    @Option(help: ArgumentHelp("The repository; else the one here.", valueName: "path"))
    var repository: String?

    func run() async throws {
        let hook = try await InstalledHook.find(repository)
        try await hook.uninstall()
    }
}

struct HookPostReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-receive",
        abstract: "Tell the daemon of a push; git's hook calls it.",
        discussion: """
            Reads lines `old new ref` and prints what will happen. Always exits 0.

            Example:
              echo "$old $new refs/heads/main" | slipway hook post-receive
            """)

    func run() async throws { answerPostReceive() }
}

struct HookPreCommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-commit",
        abstract: "Check what is staged; git's hook calls it.",
        discussion: """
            Example:
              slipway hook pre-commit
            """)

    func run() async throws {
        let check = try CheckCommand.parse(["--staged"])
        try await check.run()
    }
}
