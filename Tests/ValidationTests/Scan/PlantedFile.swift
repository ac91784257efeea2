import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

/// A generated file in which faults are planted, as its generator describes it.
struct PlantedFile: Decodable {
    static let countries =
        "DE FR GB US IT ES PL NL SE NO DK FI AT CH BE PT CZ GR HU IE".split(separator: " ")
        .map(String.init)

    var rows: Int
    var bytes: Int
    var sha256: String
    /// By rule and column.
    var planted: [String: Int]

    /// Because the sources may be reached by a link, and what lies beside them not.
    private static let launcher = """
        import os, sys
        here = os.path.dirname(os.path.realpath(sys.argv[1]))
        script = os.path.join(here, "..", "..", "..", "Benchmarks", "datafile.py")
        os.execv(sys.executable, [sys.executable, script, *sys.argv[2:]])
        """

    /// Writes `d.csv` of a hundred thousand rows.
    static func write(to folder: Folder) async throws -> PlantedFile {
        let result = try await ChildProcess.run(
            "python3",
            [
                "-c", launcher, #filePath, "\(folder.path)/d.csv", "--rows", "100000",
                "--often", "50",
            ],
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return try JSONDecoder().decode(PlantedFile.self, from: Data(result.output))
    }

    /// The rules that the faults break.
    var rules: DatasetManifest {
        manifest(
            [entry("d.csv", digest: Digest(checked: sha256), rows: rows)],
            [
                column("id", .integer, required: true, unique: true, min: 1),
                column("event_date", .date, required: true), column("event_time", .datetime),
                column("age", .integer, min: 0, max: 120), column("income", .number, min: 0),
                column("score", .number, required: true, min: 0, max: 1),
                column("clicks", .integer, min: 0, max: 1000),
                column("country", values: Self.countries), column("comment"),
                column("flag", .boolean),
                column("label", .integer, required: true, min: 0, max: 1),
                column("group", pattern: "G[0-9]{4}"),
            ], checks: DatasetChecks(missingShareMax: 0.5, missingValues: ["NA"]))
    }
}
