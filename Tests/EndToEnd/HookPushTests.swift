import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// Push options.
@Suite struct HookPushTests {
    @Test(.timeLimit(.minutes(15)))
    func `a push says why and is logged, and one that wakes nobody is decided all the same`()
        async throws
    {
        try await Harbour.use { harbour in
            try await tell(harbour)
        }
    }

    private func tell(_ harbour: Harbour) async throws {
        try await harbour.slipway("hook", "install", "--server", "--repository", harbour.bare)
        try await harbour.startDaemon()
        try harbour.shellRepository()
        try await harbour.git("add", "--all")
        try await harbour.git("commit", "-qm", "a model")
        let first = try await push(harbour, "slipway.why=it is\u{1B}[1m colder now")
        #expect(first.contains("remote: slipway: why: it is [1m colder now"))
        #expect(first.contains("shell: candidate "), "the daemon answers: \(first)")
        _ = try await harbour.until("shell", .waiting)
        try await harbour.until("the reason is logged") {
            harbour.log("daemon").contains("because: it is [1m colder now")
        }
        try harbour.file("models/shell/model.yaml", ShellModel(right: 7).yaml)
        try await harbour.git("commit", "-qam", "better")
        let second = try await push(harbour, "slipway.skip")
        #expect(second.contains("the daemon is not woken, as you asked"))
        #expect(!second.contains("candidate"))
        _ = try await harbour.until("shell", .waiting)
        try await harbour.slipway("approve", "shell", "--message", "fine")
        _ = try await harbour.until("shell", .released)
    }

    /// Pushes with an option and returns what git says.
    private func push(_ harbour: Harbour, _ option: String) async throws -> String {
        let result = try await ChildProcess.run(
            "git", ["push", "-o", option, "origin", "HEAD:main"], workingFolder: harbour.clone,
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        #expect(result.status.isSuccess)
        return result.errorText
    }
}
