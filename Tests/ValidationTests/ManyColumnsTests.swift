import Domain
import Testing

@testable import Validation

/// Tables of so many columns that not each of them is named, or can be read.
@Suite struct ManyColumnsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func violations(_ manifest: DatasetManifest) async throws -> [Violation] {
        try await validate(manifest, root: folder.path).violations
    }

    private func numbered(_ letter: String, _ count: Int) -> [String] {
        (0..<count).map { "\(letter)\($0)" }
    }

    // MARK: Not declared

    @Test func `many columns that nobody declares are one violation`() async throws {
        for count in [20, 21, 12_000] {
            let header = numbered("c", count).joined(separator: ",")
            let file = try folder.add("w.csv", "a,\(header)\n")
            let report = try await violations(
                manifest([file], [column("a")], checks: DatasetChecks(rowCountMin: 0)))
            let found = report.filter { $0.rule == .extraColumn }
            let refused = report.filter { $0.rule == .tooManyColumns }
            #expect((found + refused).reduce(0) { $0 + $1.total } == count)
            #expect(refused.map(\.total) == (count > 9999 ? [2001] : []))
            #expect(found.count == (count > 20 ? 1 : 20))
            guard count > 20 else { continue }
            #expect(
                found[0].occurrences[0].message
                    == "columns that are not declared: `c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, "
                    + "`c7` and more")
            #expect(found[0].occurrences.map { $0.place.column } == [2, 3, 4, 5, 6])
            #expect(found[0].column == nil && found[0].columns == numbered("c", 8))
        }
    }

    // MARK: Not read

    @Test func `columns behind more than a dataset can have are not called absent`() async throws {
        let names = numbered("c", 10_001)
        let file = try folder.add(
            "w.csv",
            names.joined(separator: ",") + "\n"
                + Array(repeating: "1", count: names.count).joined(separator: ",") + "\n")
        let declared = names.dropLast().map { column($0, .integer) }
        let found = try await violations(manifest([file], declared))
        #expect(found.map(\.rule) == [.tooManyColumns])
        #expect(found.first?.occurrences.map { $0.value } == ["c10000"])
        #expect(found.first?.hint.contains("leave them out of the data") == true)
    }

    @Test func `columns that are not read fail, and are not counted, whatever only warns`()
        async throws
    {
        let wide = numbered("c", 10_002).joined(separator: ",") + "\n"
        let narrow = try folder.add("n.csv", "c1,c2\n1,2\n")
        var checks = DatasetChecks()
        checks.columnsSeverity = .warn
        checks.columnCount = ColumnCount(max: 15_000, severity: .warn)
        let files = [narrow, try folder.add("w.csv", wide)]
        for columns in [[], [column("c1")]] {
            let found = try await violations(manifest(files, columns, checks: checks))
            #expect(
                found.map { "\($0.severity) \($0.rule.rawValue)" }
                    == ["fail too_many_columns", "warn column_count"]
                    + (columns.isEmpty ? [] : ["warn extra_column"]))
            let count = found.first { $0.rule == .columnCount }
            #expect(count?.occurrences.map(\.place.file) == ["w.csv"])
            #expect(count?.occurrences[0].message.contains("cannot be counted") == true)
        }
    }

    @Test func `columns that together are too many are not counted either`() async throws {
        let files = try (0..<3).map { number in
            try folder.add(
                "\(number).csv", numbered("f\(number)c", 4000).joined(separator: ",") + "\n")
        }
        var checks = DatasetChecks(rowCountMin: 0)
        checks.columnCount = ColumnCount(min: 4000, max: 4000)
        let found = try await violations(manifest(files, checks: checks))
        #expect(found.map(\.rule) == [.tooManyColumns, .columnCount])
        #expect(found.map(\.total) == [2000, 1])
        #expect(found.flatMap(\.occurrences).allSatisfy { $0.place.file == "2.csv" })
    }

    // MARK: Absent

    @Test func `many columns that are absent are one violation`() async throws {
        let names = numbered("c", 30)
        let most = (["a"] + names.dropFirst(2)).joined(separator: ",")
        let one = try folder.add("n.csv", "a\n1\n")
        let two = [try folder.add("m.csv", most + "\n"), one]
        for (files, total) in [([one], 30), (two, 32)] {
            let report = try await violations(
                manifest(files, (["a"] + names).map { column($0) }))
            let found = try #require(report.first)
            #expect(report.count == 1 && found.rule == .missingColumn)
            #expect(found.total == total)
            #expect(
                found.occurrences[0].message
                    == "columns that are not in the file: `c0`, `c1`, `c10`, `c11`, `c12`, `c13`, "
                    + "`c14`, `c15` and more", "each of them once")
        }
    }

    @Test func `absent columns that are needed are one violation, and all others another`()
        async throws
    {
        let file = try folder.add("n.csv", "a\n1\n")
        let needed = numbered("r", 25).map { column($0, required: true) } + [column("label")]
        let others = numbered("c", 30).map { column($0) }
        var strict = manifest([file], [column("a")] + needed + others)
        strict.label = "label"
        var lax = strict
        lax.checks.columnsSeverity = .warn
        #expect(strict.reading == lax.reading)
        let found = try await violations(strict)
        #expect(found.map { "\($0.severity) \($0.total)" } == ["fail 30", "fail 26"])
        #expect(found.map { $0.columns?.first } == ["c0", "label"])
        let judged = try await violations(lax)
        #expect(judged.map { "\($0.severity) \($0.total)" } == ["fail 26", "warn 30"])
        #expect(found.judged(by: lax) == judged)
    }

    @Test func `the hint of many columns is that of the first place`() async throws {
        let names = numbered("c", 30)
        let files = [
            try folder.add("a.csv", names.joined(separator: ",") + "\n"),
            try folder.add("b.csv", "a;\(names.joined(separator: ";"))\n"),
        ]
        let found = try await violations(
            manifest(
                files, (["a"] + names).map { column($0) }, checks: DatasetChecks(rowCountMin: 0)))
        let absent = try #require(found.first { $0.rule == .missingColumn })
        #expect(absent.total == 32)
        #expect(absent.occurrences[0].place.file == "a.csv")
        #expect(absent.hint == Rule.missingColumn.hint, "and not that of another delimiter")
    }
}
