import Compute
import Domain
import Host
import TestKit
import Testing

@Suite struct LocalExecutorTests {
    let scratch: Scratch
    let executor = LocalExecutor(launcher: .thread())

    init() throws { scratch = try Scratch() }

    private var folder: JobFolder { JobFolder(scratch.path("job")) }

    private func job(
        _ script: String, timeout: Int = Int(patienceSeconds), memory: Int64? = nil
    ) -> Job {
        Job(
            key: "test", folder: folder.path, command: ["/bin/sh", "-c", script],
            workingFolder: scratch.folder, environment: ["PATH": "/usr/bin:/bin"],
            timeoutSeconds: timeout, memoryBytes: memory)
    }

    private func run(_ job: Job) async throws -> ExitRecord {
        try await executor.submit(job)
        return try await executor.wait(for: folder)
    }

    @Test func `a command runs, is logged, and its end is recorded`() async throws {
        #expect(try await executor.status(of: folder) == .absent)
        let record = try await run(job("echo out; echo err >&2; exit 7"))
        #expect(record.cause == .exited(7))
        #expect(record.endedAt >= record.startedAt && record.peakMemoryBytes > 0)
        #expect(try scratch.read("job/log") == "out\nerr\n")
        #expect(try await executor.status(of: folder) == .ended(record))
        #expect(folder.logTail(lines: 1) == "err")
    }

    @Test func `the command sees its environment and nothing of ours`() async throws {
        _ = try await run(job("env | sort"))
        #expect(!(try scratch.read("job/log").contains("HOME=")))
    }

    @Test func `a command that does not exist is told, not run`() async throws {
        var job = job("")
        job.command = ["no-such-program"]
        let record = try await run(job)
        guard case .couldNotStart(let message) = record.cause else {
            Issue.record("\(record)")
            return
        }
        #expect(message.contains("no-such-program"))
    }

    @Test func `a job without its working folder could not start`() async throws {
        var job = job("true")
        job.workingFolder = scratch.path("missing")
        guard case .couldNotStart(let message) = try await run(job).cause else {
            Issue.record("it started")
            return
        }
        #expect(message.contains("missing"))
    }

    @Test func `a signal that the command died of is recorded`() async throws {
        #expect(try await run(job("kill -SEGV $$")).cause == .signalled(11))
    }

    @Test func `a command over its time is ended with all its processes`() async throws {
        let record = try await run(
            job("sleep 600 & echo $! > grandchild; sleep 600", timeout: 2))
        #expect(record.cause == .timedOut)
        try await expectGone("grandchild")
    }

    @Test func `a command that ignores the request to end is killed`() async throws {
        let record = try await run(job("trap '' TERM; while :; do sleep 1; done", timeout: 1))
        #expect(record.cause == .timedOut)
    }

    @Test func `no process survives its command, even one that left the group`() async throws {
        let record = try await run(
            job(
                """
                sleep 600 & echo $! > in-group
                setsid sh -c 'echo $$ > outside; exec sleep 600' &
                while ! [ -s outside ]; do sleep 0.01; done
                """))
        #expect(record.cause == .exited(0))
        try await expectGone("in-group")
        try await expectGone("outside")
    }

    @Test(arguments: [true, false])
    func `a command over its memory is killed and told so`(usesCages: Bool) async throws {
        let script = "exec python3 -c 'x = bytearray(400 << 20); import time; time.sleep(60)'"
        let executor = LocalExecutor(launcher: .thread(usesCages: usesCages))
        try await executor.submit(job(script, memory: 64 << 20))
        let record = try await executor.wait(for: folder)
        #expect(record.cause == .memoryExceeded)
    }

    @Test(arguments: [true, false])
    func `a grandchild over the memory counts as well`(usesCages: Bool) async throws {
        let script = "python3 -c 'x = bytearray(400 << 20); import time; time.sleep(60)'; exit 3"
        let executor = LocalExecutor(launcher: .thread(usesCages: usesCages))
        try await executor.submit(job(script, memory: 64 << 20))
        #expect(try await executor.wait(for: folder).cause == .memoryExceeded)
    }

