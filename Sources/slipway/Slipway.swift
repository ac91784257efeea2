import ArgumentParser
import Daemon
import Domain
import Host

@main
struct Slipway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "A commit becomes a serving model, and a revert takes it back.",
        discussion: """
            Set up once:     slipway init --repository models.git --trust trusted-signers
            Start a model:   slipway new digits models
            Look first:      slipway check && slipway plan
            Watch:           slipway status --watch
            Decide:          slipway report digits && slipway approve digits
            Take back:       git revert HEAD && git push, or slipway rollback digits
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Set up",
                subcommands: [
                    InitCommand.self, NewCommand.self, HookCommand.self, DoctorCommand.self,
                    SchemaCommand.self,
                ]),
            CommandGroup(
                name: "Look before you push:", subcommands: [CheckCommand.self, PlanCommand.self]),
            CommandGroup(
                name: "Work with data", subcommands: [DatasetCommand.self, DataCommand.self]),
            CommandGroup(
                name: "See what happens",
                subcommands: [
                    StatusCommand.self, RunsCommand.self, LogsCommand.self, ReportCommand.self,
                    VersionsCommand.self, LettersCommand.self,
                ]),
            CommandGroup(
                name: "Prove it, from a clone alone",
                subcommands: [LogCommand.self, VerifyCommand.self, ProvenanceCommand.self]),
            CommandGroup(
                name: "Decide",
                subcommands: [
                    ReviewCommand.self, ApproveCommand.self, RejectCommand.self,
                    RollbackCommand.self, SuspendCommand.self, ResumeCommand.self,
                ]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    DaemonCommand.self, ServeCommand.self, StepCommand.self, RebuildCommand.self,
                ]),
        ])

    static var _errorPrefix: String { "error: " }

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let status = runWithoutParser(arguments) { exitProcess(status) }
        do {
            if readsData(arguments) {
                // Before the alarm has a thread of its own.
                prepareHeapForBurst()
                // On the main thread, as all other commands.
                let work = Task { @MainActor in try await carryOut(arguments) }
                try TerminationAlarm.first { work.cancel() }
                try await work.value
            } else {
                try await carryOut(arguments)
            }
            TerminationAlarm.endIfAsked()
            exitProcess(ExitCodes.ok.rawValue)
        } catch {
            TerminationAlarm.endIfAsked()
            await end(error)
        }
    }

    /// Whether a command reads data, and makes copies of it, which go before it does when it is
    /// interrupted.
    private static func readsData(_ arguments: [String]) -> Bool {
        switch arguments.first {
        case "check", "data", "dataset": true
        case "hook": arguments.dropFirst().first == "pre-commit"
        default: false
        }
    }

    private static func carryOut(_ arguments: [String]) async throws {
        if let check = FilesCheck(plain: arguments) { return try await check.run() }
        var command = try await asyncParseAsRoot(arguments)
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    /// Says what went wrong and exits with its code.
    private static func end(_ error: any Error) async -> Never {
        let stop: Stop
        switch error {
        case let error as Stop: stop = error
        case let error where isExpected(error): stop = Stop(.wrong, words(for: error))
        default:
            let code = exitCode(for: error)
            // Because help, version and wrong usage are the parser's to print.
            if code == .success || code == .validationFailure { exit(withError: error) }
            stop = Stop(.internalError, words(for: error))
        }
        if let failure = stop.failure { await Console.say(failure.description) }
        exitProcess(stop.code.rawValue)
    }
}
