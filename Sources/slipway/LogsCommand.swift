import ArgumentParser
import Domain

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what the steps of a run wrote.",
        discussion: """
            RUN is `digits/17`, or a model for its newest run. Without --step and --attempt, every \
            attempt of every step is printed in turn.

            Example:
              slipway logs digits/17 --step train
              slipway logs digits --follow
            """)

    @Argument(help: "A run, or a model for its newest run.")
    var run: String

    @Option(help: "One step only.")
    var step: StepName?

    @Option(help: "One attempt only, counted from 1.")
    var attempt: Int?

    @Flag(help: "Go on until the run ends.")
    var follow = false

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let client = try await daemon.client()
        let id = try await runID(client)
        let path = "/api/v1/runs/\(id.model)/\(id.number)"
        var reader = LogReader(client: client, path: path, follows: follow)
        while true {
            let view = try await client.get(RunView.self, path)
            let steps = view.steps.filter { step == nil || $0.name == step }
            guard !steps.isEmpty || step == nil else {
                throw Stop(
                    .notFound, "\(id) has no step `\(step?.text ?? "")`",
                    hint: "one of: \(view.steps.map(\.name.text).joined(separator: ", "))")
            }
            for step in steps where step.attempt > 0 {
                let attempts = attempt.map { $0...$0 } ?? 1...step.attempt
                for number in attempts { try await reader.printNew(step.name, number) }
            }
            guard follow, view.state == .running else { break }
            try await Task.sleep(for: .milliseconds(300))
        }
        if !reader.hasPrinted { await Console.say("\(id) has written nothing") }
    }

    private func runID(_ client: APIClient) async throws -> RunID {
        if let id = RunID(run) { return id }
        guard let model = ModelName(run) else {
            throw Stop(.usage, "`\(run)` is not a run", hint: "slipway logs digits/17")
        }
        let newest = try await client.get(
            [RunView].self, "/api/v1/runs", [("model", model.text), ("limit", "1")])
        guard let id = newest.first?.id else {
            throw Stop(.notFound, "there is no run of \(model)", hint: "slipway runs")
        }
        return id
    }
}

/// Prints logs piece by piece and remembers how far each was printed.
struct LogReader {
    private struct Key: Hashable {
        var step: StepName
        var attempt: Int
    }

    let client: APIClient
    let path: String
    let follows: Bool
    private var offsets: [Key: Int] = [:]
    private(set) var hasPrinted = false

    init(client: APIClient, path: String, follows: Bool) {
        self.client = client
        self.path = path
        self.follows = follows
    }

    /// Prints what one attempt has written since the last call.
    mutating func printNew(_ step: StepName, _ attempt: Int) async throws {
        let key = Key(step: step, attempt: attempt)
        while true {
            let offset = offsets[key] ?? 0
            let answer: APIAnswer
            do throws(Stop) {
                answer = try await client.get(
                    "\(path)/logs",
                    [("step", step.text), ("attempt", "\(attempt)"), ("offset", "\(offset)")])
            } catch {
                // Because a cached step, and an attempt that is only beginning, have no log.
                if error.code == .notFound { return }
                throw error
            }
            guard !answer.body.isEmpty else { return }
            if offsets[key] == nil { await Console.say("== \(step), attempt \(attempt)") }
            await Console.put(bytes: answer.body)
            hasPrinted = true
            let next = answer.headers["slipway-next-offset"].flatMap { Int($0) }
            offsets[key] = max(next ?? 0, offset + answer.body.count)
        }
    }
}
