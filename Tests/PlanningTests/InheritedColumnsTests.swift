import Domain
import Testing

@testable import Planning

/// The columns of datasets that are made of others and declare none.
@Suite struct InheritedColumnsTests {
    private let raw = """
        files:
          - {path: data/raw.csv, sha256: \(String(repeating: "cc", count: 32))}
        columns:
          - {name: id, type: integer, unique: true, min: 1}
          - {name: price, type: string}
          - {name: age, type: integer, severity: warn}
          - {name: seen, type: date, format: "%d.%m.%Y"}
          - {name: mail, type: string, format: email, classification: pii}
          - {name: flag, type: boolean, mostly: 0.9}
          - {name: mass, type: number, decimal_char: ","}

        """

    private func made(
        _ steps: String, _ rest: String = "", raw: String? = nil
    ) async throws -> (manifest: DatasetManifest?, lines: [String]) {
        let plan = try await planned(
            digits.setting("datasets/raw.yaml", to: raw ?? self.raw)
                .setting("datasets/made.yaml", to: "from: raw\nprepare: [\(steps)]\n\(rest)"))
        return (
            plan.datasets[DatasetName(checked: "made")],
            plan.diagnostics.map(\.line).filter { $0.hasPrefix("datasets/made") }
        )
    }

    private func columns(_ steps: String, raw: String? = nil) async throws -> [ColumnDeclaration] {
        let found = try await made(steps, raw: raw)
        #expect(found.lines.isEmpty, "\(found.lines)")
        return try #require(found.manifest).columns
    }

    @Test func `what a column is stays known, and what it must be is the source's own affair`()
        async throws
    {
        let columns = try await columns("{drop_missing: }, {sample: {share: 0.5}}")
        #expect(columns.map(\.name) == ["id", "price", "age", "seen", "mail", "flag", "mass"])
        #expect(
            columns.map(\.type) == [.integer, .string, .integer, .date, .string, .boolean, .number])
        #expect(!columns[0].unique && columns[0].min == nil)
        #expect(
            columns.map(\.strictness.severity) == [.fail, .fail, .warn, .fail, .fail, .warn, .fail])
        #expect(columns[5].strictness.mostly == 0.9)
        for (limit, severity) in [("0", CheckSeverity.fail), ("1", .warn)] {
            let limited = raw.replacing("mostly: 0.9", with: "max_rows: \(limit)")
            let flag = try await self.columns("{drop_missing: }", raw: limited)[5]
            #expect(flag.strictness.severity == severity, "max_rows: \(limit)")
        }
        #expect(columns[3].notation.pattern == "%d.%m.%Y")
        #expect(columns[4].format == .email && columns[4].classification == .pii)
    }

    @Test(arguments: [
        ("{convert: {columns: [price], to: number}}", "price", ColumnDeclaration.Kind.number),
        ("{convert: {columns: [seen], to: datetime}}", "seen", .datetime),
        ("{fill_missing: {columns: [age], with: mean}}", "age", .number),
        ("{fill_missing: {columns: [age], with: previous}}", "age", .integer),
        ("{fill_missing: {columns: [age], value: 3}}", "age", .integer),
        ("{fill_missing: {columns: [age], value: unknown}}", "age", .string),
        ("{fill_missing: {columns: [seen], value: 2024-01-01}}", "seen", .string),
        ("{clip_outliers: {columns: [age]}}", "age", .number),
        ("{drop_outliers: {columns: [age]}}", "age", .integer),
        ("{merge_duplicates: {columns: [id], take: {age: mean}}}", "age", .number),
        ("{merge_duplicates: {columns: [id], take: {age: max}}}", "age", .integer),
        ("{normalise_text: {columns: [seen], case: lower}}", "seen", .string),
        // What is written anew has a point, and the other cells have their comma.
        ("{fill_missing: {columns: [mass], with: mean}}", "mass", .string),
        ("{clip_outliers: {columns: [mass]}}", "mass", .string),
        ("{merge_duplicates: {columns: [id], take: {mass: sum}}}", "mass", .string),
        (
            "{convert: {columns: [seen], to: date}}, "
                + "{fill_missing: {columns: [seen], value: 2024-01-01}}", "seen", .date
        ),
    ])
    func `steps change the types that they change`(
        _ steps: String, _ name: String, _ type: ColumnDeclaration.Kind
    ) async throws {
        let column = try #require(try await columns(steps).first { $0.name == name })
        #expect(column.type == type)
        if type == .date || type == .string { #expect(column.notation == CellNotation()) }
    }

    @Test func `cells of JSON lines that are filled with another kind may be any`() async throws {
        let lines = raw.replacing("raw.csv", with: "raw.jsonl")
        let column = try await columns(
            "{fill_missing: {columns: [age], value: unknown}}", raw: lines
        ).first { $0.name == "age" }
        #expect(column?.type == .any)
    }

    @Test func `a split of a split has them too, and what is declared is as declared`()
        async throws
    {
        let plan = try await planned(
            digits.setting("datasets/raw.yaml", to: raw)
                .setting(
                    "datasets/made.yaml",
                    to: "from: raw\nprepare: [{convert: {columns: [price], to: number}}]\n"
                )
                .setting(
                    "datasets/part.yaml",
                    to: "from: made\nprepare: [{split: {part: a, parts: {a: 0.5, b: rest}}}]\n"
                        + "columns: [{name: price, type: number, min: 0}]\n"))
        let part = try #require(plan.datasets[DatasetName(checked: "part")])
        #expect(part.columns.map(\.name) == ["id", "price", "age", "seen", "mail", "flag", "mass"])
        #expect(part.columns[1].min == 0 && part.columns[1].place.file == "datasets/part.yaml")
        #expect(part.columns[4].classification == .pii)
    }

    @Test func `columns that the files may lack are not asked of them`() async throws {
        let lax = raw + "checks: {columns: {match: superset}}\n"
        let alone = try await made("{drop_missing: }", raw: lax)
        #expect(alone.manifest?.columnMatch == .superset)
        #expect(alone.manifest?.columns.count == 7)
        let declared = try await made(
            "{drop_missing: }", "columns: [{name: age, type: integer}]\n", raw: lax)
        #expect(declared.manifest?.columns.map(\.name) == ["age"])
    }

    @Test func `rules are about the columns as they are`() async throws {
        let right = try await made("{drop_missing: }", "rules: [{name: a, check: age > 3}]\n")
        #expect(right.lines.isEmpty, "\(right.lines)")
        let wrong = try await made("{drop_missing: }", "rules: [{name: a, check: price > 3}]\n")
        #expect(wrong.manifest == nil)
        #expect(wrong.lines.count == 1 && wrong.lines[0].hasPrefix("datasets/made.yaml:3:26: "))
    }
}
