import Domain
import Host
import Testing

@testable import Validation

struct ValidationTests {
    private static let id = column("id", .integer)
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `a clean dataset passes with its digest, rows and cells`() async throws {
        let file = try folder.add("d.csv", "x,y\n1,a\n2,b\n", rows: 2)
        let report = try await validate(
            manifest([file], [column("x", .integer, unique: true), column("y")]),
            root: folder.path)
        #expect(report.passed)
        #expect(report.violations.isEmpty)
        #expect(
            report.files == [CheckedFile(path: "d.csv", sha256: file.sha256, rows: 2, bytes: 12)])
        #expect(report.cells == 4)
    }

    @Test func `a wrong type and a missing label are named at file, line and cell`() async throws {
        let file = try folder.add("d.csv", "p00,digit\n1,3\nx7,4\n2,\n")
        let report = try await validate(
            manifest([file], [column("p00", .integer), column("digit", .integer, required: true)]),
            root: folder.path)
        #expect(!report.passed)
        let found = report.diagnostics
        #expect(found.map(\.place.description) == ["d.csv:3:1", "d.csv:4:2"])
        #expect(found[0].message == "`x7` is not an integer")
        #expect(found[1].message == "`digit` is required and missing")
        #expect(report.violations[0].occurrences[0].value == "x7")
        #expect(report.violations[0].column == "p00")
        #expect(found.allSatisfy { $0.hint?.isEmpty == false })
    }

    @Test func `a wrong digest stands where the manifest writes it`() async throws {
        var file = try folder.add("d.csv", "x\n1\n")
        let right = file.sha256
        file.sha256 = Digest(checked: String(repeating: "5", count: 64))
        let report = try await validate(manifest([file]), root: folder.path)
        let found = try #require(report.diagnostics.first)
        #expect(found.place.description == "datasets/d.yaml:3:27")
        #expect(found.message.contains(right.hex) && found.message.contains(file.sha256.hex))
        #expect(report.files[0].sha256 == right)
    }

    @Test func `places are capped at five for each rule and column, and counted`() async throws {
        let rows = (1...20).map { "x\($0),y\($0)\n" }.joined()
        let file = try folder.add("d.csv", "a,b\n\(rows)")
        let report = try await validate(
            manifest([file], [column("a", .integer), column("b", .number)]), root: folder.path)
        #expect(report.violations.map(\.total) == [20, 20])
        #expect(report.violations.map(\.column) == ["a", "b"])
        #expect(report.violations.map(\.occurrences.count) == [5, 5])
        #expect(report.violations[0].occurrences.map(\.place.line) == [2, 3, 4, 5, 6])
        #expect(report.diagnostics[4].message.hasSuffix("(and 15 more like this)"))
    }

    /// Each case breaks one rule only: cells of column `c` after a right one.
    @Test(arguments: [
        (column("c", .integer, min: 0, max: 16), "3", "17", Rule.range),
        (column("c", .integer, min: 0.5), "1", "0", .range),
        (column("c", .number, min: -1, max: 1), "-1", "1.0001", .range),
        (column("c", .integer, values: ["1", "2"]), "1", "3", .values),
        (column("c", values: ["a", "b c"]), "b c", "b", .values),
        (column("c", pattern: "[A-Z]{2}[0-9]+"), "AB12", "AB12x", .pattern),
        (column("c", .boolean), "True", "yes", .type),
        (column("c", .date), "2024-02-29", "2024-02-30", .type),
        (column("c", .datetime), "2024-02-29T00:00:00Z", "2024-02-29", .type),
        (column("c", unique: true), "u", "u", .unique),
        (
            column("c", .integer, max: 9_007_199_254_740_992), "9007199254740992",
            "9007199254740993", .range
        ),
    ])
    func `each rule of a column is checked`(
        column: ColumnDeclaration, good: String, bad: String, rule: Rule
    ) async throws {
        let file = try folder.add("d.csv", "id,c\n1,\(good)\n2,\(bad)\n")
        let report = try await validate(
            manifest([file], [ValidationTests.id, column]), root: folder.path)
        #expect(report.violations.map(\.rule) == [rule], "\(report.diagnostics)")
        #expect(report.diagnostics.first?.place.description == "d.csv:3:2")
    }

    @Test func `missing cells are neither typed nor compared`() async throws {
        let file = try folder.add("d.csv", "a,b\n,NA\n1,x\n\"\",NA\n")
        let checks = DatasetChecks(missingValues: ["NA"])
        let report = try await validate(
            manifest(
                [file], [column("a", .integer, min: 1), column("b", unique: true)],
                checks: checks), root: folder.path)
        #expect(report.passed, "\(report.diagnostics)")
        let strict = try await validate(
            manifest(
                [file], [column("a", .integer), column("b")],
                checks: DatasetChecks(missingShareMax: 0.5, missingValues: ["NA"])),
            root: folder.path)
        #expect(strict.violations.map(\.rule) == [.missingShare, .missingShare])
        #expect(strict.diagnostics[0].message.hasPrefix("66.67 % of `a` is missing (2 of 3)"))
        #expect(strict.diagnostics[0].place.line == 7)
    }

    @Test func `columns must be there once, and declared`() async throws {
        let file = try folder.add("d.csv", "A,b,b,z\n1,2,3,4\n")
        let report = try await validate(
            manifest([file], [column("a"), column("b")]), root: folder.path)
        #expect(
            report.violations.map(\.rule) == [
                .missingColumn, .duplicateColumn, .extraColumn, .extraColumn,
            ])
        #expect(
            report.diagnostics.map(\.place.description) == [
                "d.csv:1", "d.csv:1:3", "d.csv:1:1", "d.csv:1:4",
            ])
        #expect(report.diagnostics[2].message.hasSuffix("did you mean `a`?"))
        let undeclared = try folder.add("e.csv", "A,b\n1,2\n")
        let free = try await validate(manifest([undeclared]), root: folder.path)
        #expect(free.passed)
    }

    @Test func `a blank cell of the header is named once, whatever is declared`() async throws {
        for (header, cells) in [
            ("a,,c", [2]), ("a,  ,c", [2]), ("\"\",b,\t", [1, 3]), (",,", [1, 2, 3]),
        ] {
            let file = try folder.add("d.csv", header + "\n1,2,3\n4,5,6\n")
            let declared = header.split(separator: ",").filter { "abc".contains($0) }
                .map { column(String($0)) }
            for columns in [[], declared] {
                let report = try await validate(
                    manifest([file], columns), root: folder.path)
                #expect(report.violations.map(\.rule) == [.blankHeader], "\(report.diagnostics)")
                #expect(
                    report.diagnostics.map(\.place.description) == cells.map { "d.csv:1:\($0)" })
                #expect(!report.passed && report.rows == 2)
                #expect(report.diagnostics.first?.hint?.hasPrefix("give the column a name") == true)
            }
        }
        let named = try folder.add("d.csv", "a,\u{e9},.\n1,2,3\n")
        #expect(try await validate(manifest([named]), root: folder.path).passed)
    }

    @Test func `ragged rows are counted as rows and not checked further`() async throws {
        let file = try folder.add("d.csv", "a,b\n1\n1,2,3\n1,2\n", rows: 3)
        let report = try await validate(
            manifest([file], [column("a", .integer), column("b", .integer)]), root: folder.path)
        #expect(report.violations.map(\.rule) == [.raggedRow])
        #expect(report.diagnostics.map(\.place.description) == ["d.csv:2:2", "d.csv:3:3"])
    }

    @Test func `row counts are checked for each file and for all`() async throws {
        let files = [
            try folder.add("a.csv", "x\n1\n2\n", rows: 3),
            try folder.add("b.csv", "x\n1\n", rows: 1),
        ]
        func rules(_ checks: DatasetChecks) async throws -> [Rule] {
            try await validate(manifest(files, checks: checks), root: folder.path)
                .violations.map(\.rule)
        }
        #expect(try await rules(DatasetChecks()) == [.rows])
        #expect(try await rules(DatasetChecks(rowCountMin: 4)) == [.rows, .rowCount])
        #expect(try await rules(DatasetChecks(rowCountMax: 2)) == [.rows, .rowCount])
        #expect(try await rules(DatasetChecks(rowCountMin: 3, rowCountMax: 3)) == [.rows])
        let none = try folder.add("c.csv", "x\n")
        let empty = try await validate(manifest([none]), root: folder.path)
        #expect(empty.violations.map(\.rule) == [.rowCount])
    }

    @Test func `column counts are checked in each file`() async throws {
        let files = [
            try folder.add("a.csv", "x,y\n1,2\n"), try folder.add("b.csv", "x\n1\n"),
            try folder.add("c.csv", "x,y,z,z\n1,2,3,3\n"),
        ]
        func found(_ limits: ColumnCount?) async throws -> [String] {
            var checks = DatasetChecks()
            checks.columnCount = limits
            return try await validate(manifest(files, checks: checks), root: folder.path)
                .violations.filter { $0.rule == .columnCount }
                .flatMap { violation in
                    violation.occurrences.map {
                        "\(violation.severity) \($0.place): \($0.message)"
                    }
                }
        }
        #expect(try await found(nil) == [])
        #expect(try await found(ColumnCount(min: 1, max: 3)) == [])
        #expect(
            try await found(ColumnCount(min: 2, max: 2)) == [
                "fail b.csv:1: the file has 1 column, at least 2 are needed",
                "fail c.csv:1: the file has 3 columns, at most 2 are allowed",
            ])
        #expect(
            try await found(ColumnCount(max: 2, severity: .warn)) == [
                "warn c.csv:1: the file has 3 columns, at most 2 are allowed"
            ])
        let lines = try folder.add("d.jsonl", "{\"x\":1}\n{\"x\":1,\"y\":2}\n")
        var checks = DatasetChecks()
        checks.columnCount = ColumnCount(min: 3)
        let report = try await validate(
            manifest([lines], format: .jsonl, checks: checks), root: folder.path)
        #expect(report.violations.map(\.rule) == [.columnCount])
        #expect(!report.passed)
    }

    @Test func `marks that do not show are written as their numbers`() async throws {
        let file = try folder.add("d.csv", "\u{FEFF}\u{FEFF}a,b\n1,\u{FEFF}x\u{2028}\u{200B}y\n")
        let report = try await validate(
            manifest([file], [column("b", .integer)]), root: folder.path)
        let said = report.violations.flatMap(\.occurrences)
        #expect(
            said.map(\.message) == [
                "the column `U+FEFFa` is not declared", "`U+FEFFxU+2028U+200By` is not an integer",
            ])
        #expect(said.last?.value == "U+FEFFxU+2028U+200By")
    }

    @Test func `marks in names of columns are seen wherever a name is said`() async throws {
        let file = try folder.add("d.csv", "b,\u{FEFF}a\n1,1\n")
        let long = "c" + String(repeating: "\u{200B}", count: 50)
        let columns = ["\u{FEFF}a", "b", long].map { column($0) }
        let said = try await validate(manifest([file], columns), root: folder.path)
            .violations.flatMap(\.occurrences).map(\.message)
        #expect(
            said == [
                "the column `c\(String(repeating: "U+200B", count: 39))` is not in the file",
                "the column `U+FEFFa` stands behind `b`, and is declared before it",
            ])
        let name = "\u{FEFF}" + String(repeating: "n", count: 2000)
        let lines = try folder.add("d.jsonl", "{\"\(name)\":1}\n")
        let refused = try await validate(manifest([lines], format: .jsonl), root: folder.path)
        #expect(refused.violations.map(\.rule) == [.tooManyColumns])
        #expect(refused.violations[0].occurrences[0].value?.hasPrefix("U+FEFFnn") == true)
    }

    @Test func `files that are missing, empty or outside stop nothing else`() async throws {
        try makeLink(at: "\(folder.path)/out.csv", to: "/etc/passwd")
        try makeLink(at: "\(folder.path)/gone.csv", to: "nowhere.csv")
        try makeFolder("\(folder.path)/dir.csv")
        let inside = try folder.add("real.csv", "x\nq\n")
        try makeLink(at: "\(folder.path)/in.csv", to: "real.csv")
        let files = [
            entry("no.csv"), entry("gone.csv"), entry("out.csv"), entry("../x.csv"),
            entry("/etc/passwd"), entry("dir.csv"), try folder.add("empty.csv", ""),
            entry("in.csv", digest: inside.sha256),
        ]
        let report = try await validate(
            manifest(files, [column("x", .integer)]), root: folder.path)
        let totals = report.violations.map { "\($0.rule.rawValue) \($0.total)" }
        #expect(
            totals == [
                "missing_file 2", "outside_root 3", "not_a_file 1", "empty_file 1", "type 1",
            ])
        #expect(report.files.count == 8)
        #expect(report.diagnostics.last?.place.description == "in.csv:2:1")
    }

    @Test func `unique names the first row, over all files`() async throws {
        let files = [
            try folder.add("a.csv", "k\nx\ny\n"), try folder.add("b.csv", "k\nz\ny\n"),
        ]
        let report = try await validate(
            manifest(files, [column("k", unique: true)]), root: folder.path)
        #expect(report.diagnostics.map(\.message) == ["equals row a.csv:3 on `k`"])
        #expect(report.diagnostics.map(\.place.description) == ["b.csv:3:1"])
    }

    @Test func `what is beyond a bound is reported, not passed over`() async throws {
        let long = String(repeating: "n", count: 2000)
        let wide = try folder.add(
            "w.csv", (0..<11_000).map { "c\($0)" }.joined(separator: ",") + "\n")
        let deep = try folder.add("l.jsonl", "{\"\(long)\": 1}\n{\"\(long)\": 2}\n")
        for (one, format) in [(wide, DatasetManifest.Format.csv), (deep, .jsonl)] {
            let report = try await validate(
                manifest(
                    [one], format: format, checks: DatasetChecks(rowCountMin: 0)),
                root: folder.path)
            #expect(report.violations.map(\.rule) == [.tooManyColumns])
            #expect(report.violations[0].occurrences[0].value?.count ?? 0 <= 40)
        }
    }

    @Test func `JSON lines keep their own types`() async throws {
        let file = try folder.add(
            "d.jsonl",
            """
            {"n": 1, "s": "a", "b": true, "d": "2024-01-01"}
            {"n": "2", "s": 3, "b": "true", "d": null}
            {"n": 1.5, "s": [], "d": "01.01.2024", "z": 0}
            not json

            """)
        let report = try await validate(
            manifest(
                [file],
                [
                    column("n", .integer), column("s"), column("b", .boolean, required: true),
                    column("d", .date), column("w"),
                ], format: .jsonl), root: folder.path)
        let found = report.violations.map { "\($0.rule.rawValue) \($0.column ?? "") \($0.total)" }
        #expect(
            found
                == [
                    "json  1", "missing_column w 1", "extra_column z 1", "type n 2", "type s 2",
                    "type b 1", "type d 1", "required b 1",
                ].sorted { first, second in order(first) < order(second) })
        let wrong = try #require(report.violations.first { $0.column == "n" })
        #expect(wrong.occurrences[0].place.description == "d.jsonl:2:7")
        #expect(wrong.occurrences[0].message == "`2` (a string) is not an integer")
    }

    @Test func `a pattern that is none is an error with its place`() async throws {
        let file = try folder.add("d.csv", "x\n1\n")
        await #expect(
            throws: ValidationError.badPattern(
                column: "x",
                "`[` is not a regular expression: the bracket that opens here is not closed",
                place: "datasets/d.yaml:7:5", hint: "a backslash takes a bracket as it is: '\\['")
        ) {
            try await validate(manifest([file], [column("x", pattern: "[")]), root: folder.path)
        }
        await #expect(throws: ValidationError.noRoot("/no/such/folder")) {
            try await validate(manifest([file]), root: "/no/such/folder")
        }
    }

    @Test func `merged reports pass when all of them do`() {
        func report(_ name: String, _ violations: [Violation]) -> ValidationReport {
            ValidationReport(
                dataset: DatasetName(checked: name),
                files: [CheckedFile(path: name, sha256: nil, rows: 3, bytes: 9)],
                violations: violations, cells: 6)
        }
        let violation = Violation(rule: .type, column: "a", total: 1, occurrences: [], hint: "")
        let both = merged([report("test", []), report("train", [violation]), report("test", [])])
        #expect(both.reports.map(\.dataset.text) == ["test", "train"])
        #expect(both.rows == 6 && both.cells == 12 && !both.passed)
        #expect(merged([report("test", [])]).passed)
    }

    @Test func `the report does not depend on the size of the reads`() async throws {
        let file = try folder.add(
            "d.csv", "a,b\r\n1,\"x\"\"y\"\r\n\r\nq,2\n3\n4,\"z\n\"\n5,\u{0}\n6,\"open\n")
        let manifest = manifest([file], [column("a", .integer), column("b", unique: true)])
        let whole = try await validate(manifest, root: folder.path)
        for size in [1, 2, 3, 7] {
            let options = ValidationOptions(chunkBytes: size)
            #expect(try await validate(manifest, root: folder.path, options: options) == whole)
        }
    }

    /// Where a line of the test above comes in a report: rule, then total, then column.
    private func order(_ line: String) -> (Int, Int, String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        return (Rule(rawValue: parts[0])?.rank ?? -1, -(Int(parts[2]) ?? 0), parts[1])
    }
}
