import Domain
import Testing

@testable import Validation

/// Cells that are written in a form of their own are the values that they mean, everywhere.
@Suite struct FormTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Days, amounts, answers and times as people write them.
    private func columns() -> [ColumnDeclaration] {
        var day = column("day", .date)
        day.notation.pattern = "%d.%m.%Y"
        day.earliest = "2020-01-01"
        var amount = column("amount", .number, min: -5000, max: 5000)
        amount.notation.decimalChar = ","
        amount.notation.groupChar = "."
        amount.notation.isBareNumber = false
        var paid = column("paid", .boolean)
        paid.notation.trueValues = ["ja", "1"]
        paid.notation.falseValues = ["nein", "0"]
        var at = column("at", .datetime)
        at.notation.pattern = "%Y/%m/%d %I:%M %p"
        at.missingValues = ["-"]
        var clock = column("clock")
        clock.format = .time
        clock.notation.pattern = "%H:%M"
        return [day, amount, paid, at, clock]
    }

    private func plainColumns() -> [ColumnDeclaration] {
        columns().map { column in
            var column = column
            column.notation = CellNotation()
            return column
        }
    }

    private func semicolons(_ file: DatasetFile, _ columns: [ColumnDeclaration]) -> DatasetManifest
    {
        var found = manifest([file], columns)
        found.dialect.delimiter = ";"
        found.checks.missingValues = ["NA"]
        return found
    }

    private func found(
        _ manifest: DatasetManifest, chunk: Int = 1 << 20, workers: Int = 2
    ) async throws -> Examination {
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, spillFolder: folder.path)
        return try await examine(
            manifest, root: folder.path, options: manifest.profileOptions(validation: options))
    }

    private static let mistakes = """
        day;amount;paid;at;clock
        31.01.2024;"1.234,50 €";ja;2024/02/03 01:05 PM;13:05
        31.02.2024;1.23,5;yes;2024/02/03 13:05 PM;24:00
        01.01.2019;-9.000,00;nein;-;NA
        NA;(5,00);0;NA;7:5
        2024-01-31;-€5;1;2024/2/3 12:00 am;""
        "";95%;;-;"07:30"

        """

    @Test func `what is not in its form or out of its range is named as the file has it`()
        async throws
    {
        let file = try folder.add("d.csv", Self.mistakes)
        let found = try await found(semicolons(file, columns()))
        let report = found.report
        let said = report.violations.flatMap { violation in
            violation.occurrences.map {
                "\($0.place.line ?? 0):\($0.place.column ?? 0) \(violation.rule.rawValue) "
                    + $0.message
            }
        }
        #expect(
            Set(said) == [
                "3:1 type `31.02.2024` is not a date as %d.%m.%Y",
                "6:1 type `2024-01-31` is not a date as %d.%m.%Y",
                "4:1 range 01.01.2019 is before the earliest, 2020-01-01",
                "3:2 type `1.23,5` is not a number with `,` before the fraction and `.` between "
                    + "groups",
                "5:2 type `(5,00)` is not a number with `,` before the fraction and `.` between "
                    + "groups",
                "4:2 range -9.000,00 is below the minimum -5000",
                "3:3 type `yes` is not one of ja, 1, nein, 0",
                "3:4 type `2024/02/03 13:05 PM` is not a date and time as %Y/%m/%d %I:%M %p",
                "5:4 type `NA` is not a date and time as %Y/%m/%d %I:%M %p; if it means missing, "
                    + "list it in `missing_values:`",
                "3:5 type `24:00` is not a time of the day as %H:%M",
            ], "\(said.joined(separator: "\n"))")
        #expect(found.profile?.columns.map(\.missing) == [2, 0, 1, 2, 2])
    }

    @Test func `a profile is that of the values, whatever form and chunks they come in`()
        async throws
    {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &random)
        let (formed, plain) = Self.twins(rows: 700, seed: seed)
        var plainManifest = semicolons(try folder.add("plain.csv", plain), plainColumns())
        plainManifest.columns[3].missingValues = ["-"]
        let wanted = try await found(plainManifest)
        let file = try folder.add("formed.csv", formed)
        #expect(wanted.report.violations.isEmpty, "\(wanted.report.violations)")
        for (chunk, workers) in [(1 << 20, 2), (4096, 3), (700, 4), (61, 1)] {
            let found = try await found(
                semicolons(file, columns()), chunk: chunk, workers: workers)
            #expect(found.report.violations.isEmpty, "seed \(seed): \(found.report.violations)")
            // Which rows are in the sample hangs on the file's name.
            #expect(
                found.profile?.columns == wanted.profile?.columns,
                "seed \(seed), chunks of \(chunk)")
        }
    }

    @Test func `keys and rules compare what cells mean`() async throws {
        let file = try folder.add(
            "d.csv",
            "day;amount;paid;at;clock\n01.02.2024;1.000,5;ja;-;07:30\n1.2.2024;1000,50;1;-;7:30\n")
        var data = semicolons(file, columns())
        data.keys.unique = [["day"], ["amount"], ["clock"]].map { UniqueKey($0) }
        data.rules = [
            RowRule(
                name: "late",
                expression: "amount != 1000.5 or paid = false or day < date \"2024-02-01\"",
                place: Place(file: "datasets/d.yaml", line: 20, column: 3))
        ]
        let report = try await found(data).report
        let broken = report.violations.map { "\($0.rule.rawValue) \($0.column ?? "") \($0.total)" }
        #expect(
            Set(broken) == [
                "unique day 1", "unique amount 1", "unique clock 1", "row_rule  2",
            ],
            "\(broken)")
    }

    @Test func `strings of JSON lines have the form, and values of their type have none`()
        async throws
    {
        let file = try folder.add(
            "d.jsonl",
            """
            {"day": "31.01.2024", "amount": "1.234,5", "paid": "ja"}
            {"day": "01.02.2024", "amount": 12.5, "paid": true}
            {"day": "2024-02-01", "amount": "1.5", "paid": 1}
            {"day": 1, "amount": true, "paid": "true"}

            """)
        let data = manifest([file], Array(columns().prefix(3)), format: .jsonl)
        let report = try await found(data).report
        let said = report.violations.flatMap { violation in
            violation.occurrences.map {
                "\($0.place.line ?? 0):\($0.place.column ?? 0) \($0.value ?? "")"
            }
        }
        #expect(
            Set(said) == ["3:9 2024-02-01", "3:33 1.5", "4:9 1", "4:22 true", "4:36 true"],
            "\(report.violations)")
        let numbers = try await found(data).profile?.column("amount")
        #expect(numbers?.numbers?.max == 1234.5)
    }

    @Test func `dates and times have bounds without any form`() async throws {
        var day = column("day", .date)
        (day.earliest, day.latest, day.excludesMax) = ("2024-01-01", "2024-12-31", true)
        var at = column("at", .datetime)
        (at.earliest, at.latest) = ("2024-01-01", "2024-06-01T12:00:00+02:00")
        let file = try folder.add(
            "d.csv",
            """
            day,at
            2024-01-01,2024-01-01T00:00:00Z
            2023-12-31,2023-12-31T23:59:59Z
            2024-12-30,2024-06-01T10:00:00Z
            2024-12-31,2024-06-01T10:00:01Z
            2024-02-29,2024-06-01 09:00:00

            """)
        for format in ["csv", "jsonl"] {
            let data: DatasetManifest
            if format == "csv" {
                data = manifest([file], [day, at])
            } else {
                data = manifest(
                    [
                        try folder.add(
                            "d.jsonl",
                            """
                            {"day": "2024-01-01", "at": "2024-01-01T00:00:00Z"}
                            {"day": "2023-12-31", "at": "2023-12-31T23:59:59Z"}
                            {"day": "2024-12-30", "at": "2024-06-01T10:00:00Z"}
                            {"day": "2024-12-31", "at": "2024-06-01T10:00:01Z"}
                            {"day": "2024-02-29", "at": "2024-06-01 09:00:00"}

                            """)
                    ], [day, at], format: .jsonl)
            }
            let report = try await found(data).report
            let first = format == "csv" ? 1 : 0
            let lines = report.violations.map { violation in
                "\(violation.column ?? "") \(violation.rule.rawValue) "
                    + "\(violation.occurrences.map { ($0.place.line ?? 0) - first })"
            }
            #expect(
                Set(lines) == ["day range [2, 4]", "at range [2, 4]"], "\(format): \(lines)")
        }
    }

    @Test func `an allowed number is one however it is written`() async throws {
        let file = try folder.add("d.csv", "n,i\n1.0,1\n2.50,+2\n3,3\n")
        let report = try await found(
            manifest(
                [file],
                [
                    column("n", .number, values: ["1", "2.5"]),
                    column("i", .integer, values: ["1", "2"]),
                ])
        ).report
        #expect(report.violations.map(\.total) == [1, 1], "\(report.violations)")
        #expect(report.violations.allSatisfy { $0.occurrences[0].place.line == 4 })
    }

    @Test func `an allowed integer that no Double holds is not its neighbour`() async throws {
        let file = try folder.add(
            "d.csv",
            "i,n\n9007199254740993,9007199254740993\n+9007199254740993,9007199254740993\n"
                + "9007199254740992,9007199254740992\n")
        let large = ["9007199254740993"]
        let report = try await found(
            manifest(
                [file], [column("i", .integer, values: large), column("n", .number, values: large)])
        ).report
        #expect(report.violations.map(\.total) == [1, 1], "\(report.violations)")
        #expect(report.violations.allSatisfy { $0.occurrences[0].place.line == 4 })
    }

    @Test(
        arguments: [
            ("1.234.567,89", "1234567.89"), ("-1,5", "-1.5"), ("+12", "12"),
            ("12.34.567,5", "1234567.5"),
            ("1,2345.678", nil), ("1.23", nil), ("1234.567", nil), ("12.345", "12345"),
            (",5", ".5"),
            ("1e5", "1e5"), ("", nil), ("EUR 95", nil), ("1.000.00", nil), ("123.45.678", nil),
        ] as [(String, String?)])
    func `groups of digits are whole`(text: String, means: String?) {
        var column = column("n", .number)
        (column.notation.decimalChar, column.notation.groupChar) = (",", ".")
        #expect(CellForm(column)?.reading(text) == means)
    }

    @Test(
        arguments: [
            ("1.234", "1234"), ("-1.234.567", "-1234567"), ("12.34.567", "1234567"), ("7", "7"),
            ("1234", "1234"), ("1.5", nil), ("1.23", nil), ("1234.567", nil), ("1.234.", nil),
            (".234", nil), ("1.234.5", nil),
        ] as [(String, String?)])
    func `points between groups of an integer begin no fraction`(text: String, means: String?) {
        var column = column("n", .integer)
        column.notation.groupChar = "."
        #expect(CellForm(column)?.reading(text) == means)
    }

    @Test func `an integer is read with points between its groups`() async throws {
        let file = try folder.add("d.csv", "n\n1.234\n2.000\n1.5\n2.001\n")
        var count = column("n", .integer, max: 2000)
        count.notation.groupChar = "."
        let report = try await found(manifest([file], [count])).report
        let lines = report.violations.map { violation in
            "\(violation.rule.rawValue) \(violation.occurrences.map { $0.place.line ?? 0 })"
        }
        #expect(Set(lines) == ["type [4]", "range [5]"], "\(lines)")
    }

    @Test(
        arguments: [
            ("EUR 95", "95"), ("95 %", "95"), ("€-1,234.5", "-1234.5"), ("-€5", "-5"),
            ("- 5 kg", "-5"),
            ("(5)", nil), ("5-", nil), ("5 - 7", nil), ("USD", nil), ("+5%", "5"), ("US-$ 5", nil),
            ("$.50", ".50"), ("5. ", "5."), ("1e3 m", "1e3"), ("a1b2", nil), ("--5", nil),
        ] as [(String, String?)])
    func `what stands around a number goes and leaves no doubt of its sign`(
        text: String, means: String?
    ) {
        var column = column("n", .number)
        (column.notation.isBareNumber, column.notation.groupChar) = (false, ",")
        #expect(CellForm(column)?.reading(text) == means)
    }

    @Test(
        arguments: [
            (ColumnDeclaration.Kind.date, "%d.%m.%y", "1.2.69", "1969-02-01"),
            (.date, "%d.%m.%y", "29.2.23", nil),
            (.date, "%B %d, %Y", "march 5, 2024", "2024-03-05"),
            (.datetime, "%Y-%m-%d", "2024-03-05", "2024-03-05T00:00:00"),
            (.datetime, "%d%m%Y%H%M%S", "31032024235960", "2024-03-31T23:59:60"),
            (
                .datetime, "%Y-%m-%dT%H:%M:%S.%f%z", "2024-03-05T01:02:03.5+0130",
                "2024-03-05T01:02:03.5+01:30"
            ),
            (.datetime, "unix", "-1", "1969-12-31T23:59:59Z"),
            (.datetime, "unix", "1700000000.25", "2023-11-14T22:13:20.25Z"),
            (.string, "%I:%M %p", "12:05 am", "00:05:00"), (.string, "%H%M", "2460", nil),
        ] as [(ColumnDeclaration.Kind, String, String, String?)])
    func `days and times are read as they are written`(
        kind: ColumnDeclaration.Kind, pattern: String, text: String, means: String?
    ) {
        var column = column("t", kind)
        column.notation.pattern = pattern
        #expect(CellForm(column)?.reading(text) == means)
    }

    // MARK: Columns of files

    @Test(arguments: [
        ("a,b", "exact", []), ("b,a", "exact", ["column_order"]), ("b,a", "equal", []),
        ("a,b,c", "equal", ["extra_column"]), ("c,b,a", "subset", []),
        ("a,c", "subset", ["missing_column"]), ("b", "superset", []),
        ("b,c", "superset", ["extra_column"]), ("c,b", "partial", []),
        ("c,d", "partial", ["missing_column"]), ("a", "exact", ["missing_column"]),
    ])
    func `columns match as it is declared`(header: String, match: String, rules: [String])
        async throws
    {
        let width = header.split(separator: ",").count
        let file = try folder.add(
            "d.csv",
            header + "\n" + [String](repeating: "x", count: width).joined(separator: ",")
                + "\n")
        var data = manifest([file], [column("a"), column("b")])
        data.columnMatch = try #require(DatasetManifest.ColumnMatch(rawValue: match))
        let report = try await found(data).report
        #expect(report.violations.map(\.rule.rawValue) == rules, "\(report.violations)")
    }

    @Test func `a column that is required or a key cannot be left out of any match`()
        async throws
    {
        let file = try folder.add("d.csv", "c\nx\n")
        var data = manifest([file], [column("a", required: true), column("b"), column("c")])
        data.columnMatch = .superset
        data.keys.unique = [UniqueKey(["b"])]
        let report = try await found(data).report
        #expect(report.violations.flatMap { [$0.column] } == ["a", "b"], "\(report.violations)")
    }
}

