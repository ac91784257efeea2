import ArgumentParser
import Domain
import Host
import Journal

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs, newest first, or show one with what happened in it.",
        discussion: """
            Example:
              slipway runs digits --limit 5
              slipway runs digits/17
            """)

    @Argument(help: "A model or one run; else all.", transform: Subject.init)
    var subject: Subject?

    /// What is asked about.
    struct Subject: Sendable {
        var model: ModelName
        var run: RunID?

        init(_ text: String) throws {
            if let run = RunID(text) {
                (model, self.run) = (run.model, run)
            } else if let model = ModelName(text) {
                self.model = model
            } else {
                throw ValidationError("`\(text)` is neither a model nor a run like `digits/17`.")
            }
        }
    }

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
        if let run = subject?.run { return try await show(run, client) }
        let model = subject?.model
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
        await Console.put(text(of: runs))
    }

    /// One run, and who pushed its commit.
    private func show(_ id: RunID, _ client: APIClient) async throws {
        let path = "/api/v1/runs/\(id.model)/\(id.number)"
        let answer = try await client.get(path)
        if format.json { return await Console.put(bytes: answer.body) }
        let run = try decodeJSON(RunView.self, answer.body)
        await Console.put(text(of: [run]))
        let events = try await client.get([RunEvent].self, "\(path)/events")
        for event in events {
            guard case .object(let keys) = event.event else { continue }
            if let data = keys["data"] {
                let told = try decodeJSON(ToldOfData.self, compactJSON(data))
                for line in told.warnings {
                    await Console.put("warning: dataset \(told.dataset): \(oneLine(line))")
                }
            }
            if let prepared = keys["prepared"] {
                let made = try decodeJSON(DataLineage.self, compactJSON(prepared))
                let source = made.source == made.dataset ? "its files" : "\(made.source)"
                await Console.put(
                    "dataset \(made.dataset) was prepared from \(source): "
                        + "\(count(made.rows, "row")), sha256 \(made.sha256)")
            }
            guard let pushed = keys["pushed"] else { continue }
            let push = try decodeJSON(Push.self, compactJSON(pushed))
            let why = push.why.map { ": \(oneLine($0))" } ?? ""
            let by = push.by.map { oneLine($0, charactersMax: 200) } ?? "somebody"
            await Console.put("pushed by \(by)\(why)")
        }
        if let failure = run.failure { await Console.put("stopped: \(oneLine(failure.what))") }
    }

    /// What the checks of a dataset warn of.
    private struct ToldOfData: Decodable {
        var dataset: DatasetName
        var warnings: [String]
    }

    private func text(of runs: [RunView]) -> String {
        var table = Table("RUN", "STATE", "STAGE", "COMMIT", "STARTED", "TOOK", "STEPS")
        for run in runs {
            let end = run.endedAt ?? now()
            table.add(
                "\(run.id)", run.state.rawValue, run.stage, run.commit.short, "\(run.startedAt)",
                duration(end.seconds(since: run.startedAt)),
                run.steps.map(stepWords).joined(separator: ", "))
        }
        return table.text
    }

    private func stepWords(_ step: StepView) -> String {
        let attempts = step.attempt > 1 ? ", attempt \(step.attempt)" : ""
        guard step.state == .done, let start = step.startedAt, let end = step.endedAt else {
            return "\(step.name) \(step.state.rawValue)\(attempts)"
        }
        return "\(step.name) \(duration(end.seconds(since: start)))\(attempts)"
    }
}
