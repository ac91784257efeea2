import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// The stories of the README, played with the real git, the real Python and the built executable.
@Suite struct StoryTests {
    @Test(.timeLimit(.minutes(30)))
    func `the demo's story holds in every act`() async throws {
        let folder = try temporaryFolder(in: "/tmp", prefix: "slipway-demo")
        let result = try await ChildProcess.run(
            "\(repositoryRoot)/scripts/demo",
            ["--binary", try builtBinary(), "--folder", "\(folder)/demo", "--quit"],
            outputLimitBytes: 1 << 24, deadlineSeconds: 1700)
        #expect(result.status.isSuccess, "\(result.outputText)\n\(result.errorText)")
        try removeTree(folder)
    }

    @Test(.timeLimit(.minutes(20)))
    func `the regression template trains, is approved, and answers instances with predictions`()
        async throws
    {
        try await Harbour.use { harbour in
            try await regression(harbour)
        }
    }

    private func regression(_ harbour: Harbour) async throws {
        try await harbour.slipway("new", "regression", harbour.clone)
        let environment = "\(harbour.clone)/environments/production.yaml"
        let text = String(
            decoding: try readFile(environment, limitBytes: 10_000), as: UTF8.self)
        try write(environment, text.replacing("127.0.0.1:8501", with: "127.0.0.1:0"))
        try await harbour.startDaemon()
        try harbour.start("serve", ["serve", "--environment", "production"])
        try await harbour.push("regression: first model")
        _ = try await harbour.until("regression", .waiting, seconds: 500)
        let report = try await harbour.report("regression").report
        let rmse = try #require(report.metric("rmse")?.value)
        #expect(rmse > 0.08 && rmse < 0.12, "the noise is 0.1")
        #expect((report.metric("r2")?.value ?? 0) > 0.99)
        #expect(report.metric("mse") != nil && report.metric("mae") != nil)

        try await harbour.slipway("approve", "regression", "--message", "as it should be")
        _ = try await harbour.until("regression", .released)
        let prediction = try await predict(harbour, "{\"instances\": [[1, 1], [0, 0]]}")
        #expect(abs(prediction[0] - 9) < 0.1, "3·1 + 5·1 + 1")
        #expect(abs(prediction[1] - 1) < 0.1, "3·0 + 5·0 + 1")
    }

    private func predict(_ harbour: Harbour, _ body: String) async throws -> [Double] {
        struct Address: Decodable { var url: String }
        struct Answer: Decodable { var predictions: [Double] }
        let path = "\(harbour.state)/serve-production.json"
        var answer = ""
        try await harbour.until("the gateway answers") {
            guard exists(path) else { return false }
            let text = String(decoding: try readFile(path, limitBytes: 10_000), as: UTF8.self)
            let url = try harbour.decode(Address.self, text).url
            let result = try await ChildProcess.run(
                "curl",
                ["--silent", "--fail", "--json", body, "\(url)/v1/models/regression:predict"],
                outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
            answer = result.outputText
            return result.status.isSuccess
        }
        return try harbour.decode(Answer.self, answer).predictions
    }
}
