import Domain
import Host
import TestKit
import Testing

@Suite struct ChildProcessTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func shell(
        _ script: String, input: [UInt8] = [], environment: [String: String]? = nil,
        limit: Int = 1 << 20, deadline: Double = patienceSeconds
    ) async throws(HostError) -> ChildResult {
        try await ChildProcess.run(
            "sh", ["-c", script], environment: environment, workingFolder: scratch.folder,
            input: input, outputLimitBytes: limit, deadlineSeconds: deadline)
    }

    @Test func `output, error text and status come back apart`() async throws {
        let result = try await shell("echo out; echo err >&2; exit 3")
        #expect(result.outputText == "out\n")
        #expect(result.errorText == "err\n")
        #expect(result.status == .exited(3))
    }

    @Test func `work is done once while the child runs, and never when it cannot be started`()
        throws
    {
        var done = 0
        let result = try ChildProcess.runBlocking(
            "cat", [], input: Array("in".utf8), outputLimitBytes: 100,
            deadlineSeconds: patienceSeconds
        ) { done += 1 }
        #expect(result.outputText == "in" && done == 1)
        #expect(throws: HostError.self) {
            try ChildProcess.runBlocking(
                "no-such-program", [], outputLimitBytes: 100, deadlineSeconds: patienceSeconds
            ) { done += 1 }
        }
        #expect(done == 1)
    }

    @Test func `a megabyte goes through a child and back`() async throws {
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let result = try await shell("cat", input: bytes, limit: 1 << 20)
        #expect(result.output == bytes)
    }

    @Test func `a child that does not read its input does not stop us`() async throws {
        let result = try await shell("exit 0", input: [UInt8](repeating: 1, count: 1 << 20))
        #expect(result.status == .exited(0))
    }

    @Test func `death by a signal is told apart from an exit`() async throws {
        let result = try await shell("kill -9 $$")
        #expect(result.status == .signalled(9))
    }

    @Test func `only the given environment is seen`() async throws {
        let result = try await shell(
            "env", environment: ["PATH": "/usr/bin:/bin", "ONLY": "this one"])
        #expect(result.outputText.contains("ONLY=this one\n"))
        #expect(!result.outputText.contains("HOME="))
    }

    @Test func `a program that does not exist is named`() async throws {
        await #expect(throws: HostError.executableNotFound("no-such-program")) {
            try await ChildProcess.run(
                "no-such-program", [], outputLimitBytes: 10, deadlineSeconds: 5)
        }
    }

    @Test func `a working folder that does not exist is named`() async throws {
        let missing = scratch.path("missing")
        await #expect(throws: HostError.workingFolder(path: missing, number: 2)) {
            try await ChildProcess.run(
                "true", [], workingFolder: missing, outputLimitBytes: 10, deadlineSeconds: 5)
        }
    }

    @Test func `too much output is an error, not memory`() async throws {
        await #expect(throws: HostError.outputLimit(executable: "sh", limitBytes: 1000)) {
            try await shell("yes", limit: 1000)
        }
    }

    @Test func `the deadline kills the child and its grandchildren`() async throws {
        await #expect(throws: HostError.deadline(executable: "sh", seconds: 2)) {
            try await shell("sleep 600 & echo $! > grandchild; sleep 600", deadline: 2)
        }
        try await expectGone("grandchild")
    }

    @Test func `cancelling the task kills the child and its grandchildren`() async throws {
        let task = Task {
            try await shell("sleep 600 & echo $! > grandchild; sleep 600")
        }
        #expect(try await eventually { try scratch.holds("grandchild") })
        task.cancel()
        await #expect(throws: HostError.cancelled(executable: "sh")) { try await task.value }
        try await expectGone("grandchild")
    }

    @Test func `a grandchild that holds the pipe does not delay the end`() async throws {
        let result = try await shell("sleep 600 & echo $! > grandchild; echo done")
        #expect(result.outputText == "done\n")
        try await expectGone("grandchild")
    }

    @Test func `many children at once all come back`() async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                group.addTask { try await shell("echo \(number)").outputText }
            }
            var seen: Set<String> = []
            for try await text in group { seen.insert(text) }
            #expect(seen == Set((0..<40).map { "\($0)\n" }))
        }
    }

    @Test func `a detached child runs in its own session and appends to its files`() async throws {
        try scratch.write("out", "before\n")
        let child = try spawnDetached(
            ["sh", "-c", "echo $$; sleep 600"], workingFolder: scratch.folder,
            outputFile: scratch.path("out"))
        #expect(isAlive(child))
        #expect(try await eventually { try scratch.read("out") == "before\n\(child.pid)\n" })
        #expect(ProcessSample(of: child.pid)?.session == child.pid)
        signalGroup(child.pid, Signals.kill)
        #expect(try await eventually { !isAlive(child) })
        // It was reaped: nothing with its number is left, not even a zombie.
        #expect(try await eventually { ProcessSample(of: child.pid) == nil })
    }

    @Test func `an identity is not fooled by a number that was used again`() {
        let own = ProcessIdentity.own
        #expect(isAlive(own))
        #expect(!isAlive(ProcessIdentity(pid: own.pid, startTimeTicks: own.startTimeTicks + 1)))
    }

    @Test func `a group sample counts the memory of all its processes`() async throws {
        let child = try spawnDetached(["sh", "-c", "sleep 600 & sleep 600; true"])
        defer { signalGroup(child.pid, Signals.kill) }
        #expect(try await eventually { GroupSample(ofGroup: child.pid).processes.count == 3 })
        #expect(GroupSample(ofGroup: child.pid).residentBytes > 0)
    }

    private func expectGone(_ file: String) async throws {
        let text = try scratch.read(file)
        let pid = try #require(text.split(separator: "\n").first.flatMap { Int32($0) })
        #expect(try await eventually { ProcessSample(of: pid).map(\.hasEnded) ?? true })
    }
}
