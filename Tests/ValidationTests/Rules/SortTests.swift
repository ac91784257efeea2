import Domain
import TestKit
import Testing

@testable import Validation

struct SortTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func report(
        _ texts: [String], _ columns: [ColumnDeclaration], by sortedBy: [String],
        chunk: Int = 1 << 20, workers: Int = 2, format: DatasetManifest.Format = .csv
    ) async throws -> ValidationReport {
        let files = try texts.enumerated().map { try folder.add("d\($0)", $1) }
        var sorted = manifest(files, columns, format: format)
        sorted.keys.sortedBy = sortedBy
        sorted.columnMatch = .equal
        return try await validate(
            sorted, root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers))
    }

    /// Cells in their order, by type.
    private static let ordered: [(ColumnDeclaration.Kind, [String])] = [
        (
            .integer,
            [
                "-9223372036854775808", "-10", "-9", "9", "10", "9223372036854775806",
                "9223372036854775807",
            ]
        ),
        (.number, ["-1e300", "-10", "-9.5", "0", "1e-5", "9", "10", "1e300"]),
        (.string, ["10", "9", "A", "a", "ab", "say \"\"", "z", "Ä", "\u{FFFD}", "𝒳"]),
        (.boolean, ["False", "true"]),
        (.date, ["0001-01-01", "1999-12-31", "2024-02-29", "2024-03-01"]),
        (.datetime, Moments.all.map { $0[0] }),
    ]

    @Test func `cells are ordered by their declared type`() async throws {
        for (type, cells) in Self.ordered {
            func csv(_ cells: [String]) -> String {
                "c\n" + cells.map { "\"\($0.replacing("\"", with: "\"\""))\"\n" }.joined()
            }
            let doubled = cells.flatMap { [$0, $0] }
            let right = try await report([csv(doubled)], [column("c", type)], by: ["c"])
            #expect(right.passed, "\(type)")
            let wrong = try await report([csv(cells.reversed())], [column("c", type)], by: ["c"])
            #expect(wrong.violations.map(\.rule) == [.sorted], "\(type)")
            #expect(wrong.violations.first?.total == cells.count - 1, "\(type)")
        }
    }

    @Test func `the first places are named, and only the first column that differs decides`()
        async throws
    {
        let report = try await report(
            ["a,b\n1,5\n1,4\n2,1\n", "b,a\n1,2\n9,1\n"],
            [column("a", .integer), column("b", .integer)], by: ["a", "b"])
        let found = try #require(report.violations.first)
        #expect(report.violations.count == 1 && found.column == nil && found.total == 2)
        #expect(
            found.occurrences.map(\.place) == [
                Place(file: "d0", line: 3, column: 2), Place(file: "d1", line: 3, column: 2),
            ])
        #expect(found.occurrences[0].message == "`b` is 4, and 5 in the row before")
        #expect(found.occurrences[1].message == "`a` is 1, and 2 in the row before")
        #expect(found.hint == "sort the rows, or drop `sorted_by:`")
    }

    @Test func `rows without a key are passed over`() async throws {
        let report = try await report(
            ["a\n1\n\"\"\nx\n2\n\"\"\n1\n700\n"], [column("a", .integer, max: 100)], by: ["a"])
        let found = try #require(report.violations.last)
        #expect(found.rule == .sorted && found.total == 1)
        #expect(found.occurrences[0].place.line == 7)
        #expect(found.occurrences[0].message == "`a` is 1, and 2 in the row before")
    }

    @Test func `neither cuts nor workers nor files change what is found`() async throws {
        try await fuzz(rounds: 15) { seed, random in
            let rows = (0..<700).map { row in
                let key = row / 5 - (Int.random(in: 0..<12, using: &random) == 0 ? 3 : 0)
                let text = ["", "x", "y\"z", "ü"].randomElement(using: &random) ?? ""
                return (key: key, text: text)
            }
            func csv(_ range: Range<Int>) -> String {
                let lines = rows[range].map { row in
                    "\(row.key),\"\(row.text.replacing("\"", with: "\"\""))\"\n"
                }
                return "k,s\n" + lines.joined()
            }
            let whole = rows.enumerated().filter { $0.element.text != "" }
            let broken = zip(whole, whole.dropFirst()).filter { pair in
                let (before, row) = (pair.0.element, pair.1.element)
                return row.key < before.key
                    || row.key == before.key
                        && Array(row.text.utf8).lexicographicallyPrecedes(Array(before.text.utf8))
            }.map { $0.1.offset }
            for (chunk, workers) in [(1 << 20, 1), (61, 2), (700, 3), (4096, 4)] {
                let report = try await report(
                    [csv(0..<300), csv(300..<700)], [column("k", .integer), column("s")],
                    by: ["k", "s"], chunk: chunk, workers: workers)
                let found = report.violations.first
                #expect(found?.total == broken.count && broken.count > 5, "seed \(seed), \(chunk)")
                let places = broken.prefix(5).map {
                    $0 < 300 ? "d0:\($0 + 2)" : "d1:\($0 - 300 + 2)"
                }
                #expect(
                    found?.occurrences.map { "\($0.place.file):\($0.place.line ?? 0)" } == places,
                    "seed \(seed), \(chunk)")
            }
        }
    }

    @Test func `lines of JSON are sorted too`() async throws {
        let lines = (0..<600).map { "{\"k\":\($0 == 401 ? 3 : $0)}\n" }.joined()
        let report = try await report(
            [lines], [column("k", .integer)], by: ["k"], format: .jsonl)
        #expect(report.violations.map(\.total) == [1])
        #expect(
            report.violations[0].occurrences[0].place == Place(file: "d0", line: 402, column: 6))
    }
}
