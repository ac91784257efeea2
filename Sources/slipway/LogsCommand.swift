import ArgumentParser
import Domain

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what the steps of a run wrote.",
        discussion: """
            RUN is `digits/17`, or a model for its newest run. Without --step and --attempt, every \
            attempt of every step is printed in turn. With --json, each line becomes one object \
            {"run", "step", "attempt", "text"}, also on one line.

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

    @Flag(help: "Print one JSON object for each line of the log.")
    var json = false

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let client = try await daemon.client()
        let id = try await runID(client)
        let path = "/api/v1/runs/\(id.model)/\(id.number)"
        var reader = LogReader(client: client, run: id, json: json)
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
                for number in attempts {
                    try await reader.printNew(step.name, number)
                    let goesOn = number == step.attempt && step.state == .running
                    if !follow || view.state != .running || !goesOn {
                        try await reader.finish(step.name, number)
                    }
                }
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

    /// How far one attempt's log was printed.
    private struct Progress {
        var offset = 0
        /// The beginning of a line whose end has not been written yet; always empty for plain text.
        var rest: [UInt8] = []
    }

    /// What `--json` prints of one line.
    private struct Line: Encodable {
        var run: RunID
        var step: StepName
        var attempt: Int
        var text: String
    }

    /// A longer line is printed in parts, so that an endless one cannot fill our memory.
    private static let lineBytesMax = 1 << 20

    private let client: APIClient
    private let run: RunID
    private let json: Bool
    private var progress: [Key: Progress] = [:]
    private(set) var hasPrinted = false

    init(client: APIClient, run: RunID, json: Bool) {
        self.client = client
        self.run = run
        self.json = json
    }

    /// Prints what one attempt has written since the last call.
    mutating func printNew(_ step: StepName, _ attempt: Int) async throws {
        let key = Key(step: step, attempt: attempt)
        while true {
            let offset = progress[key]?.offset ?? 0
            let answer: APIAnswer
            do throws(Stop) {
                answer = try await client.get(
                    "/api/v1/runs/\(run.model)/\(run.number)/logs",
                    [("step", step.text), ("attempt", "\(attempt)"), ("offset", "\(offset)")])
            } catch {
                // Because a cached step, and an attempt that is only beginning, have no log.
                if error.code == .notFound { return }
                throw error
            }
            guard !answer.body.isEmpty else { return }
            try await put(answer.body, key)
            hasPrinted = true
            let next = answer.headers["slipway-next-offset"].flatMap { Int($0) }
            progress[key, default: Progress()].offset = max(next ?? 0, offset + answer.body.count)
        }
    }

    /// Prints the last line of an attempt that writes no more, if nobody ended that line.
    mutating func finish(_ step: StepName, _ attempt: Int) async throws {
        let key = Key(step: step, attempt: attempt)
        guard let rest = progress[key]?.rest, !rest.isEmpty else { return }
        progress[key]?.rest = []
        try await put(line: rest[...], key)
    }

    private mutating func put(_ bytes: [UInt8], _ key: Key) async throws {
        guard json else {
            if progress[key] == nil {
                await Console.say("== \(key.step), attempt \(key.attempt)")
            }
            return await Console.put(bytes: bytes)
        }
        let whole = (progress[key]?.rest ?? []) + bytes
        var rest = whole[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try await put(line: rest[..<end], key)
            rest = rest[(end + 1)...]
        }
        if rest.count > Self.lineBytesMax {
            try await put(line: rest, key)
            rest = []
        }
        progress[key, default: Progress()].rest = Array(rest)
    }

    private func put(line: ArraySlice<UInt8>, _ key: Key) async throws {
        let text = String(decoding: line, as: UTF8.self)
        await Console.put(
            bytes: try compactJSON(
                Line(run: run, step: key.step, attempt: key.attempt, text: text)))
    }
}
