import Domain
import Host
import Provenance
import Registry
import Testing
import Validation

@testable import Daemon

/// What is kept of data stands for that data, as it was read then, and for nothing else.
@Suite struct DataMemoryTests {
    private func table(_ first: Int) -> String {
        "x\n" + (0..<1000).map { "\($0 % 400 + first)\n" }.joined()
    }

    private func failure(_ yard: Yard, _ commit: CommitID) async throws -> Failure {
        var found: Failure?
        try await yard.until("\(commit.short) failed") { record in
            guard case .failed(_, let failure) = record.outcomes[commit] else { return false }
            found = failure
            return true
        }
        return try #require(found)
    }

    @Test(.timeLimit(.minutes(5)))
    func `no other manifest changes what a version is compared with`() async throws {
        try await play { yard in
            var model = ShellModel()
            model.data = table(0)
            func files() -> [String: String] {
                var files = model.files
                files["datasets/test.yaml", default: ""] += "checks:\n  psi: {fail: 0.25}\n"
                return files
            }
            let first = try await yard.push(files(), "first")
            try await yard.release(first)

            // Another model reads the very same file as texts.
            var alias = ShellModel(name: "n").files
            alias["models/n/model.yaml"] = alias["models/n/model.yaml"]?
                .replacing("parameters:", with: "datasets: {test: alias}\nparameters:")
            let manifest = files()["datasets/test.yaml"]?
                .replacing("type: integer", with: "type: string")
            alias["datasets/alias.yaml"] = manifest
            let second = try await yard.push(alias, "an alias")
            _ = try await yard.evidence(second, "n")

            model.data = table(300)
            let found = try await failure(yard, try await yard.push(files(), "moved"))
            #expect(found.details.first?.message.hasPrefix("psi of `x`: psi") ?? false, "\(found)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a dataset of another name is compared with what stood in its place`() async throws {
        try await play { yard in
            func files(_ first: Int, name: String) -> [String: String] {
                var files = ShellModel(data: table(first)).files
                let manifest = files.removeValue(forKey: "datasets/test.yaml") ?? ""
                files["datasets/\(name).yaml"] = manifest + "checks:\n  psi: {fail: 0.25}\n"
                files["models/m/model.yaml"] = files["models/m/model.yaml"]?
                    .replacing("{test: test}", with: "{test: \(name)}")
                return files
            }
            try await yard.release(try await yard.push(files(0, name: "old"), "first"))
            let found = try await failure(
                yard, try await yard.push(files(300, name: "new"), "moved and renamed"))
            #expect(found.details.first?.message.hasPrefix("psi of `x`: psi") ?? false, "\(found)")
        }
    }

    @Test func `it is clear what a dataset stands for, or said that it is not`() throws {
        let (one, two) = (sha256([1]), sha256([2]))
        func name(_ text: String) -> DatasetName { DatasetName(checked: text) }
        let release = Release(
            version: SemanticVersion(1, 0, 0),
            candidate: Fingerprint(checked: one.hex),
            commit: CommitID(checked: String(repeating: "a", count: 40)),
            evidence: EvidenceID(one), artifact: one,
            datasets: [name("a"): one, name("b"): two], approvedBy: [], tags: [])
        func place(_ dataset: String, _ others: String...) -> DatasetPlace {
            let names = others + [dataset]
            return DatasetPlace(
                name(dataset),
                of: Dictionary(uniqueKeysWithValues: names.map { (name($0), one) }), in: release)
        }
        #expect(place("a", "b") == .made(of: name("a"), one))
        #expect(place("c", "a") == .made(of: name("b"), two))
        #expect(place("c", "a", "b") == .nothing)
        #expect(place("c", "d", "a") == .unclear && place("c") == .unclear)
    }

    @Test func `what one build found is not taken for what another one finds`() throws {
        let folder = try temporaryFolder(in: "/tmp", prefix: "slipway-memory")
        defer { try? removeTree(folder) }  // Because a test that passed must not fail over it.
        let store = ArtifactStore(folder: folder)
        let (model, moment) = (ModelName(checked: "m"), Instant(seconds: 1))
        let rules = Fingerprint(checked: sha256([]).hex)
        let report = ValidationReport(
            dataset: DatasetName(checked: "d"), files: [], violations: [], cells: 0)
        let one = ProgramDigest(.success(sha256(Array("one".utf8))))
        let other = ProgramDigest(.success(sha256(Array("other".utf8))))

        let verdicts = KeptVerdicts(store, by: one)
        try verdicts.keep(report, rules, "same", model: model, at: moment)
        #expect(try verdicts.report(rules, "same") == report)
        #expect(try KeptVerdicts(store, by: other).report(rules, "same") == nil)
        #expect(try KeptVerdicts(store).report(rules, "same") == nil)

        let examinations = KeptExaminations(store, by: one)
        let found = Examination(report: report, profile: nil, measurements: Measurements())
        _ = try examinations.keep(found, rules, model: model, at: moment)
        #expect(try examinations.examination(rules) != nil)
        #expect(try KeptExaminations(store, by: other).examination(rules) == nil)
    }
}
