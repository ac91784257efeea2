import Domain
import TestKit
import Testing

@testable import Validation

/// Numbers, days and texts that steps must not change into others.
struct NumberResultTests {
    @Test(arguments: [
        ("1..5", false), ("1.5.2", false), ("1.5x", false), ("12,.5", true), ("1.234", true),
        ("1,2,3", true),
    ])
    func `nothing but an exponent follows the digits`(_ cell: String, _ isComma: Bool)
        async throws
    {
        var conversion = CellConversion(columns: ["x"], kind: .number)
        conversion.decimalComma = isComma
        #expect(
            try await refusal("x\n\"\(cell)\"\n", by: [.convert(conversion)])
                == "f0.csv:2:1: column `x`: `\(cell)` is no number (step 1, convert)")
    }

    @Test func `digits may be missing on one side of the point`() async throws {
        let convert = PreparationStep.Action.convert(CellConversion(columns: ["x"], kind: .number))
        #expect(
            try await prepared("x\n12.\n.5\n1e3\n2.5E-2\n", by: [convert]).text
                == "x\n12\n0.5\n1e3\n2.5E-2\n")
    }

    @Test func `a result that is no number stops the step`() async throws {
        let text = "{\"k\":1,\"v\":1e308}\n{\"k\":1,\"v\":1e308}\n{\"k\":2,\"v\":-1e308}\n"
        for rule in [DuplicateMerge.Rule.sum, .mean] {
            let merge = DuplicateMerge(columns: ["k"], rules: [.init(column: "v", rule: rule)])
            #expect(
                try await refusal(text, by: [.mergeDuplicates(merge)], format: .jsonl)
                    .hasPrefix("datasets/d.yaml:10: the sum or mean of column `v` cannot be"))
        }
        let mean = MissingFill(columns: ["v"], filling: .statistic(.mean))
        // Only the sum of these is none.
        #expect(
            try await prepared("v\n1e308\n1e308\n\"\"\n", by: [.fillMissing(mean)]).text
                == "v\n1e308\n1e308\n1e+308\n")
        let clip = OutlierBounds(columns: ["v"], method: .tukey(k: 3))
        #expect(
            try await refusal(text, by: [.clipOutliers(clip)], format: .jsonl)
                .hasPrefix("datasets/d.yaml:10: a bound of column `v` cannot be written"))
    }

    @Test func `a median between numbers at both ends of the range is one`() async throws {
        let median = MissingFill(columns: ["v"], filling: .statistic(.median))
        #expect(
            try await prepared("v\n-1e308\n1.5e308\n\"\"\n", by: [.fillMissing(median)]).text
                == "v\n-1e308\n1.5e308\n2.5e+307\n")
        #expect(
            try await prepared("v\n1.5e308\n1.7e308\n\"\"\n", by: [.fillMissing(median)]).text
                == "v\n1.5e308\n1.7e308\n1.6e+308\n")
        let points = WeightedPoints(ascending: [-1.7e308, 1.7e308])
        #expect([0, 0.5, 1].map(points.quantile) == [-1.7e308, 0, 1.7e308])
    }

    @Test func `the day of a moment is the day in UTC`() async throws {
        let convert = PreparationStep.Action.convert(CellConversion(columns: ["d"], kind: .date))
        #expect(
            try await prepared(
                "d\n2025-12-31T22:00:00-02:00\n2026-01-01T02:00:00+02:00\n"
                    + "2024-02-29T00:00:00Z\n0000-03-01 00:00:00\n", by: [convert]
            ).text == "d\n2026-01-01\n2026-01-01\n2024-02-29\n0000-03-01\n")
        for cell in ["2025-12-31T22:00:01-02:00", "9999-12-31T23:00:00-01:00"] {
            #expect(
                try await refusal("d\n\(cell)\n", by: [convert])
                    == "f0.csv:2:1: column `d`: `\(cell)` is no date (step 1, convert)")
        }
    }

    @Test func `many marks behind a letter are ordered by their classes`() {
        let count = 20_000
        func text(_ order: [Character]) -> [UInt8] {
            Array(("a" + order.map { String(repeating: $0, count: count) }.joined() + "b").utf8)
        }
        // Of class 232 and 220.
        #expect(
            UnicodeForms.table.normalised(text(["\u{315}", "\u{316}"]), isCompatible: false)
                == text(["\u{316}", "\u{315}"]))
    }

    @Test(arguments: [1, 64, 1 << 20])
    func `records are sorted however few can be held of their runs`(mergeBytesMax: Int) throws {
        let folder = try Folder()
        var random = Seeded(state: 5)
        var sorter = RecordSorter(
            bytesMax: 200, folder: folder.path, mergeBytesMax: mergeBytesMax)
        var records: [[UInt8]] = []
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<40, using: &random)
            let record = (0..<count).map { _ in UInt8.random(in: 0..<3, using: &random) }
            records.append(record)
            try sorter.add(record)
        }
        var sorted = try sorter.sorted()
        var found: [[UInt8]] = []
        while let record = try sorted.next() { found.append(record) }
        #expect(found == records.sorted { $0.lexicographicallyPrecedes($1) })
    }
}
