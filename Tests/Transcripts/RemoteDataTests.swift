import Domain
import Host
import Testing

/// Manifests of files that are elsewhere.
@Test func `init reads a file from its address, and keeps the address alone`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        let answers = [
            "/sets/sales.csv": "x,who\n1,a\n2,b\n", "/sets/lines.jsonl": "{\"x\": 1}\n{\"x\": 2}\n",
        ]
        try await StandIn.use(answers, on: desk) {
            let daemon = try desk.text("state/daemon.json")
            let server = daemon.split(separator: "\"").first { $0.hasPrefix("http://") }
            let base = String(try #require(server))
            let made = try await desk.slipway(
                "dataset", "init", "\(base)/sets/sales.csv", in: "models")
            #expect(made.code == 0, "\(made.errors)")
            let text = try desk.text("models/datasets/sales.yaml")
            #expect(
                text.contains(
                    "  - path: data/sales/sales.csv\n    url: \"\(base)/sets/sales.csv\"\n"))
            #expect(text.contains("    rows: 2\n"), "\(text)")
            #expect(!exists(desk.path("models/data")), "nothing is kept")
            let lines = try await desk.slipway(
                "dataset", "init", "\(base)/sets/lines.jsonl", "--name", "log", in: "models")
            #expect(lines.code == 0, "\(lines.errors)")
            #expect(try desk.text("models/datasets/log.yaml").contains("format: jsonl"))

            let checked = try await desk.slipway("check", in: "models")
            #expect(checked.code == 0 && checked.errors.contains("not read: data/sales/sales.csv"))
            let absent = try await desk.slipway(
                "dataset", "init", "\(base)/sets/none.csv", in: "models")
            #expect(absent.code != 0 && absent.errors.contains("404"), "\(absent.errors)")
            let many = try await desk.slipway("dataset", "init", "\(base)/sets/", in: "models")
            #expect(many.code == 64 && many.errors.contains("many files"), "\(many.errors)")
            let again = try await desk.slipway(
                "dataset", "init", "\(base)/sets/sales.csv", in: "models")
            #expect(again.code == 5, "\(again.errors)")
        }
    }
}