    @Test func `a command within its memory is left alone`() async throws {
        #expect(try await run(job("true", memory: 256 << 20)).cause == .exited(0))
    }

    @Test func `a cancelled job ends, with all its processes`() async throws {
        try await executor.submit(job("sleep 600 & echo $! > grandchild; sleep 600"))
        #expect(try await eventually { try scratch.holds("grandchild") })
        try await executor.cancel(folder)
        #expect(try await executor.wait(for: folder).cause == .cancelled)
        try await expectGone("grandchild")
    }

    @Test func `a job cancelled before it starts never starts`() async throws {
        try makeFolder(folder.path)
        try await executor.cancel(folder)
        #expect(try await run(job("touch started")).cause == .cancelled)
        #expect(!exists(scratch.path("started")))
    }

    @Test func `submitting again neither restarts a running job nor an ended one`() async throws {
        let job = job("echo x >> count; while ! [ -e go ]; do sleep 0.01; done")
        try await executor.submit(job)
        try await executor.submit(job)
        #expect(try await eventually { try scratch.holds("count") })
        try await executor.submit(job)
        try scratch.write("go", "")
        #expect(try await executor.wait(for: folder).cause == .exited(0))
        try await executor.submit(job)
        #expect(try await executor.wait(for: folder).cause == .exited(0))
        #expect(try scratch.read("count") == "x\n")
    }

    @Test func `whoever stops waiting leaves the job running`() async throws {
        try await executor.submit(job("while ! [ -e go ]; do sleep 0.01; done; exit 4"))
        let folder = folder
        let waiting = Task { try await executor.wait(for: folder) }
        waiting.cancel()
        await #expect(throws: ComputeError.stoppedWaiting(folder: folder.path)) {
            try await waiting.value
        }
        guard case .running = try await executor.status(of: folder) else {
            Issue.record("it does not run any more")
            return
        }
        try scratch.write("go", "")
        #expect(try await executor.wait(for: folder).cause == .exited(4))
    }

    @Test func `a job whose supervisor vanished is lost, and cleared when run again`() async throws
    {
        // What a killed supervisor leaves: the job, no lock, no record, and a process.
        try folder.make()
        try scratch.write("job/job.json", "{}")
        let orphan = try spawnDetached(
            ["sh", "-c", "echo here >there; kill -STOP $$"],
            environment: ["PATH": "/usr/bin:/bin", "SLIPWAY_JOB": folder.path],
            workingFolder: scratch.folder)
        defer { _ = signalProcess(orphan, Signals.kill) }
        // Because a process that is only just started does not show its environment yet.
        #expect(try await eventually { try scratch.holds("there") })
        #expect(try await executor.status(of: folder) == .lost)
        await #expect(throws: ComputeError.lost(folder: folder.path)) {
            try await executor.wait(for: folder)
        }
        #expect(try await run(job("exit 0")).cause == .exited(0))
        #expect(try await eventually { !isAlive(orphan) })
    }

    @Test func `a damaged exit record is an error, not an end`() async throws {
        try await executor.submit(job("exit 0"))
        _ = try await executor.wait(for: folder)
        try scratch.write("job/exit.json", "{not json")
        await #expect(throws: ComputeError.self) { try await executor.status(of: folder) }
    }

    @Test func `a supervisor in a process of its own holds the lock it was given`() async throws {
        // Stands for `slipway step FOLDER`: it keeps descriptor 3 open until it may end.
        let script = "while ! [ -e \"$0/go\" ]; do sleep 0.01; done; rm \"$0/job.json\""
        let executor = LocalExecutor(stepSupervisor: ["sh", "-c", script])
        try await executor.submit(job("true"))
        #expect(try await executor.status(of: folder) == .running(nil))
        try scratch.write("job/go", "")
        let end = monotonicSeconds() + patienceSeconds
        while try await executor.status(of: folder) != .absent, monotonicSeconds() < end {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try await executor.status(of: folder) == .absent)
    }

    private func expectGone(_ file: String) async throws {
        let text = try scratch.read(file)
        let pid = try #require(text.split(separator: "\n").first.flatMap { Int32($0) })
        #expect(try await eventually { ProcessSample(of: pid).map(\.hasEnded) ?? true })
    }
}
