import Domain
import Testing

@testable import Planning

/// How strict rules of cells, rows and keys are said to be.
struct StrictnessTests {
    private static let head = """
        files: [{path: data/rows.csv, sha256: \(String(repeating: "5f", count: 32))}]

        """
    private static let columns = """
        columns:
          - {name: a, type: integer, severity: warn, mostly: 0.9, max_rows: 7}
          - {name: b, type: string, max_rows: 0}

        """

    private func read(_ text: String) async throws -> RepositoryPlan {
        try await planned(["slipway.yaml": "", "datasets/rows.yaml": Self.head + text])
    }

    private func manifest(_ text: String) async throws -> DatasetManifest {
        let plan = try await read(text)
        #expect(plan.diagnostics.isEmpty, "\(plan.diagnostics.map(\.line))")
        return try #require(plan.datasets[DatasetName(checked: "rows")])
    }

    @Test func `everything that is counted says what it means and how much may be`() async throws {
        let found = try await manifest(
            Self.columns + """
                rules: [{name: r, check: a > 1, max_rows: 2}]
                primary_key: {columns: [a], severity: warn}
                unique_keys: [[a, b], {columns: [b], mostly: 0.5}]
                foreign_keys: [{columns: [a], references: [a], max_rows: 3}]
                sorted_by: {columns: [b, a], severity: warn, mostly: 0.75, max_rows: 4}
                checks:
                  row_count: {min: 2, severity: warn}
                  missing_share: {max_rows: 9, severity: warn}
                  columns: {severity: warn}
                  duplicate_rows: {max_rows: 5}
                """)
        let warned = Strictness(.warn, mostly: 0.9, maxRows: 7)
        #expect(found.columns.map(\.strictness) == [warned, Strictness(maxRows: 0)])
        #expect(found.rules.map(\.strictness) == [Strictness(maxRows: 2)])
        let keys = found.keys
        #expect(keys.primary == ["a"] && keys.primaryStrictness == Strictness(.warn))
        #expect(
            keys.unique == [
                UniqueKey(["a", "b"]), UniqueKey(["b"], strictness: Strictness(mostly: 0.5)),
            ])
        #expect(keys.foreign.map(\.strictness) == [Strictness(maxRows: 3)])
        #expect(keys.sortedBy == ["b", "a"])
        #expect(keys.sortedStrictness == Strictness(.warn, mostly: 0.75, maxRows: 4))
        let checks = found.checks
        #expect(checks.rowCountMin == 2 && checks.rowCountSeverity == .warn)
        #expect(checks.missingShareSeverity == .warn && checks.columnsSeverity == .warn)
        #expect(checks.missingLimits == CountLimits(nil, rows: 9))
        #expect(found.columnMatch == .exact)
        #expect(checks.named.map { $0.limits(0.05) } == [CountLimits(nil, rows: 5)])
    }

    @Test func `keys of a Table Schema are as they are, and the manifest says how strict`()
        async throws
    {
        let found = try await manifest(
            """
            schema:
              fields: [{name: a, type: integer}, {name: b, type: string}]
              primaryKey: [a]
              uniqueKeys: [[a, b], [b]]
            primary_key: {columns: [a], max_rows: 1}
            unique_keys: [{columns: [b], severity: warn}]
            """)
        #expect(found.keys.primary == ["a"])
        #expect(found.keys.primaryStrictness == Strictness(maxRows: 1))
        #expect(
            found.keys.unique == [
                UniqueKey(["b"], strictness: Strictness(.warn)), UniqueKey(["a", "b"]),
            ])
    }

    @Test(arguments: [
        (
            "columns: [{name: a, type: integer, mostly: 1, max_rows: 5}]",
            "2:57: `max_rows: 5` means nothing beside `mostly: 1`, which lets none pass"
        ),
        (
            "rules: [{name: r, check: a > 1, mostly: 0.9, max_rows: 0}]",
            "2:41: `mostly: 0.9` means nothing beside `max_rows: 0`, which lets none pass"
        ),
        (
            "primary_key: {columns: [a], mostly: 1.0, max_rows: 1}",
            "2:52: `max_rows: 1` means nothing beside `mostly: 1.0`"
        ),
        ("sorted_by: {severity: warn}", "2:12: `sorted_by.columns` is missing"),
        ("sorted_by: a", "2:12: `sorted_by` must be a list or a mapping with `columns` or"),
        ("primary_key: []", "2:14: `primary_key` must have at least 1 item"),
        ("unique_keys: [{columns: [a], severity: no}]", "must be `warn` or `fail`, found"),
        ("foreign_keys: [{columns: [a], max_rows: -1}]", "must be a whole number of at least 0"),
    ])
    func `limits that mean nothing are named`(_ text: String, _ says: String) async throws {
        let lines = try await read(text + "\n").diagnostics.map(\.line)
        #expect(lines.contains { $0.contains(says) }, "\(says) in\n\(lines)")
    }
}
