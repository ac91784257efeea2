import Domain
import Testing

@testable import Validation

struct RuleSinkTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func rule(
        _ expression: String, name: String = "r", strictness: Strictness = Strictness()
    ) -> RowRule {
        RowRule(
            name: name, expression: expression, strictness: strictness,
            place: Place(file: "datasets/d.yaml", line: 9, column: 12))
    }

    private func report(
        _ text: String, _ columns: [ColumnDeclaration], _ rules: [RowRule],
        format: DatasetManifest.Format = .csv, sortedBy: [String] = []
    ) async throws -> ValidationReport {
        var ruled = manifest([try folder.add("d", text)], columns, format: format)
        ruled.rules = rules
        ruled.keys.sortedBy = sortedBy
        return try await validate(ruled, root: folder.path)
    }

    @Test func `of many rows exactly the planted ones are found, with their places`() async throws {
        var text = "id,amount,country,vat\n"
        var (negative, unnamed) = ([Int](), [Int]())
        for row in 0..<20_000 {
            // A missing country makes the second rule unknown, which breaks nothing.
            let amount = row % 613 == 5 ? "-\(row)" : row % 17 == 0 ? "" : "\(row).5"
            let country = row % 31 == 0 ? "" : row % 2 == 0 ? "DE" : "FR"
            let vat = row % 907 == 8 ? "" : "DE\(row)"
            text += "\(row),\(amount),\(country),\(vat)\n"
            if row % 613 == 5 { negative.append(row + 2) }
            if row % 907 == 8, country == "DE" { unnamed.append(row + 2) }
        }
        let report = try await report(
            text,
            [
                column("id", .integer), column("amount", .number), column("country"),
                column("vat"),
            ],
            [
                rule("amount >= 0", name: "positive"),
                rule("country != 'DE' or vat is not null", name: "vat-known"),
                rule("id >= 0 and id < 20000", name: "kept"),
            ])
        #expect(!report.passed && report.violations.count == 2)
        let (first, second) = (report.violations[0], report.violations[1])
        #expect(first.rule == .rowRule && first.column == nil && first.total == negative.count)
        #expect(first.of == 20_000 - (0..<20_000).count { $0 % 17 == 0 && $0 % 613 != 5 })
        #expect(first.occurrences.compactMap(\.place.line) == Array(negative.prefix(5)))
        #expect(first.occurrences[0].place == Place(file: "d", line: 7, column: 2))
        #expect(first.occurrences[0].message == "the rule `positive` does not hold: amount = -5")
        #expect(first.hint == "mend the rows, or change the rule at datasets/d.yaml:9:12")
        #expect(second.total == unnamed.count && unnamed.count > 5)
        #expect(
            second.occurrences[0].message
                == "the rule `vat-known` does not hold: country = DE, vat missing")
    }

    @Test func `severity and tolerance are the rule's own`() async throws {
        let rows = (0..<10).map { "\($0)\n" }.joined()
        func found(_ strictness: Strictness) async throws -> ValidationReport {
            try await report(
                "n\n" + rows, [column("n", .number)], [rule("n >= 3", strictness: strictness)])
        }
        #expect(try await found(Strictness()).passed == false)
        let cases: [(Strictness, Violation.Severity)] = [
            (Strictness(mostly: 0.71), .fail), (Strictness(mostly: 0.7), .tolerated),
            (Strictness(maxRows: 2), .fail), (Strictness(maxRows: 3), .tolerated),
            (Strictness(mostly: 0.7, maxRows: 2), .fail),
            (Strictness(mostly: 0.71, maxRows: 3), .fail),
            (Strictness(.warn, mostly: 0.7, maxRows: 2), .warn),
            (Strictness(mostly: 0.7, maxRows: 3), .tolerated),
        ]
        for (strictness, severity) in cases {
            let violations = try await found(strictness).violations
            #expect(violations.map(\.severity) == [severity], "\(strictness)")
        }
        let warned = try await found(Strictness(.warn))
        #expect(warned.passed && warned.violations[0].severity == .warn)
        #expect(warned.diagnostics.allSatisfy { $0.severity == .warning })
    }

    @Test func `cells of classified columns are in no message`() async throws {
        var mail = column("mail")
        mail.classification = .pii
        let report = try await report(
            "mail,n\nsecret@example.org,1\nsecret@example.org,0\n",
            [mail, column("n", .number)], [rule("contains(mail, '#') or n is null")],
            sortedBy: ["n", "mail"])
        #expect(report.violations.count == 2)
        let places = report.violations.flatMap(\.occurrences)
        let shown = places.map { "\($0.message) \($0.value ?? "")" }
        #expect(shown.allSatisfy { !$0.contains("secret") })
        #expect(shown.contains { $0.contains("mail = \(hiddenCell), n = 1") })
    }

    @Test func `a cell that is not of its type is reported once, and the row is not judged`()
        async throws
    {
        let report = try await report(
            "n,s\nx,a\n1,a\n,a\n200,a\n", [column("n", .number, max: 100), column("s")],
            [rule("n < 1 or s = 'b'")])
        #expect(report.violations.map(\.rule) == [.type, .range, .rowRule])
        let broken = try #require(report.violations.last)
        #expect(broken.of == 2 && broken.occurrences.compactMap(\.place.line) == [3, 5])
    }

    @Test func `a column that the file lacks is missing in every row`() async throws {
        let report = try await report(
            "a\n1\n2\n", [column("a", .integer), column("b", .integer)],
            [rule("a > b", name: "r"), rule("b is not null", name: "s")])
        #expect(report.violations.map(\.rule) == [.missingColumn, .rowRule])
        #expect(report.violations[1].total == 2)
    }

    @Test func `long rows of strange names are shown in one short line`() async throws {
        let names = (0..<9).map { "c\($0)" }
        let cell = String(repeating: "x", count: 500) + "\u{202E}\u{7}"
        let report = try await report(
            names.joined(separator: ",") + "\n" + names.map { _ in cell }.joined(separator: ",")
                + "\n", names.map { column($0) },
            [rule(names.map { "\($0) is null" }.joined(separator: " or "))])
        let message = report.violations[0].occurrences[0].message
        #expect(message.unicodeScalars.allSatisfy { !$0.isUnprintable } && message.count < 400)
        #expect(message.hasSuffix(" and 3 more columns"))
    }

    @Test func `a rule that cannot be read is an error with its place`() async throws {
        let error = await #expect(throws: ValidationError.self) {
            try await report("a\n1\n", [column("a", .integer)], [rule("a >")])
        }
        #expect(error?.failure.place == "datasets/d.yaml:9:12")
        #expect(error?.failure.what.contains("expected a value") == true)
    }

    @Test func `the profile of a dataset and its rules come from one pass`() async throws {
        var ruled = manifest([try folder.add("d.csv", "n\n1\n-1\n")], [column("n", .number)])
        ruled.rules = [rule("n >= 0")]
        let found = try await profile(ruled, root: folder.path)
        #expect(found.report.violations.map(\.total) == [1] && found.profile?.rows == 2)
    }

    @Test func `a rule about lines of JSON names the line`() async throws {
        let report = try await report(
            "{\"n\":1}\n{\"n\":-2}\n{\"m\":3}\n", [column("n", .number), column("m", .number)],
            [rule("n >= 0")], format: .jsonl)
        let broken = try #require(report.violations.first { $0.rule == .rowRule })
        #expect(broken.total == 1 && broken.of == 2)
        #expect(broken.occurrences[0].place == Place(file: "d", line: 2, column: 6))
    }

    @Test func `a key that only later lines have is missing in those before`() async throws {
        let lines =
            String(repeating: "{\"a\":\"x\"}\n", count: 3000) + "{\"b\":\"y\"}\n{\"a\":\"z\"}\n"
        for expression in ["b is null", "a = 'x'"] {
            let report = try await report(lines, [], [rule(expression)], format: .jsonl)
            let isAboutB = expression.hasPrefix("b")
            #expect(report.violations.map(\.total) == [1])
            #expect(report.violations.first?.of == (isAboutB ? 3002 : 3001))
            let line = report.violations.first?.occurrences.first?.place.line
            #expect(line == (isAboutB ? 3001 : 3002))
        }
    }
}
