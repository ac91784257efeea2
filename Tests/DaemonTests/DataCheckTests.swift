import Daemon
import Domain
import Journal
import Provenance
import Testing

/// Named checks as the gate acts on them.
@Suite struct DataCheckTests {
    private func table(_ values: Range<Int>) -> String {
        "x\n" + values.map { "\($0 % 400 + values.lowerBound)\n" }.joined()
    }

    private func files(_ data: String, _ checks: String, right: Int = 8) -> [String: String] {
        var model = ShellModel()
        model.right = right
        model.data = data
        var files = model.files
        files["datasets/test.yaml", default: ""] += "checks:\n" + checks
        return files
    }

    @Test(.timeLimit(.minutes(5)))
    func `a dataset with a warning trains, and whoever looks is told`() async throws {
        try await play { yard in
            let data = "x\n" + (0..<40).map { $0 < 1 ? "7\n" : "1\n" }.joined()
            let commit = try await yard.push(
                files(data, "  almost_constant:\n"), "nearly constant")
            _ = try await yard.evidence(commit)
            let record = try await yard.record("m")
            let told = try #require(record.judgements[commit]?.data?.first)
            #expect(told.count == 1 && told.dataset.text == "test")
            let line = try #require(told.lines.first)
            #expect(line.hasPrefix("almost_constant of `x`: the most"), "\(told)")
            #expect(record.judgements[commit]?.drift == nil)
            let run = RunID(model: ModelName(checked: "m"), number: 1)
            let events = try await yard.journal.events(of: run, after: 0, limit: 100)
            let warned = events.filter {
                if case .object(let keys) = $0.event { keys["data"] != nil } else { false }
            }
            #expect(warned.count == 1)
            let status = try #require(try await yard.journal.status(of: record.model))
            #expect(status.diagnostics.map(\.severity) == [.warning])
            #expect(status.diagnostics.first?.place.file == "dataset test")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a broken check stops the run, and the manifest's line is named`() async throws {
        try await play { yard in
            let data = "x\n" + String(repeating: "1\n", count: 40)
            let commit = try await yard.push(files(data, "  constant:\n"), "constant")
            let found = try await yard.failure(of: commit)
            #expect(
                found.what
                    == "dataset `test` failed validation: 1 broken check; nothing was trained")
            #expect(found.details.count == 1)
            #expect(found.details.first?.place.description == "datasets/test.yaml:7:3")
            #expect(found.place == "datasets/test.yaml:7:3")

            // The same data under another limit is judged on what was read, and trains.
            let mended = try await yard.push(
                files(data, "  constant: {severity: warn}\n"), "it may be")
            _ = try await yard.evidence(mended)
            let told = try await yard.record("m").judgements[mended]?.data?.first
            #expect(told?.count == 1)

            // What is expected changes while data and code do not: the outcome is known, and yet
            // the data is judged.
            let again = try await yard.push(
                files(data, "  constant: {severity: fail}\n"), "it may not be")
            #expect(try await yard.failure(of: again).details.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `drift over its limit against what is live stops`() async throws {
        try await play { yard in
            let checks = "  psi: {warn: 0.1, fail: 0.25}\n  row_count_change: {max: 0.1}\n"
            let first = try await yard.push(files(table(0..<1000), checks), "first")
            _ = try await yard.evidence(first)
            let before = try await yard.record("m").judgements[first]
            #expect(before?.drift == nil, "there is nothing to compare with, and no warning")
            try await yard.release(first)

            let moved = try await yard.push(files(table(300..<1300), checks, right: 7), "moved")
            let found = try await yard.failure(of: moved)
            #expect(found.details.count == 1)
            let line = try #require(found.details.first)
            #expect(line.message.hasPrefix("psi of `x`: psi (base e) is "), "\(line.message)")
            #expect(line.place.description == "datasets/test.yaml:7:8")

            let grown = try await yard.push(files(table(0..<1200), checks, right: 7), "grown")
            _ = try await yard.evidence(grown)
            let judged = try await yard.record("m").judgements[grown]
            let warned = judged?.data?.first?.lines.first
            #expect(warned?.hasPrefix("row_count_change: 1000 rows before, 1200 now") ?? false)
            #expect(judged?.drift?.first?.rowsNow == 1200)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `data is as old as the commit says, not the clock`() async throws {
        try await play { yard in
            let model = ShellModel(data: "x,day\n1,2000-01-01\n2,2000-01-02\n")
            var files = model.files
            files["datasets/test.yaml"]? += """
                  - {name: day, type: date}
                checks:
                  freshness: {columns: [day], max: 30d, severity: fail}

                """
            let commit = try await yard.push(files, "old data")
            let found = try await yard.failure(of: commit)
            #expect(
                found.details.first?.message.hasPrefix(
                    "freshness of `day`: the latest is 2000-01-02T00:00:00Z, ") ?? false,
                "\(found.details)")
            files["datasets/test.yaml"] = files["datasets/test.yaml"]?
                .replacing("severity: fail", with: "severity: warn")
            let told = try await yard.push(files, "old data is meant")
            _ = try await yard.evidence(told)
            let line = try await yard.record("m").judgements[told]?.data?.first?.lines.first
            #expect(line?.contains("before the commit (at most 30d)") ?? false, "\(line ?? "")")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a named baseline is compared with as it was, and one that is lost is said`() async throws
    {
        try await play { yard in
            let first = try await yard.push(files(table(0..<1000), "  row_count:\n"), "first")
            _ = try await yard.evidence(first)
            try await yard.release(first)
            let second = try await yard.push(
                files(table(300..<1300), "  row_count:\n", right: 7), "second")
            _ = try await yard.evidence(second)
            try await yard.release(second)

            // What is live does not differ; v1.0.0 does.
            let checks = "  psi: [{columns: [x]}, {columns: [x], against: v1.0.0}]\n"
            let third = try await yard.push(
                files(table(300..<1301), checks, right: 6), "against v1.0.0")
            let found = try await yard.failure(of: third)
            #expect(found.details.count == 1, "\(found.details)")
            let record = try await yard.record("m")
            let digest = try #require(record.releases.first?.datasets.values.first)
            #expect(
                found.details.first?.message.hasSuffix("; against v1.0.0 (\(digest.short))")
                    ?? false, "\(found.details)")

            // Each severity is judged anew, whatever is kept of the others.
            func lost(_ severity: String) async throws -> CommitID {
                let check = "  psi: {against: v3.0.0\(severity)}\n"
                return try await yard.push(
                    files(table(300..<1301), check, right: 6), "no such version\(severity)")
            }
            let says = "psi: could not run: m has no version v3.0.0"
            for severity in ["", ", severity: fail"] {
                let failed = try await yard.failure(of: try await lost(severity))
                #expect(failed.details.map(\.message) == [says], "\(failed)")
            }
            let allowed = try await lost(", severity: warn")
            _ = try await yard.evidence(allowed)
            let told = try await yard.record("m").judgements[allowed]?.data?.first
            #expect(told?.lines == [says], "\(told as Any)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `another dataset is a baseline, and a change of it is judged anew`() async throws {
        try await play { yard in
            func made(_ golden: String) -> [String: String] {
                var files = files(table(0..<1000), "  psi: {against: golden, columns: [x]}\n")
                files["data/golden.csv"] = golden
                files["datasets/golden.yaml"] = """
                    files: [{path: data/golden.csv, sha256: \(sha256(Array(golden.utf8)).hex)}]
                    columns: [{name: x, type: integer}]

                    """
                return files
            }
            let same = try await yard.push(made(table(0..<900)), "like the golden set")
            _ = try await yard.evidence(same)
            #expect(try await yard.record("m").judgements[same]?.data == nil)
            let other = try await yard.push(made(table(300..<1300)), "another golden set")
            let found = try await yard.failure(of: other)
            #expect(found.details.first?.message.contains("; against golden (") ?? false)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `requests that are not what was trained on are told of`() async throws {
        try await play { yard in
            func made(_ shift: Int) -> [String: String] {
                var files = files(
                    table(0..<1000),
                    "  skew:\nserved: {dataset: requests, fields: {x: features.x}}\n")
                let log = (0..<500).map { "{\"features\":{\"x\":\($0 % 400 + shift)}}\n" }.joined()
                files["data/requests.jsonl"] = log
                files["datasets/requests.yaml"] =
                    "files: [{path: data/requests.jsonl, sha256: "
                    + "\(sha256(Array(log.utf8)).hex)}]\n"
                return files
            }
            let alike = try await yard.push(made(0), "served alike")
            _ = try await yard.evidence(alike)
            #expect(try await yard.record("m").judgements[alike]?.data == nil)
            let found = try await yard.failure(
                of: try await yard.push(made(300), "served otherwise"))
            let line = try #require(found.details.first)
            #expect(line.message.hasPrefix("skew of `x`: psi (base e) is "), "\(line.message)")
            #expect(line.message.contains("; against requests ("))
        }
    }
}
