import ArgumentParser
import Domain
import Host

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs, newest first.",
        discussion: """
            Example:
              slipway runs digits --limit 5
            """)

    @Argument(help: "A model; else all.")
    var model: ModelName?

    @Option(help: "How many at most.")
    var limit = 20

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit must be a number from 1 to 1000.")
        }
    }

    func run() async throws {
        let client = try await daemon.client()
        let query = [("model", model?.text), ("limit", "\(limit)")]
        let answer = try await client.get("/api/v1/runs", query)
        let runs = try decodeJSON([RunView].self, answer.body)
        if runs.isEmpty, let model {
            // Because no run of a model that nobody knows is most likely a slip of the pen.
            _ = try await client.get("/api/v1/models/\(model)")
        }
        if format.json { return await Console.put(bytes: answer.body) }
        guard !runs.isEmpty else {
            let what = model.map { "no run of \($0) yet" } ?? "no run yet"
            return await Console.say(what)
        }
        var table = Table("RUN", "STATE", "STAGE", "COMMIT", "STARTED", "TOOK", "STEPS")
        for run in runs {
            let end = run.endedAt ?? now()
            table.add(
                "\(run.id)", run.state.rawValue, run.stage, run.commit.short, "\(run.startedAt)",
                duration(end.seconds(since: run.startedAt)),
                run.steps.map(stepWords).joined(separator: ", "))
        }
        await Console.put(table.text)
    }

    private func stepWords(_ step: StepView) -> String {
        let attempts = step.attempt > 1 ? ", attempt \(step.attempt)" : ""
        guard step.state == .done, let start = step.startedAt, let end = step.endedAt else {
            return "\(step.name) \(step.state.rawValue)\(attempts)"
        }
        return "\(step.name) \(duration(end.seconds(since: start)))\(attempts)"
    }
}
