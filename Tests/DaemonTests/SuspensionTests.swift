import Daemon
import Domain
import Host
import Journal
import Testing

/// What is suspended keeps what it has, and goes on when it is resumed.
@Suite struct SuspensionTests {
    private func suspended(_ more: String = "model: m, ") -> String {
        "branch: main\nsuspend:\n  - {\(more)reason: new labels, by: ada}\n"
    }

    /// The file of the model alone.
    private func only(_ model: String) -> [String: String] {
        shellModel(model).filter { $0.key == "models/\(model)/model.yaml" }
    }

    private func status(_ yard: Yard, _ model: String = "m") async throws -> ModelStatus? {
        try await yard.journal.statuses().first { $0.model.text == model }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a suspended model records tags and nothing else, and resumes`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            let digest = try await yard.evidence(first)
            var files = shellModel("n", right: 7)
            files["slipway.yaml"] = suspended()
            let rest = try await yard.push(files, "m rests")
            _ = try await yard.evidence(rest, "n")
            try await eventually("the status says so") {
                try await status(yard)?.suspended?.reason == "new labels"
            }
            #expect(try await status(yard)?.summary.contains("suspended by ada") ?? false)
            try await yard.sign("approve", "m", digest)
            try await yard.until("the tag is recorded") { $0.tags.count == 1 }
            let better = try await yard.push(only("m"), "m is better")
            _ = try await yard.evidence(try await yard.push(only("n"), "n too"), "n")
            let record = try await yard.record("m")
            #expect(record.outcomes[better] == nil && record.outcomes[rest] == nil)
            #expect(record.releases.isEmpty && record.outcomes[first] != nil)
            #expect(try await status(yard, "n")?.suspended == nil)
            let resumed = try await yard.push(["slipway.yaml": "branch: main\n"], "m resumes")
            try await yard.release(resumed)
            #expect(try await yard.record("m").outcomes[better] == .superseded(by: resumed))
            #expect(try await status(yard)?.suspended == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a suspension that is over ends by itself, though nothing is pushed`() async throws {
        try await play { yard in
            var files = shellModel()
            let end = yard.clock.now.advanced(bySeconds: 3600)
            files["slipway.yaml"] = suspended("until: \"\(end)\", ")
            let first = try await yard.push(files, "everything rests for a moment")
            try await eventually("the status says so") {
                try await status(yard)?.suspended?.until?.seconds == end.seconds
            }
            #expect(try await yard.record("m").outcomes.isEmpty)
            yard.clock.skip(hours: 1)
            try await yard.release(first)
            try await eventually("nothing is said any more") {
                try await status(yard)?.suspended == nil
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a suspended environment rests, and so does what would leave it`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(), "first")
            try await yard.release(first)
            try await yard.git("rm", "-rq", "models/m")
            let gone = try await yard.push(
                ["slipway.yaml": suspended("environment: production, ")], "m is removed")
            try await eventually("the status says so") {
                try await status(yard)?.suspended != nil
            }
            #expect(try await yard.record("m").outcomes[gone] == nil)
            #expect(try await yard.file("models/m.json", on: "slipway/production") != nil)
            _ = try await yard.push(["slipway.yaml": "branch: main\n"], "resumed")
            try await yard.until("it is removed now") { $0.outcomes[gone] == .removed }
        }
    }
}
