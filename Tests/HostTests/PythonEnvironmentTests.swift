import Domain
import Host
import TestKit
import Testing

@Suite struct PythonEnvironmentTests {
    let scratch: Scratch
    let digest = Digest(checked: String(repeating: "ab", count: 32))

    init() throws { scratch = try Scratch() }

    @Test func `an environment is made once and found again`() async throws {
        let requirements = Array("# nothing\n\n".utf8)
        async let first = PythonEnvironment.prepare(
            requirements: requirements, digest: digest, in: scratch.path("environments"))
        async let second = PythonEnvironment.prepare(
            requirements: requirements, digest: digest, in: scratch.path("environments"))
        let (one, two) = try await (first, second)
        #expect(one == two)
        #expect(exists(one.resolvedFile))
        let result = try await ChildProcess.run(
            "\(one.binFolder)/python", ["-c", "import sys; print(sys.prefix)"],
            outputLimitBytes: 1000, deadlineSeconds: patienceSeconds)
        #expect(result.outputText == "\(one.folder)\n")
    }

    @Test func `requirements that cannot be met leave nothing and say why`() async throws {
        let requirements = Array("./no-such-package-here\n".utf8)
        let error = await #expect(throws: HostError.self) {
            _ = try await PythonEnvironment.prepare(
                requirements: requirements, digest: digest, in: scratch.path("environments"))
        }
        guard case .requirements(let line) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(line.hasPrefix("ERROR: Invalid requirement: './no-such-package-here'"))
        #expect(!line.contains(scratch.path("environments")))
        let failure = try #require(error).failure
        #expect(failure.what.hasSuffix(line))
        #expect(
            failure.disposition == .wait(for: "a commit that changes the requirements file"))
        let left = try namesIn(scratch.path("environments"))
        #expect(left.count == 1 && left[0].hasSuffix(".lock"))
    }

    @Test func `a package that does not exist is no reason to try again`() async throws {
        let requirements = Array("--no-index\nno-such-package-slipway==1.0\n".utf8)
        let error = await #expect(throws: HostError.self) {
            _ = try await PythonEnvironment.prepare(
                requirements: requirements, digest: digest, in: scratch.path("environments"))
        }
        let line = "ERROR: No matching distribution found for no-such-package-slipway==1.0"
        #expect(error == .requirements(line))
    }
}
