import Domain
import Testing

@testable import Validation

/// Wrong answers that other tools were found to give, each with the test that this one gives the
/// right one:
///
/// - 79 ages and 900 days miscounted: here, and `ProfileCheckTests` up to the exact limit; beyond
///   it the error is stated (`SketchTests`).
/// - a bad value behind the sample silently rounded, cut or retyped: here.
/// - drift unseen because outliers stretch the bins, or seen where there is none: `DriftTests`,
///   `sensitivity`, with the factors of the table.
/// - PSI of small samples called drift: `DriftTests`, 200 and 500 rows.
/// - the number of duplicated values called the number of duplicates: here, and
///   `ProfileCheckTests`, the three numbers.
/// - rows that only look alike when joined counted as duplicates: `TablePassTests`.
/// - the share of outliers of a skewed column: `ProfileCheckTests`.
/// - Jensen–Shannon in base e: `OracleTests`, base 2.
struct OtherToolsTests {
    private static let late = 90_000

    private func report(
        _ column: ColumnDeclaration, _ good: (Int) -> String, late bad: String
    ) async throws -> ValidationReport {
        let folder = try Folder()
        var text = "x\n"
        for row in 1...100_000 { text += (row == Self.late ? bad : good(row)) + "\n" }
        return try await validate(
            manifest([try folder.add("late.csv", text)], [column]), root: folder.path)
    }

    @Test(arguments: ["12.7", "007", "abc", "1e3", "9223372036854775808", " 5", "0x1F"])
    func `one bad cell late in a column of integers is reported with its line`(
        _ bad: String
    ) async throws {
        let report = try await report(column("x", .integer), { "\($0)" }, late: bad)
        #expect(report.verdict == .failed && report.rows == 100_000)
        #expect(report.violations.map(\.rule) == [.type] && report.violations[0].total == 1)
        let first = try #require(report.violations[0].occurrences.first)
        #expect(first.place == Place(file: "late.csv", line: Self.late + 1, column: 1))
        #expect(first.value == bad)
    }

    @Test(arguments: ["2024-02-29 10:30:00", "2024-02-29T10:30:00Z", "2023-02-29", "abc"])
    func `one bad cell late in a column of dates is reported with its line`(
        _ bad: String
    ) async throws {
        let days = (0..<28).map { "2024-01-\($0 < 9 ? "0" : "")\($0 + 1)" }
        let report = try await report(column("x", .date), { days[$0 % 28] }, late: bad)
        #expect(report.verdict == .failed)
        #expect(report.violations.map(\.rule) == [.type] && report.violations[0].total == 1)
        let place = report.violations[0].occurrences.first?.place
        #expect(place == Place(file: "late.csv", line: Self.late + 1, column: 1))
    }

    @Test func `every bad cell is counted, and reading goes on behind it`() async throws {
        let folder = try Folder()
        var text = "x,y\n"
        for row in 1...100_000 {
            text += "\(row % 1000 == 0 ? "12.7" : "\(row)"),\(row == 99_999 ? "z" : "\(row)")\n"
        }
        let report = try await validate(
            manifest(
                [try folder.add("late.csv", text)], [column("x", .integer), column("y", .integer)]),
            root: folder.path)
        let found = report.violations.map { "\($0.column ?? "") \($0.total)" }
        #expect(found == ["x 100", "y 1"])
        #expect(report.violations[1].occurrences.map(\.place.line) == [100_000])
    }

    @Test func `small domains of a file are counted exactly, and duplicates are rows`()
        async throws
    {
        let folder = try Folder()
        var text = "age,day\n"
        // 79 and 900 have no common divisor: every pair of 71,100 occurs, the first 28,900 twice.
        for row in 0..<100_000 {
            let (month, day) = (row % 900 / 28 % 12 + 1, row % 900 % 28 + 1)
            let year = 2000 + row % 900 / 336
            text +=
                "\(18 + row % 79),\(year)-\(month < 10 ? "0" : "")\(month)-"
                + "\(day < 10 ? "0" : "")\(day)\n"
        }
        var manifest = manifest(
            [try folder.add("d.csv", text)], [column("age", .integer), column("day", .date)])
        manifest.checks.named = [DataCheck(.duplicateRows)]
        let found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        let profile = try #require(found.profile)
        #expect(profile.columns.map(\.distinct.count) == [79, 900])
        #expect(profile.columns.allSatisfy { $0.distinct.standardError == 0 })
        let duplicates = try #require(profile.duplicates)
        #expect(duplicates.surplus == 28_900 && duplicates.groups == 28_900)
        #expect(duplicates.involved == 57_800 && duplicates.distinct == 71_100)
    }
}
