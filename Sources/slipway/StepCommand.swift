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

    func run() async throws {
        if let stop = missingJob(folder) { throw stop }
        exitProcess(superviseStep(jobFolder: folder))
    }
}

/// Why nothing can be supervised in a folder; nil when a job is in it.
func missingJob(_ folder: String) -> Stop? {
    let hint = "the daemon makes <state>/runs/<model>/<run>/<step>/<attempt>; give one of these"
    guard isFolder(folder) else {
        return Stop(.notFound, "there is no such folder", at: absolutePath(folder), hint: hint)
    }
    guard exists("\(folder)/job.json") else {
        return Stop(
            .notFound, "the folder has no job.json", at: absolutePath(folder), hint: hint)
    }
    return nil
}
