import Domain
import TestKit
import Testing

@testable import Planning

/// Declarations with bytes changed at random. Failures name their seed; `fuzz` says how to run
/// longer.
@Suite struct DeclarationFuzzTests {
    private let insertions =
        Array("{}[]:,-?&*!|>'\"%@`#\n \t\0\u{7F}é\u{2028}~0".utf8) + [0xFF, 0xC3]

    /// Changes up to twelve places, mostly into what means something in YAML.
    private func mutate(_ bytes: inout [UInt8], _ random: inout Seeded) {
        for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(insertions.randomElement(using: &random) ?? 0, at: place)
            case 2: bytes.remove(at: place)
            default:
                let end = Swift.min(bytes.count, place + 30)
                bytes.insert(
                    contentsOf: bytes[place..<end],
                    at: Int.random(in: 0..<bytes.count, using: &random))
            }
        }
    }

    @Test func `bytes that were changed at random are diagnostics, never a crash`() throws {
        let sources = [
            digitsModel, manifest("train", "5f"), digits["slipway.yaml"] ?? "", reviewed,
            digits["environments/production.yaml"] ?? "",
        ]
        try fuzz(rounds: 2000) { seed, random in
            var bytes = Array(sources[Int(seed) % sources.count].utf8)
            mutate(&bytes, &random)
            let model = decodeModel(bytes, file: "m.yaml")
            #expect(model.draft != nil || model.diagnostics.hasErrors, "seed \(seed)")
            let name = DatasetName(checked: "d")
            let dataset = decodeDataset(bytes, file: "d.yaml", name: name)
            #expect(dataset.draft != nil || dataset.diagnostics.hasErrors, "seed \(seed)")
            for said in model.diagnostics + dataset.diagnostics {
                #expect(!said.message.isEmpty && said.place.line ?? 1 > 0, "seed \(seed)")
            }
            _ = decodeRepository(bytes, file: "slipway.yaml")
            _ = decodeEnvironment(bytes, file: "e", name: EnvironmentName(checked: "e"))
        }
    }

    /// What `slipway.yaml` can say about review and suspension.
    private let reviewed = """
        branch: main
        previews: [feature/*, refs/pull/*/head]
        review:
          approvals: 2
          exclude: [author, co-authors]
          roles: {ml: [ada@example.org], risk: ["*@bank.example"]}
          from: {ml: 1}
          approvals_expire: 8h
          freezes:
            - {from: "2026-12-24T00:00:00Z", until: "2027-01-02T00:00:00Z", reason: holidays}
          rules:
            - {environments: [production], soak: {environment: staging, for: 12h}}
            - {paths: ["data/**"], approvals: 1}

        """

    @Test func `one file changed at random hides no other model, and crashes no plan`()
        async throws
    {
        var files = digits
        files["slipway.yaml"] = reviewed
        files["models/small/model.yaml"] = smallModel
        files["models/small/train.py"] = "pass\n"
        files["models/small/evaluate.py"] = "pass\n"
        let names = files.keys.filter { $0.hasSuffix(".yaml") && !$0.contains("small") }.sorted()
        let planner = Planner()
        let small = ModelName(checked: "small")
        try await fuzz(rounds: 150) { seed, random in
            let path = names[Int(seed) % names.count]
            var bytes = Array((files[path] ?? "").utf8)
            mutate(&bytes, &random)
            let changed = files.setting(path, to: String(decoding: bytes, as: UTF8.self))
            let plan = try await planned(changed, by: planner)
            #expect(
                plan.repositoryIsBroken || plan.models[small] != nil
                    || plan.brokenModels[small] != nil, "seed \(seed)")
            for said in plan.allDiagnostics { #expect(!said.message.isEmpty, "seed \(seed)") }
            // What is remembered of other commits changes nothing.
            let anew = try await planned(changed)
            #expect(anew.models == plan.models, "seed \(seed)")
            #expect(anew.allDiagnostics == plan.allDiagnostics, "seed \(seed)")
        }
    }
}
