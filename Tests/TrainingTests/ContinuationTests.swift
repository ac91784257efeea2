import Compute
import Domain
import Testing
import Training

/// What happens when the daemon goes away, or wants a run to end.
@Suite struct ContinuationTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    private var waiting: StepWork {
        bench.work(
            "train",
            """
            echo x >> \(bench.path("count"))
            while ! [ -e \(bench.path("go")) ]; do sleep 0.01; done; touch $SLIPWAY_OUTPUT/model
            """, produces: ["model"])
    }

    @Test func `a stopped daemon leaves the step running, the next one waits for it`() async throws
    {
        let (bench, input) = (bench, bench.input([waiting]))
        let daemon = Task { try await bench.train(input) }
        #expect(try await bench.appears("count"))
        daemon.cancel()
        await #expect(throws: TrainingError.stopped(input.run)) { try await daemon.value }
        let next = Task { try await bench.train(input) }
        try bench.write("go", "")
        let result = try await next.value
        #expect(result.folders[StepName(checked: "train")] == bench.path("run/train/1/output"))
        #expect(try bench.read("count") == "x\n")
    }

    @Test func `an attempt that ended unseen is stored and not run again`() async throws {
        let (bench, input) = (bench, bench.input([waiting]))
        try bench.write("go", "")
        bench.failStores(true)
        let error = await #expect(throws: TrainingError.self) { try await bench.train(input) }
        #expect(error?.description == "the disk is full")
        bench.failStores(false)
        try await bench.train(input)
        #expect(try bench.read("count") == "x\n" && bench.stored == 1)
    }

    @Test func `an attempt whose supervisor vanished is followed by another`() async throws {
        // What a killed supervisor leaves: a job, no lock, no exit record.
        try JobFolder(bench.path("run/train/1")).make()
        try bench.write("run/train/1/job.json", "{}")
        try bench.write("go", "")
        try await bench.train(bench.input([waiting]))
        let train = StepName(checked: "train")
        #expect(bench.events.contains(.stepLost(step: train, attempt: 1)))
        #expect(bench.starts == ["train/2"])
    }

    @Test func `supervisors that vanish three times end the run`() async throws {
        for attempt in 1...3 {
            try JobFolder(bench.path("run/train/\(attempt)")).make()
            try bench.write("run/train/\(attempt)/job.json", "{}")
        }
        let error = await #expect(throws: TrainingError.self) {
            try await bench.train(bench.input([waiting]))
        }
        #expect(error?.description == "step `train` lost its supervisor 3 times")
    }

    @Test func `cancelling a run ends its steps and starts no others`() async throws {
        let (bench, input) = (bench, bench.input([waiting]))
        let run = Task { try await bench.train(input) }
        #expect(try await bench.appears("count"))
        try await cancelRun(folder: input.runFolder, executor: bench.executor)
        await #expect(throws: TrainingError.cancelled(input.run)) { try await run.value }
        var again = input
        again.steps.append(bench.work("other", "touch \(bench.path("other"))"))
        await #expect(throws: TrainingError.cancelled(input.run)) { try await bench.train(again) }
        #expect(!bench.exists("other"))
        #expect(try bench.read("count") == "x\n")
    }

    @Test func `events survive being written down`() throws {
        let record = ExitRecord(
            cause: .signalled(9), startedAt: Instant(seconds: 1), endedAt: Instant(seconds: 2))
        let train = StepName(checked: "train")
        let events: [TrainingEvent] = [
            .stepStarted(step: train, attempt: 1, at: Instant(seconds: 1)),
            .metric(step: train, point: MetricPoint(step: 1, name: "loss", value: 0.5)),
            .stepEnded(step: train, attempt: 1, record: record), .stepCached(step: train),
        ]
        #expect(try roundTrip(events) == events)
    }
}