extension FormTests {
    /// The same rows, in forms of their own and without.
    private static func twins(rows: Int, seed: UInt64) -> (formed: String, plain: String) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var formed = "day;amount;paid;at;clock\n"
        var plain = formed
        for _ in 0..<rows {
            let (year, month, day) = (2020 + next(6), 1 + next(12), 1 + next(28))
            let (hour, minute) = (next(24), next(60))
            let cents = next(1_000_000) - 500_000
            let sign = cents < 0 ? "-" : ""
            let (whole, part) = (abs(cents) / 100, abs(cents) % 100)
            let groups = whole >= 1000 ? "\(whole / 1000).\(three(whole % 1000))" : "\(whole)"
            let isPaid = next(2) == 0
            let twelve = (hour + 11) % 12 + 1
            formed += next(9) == 0 ? "NA;" : "\(day).\(two(month)).\(year);"
            plain += formed.hasSuffix("NA;") ? "NA;" : "\(year)-\(two(month))-\(two(day));"
            formed += ["\(sign)\(groups),\(two(part))", "\(sign)€\(groups),\(two(part))"][next(2)]
            plain += "\(sign)\(whole).\(two(part))"
            formed += isPaid ? ";\(next(2) == 0 ? "ja" : "1")" : ";\(next(2) == 0 ? "nein" : "0")"
            plain += isPaid ? ";true" : ";false"
            if next(7) == 0 {
                (formed, plain) = (formed + ";-", plain + ";-")
            } else {
                formed += ";\(year)/\(month)/\(day) \(twelve):\(two(minute)) "
                formed += hour < 12 ? "AM" : "pm"
                plain += ";\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):00"
            }
            formed += ";\"\(hour):\(two(minute))\"\n"
            plain += ";\(two(hour)):\(two(minute)):00\n"
        }
        return (formed, plain)
    }

    private static func three(_ value: Int) -> String {
        String(repeating: "0", count: 3 - "\(value)".count) + "\(value)"
    }
}
