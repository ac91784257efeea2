import Host
import TestKit
import Testing

@Suite struct ProcessorsTests {
    @Test func `as many processors are usable as nproc says`() async throws {
        let answer = try await ChildProcess.run(
            "nproc", [], outputLimitBytes: 100, deadlineSeconds: patienceSeconds)
        #expect("\(usableProcessors())\n" == answer.outputText)
    }
}
