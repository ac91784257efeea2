import Compute
import Domain
import Host
import TestKit
import Testing

/// `superviseStep` in a process of its own, as `slipway step FOLDER` runs it.
@Suite struct SuperviseStepTests {
    let scratch: Scratch
    /// Writes the job and starts something that ends at once, so that nobody supervises it.
    let submitter = LocalExecutor(stepSupervisor: ["true"])

    init() throws { scratch = try Scratch() }

    private var folder: JobFolder { JobFolder(scratch.path("job")) }

    private func submit(_ script: String) async throws {
        try await submitter.submit(
            Job(
                key: "test", folder: folder.path, command: ["/bin/sh", "-c", script],
                workingFolder: scratch.folder, environment: ["PATH": "/usr/bin:/bin"],
                timeoutSeconds: Int(patienceSeconds)))
        let end = monotonicSeconds() + patienceSeconds
        while try await submitter.status(of: folder) != .lost, monotonicSeconds() < end {
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test func `it runs the job, records its end and removes its temporary files`() async throws {
        try await submit("touch ran; exit 5")
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            guard superviseStep(jobFolder: path) == 0 else { preconditionFailure("not recorded") }
        }
        #expect(try folder.exitRecord()?.cause == .exited(5))
        #expect(exists(scratch.path("ran")) && !exists(folder.scratchFolder))
    }

    @Test func `a request to end cancels the job and all its processes`() async throws {
        // The parent of the command is its supervisor.
        try await submit("sleep 600 & echo $! > grandchild; kill -TERM $PPID; sleep 600")
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            guard superviseStep(jobFolder: path) == 0 else { preconditionFailure("not recorded") }
        }
        #expect(try folder.exitRecord()?.cause == .cancelled)
        let pid = try #require(Int32(try scratch.read("grandchild").dropLast()))
        #expect(try await eventually { ProcessSample(of: pid).map(\.hasEnded) ?? true })
    }

    @Test func `it leaves a job alone that another supervises`() async throws {
        try await submit("exit 0")
        let taken = try FileLock.tryTake(scratch.path("job/lock"))
        guard let lock = taken else { throw HostError.lockHeld(path: "lock", seconds: 0) }
        await #expect(processExitsWith: .exitCode(75)) { [path = folder.path as String] in
            exitProcess(superviseStep(jobFolder: path))
        }
        _ = consume lock
        #expect(try folder.exitRecord() == nil)
    }

    @Test func `a supervisor outlives the SIGKILL of who started it`() async throws {
        await #expect(processExitsWith: .signal(9)) { [scratch = scratch.folder as String] in
            // Stands for `slipway step`: it keeps its lock until it may end.
            let script = "while ! [ -e \"$0/go\" ]; do sleep 0.01; done"
            let daemon = LocalExecutor(stepSupervisor: ["sh", "-c", script])
            try await daemon.submit(
                Job(
                    key: "test", folder: "\(scratch)/job", command: ["true"],
                    workingFolder: scratch, environment: [:], timeoutSeconds: Int(patienceSeconds)))
            signalProcess(.own, Signals.kill)
            try await Task.sleep(for: .seconds(10))
        }
        #expect(try await submitter.status(of: folder) == .running(nil))
        try scratch.write("job/go", "")
        #expect(try await eventually { !FileLock.isHeld(scratch.path("job/lock")) })
    }
}
