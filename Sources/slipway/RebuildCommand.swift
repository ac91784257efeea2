import ArgumentParser
import Daemon
import Domain
import Logging

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Restore the daemon's journal from git.",
        discussion: """
            Everything that was decided is in the repository's notes and tags; the journal is an \
            index of it and of work in progress. The daemon must not be running.

            Example:
              slipway rebuild && slipway daemon
            """)

    @OptionGroup var state: StateOption

    func run() async throws {
        let folder = state.folder
        let configuration = try DaemonConfiguration(stateFolder: folder.path)
        let found = try await Daemon.rebuild(
            configuration, state: folder, executable: try ownExecutable(),
            logger: talkLogger(.warning))
        await Console.put(
            "restored \(count(found.decisions, "decision")) about "
                + "\(count(found.models, "model")) from git")
    }
}
