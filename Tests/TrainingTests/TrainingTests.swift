import Compute
import Domain
import Testing
import Training

@Suite struct TrainingTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    private func name(_ text: String) -> StepName { StepName(checked: text) }

    @Test func `a step finds everything that the contract promises`() async throws {
        var input = bench.input([
            bench.work("first", "echo one > $SLIPWAY_OUTPUT/file"),
            bench.work(
                "the-second",
                """
                cat $SLIPWAY_INPUT_FIRST/file $SLIPWAY_PARAMETERS > $SLIPWAY_OUTPUT/seen
                echo "|$SLIPWAY_DATASET_HOLD_OUT|$SECRET|$(basename $PWD)" >> $SLIPWAY_OUTPUT/seen
                touch $TMPDIR/scratch
                """, needs: ["first"], produces: ["seen"]),
        ])
        input.parameters = ["C": .number(1.5), "a": .string("b")]
        input.datasets = [RoleName(checked: "hold-out"): "/data/hold-out.csv"]
        let result = try await bench.train(input)
        #expect(
            try bench.read("run/the-second/1/output/seen")
                == "one\n{\"C\":1.5,\"a\":\"b\"}|/data/hold-out.csv||m\n")
        #expect(result.folders[name("the-second")] == bench.path("run/the-second/1/output"))
        #expect(result.records[name("first")]?.cause == .exited(0))
        #expect(Set(result.outputs.keys) == [name("first"), name("the-second")])
    }

    @Test func `steps that do not need each other run at the same time`() async throws {
        // Each waits for the other: one after the other they would never end.
        let (here, there) = (bench.path("here"), bench.path("there"))
        func script(_ mine: String, _ other: String) -> String {
            "touch \(mine); for i in $(seq 500); do [ -e \(other) ] && exit 0; sleep 0.02; done; "
                + "exit 1"
        }
        try await bench.train(
            bench.input([
                bench.work("left", script(here, there)), bench.work("right", script(there, here)),
            ]))
    }

    @Test func `no more steps run at once than allowed`() async throws {
        let lone = "mkdir \(bench.path("busy")) && sleep 0.05 && rmdir \(bench.path("busy"))"
        var input = bench.input(["a", "b", "c"].map { bench.work($0, lone) })
        input.parallelMax = 1
        #expect(try await bench.train(input).records.count == 3)
    }

    @Test func `a known fingerprint is not run, and laid out only for who needs it`() async throws {
        let first = bench.work(
            "first", "echo made > $SLIPWAY_OUTPUT/file; echo x >> ../../../count")
        let cold = try await bench.train(bench.input([first], run: "cold"))
        #expect(cold.cached.isEmpty)
        let second = bench.work(
            "second", "cp $SLIPWAY_INPUT_FIRST/file $SLIPWAY_OUTPUT", needs: ["first"])
        let warm = try await bench.train(bench.input([first, second], run: "warm"))
        #expect(warm.cached == [name("first")])
        #expect(try bench.read("warm/second/1/output/file") == "made\n")
        let hot = try await bench.train(bench.input([first, second], run: "hot"))
        #expect(hot.cached == [name("first"), name("second")])
        #expect(!bench.exists("hot"))
        #expect(try bench.read("count") == "x\n")
        #expect(bench.events.contains(.stepCached(step: name("second"))))
    }

    @Test func `a preset output takes the place of a step`() async throws {
        let before = bench.work("before", "exit 1")
        let first = bench.work("first", "exit 1", needs: ["before"])
        let second = bench.work(
            "second", "cat $SLIPWAY_INPUT_FIRST > $SLIPWAY_OUTPUT/x", needs: ["first"])
        try bench.write("given", "a given model")
        var input = bench.input([before, first, second])
        input.presets = [name("first"): bench.path("given")]
        let result = try await bench.train(input)
        #expect(try bench.read("run/second/1/output/x") == "a given model")
        #expect(result.outputs[name("first")] == nil)
    }

    @Test func `metrics are reported in order, and a bad line once with its place`() async throws {
        let script = """
            echo '{"step": 1, "name": "loss", "value": 0.5}' >> $SLIPWAY_METRICS
            echo 'not json' >> $SLIPWAY_METRICS
            echo '{"step": 2, "name": "loss", "value": NaN}' >> $SLIPWAY_METRICS
            printf '{"step": 3, "name": "loss", "value": 0.25}' >> $SLIPWAY_METRICS
            """
        try await bench.train(bench.input([bench.work("train", script)]))
        let points = bench.events.compactMap { event in
            if case .metric(_, let point) = event { point } else { nil }
        }
        #expect(points.map(\.step) == [1, 3] && points.map(\.value) == [0.5, 0.25])
        let bad = bench.events.compactMap { event in
            if case .badMetric(_, let problem) = event { problem } else { nil }
        }
        #expect(bad.count == 1)
        #expect(bad.first?.place.line == 2)
        #expect(bad.first?.place.file == bench.path("run/train/1/metrics.jsonl"))
    }

    @Test func `metrics are seen while the step still runs`() async throws {
        let script = """
            echo '{"step": 1, "name": "loss", "value": 0.5}' >> $SLIPWAY_METRICS
            for i in $(seq 500); do [ -e \(bench.path("seen")) ] && exit 0; sleep 0.02; done; exit 1
            """
        let bench = bench
        _ = try await Training.train(
            bench.input([bench.work("train", script)]), cache: bench.cache,
            executor: bench.executor
        ) { event in
            if case .metric = event { try? bench.write("seen", "") }
        }
    }

    @Test func `a step over its timeout is not repeated`() async throws {
        let error = await #expect(throws: TrainingError.self) {
            try await bench.train(
                bench.input([bench.work("slow", "sleep 60", timeout: 1, retries: 3)]))
        }
        #expect(error?.description == "step `slow` did not end within its timeout")
        #expect(bench.starts == ["slow/1"])
    }

    @Test func `a failure tells the status, the log's last line and the attempt`() async throws {
        let error = await #expect(throws: TrainingError.self) {
            try await bench.train(
                bench.input([bench.work("train", "echo bad parameter >&2; exit 3", retries: 1)]))
        }
        #expect(error?.description == "step `train` ended with status 3: bad parameter")
        #expect(error?.failure.place == "run m/17, step train, attempt 2")
        #expect(bench.starts == ["train/1", "train/2"])
    }

    @Test func `a step that succeeds at its second attempt succeeds`() async throws {
        let once = bench.path("once")
        let result = try await bench.train(
            bench.input([
                bench.work(
                    "train", "mkdir \(once) && echo first && exit 1; touch $SLIPWAY_OUTPUT/m",
                    produces: ["m"], retries: 1)
            ]))
        #expect(result.folders[name("train")] == bench.path("run/train/2/output"))
        #expect(try bench.read("run/train/1/log") == "first\n")
    }

    @Test func `success without the declared output is a failure that names it`() async throws {
        let error = await #expect(throws: TrainingError.self) {
            try await bench.train(
                bench.input([bench.work("train", "true", produces: ["model", "x"], retries: 2)]))
        }
        #expect(
            error?.description
                == "step `train` ended with status 0 but did not write `model`, `x`")
        #expect(bench.starts == ["train/1"] && bench.stored == 0)
    }

    @Test func `a command that does not exist is a failure that says so`() async throws {
        let error = await #expect(throws: TrainingError.self) {
            try await bench.train(bench.input([bench.work("train", "no-such-program --now")]))
        }
        #expect(error?.description.contains("status 127") == true)
        #expect(error?.description.contains("no-such-program") == true)
    }

    @Test func `a model folder that is not in the checkout could not start`() async throws {
        var input = bench.input([bench.work("train", "true", retries: 3)])
        input.modelFolder = "models/gone"
        let error = await #expect(throws: TrainingError.self) { try await bench.train(input) }
        #expect(error?.description.contains("could not be started") == true)
        #expect(bench.starts == ["train/1"])
    }

    @Test func `after a failure nothing is started, and what runs is still stored`() async throws {
        let over = bench.path("over")
        let input = bench.input([
            bench.work("bad", "exit 1"),
            bench.work("good", "while ! [ -e \(over) ]; do sleep 0.01; done"),
            bench.work("after", "touch \(bench.path("after"))", needs: ["good"]),
        ])
        let training = Task { [bench] in try await bench.train(input) }
        // The good one goes on until the failure is known, however long that takes.
        #expect(try await bench.ends("bad"))
        try bench.write("over", "")
        await #expect(throws: TrainingError.self) { try await training.value }
        #expect(bench.stored == 1 && !bench.exists("after"))
    }
}
