import Daemon
import Domain
import Host
import Journal
import Testing

/// What becomes of runs that nobody wants any more, and of what they leave.
@Suite struct RunLifeTests {
    /// A model whose training does not end by itself, and says when it has begun.
    private func endless(_ yard: Yard, _ right: Int) -> [String: String] {
        ShellModel(right: right, before: "echo begun >> \(yard.folder)/begun && sleep 600").files
    }

    private func isStopped(_ yard: Yard, _ number: Int) async throws -> Bool {
        let model = ModelName(checked: "m")
        let run = try await yard.journal.run(RunID(model: model, number: number))
        let folder = yard.state.run(RunID(model: model, number: number))
        return run?.state == .cancelled && exists("\(folder)/ended.json")
            && !exists("\(folder)/_source")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a superseded run is stopped and frees what it held`() async throws {
        try await play { yard in
            let first = try await yard.push(endless(yard, 7), "endless")
            try await eventually("it has begun") { exists("\(yard.folder)/begun") }
            let second = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(second)
            #expect(try await yard.record("m").outcomes[first] == .superseded(by: second))
            try await eventually("it is stopped") { try await isStopped(yard, 1) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a run that was superseded while the daemon was down is stopped at the next start`()
        async throws
    {
        try await play { yard in
            _ = try await yard.push(endless(yard, 7), "endless")
            try await eventually("it has begun") { exists("\(yard.folder)/begun") }
            await yard.stop()
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.start()
            _ = try await yard.evidence(second)
            try await eventually("it is stopped") { try await isStopped(yard, 1) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a run of a model that is removed is stopped`() async throws {
        try await play { yard in
            _ = try await yard.push(endless(yard, 7), "endless")
            try await eventually("it has begun") { exists("\(yard.folder)/begun") }
            try await yard.git("rm", "-rq", "models/m")
            let gone = try await yard.push([:], "gone")
            try await yard.until("removed") { $0.outcomes[gone] == .removed }
            try await eventually("it is stopped") { try await isStopped(yard, 1) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `with one place, every model gets its turn and none runs beside another`() async throws {
        try await play(runsMax: 1) { yard in
            let side = "\(yard.folder)/side"
            let names = ["a", "b", "c", "d"]
            var files: [String: String] = [:]
            for name in names {
                // Because equal commands of two models would be one cached step.
                let step = ": \(name) && echo in >> \(side) && sleep 0.05 && echo out >> \(side)"
                files.merge(ShellModel(name: name, before: step).files) { $1 }
            }
            let commit = try await yard.push(files, "four")
            for name in names { _ = try await yard.evidence(commit, name) }
            let text = String(decoding: try readFile(side, limitBytes: 10_000), as: UTF8.self)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 16)
            #expect(zip(lines, lines.dropFirst()).allSatisfy { $0 != $1 }, "\(lines)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an ended run keeps its logs and nothing else that is large`() async throws {
        try await play { yard in
            _ = try await yard.evidence(
                try await yard.push(ShellModel(data: "x\n1\n").files, "first"))
            let run = yard.state.run(RunID(model: ModelName(checked: "m"), number: 1))
            #expect(try namesIn(run).sorted() == ["ended.json", "evaluate", "train"])
            #expect(try namesIn("\(run)/evaluate") == ["1"])
            let kept = try namesIn("\(run)/train/1")
            #expect(kept.contains("log") && kept.contains("exit.json"))
            #expect(!kept.contains("output") && !kept.contains("tmp"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a failed step is not run again because the daemon stopped before it was recorded`()
        async throws
    {
        try await play { yard in
            let side = "\(yard.folder)/side"
            let commit = try await yard.push(
                ShellModel(before: "echo ran >> \(side) && false").files, "fails")
            try await eventually("it has run") { exists(side) }
            for _ in 0..<3 {
                await yard.stop()
                try await yard.start()
            }
            try await yard.until("failed") { record in
                if case .failed = record.outcomes[commit] { true } else { false }
            }
            #expect(try readFile(side, limitBytes: 1000) == Array("ran\n".utf8))
        }
    }
}
