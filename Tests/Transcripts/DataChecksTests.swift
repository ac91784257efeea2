import Testing

/// The digest is that of `rows`.
private let manifest = """
    files:
      - path: data/rows.csv
        sha256: eec86088df2052a7224dba29a6744d4eb87c8ba6bddbf02a1339857ea5ecc8c2
    format: csv
    label: label
    columns:
      - {name: age, type: integer, min: 0, mostly: 0.9}
      - {name: mail, type: string, pattern: "[a-z]+@example.org", classification: pii}
      - {name: label, type: string, values: [a, b], severity: warn}
    checks:
      missing_ratio: {max: 0.1}
      class_balance:
      max: {columns: [age], max: MAX}
      psi:
      row_count_change:

    """

private let rows =
    "age,mail,label\n"
    + (0..<20).map { row in
        let age = row == 3 ? "old" : row % 5 == 4 ? "" : "\(row)"
        return "\(age),\(row == 7 ? "Geheim" : "u")@example.org,\(row == 9 ? "c" : "a")\n"
    }.joined()

/// What `slipway check` says of data.
@Test func `what is wrong with data is a table, the worst first`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        try desk.write("models/data/rows.csv", rows)
        func write(_ max: String, _ pattern: String = "[a-z]+@example.org") throws {
            try desk.write(
                "models/datasets/rows.yaml",
                manifest.replacing("MAX", with: max)
                    .replacing("[a-z]+@example.org", with: pattern))
        }
        try write("10")
        let failed = try await desk.slipway("check", "models")
        #expect(failed.code == 1)
        try failed.matches("check-data-failed")
        let json = try await desk.slipway("check", "--json", "models")
        #expect(json.code == 1)
        #expect(json.output.contains("\"verdict\":\"failed\""))
        for said in [failed.output, failed.errors, json.output] {
            #expect(!said.contains("Geheim"), "the cell of a classified column")
        }

        try write("100", ".*")
        let warned = try await desk.slipway("check", "models")
        #expect(warned.code == 0, "warnings alone stop nothing")
        try warned.matches("check-data-warned")
    }
}
