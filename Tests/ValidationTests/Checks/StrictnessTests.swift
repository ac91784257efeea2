import Domain
import Testing

@testable import Validation

/// Everything that is checked says what breaking it means, and how often it may be broken.
@Suite struct StrictnessTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func examined(
        _ manifest: DatasetManifest, _ others: [DatasetManifest] = []
    ) async throws -> Examination {
        var options = ValidationOptions()
        options.datasets = Dictionary(uniqueKeysWithValues: others.map { ($0.name, $0) })
        return try await examine(
            manifest, root: folder.path, options: manifest.profileOptions(validation: options))
    }

    private func severities(
        _ found: Examination, _ manifest: DatasetManifest
    ) -> [Violation.Severity] {
        found.judged(by: manifest, against: .none("first")).violations.map(\.severity)
    }

    private func foreign(_ dataset: String) -> ForeignKey {
        ForeignKey(
            columns: ["a"], dataset: DatasetName(checked: dataset), references: ["a"],
            place: Place(file: ""), referencesPlace: Place(file: ""))
    }

    /// What one rule of rows says of how strict it is.
    struct Subject: Sendable, CustomTestStringConvertible {
        var rule: Rule
        /// Which one of its rule.
        var name = ""
        /// Of how many; two of them break it.
        var of: Int
        var edit: @Sendable (inout DatasetManifest, Strictness) -> Void

        var testDescription: String { "\(rule.rawValue) \(name)" }
    }

    private static let subjects: [Subject] = [
        Subject(rule: .primaryKey, of: 10) { manifest, strictness in
            manifest.keys.primary = ["a", "b"]
            manifest.keys.primaryStrictness = strictness
        },
        Subject(rule: .unique, of: 9) { manifest, strictness in
            manifest.keys.unique = [UniqueKey(["c", "b"], strictness: strictness)]
        },
        Subject(rule: .unique, name: "of one column", of: 9) { manifest, strictness in
            manifest.keys.unique = [UniqueKey(["c"], strictness: strictness)]
        },
        Subject(rule: .unique, name: "of the column", of: 9) { manifest, strictness in
            manifest.columns[2].unique = true
            manifest.columns[2].strictness = strictness
        },
        Subject(rule: .sorted, of: 10) { manifest, strictness in
            (manifest.keys.sortedBy, manifest.keys.sortedStrictness) = (["s"], strictness)
        },
        Subject(rule: .rowRule, of: 10) { manifest, strictness in
            manifest.rules = [
                RowRule(
                    name: "r", expression: "s != 'z'", strictness: strictness,
                    place: Place(file: ""))
            ]
        },
        Subject(rule: .foreignKey, of: 10) { manifest, strictness in
            var key = ForeignKey(
                columns: ["a"], dataset: DatasetName(checked: "other"), references: ["a"],
                place: Place(file: ""), referencesPlace: Place(file: ""))
            key.strictness = strictness
            manifest.keys.foreign = [key]
        },
    ]

    /// Two rows of ten repeat `a, b`, two of nine `c, b`, two stand before the one above them, two
    /// have the `s` of z, and two an `a` that the other dataset lacks.
    private func table() throws -> (DatasetManifest, other: DatasetManifest) {
        let rows = [
            "1,x,1,a", "2,x,,b", "3,x,3,a", "4,x,4,c", "5,x,5,d", "6,x,6,z", "7,x,7,e",
            "8,x,8,z", "1,x,1,z", "2,x,8,z",
        ]
        let sorted = rows.enumerated().map { row, text in
            text.hasSuffix("z") && row > 7 ? String(text.dropLast()) + "zz" : text
        }
        let file = try folder.add("d.csv", "a,b,c,s\n" + sorted.joined(separator: "\n") + "\n")
        var other = manifest([try folder.add("o.csv", "a\n1\n2\n3\n4\n5\n6\n")])
        other.name = DatasetName(checked: "other")
        return (manifest([file], ["a", "b", "c", "s"].map { column($0) }), other)
    }

    @Test(arguments: subjects) func `a rule of rows has a severity and limits in share and rows`(
        _ subject: Subject
    ) async throws {
        let (plain, other) = try table()
        var manifest = plain
        subject.edit(&manifest, Strictness())
        let found = try await examined(manifest, [other])
        #expect(
            found.report.violations.map { "\($0.rule) \($0.total) of \($0.of ?? 0)" }
                == ["\(subject.rule) 2 of \(subject.of)"])
        let right = Double(subject.of - 2) / Double(subject.of)
        let cases: [(Strictness, Violation.Severity)] = [
            (Strictness(), .fail), (Strictness(.warn), .warn), (Strictness(maxRows: 1), .fail),
            (Strictness(maxRows: 2), .tolerated), (Strictness(mostly: right), .tolerated),
            (Strictness(mostly: right + 0.01), .fail),
            (Strictness(.warn, mostly: right, maxRows: 1), .warn),
            (Strictness(mostly: right, maxRows: 2), .tolerated),
        ]
        for (strictness, severity) in cases {
            var strict = plain
            subject.edit(&strict, strictness)
            #expect(strict.reading == manifest.reading, "what only judges is not read again")
            #expect(severities(found, strict) == [severity], "\(strictness)")
            let anew = try await examined(strict, [other]).report.violations.map(\.severity)
            #expect(anew == [severity], "\(strictness)")
        }
    }

    @Test func `keys of the same columns in two datasets are judged each by itself`() async throws {
        let (plain, other) = try table()
        var second = other
        second.name = DatasetName(checked: "second")
        second.files = [try folder.add("p.csv", "a\n1\n2\n")]
        var manifest = plain
        manifest.keys.foreign = [foreign("other"), foreign("second")]
        manifest.keys.foreign[1].strictness = Strictness(.warn)
        let found = try await examined(manifest, [other, second])
        let violations = found.report.violations
        #expect(violations.map(\.total) == [2, 6])
        #expect(violations.map(\.severity) == [.fail, .warn])
        #expect(violations.map(\.number) == [0, 1])
        manifest.keys.foreign[0].strictness.maxRows = 2
        #expect(severities(found, manifest) == [.warn, .tolerated])
    }

    @Test func `a column and keys that say the same are each held to what they say`()
        async throws
    {
        let (plain, _) = try table()
        func severities(
            _ column: Strictness, unique: Bool, _ keys: Strictness...
        ) async throws -> [Violation.Severity] {
            var manifest = plain
            manifest.columns[2].strictness = column
            manifest.columns[2].unique = unique
            manifest.keys.unique = keys.map { UniqueKey(["c"], strictness: $0) }
            return try await examined(manifest).report.violations.map(\.severity)
        }
        let (fail, warn) = (Strictness(), Strictness(.warn))
        let lax = Strictness(maxRows: 2)
        #expect(try await severities(warn, unique: false, fail) == [.fail])
        #expect(try await severities(lax, unique: false, fail) == [.fail])
        #expect(try await severities(fail, unique: false, warn) == [.warn])
        #expect(try await severities(warn, unique: true, fail) == [.fail])
        #expect(try await severities(fail, unique: true, warn) == [.fail])
        #expect(try await severities(lax, unique: true, warn) == [.warn])
        #expect(try await severities(lax, unique: true, lax) == [.tolerated])
        #expect(try await severities(lax, unique: true) == [.tolerated])
        #expect(try await severities(fail, unique: false, warn, fail) == [.fail])
        #expect(try await severities(fail, unique: false, warn, lax) == [.warn])
    }

    @Test func `keys whose names look the same are told apart`() async throws {
        let file = try folder.add("d.csv", "\"a, b\",a,b,c,\"b, c\"\n1,1,1,1,1\n1,1,1,1,1\n")
        var manifest = manifest([file], ["a, b", "a", "b", "c", "b, c"].map { column($0) })
        manifest.columns[0].strictness = Strictness(.warn)
        manifest.keys.unique = [
            UniqueKey(["a", "b, c"], strictness: Strictness(maxRows: 1)), UniqueKey(["a", "b"]),
            UniqueKey(["a, b", "c"], strictness: Strictness(.warn)),
        ]
        func said(_ manifest: DatasetManifest) async throws -> [String] {
            try await examined(manifest).report.violations.map {
                "\($0.severity) \($0.column ?? "-") \($0.number.map(String.init) ?? "-") "
                    + "\($0.total) of \($0.of ?? 0)"
            }
        }
        let keys = ["fail a, b 1 1 of 2", "warn a, b, c 2 1 of 2", "tolerated a, b, c 0 1 of 2"]
        #expect(try await said(manifest) == keys)
        manifest.columns[0].unique = true
        #expect(
            try await said(manifest)
                == [keys[0], "warn a, b - 1 of 2", keys[1], keys[2]])
    }

    @Test func `a dataset that cannot be compared with is no number of rows`() async throws {
        var (manifest, _) = try table()
        manifest.keys.foreign = [foreign("nowhere")]
        manifest.keys.foreign[0].strictness.maxRows = 5
        #expect(try await examined(manifest).report.violations.map(\.severity) == [.fail])
        manifest.keys.foreign[0].strictness = Strictness(.warn)
        #expect(try await examined(manifest).report.verdict == .warned)
    }

    @Test func `how many rows there are may only warn`() async throws {
        var (manifest, _) = try table()
        for (least, most) in [(11, nil), (nil, 9)] as [(Int?, Int?)] {
            (manifest.checks.rowCountMin, manifest.checks.rowCountMax) = (least, most)
            manifest.checks.rowCountSeverity = .fail
            let found = try await examined(manifest)
            #expect(severities(found, manifest) == [.fail])
            manifest.checks.rowCountSeverity = .warn
            #expect(severities(found, manifest) == [.warn])
        }
    }

    @Test func `columns that are not as declared may only warn, but for those that are needed`()
        async throws
    {
        var (manifest, _) = try table()
        manifest.columns.insert(column("new"), at: 0)
        manifest.columns.swapAt(1, 2)
        manifest.columns.removeLast()
        let found = try await examined(manifest)
        #expect(
            found.report.violations.map(\.rule) == [.missingColumn, .extraColumn, .columnOrder])
        #expect(severities(found, manifest) == [.fail, .fail, .fail])
        manifest.checks.columnsSeverity = .warn
        #expect(severities(found, manifest) == [.warn, .warn, .warn])
        manifest.columns[0].required = true
        #expect(severities(found, manifest) == [.fail, .warn, .warn])
        manifest.columns[0].required = false
        manifest.label = "new"
        #expect(severities(found, manifest) == [.fail, .warn, .warn])
    }

    @Test func `missing cells have a limit in rows and a severity`() async throws {
        var (manifest, _) = try table()
        func found(_ share: Double?, _ rows: Int?) async throws -> [String] {
            (manifest.checks.missingShareMax, manifest.checks.missingRowsMax) = (share, rows)
            return try await examined(manifest).report.violations.flatMap(\.occurrences)
                .map(\.message)
        }
        let says = "10.00 % of `c` is missing (1 of 10), at most"
        #expect(try await found(nil, nil).isEmpty)
        #expect(try await found(0.1, 1).isEmpty)
        #expect(try await found(nil, 0) == ["\(says) 0 may be"])
        #expect(try await found(0.05, 1) == ["\(says) 5 % and 1 may be"])
        manifest.checks.missingShareSeverity = .warn
        #expect(try await examined(manifest).report.verdict == .warned)
    }

    @Test func `a declared column that a file does not have is missing in each of its rows`()
        async throws
    {
        let files = [
            try folder.add("a.csv", "id,v\n1,x\n2,y\n"), try folder.add("b.csv", "id,v\n3,z\n"),
            try folder.add("c.csv", "id,v,w\n4,x,y\n"),
        ]
        func found(_ count: Int) async throws -> (missing: [String], named: [String]) {
            var manifest = manifest(
                Array(files.prefix(count)), [column("id", .integer), column("v"), column("w")])
            manifest.columnMatch = .superset
            manifest.checks.missingShareMax = 0
            let share = try await examined(manifest).report.violations
            #expect(share.allSatisfy { $0.rule == .missingShare && $0.severity == .fail })
            manifest.checks.missingShareMax = nil
            var outcomes: [String] = []
            for names in [[], ["w"]] {
                manifest.checks.named = [
                    DataCheck(.missingRatio, columns: names), DataCheck(.constant),
                ]
                manifest.checks.named[0].severity = .fail
                outcomes += try await examined(manifest)
                    .judged(by: manifest, against: .none("first")).outcomes
                    .filter { $0.check == "missing_ratio" && $0.column == "w" }
                    .map { "\($0.verdict.rawValue): \($0.value ?? -1)" }
            }
            return (share.flatMap(\.occurrences).map(\.message), outcomes)
        }
        for (count, rows) in [(1, 2), (2, 3)] {
            let whole = try await found(count)
            #expect(whole.missing.count == 1)
            #expect(whole.missing[0].contains("of `w` is missing (\(rows) of \(rows)), at most"))
            #expect(whole.named == ["failed: 1.0", "failed: 1.0"])
        }
        let some = try await found(3)
        #expect(some.missing.count == 1)
        #expect(some.missing[0].contains("75.00 % of `w` is missing (3 of 4), at most"))
        #expect(some.named == ["failed: 0.75", "failed: 0.75"])
    }

    // MARK: Named checks

    @Test(
        arguments: NamedCheckTests.cases.filter {
            [
                .missingRatio, .outliersTukey, .outliersRobustZ, .outliersZ, .outliersRare,
                .privateData, .labelMissing, .duplicateRows,
            ].contains($0.name)
        })
    func `what counts has a limit in rows beside that in shares`(
        _ one: NamedCheckTests.Case
    ) async throws {
        var manifest = manifest([try folder.add("bad.csv", one.bad)], one.columns)
        manifest.label = one.label
        var check = DataCheck(one.name)
        manifest.checks.named = [check]
        let found = try await examined(manifest)
        func outcome(_ share: Double?, _ rows: Int?) -> CheckOutcome? {
            (check.max, check.maxRows) = (share, rows)
            manifest.checks.named = [check]
            return found.judged(by: manifest, against: .none("")).outcomes.first
        }
        let count = Int(outcome(nil, nil)?.details["count"] ?? 0)
        #expect(count > 0)
        #expect(outcome(nil, count)?.verdict == .passed, "it stands in the place of the default")
        #expect(outcome(nil, count)?.limit == nil)
        #expect(outcome(nil, count)?.details["max_rows"] == Double(count))
        #expect(outcome(nil, count - 1)?.severity != nil)
        #expect(outcome(1, count)?.verdict == .passed)
        #expect(outcome(1, count - 1)?.severity != nil)
        #expect(outcome(1e-9, count)?.severity != nil, "both must hold")
        #expect(outcome(0.5, count)?.sentence.contains("at most 50 % and \(count)") == true)
    }

    @Test(
        arguments: [
            .conflictingLabels, .splitOverlap, .keyOverlap, .timeLeakage, .nearDuplicates,
            .labelNoise, .mixedTypes, .encodingDamage, .privateData,
        ] as [DataCheck.Name])
    func `what is measured beside the profile has a limit in rows`(
        _ name: DataCheck.Name
    ) async throws {
        var manifest = manifest([try folder.add("d.csv", "t\na\nb\n")], [column("t")])
        var check = DataCheck(name)
        check.dataset = DatasetName(checked: "train")
        manifest.checks.named = [check]
        var found = try await examined(manifest)
        found.measurements = Measurements()
        found.measurements.found = [Measurement(check, count: 5, of: 100)]
        func isBroken(_ share: Double?, _ rows: Int?) -> Bool? {
            (check.max, check.maxRows) = (share, rows)
            manifest.checks.named = [check]
            let outcomes = found.judged(by: manifest, against: .none("")).outcomes
            switch outcomes.first?.verdict {
            case .passed?: return false
            case .warned?, .failed?: return true
            default: return nil
            }
        }
        #expect(isBroken(nil, 5) == false)
        #expect(isBroken(nil, 4) == true)
        #expect(isBroken(0.05, 4) == true)
        #expect(isBroken(0.04, 5) == true)
        #expect(isBroken(0.05, 5) == false)
    }

    @Test func `an estimate is held against a limit in rows with its error`() {
        let limits = CountLimits(nil, rows: 100)
        #expect(limits.isKept(90, of: 1000, error: 0.01) == true)
        #expect(limits.isKept(95, of: 1000, error: 0.01) == nil)
        #expect(limits.isKept(111, of: 1000, error: 0.01) == false)
        #expect(CountLimits(.wrongAtMost(0.05), rows: 100).isKept(90, of: 1000) == false)
    }
}
