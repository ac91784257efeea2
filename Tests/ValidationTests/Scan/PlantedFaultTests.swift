import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

struct PlantedFaultTests {
    private struct Planted: Decodable {
        var rows: Int
        var bytes: Int
        var sha256: String
        var planted: [String: Int]
    }

    /// Because the sources may be reached by a link, and what lies beside them not.
    private static let launcher = """
        import os, sys
        here = os.path.dirname(os.path.realpath(sys.argv[1]))
        script = os.path.join(here, "..", "..", "..", "Benchmarks", "datafile.py")
        os.execv(sys.executable, [sys.executable, script, *sys.argv[2:]])
        """

    @Test func `of a hundred thousand rows exactly the planted faults are found`() async throws {
        let folder = try Folder()
        let result = try await ChildProcess.run(
            "python3",
            [
                "-c", Self.launcher, #filePath, "\(folder.path)/d.csv", "--rows", "100000",
                "--often", "50",
            ],
            outputLimitBytes: 1 << 20, deadlineSeconds: 60)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let planted = try JSONDecoder().decode(Planted.self, from: Data(result.output))
        let countries =
            "DE FR GB US IT ES PL NL SE NO DK FI AT CH BE PT CZ GR HU IE".split(separator: " ")
        let manifest = manifest(
            [entry("d.csv", digest: Digest(checked: planted.sha256), rows: planted.rows)],
            [
                column("id", .integer, required: true, unique: true, min: 1),
                column("event_date", .date, required: true), column("event_time", .datetime),
                column("age", .integer, min: 0, max: 120), column("income", .number, min: 0),
                column("score", .number, required: true, min: 0, max: 1),
                column("clicks", .integer, min: 0, max: 1000),
                column("country", values: countries.map(String.init)), column("comment"),
                column("flag", .boolean),
                column("label", .integer, required: true, min: 0, max: 1),
                column("group", pattern: "G[0-9]{4}"),
            ], checks: DatasetChecks(missingShareMax: 0.5, missingValues: ["NA"]))
        let report = try await validate(manifest, root: folder.path)
        var found: [String: Int] = [:]
        for violation in report.violations {
            found["\(violation.rule.rawValue) \(violation.column ?? "")"] = violation.total
        }
        #expect(planted.planted.values.allSatisfy { $0 > 10 })
        #expect(found == planted.planted)
        #expect(report.rows == planted.rows && report.cells == planted.rows * 12)
        #expect(report.files[0].bytes == planted.bytes)
    }
}
