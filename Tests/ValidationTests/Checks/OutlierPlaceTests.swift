import Domain
import Testing

@testable import Validation

/// Checks of outliers name those that lie furthest out, and rare values their first places.
struct OutlierPlaceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func places(_ outcome: CheckOutcome) -> [String] {
        (outcome.places ?? []).map { "\($0.place): \($0.message)" }
    }

    /// Two files of plain numbers, with these among them.
    private func texts(_ first: [String], _ second: [String]) -> [String] {
        let plain = (0..<60).map { "\(100 + $0 % 7)" }
        return [first, second].map { others in
            "x\n" + (plain[..<30] + others + plain[30...]).map { "\($0)\n" }.joined()
        }
    }

    @Test(arguments: [DataCheck.Name.outliersTukey, .outliersRobustZ, .outliersZ])
    func `the furthest on both sides are named, however the files are cut`(
        _ name: DataCheck.Name
    ) async throws {
        let texts = texts(["9000", "-9000", "", "x"], ["-9100", "9000", "9050"])
        var check = DataCheck(name)
        check.parameter = 2
        for (chunk, workers) in [(1 << 20, 2), (7, 1), (64, 2)] {
            let found = try await outcomes(
                folder, texts, [column("x", .number)], [check], chunk: chunk, workers: workers)
            #expect(found[0].details["count"] == 5, "\(found[0].sentence)")
            #expect(
                Set(places(found[0])) == [
                    "0.data:32:1: `x` is 9000 here", "0.data:33:1: `x` is -9000 here",
                    "1.data:32:1: `x` is -9100 here", "1.data:33:1: `x` is 9000 here",
                    "1.data:34:1: `x` is 9050 here",
                ], "\(name) \(chunk)")
            #expect(places(found[0])[0] == "1.data:32:1: `x` is -9100 here")
        }
    }

    @Test func `five are named of many, none of none, and on the scale of the check`() async throws
    {
        let many = (1...9).map { "\($0)000" }
        let found = try await outcomes(
            folder, texts(many, []), [column("x", .integer)],
            [DataCheck(.outliersTukey), DataCheck(.outliersTukey, columns: ["x"])])
        #expect(found.map(\.column) == ["x"] && found[0].details["count"] == 9)
        #expect(places(found[0]).map { $0.suffix(9) } == (5...9).reversed().map { "\($0)000 here" })
        let none = try await outcomes(
            folder, texts([], []), [column("x", .integer)], [DataCheck(.outliersTukey)])
        #expect(none[0].verdict == .passed && none[0].places?.isEmpty == true)
        var check = DataCheck(.outliersTukey)
        check.scale = .log
        let log = try await outcomes(
            folder, texts(["0.001", "3000"], []), [column("x", .number)], [check])
        #expect(
            places(log[0]) == ["0.data:32:1: `x` is 0.001 here", "0.data:33:1: `x` is 3000 here"])
    }

    @Test func `a classified column has places and no values`() async throws {
        var secret = column("x", .number)
        secret.classification = .pii
        let found = try await outcomes(
            folder, texts(["9000"], ["NA", "-999"]), [secret],
            [DataCheck(.outliersTukey), DataCheck(.mixedMissing)])
        #expect(
            places(found[0]) == [
                "0.data:32:1: `x` lies far out here", "1.data:33:1: `x` lies far out here",
            ])
        // What looks missing is a cell too.
        let said = found[1].sentence
        #expect(said.hasPrefix("2 spellings of a missing value: ••• (1), ••• (1)"), "\(said)")
        let open = try await outcomes(
            folder, texts([], ["NA", "-999"]), [column("x", .number)], [DataCheck(.mixedMissing)])
        #expect(open[0].sentence.contains("\"NA\" (1)"), "\(open[0].sentence)")
    }

    @Test(
        arguments: [
            (nil, 5, "5"), (0.01, 5, "1 % and 5"), (0.02, nil, "2 %"), (nil, nil, "1 %"),
        ] as [(Double?, Int?, String)])
    func `of a classified column only counts and limits are said`(
        share: Double?, rows: Int?, limits: String
    ) async throws {
        var secret = column("x", .number)
        secret.classification = .confidential
        let checks = [DataCheck.Name.outliersTukey, .outliersRobustZ, .outliersZ].map {
            var check = DataCheck($0)
            (check.max, check.maxRows) = (share, rows)
            return check
        }
        let found = try await outcomes(folder, texts(["9000"], []), [secret], checks)
        for outcome in found {
            #expect(
                outcome.sentence.hasSuffix(") lie too far out (at most \(limits))"),
                "\(outcome.sentence)")
            #expect(Set(outcome.details.keys).isSubset(of: ["count", "max_rows"]))
            #expect(outcome.details["max_rows"] == rows.map { Double($0) })
        }
    }

    @Test func `the first rare values are named over all files`() async throws {
        let common = [String](repeating: "Kiel", count: 2_000)
        let rows = [common + ["Keil", "\"Je\"\"na\""] + common, ["Ulm"] + common + ["Keil"]]
        let texts = rows.map { "town\n" + $0.map { "\($0)\n" }.joined() }
        var secret = column("town")
        secret.classification = .confidential
        for (column, chunk, workers) in [
            (column("town"), 1 << 20, 2), (secret, 100, 1), (column("town"), 1_000, 2),
        ] {
            let found = try await outcomes(
                folder, texts, [column], [DataCheck(.outliersRare)], chunk: chunk,
                workers: workers)
            #expect(found[0].details["count"] == 4, "\(found[0].sentence)")
            #expect(
                places(found[0])
                    == ["0.data:2002:1", "0.data:2003:1", "1.data:2:1", "1.data:2003:1"].map {
                        "\($0): `town` has a rare value here"
                    })
        }
        let different = "id\n" + (0..<4_000).map { "n\($0)\n" }.joined()
        for (chunk, workers) in [(1 << 20, 2), (1_000, 1), (9_000, 2)] {
            let many = try await outcomes(
                folder, [different], [column("id")], [DataCheck(.outliersRare, columns: ["id"])],
                chunk: chunk, workers: workers)
            #expect(many[0].verdict == .couldNotRun && many[0].places == nil)
        }
    }

    @Test func `days take no texts' room among the columns of which rare values are named`()
        async throws
    {
        let days = (0..<RareTally.columnsMax).map { "d\($0)" }
        let towns = [String](repeating: "Kiel", count: 30) + ["Keil"]
        let rows = towns.map { town in days.map { _ in "2024-05-01" } + [town] }
        let text = ([days + ["town"]] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
        var check = DataCheck(.outliersRare)
        check.parameter = 0.1
        let found = try await outcomes(
            folder, [text], days.map { column($0, .date) } + [column("town")], [check])
        #expect(found.map(\.column) == ["town"])
        #expect(places(found[0]) == ["0.data:32:65: `town` has a rare value here"])
    }
}
