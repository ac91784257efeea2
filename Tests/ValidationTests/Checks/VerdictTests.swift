import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// What rules and checks come to together.
struct VerdictTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func report(
        _ manifest: DatasetManifest, chunkBytes: Int = 1 << 20, workers: Int = 2
    ) async throws -> ValidationReport {
        try await examine(
            manifest, root: folder.path,
            options: manifest.profileOptions(
                validation: ValidationOptions(chunkBytes: chunkBytes, workersMax: workers))
        ).judged(by: manifest, against: .none("first"))
    }

    @Test func `severity and mostly of a column decide for its cells alone`() async throws {
        let rows = (0..<100).map { "\($0 < 5 ? "x" : "1"),\($0 < 5 ? "x" : "1")" }
        let file = try folder.add("d.csv", "a,b\n" + rows.joined(separator: "\n") + "\n")
        func verdict(_ edit: (inout ColumnDeclaration) -> Void) async throws -> ValidationReport {
            var first = column("a", .integer)
            edit(&first)
            return try await report(manifest([file], [first, column("b")]))
        }
        #expect(try await verdict { _ in }.verdict == .failed)
        let warned = try await verdict { $0.strictness.severity = .warn }
        #expect(warned.verdict == .warned && warned.passed)
        #expect(warned.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(warned.warnings == ["type of `a`: 5 (5 %), first at d.csv:2:1"])
        let tolerated = try await verdict { $0.strictness.mostly = 0.95 }
        #expect(tolerated.verdict == .passed && tolerated.diagnostics.isEmpty)
        #expect(tolerated.violations.map(\.total) == [5], "it is still counted")
        #expect(tolerated.violations.map(\.severity) == [.tolerated])
        #expect(tolerated.violations[0].of == 100)
        #expect(try await verdict { $0.strictness.mostly = 0.951 }.verdict == .failed)
        let both = try await verdict { $0.strictness = Strictness(.warn, mostly: 0.96) }
        #expect(both.verdict == .warned)
    }

    @Test(arguments: [0.7, 0.1, 0.9, 0.3]) func `exactly the share that is asked for is enough`(
        _ mostly: Double
    ) {
        var violation = Violation(rule: .type, column: "a", total: 0, occurrences: [], hint: "")
        for scale in [10, 100, 1_000_000] {
            violation.of = scale
            violation.total = scale - Int((mostly * Double(scale)).rounded())
            violation.judge(Strictness(mostly: mostly))
            #expect(violation.severity == .tolerated, "\(mostly) of \(scale)")
            violation.total += 1
            violation.judge(Strictness(mostly: mostly))
            #expect(violation.severity == .fail, "\(mostly) of \(scale)")
        }
    }

    @Test func `a file that is not as declared fails whatever its columns say`() async throws {
        var file = try folder.add("d.csv", "a\nx\n")
        file.rows = 7
        var declared = column("a", .integer)
        declared.strictness.severity = .warn
        let report = try await report(manifest([file], [declared]))
        #expect(report.verdict == .failed)
        #expect(report.violations.map(\.severity) == [.fail, .warn], "the worst first")
    }

    @Test func `a limit that moves is judged on what was read before`() async throws {
        let file = try folder.add("d.csv", "t\na\n\"\"\nb\n")
        var manifest = manifest([file], [column("t")])
        manifest.checks.named = [DataCheck(.missingRatio), DataCheck(.constant)]
        let found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        #expect(found.judged(by: manifest, against: .none("")).verdict == .warned)
        var strict = manifest
        strict.checks.named[0].severity = .fail
        #expect(strict.reading == manifest.reading)
        manifest.checks.columnCount = ColumnCount(max: 9)
        strict.checks.columnCount = ColumnCount(max: 9, severity: .warn)
        #expect(strict.reading == manifest.reading)
        #expect(found.judged(by: strict, against: .none("")).verdict == .failed)
        var lax = manifest
        lax.checks.named[0].max = 0.5
        #expect(found.judged(by: lax, against: .none("")).verdict == .passed)
        lax.label = "t"
        #expect(lax.reading != manifest.reading, "the profile has another label")
        lax.checks.named.append(DataCheck(.conflictingLabels))
        #expect(lax.reading.checks.named == [DataCheck(.conflictingLabels)])
    }

    @Test func `the report is the same whatever the chunks, and has no time and no path`()
        async throws
    {
        let rows = (0..<400).map { "\($0 % 7 == 0 ? "" : "\($0)"),w\($0 % 3)" }
        let file = try folder.add("d.csv", "x,t\n" + rows.joined(separator: "\n") + "\n")
        var manifest = manifest([file], [column("x", .number), column("t")])
        manifest.label = "t"
        manifest.checks.named = DataCheck.Name.allCases.map { DataCheck($0) }
        var seen: Set<String> = []
        for (chunk, workers) in [(61, 1), (700, 2), (4096, 3), (1 << 20, 4)] {
            let report = try await report(manifest, chunkBytes: chunk, workers: workers)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = String(decoding: try encoder.encode(report), as: UTF8.self)
            #expect(!json.contains(folder.path))
            let again = try JSONDecoder().decode(ValidationReport.self, from: Data(json.utf8))
            #expect(again == report)
            seen.insert(json)
        }
        #expect(seen.count == 1)
    }

    @Test func `figures beyond the range of numbers do not break the report`() async throws {
        let file = try folder.add("d.csv", "x\n-1.7e308\n1.7e308\n0\n1e308\n")
        var manifest = manifest([file], [column("x", .number)])
        manifest.checks.named = DataCheck.Name.allCases.map {
            var check = DataCheck($0)
            (check.min, check.max) = (-1.7e308, 1.7e308)
            return check
        }
        let report = try await report(manifest)
        #expect(!(try JSONEncoder().encode(report)).isEmpty)
    }

    // MARK: Privacy

    @Test func `cells of a classified column are shown nowhere`() async throws {
        let secrets = ["kramer@example.org", "4711230815", "Ümlaut-Geheim"]
        let rows = (0..<60).map { row in
            "\(secrets[row % 3]),\(row == 7 ? "987654.25" : "\(row)"),\(row % 2)"
        }
        let file = try folder.add(
            "d.csv", "who,pay,y\n" + rows.joined(separator: "\n") + "\nkramer@example.org,nine,1\n")
        var who = column("who", required: true, unique: true, values: ["x"], pattern: "[a-z]")
        who.classification = .pii
        var pay = column("pay", .number, max: 100)
        pay.classification = .confidential
        for format in [DatasetManifest.Format.csv, .jsonl] {
            var manifest = manifest([file], [who, pay, column("y", .integer)])
            if format == .jsonl {
                let lines = (0..<60).map { row in
                    "{\"who\":\"\(secrets[row % 3])\",\"pay\":\(row == 7 ? 987_654.25 : 1),\"y\":1}"
                }
                manifest.files = [
                    try folder.add("d.jsonl", lines.joined(separator: "\n") + "\n")
                ]
                manifest.format = .jsonl
            }
            manifest.label = "who"
            manifest.checks.named = DataCheck.Name.allCases.map {
                var check = DataCheck($0)
                if $0 == .max || $0 == .min || $0 == .quantile { check.max = 100 }
                check.severity = .fail
                return check
            }
            let found = try await examine(
                manifest, root: folder.path, options: manifest.profileOptions())
            let report = found.judged(by: manifest, against: .none("first"))
            #expect(report.verdict == .failed)
            var shown = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
            shown += report.diagnostics(in: manifest).map(\.message).joined()
            shown += report.warnings.joined()
            for secret in secrets + ["987654", "nine"] {
                #expect(!shown.contains(secret), "\(format): \(secret)")
            }
            #expect(shown.contains("•••"))
            let profile = found.profile.map { String(decoding: $0.canonicalJSON, as: UTF8.self) }
            for secret in secrets { #expect(profile?.contains(secret) != true) }
        }
    }

    @Test func `cells that are classified where they come from are shown by no rule`()
        async throws
    {
        let file = try folder.add("d.csv", "id,who\n2,kramer@example.org\n1,albers@example.org\n")
        var who = column("who")
        who.classification = .pii
        var id = column("id", .integer)
        id.classification = .confidential
        for format in [DatasetManifest.Format.csv, .jsonl] {
            let source = manifest([file], [id, who])
            var derived = manifest([file])
            if format == .jsonl {
                derived.format = .jsonl
                derived.files = [
                    try folder.add(
                        "d.jsonl",
                        "{\"id\":2,\"who\":\"kramer@example.org\"}\n"
                            + "{\"id\":1,\"who\":\"albers@example.org\"}\n")
                ]
            }
            derived.preparation = DataPreparation(
                source: .manifest(source), steps: [], place: Place(file: ""))
            derived.rules = [
                RowRule(name: "r", expression: "who == \"q\"", place: Place(file: ""))
            ]
            derived.keys.sortedBy = ["who"]
            let found = try await report(derived)
            #expect(found.violations.map(\.rule) == [.rowRule, .sorted], "\(format)")
            let shown = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
            #expect(!shown.contains("example.org") && shown.contains("•••"), "\(shown)")
        }
    }

    @Test func `lines are read again for a column that a check begins to name`() throws {
        var lines = manifest([], format: .jsonl)
        let before = lines.reading
        lines.checks.named = [DataCheck(.distinctCount, columns: ["rare"])]
        #expect(lines.reading != before)
        let named = lines.reading
        lines.checks.named[0].max = 3
        #expect(lines.reading == named, "a limit that moves is judged on what was read")
        var table = manifest([])
        let all = table.reading
        table.checks.named = [DataCheck(.missingRatio, columns: ["rare"])]
        #expect(table.reading == all, "of tables all columns are read")
        table.checks.named = lines.checks.named
        #expect(table.reading != all, "the values of a named column are counted as they are read")
    }

    @Test func `hints of data have the words in which it is declared`() async throws {
        var data = manifest(
            [try folder.add("w.csv", "n,m,x\n1,1,a\n9,9,b\n")],
            [column("n", .integer, max: 5), column("m", .integer, max: 5)])
        func hints() async throws -> [String] {
            try await validate(data, root: folder.path).violations.map {
                "\($0.column ?? ""): \($0.hint)"
            }.sorted()
        }
        let extra = "declare the column under `columns:`, or leave it out of the data"
        let range = "mend the cell, or change `min:` or `max:`"
        #expect(try await hints() == ["m: \(range)", "n: \(range)", "x: \(extra)"])
        // `columns:` adds to `m` what the schema does not say.
        data.schemaFields = ["n"]
        #expect(
            try await hints() == [
                "m: \(range)",
                "n: mend the cell, or change `constraints.minimum` or `constraints.maximum`",
                "x: add the column to the schema's `fields`, or leave it out of the data",
            ])
    }
}
