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

    @Test func `of equal ones the first are named, as a plain implementation names them`()
        async throws
    {
        var random = SeededRandom(seed: 4)
        var values = (0..<3000).map { _ in 100 + random.below(7) }
        for _ in 0..<40 {
            let far = 5000 + random.below(4) * 100
            values[random.below(values.count)] = random.below(2) == 0 ? far : 206 - far
        }
        // Each row of its end lies further out than all before it.
        values += (0..<1500).map { 200 + $0 }
        let text = "x\n" + values.map { "\($0)\n" }.joined()
        for (chunk, workers) in [(1 << 20, 1), (100, 2), (2000, 3)] {
            let found = try await outcomes(
                folder, [text], [column("x", .integer)], [DataCheck(.outliersTukey)],
                chunk: chunk, workers: workers)
            let details = found[0].details
            let low = try #require(details["low_fence"])
            let high = try #require(details["high_fence"])
            func excess(_ row: Int) -> Double {
                Swift.max(low - Double(values[row]), Double(values[row]) - high)
            }
            let rows = values.indices.filter { excess($0) > 0 }.sorted { left, right in
                let (one, other) = (excess(left), excess(right))
                guard one == other else { return one > other }
                let areBelow = (Double(values[left]) < low, Double(values[right]) < low)
                return areBelow.0 == areBelow.1 ? left < right : areBelow.0
            }
            #expect(details["count"] == Double(rows.count))
            #expect(
                places(found[0])
                    == rows.prefix(5).map { "0.data:\($0 + 2):1: `x` is \(values[$0]) here" })
        }
    }

    @Test(arguments: [ColumnDeclaration.Kind.integer, .number])
    func `integers beyond 2^53 are named as the cells have them`(
        type: ColumnDeclaration.Kind
    ) async throws {
        let found = try await outcomes(
            folder, texts(["9007199254740993"], ["-9007199254740995"]), [column("x", type)],
            [DataCheck(.outliersTukey)])
        #expect(
            places(found[0]) == [
                "1.data:32:1: `x` is -9007199254740995 here",
                "0.data:32:1: `x` is 9007199254740993 here",
            ])
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
            let isOne = outcome.details["count"] == 1
            #expect(outcome.sentence.hasPrefix("1 number (") == isOne, "\(outcome.sentence)")
            #expect(
                outcome.sentence.hasSuffix(
                    ") \(isOne ? "lies" : "lie") too far out (at most \(limits))"),
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
