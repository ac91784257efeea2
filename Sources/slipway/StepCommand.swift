import ArgumentParser
import Compute
import Domain
import Host

struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Supervise one step; the daemon starts it.",
        discussion: """
            Owns the process group of the command that FOLDER/job.json describes, keeps it within \
            its limits and writes FOLDER/exit.json. SIGTERM cancels the job.

            Example:
              slipway step ~/.local/state/slipway/runs/digits/17/train/1
            """)

    @Argument(help: "The job's folder.")
    var folder: String

    func run() async throws { exitProcess(superviseStep(jobFolder: folder)) }
}
