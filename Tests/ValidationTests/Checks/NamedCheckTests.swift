import Domain
import Testing

@testable import Validation

/// Every check that a manifest can name, through the real validation of small files.
struct NamedCheckTests {
    /// A check, the data that keeps it, and the data that breaks it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: DataCheck.Name
        var columns: [ColumnDeclaration]
        var good: String
        var bad: String
        var label: String?
        var verdict = CheckVerdict.warned
        var edit: @Sendable (inout DataCheck) -> Void = { _ in }

        var testDescription: String { name.rawValue }
    }

    private static let number = [column("x", .number)]
    private static let text = [column("t")]
    private static var lenient: [ColumnDeclaration] {
        var column = column("x", .number)
        column.strictness.mostly = 0.5
        return [column]
    }
    private static let labelled = [column("x", .number), column("y")]

    private static func csv(_ header: String, _ rows: [String]) -> String {
        ([header] + rows).joined(separator: "\n") + "\n"
    }

    private static func numbers(_ values: [Double]) -> String {
        csv("x", values.map { "\($0)" })
    }

    private static let hundred = (0..<100).map(Double.init)

    private static func pairs(_ count: Int, _ label: (Int) -> String) -> String {
        csv("x,y", (0..<count).map { "\($0 * 7919 % 1000),\(label($0))" })
    }

    static let cases: [Case] = [
        Case(
            name: .missingRatio, columns: text,
            good: csv("t", (0..<20).map { $0 < 1 ? "\"\"" : "a" }),
            bad: csv("t", (0..<20).map { $0 < 2 ? "\"\"" : "a" })),
        Case(
            name: .mixedMissing, columns: text, good: csv("t", ["a", "\"\"", "b"]),
            bad: csv("t", ["a", "\"\"", "none"])),
        Case(
            name: .nonFinite, columns: lenient, good: csv("x", ["1", "2", "1e3"]),
            bad: csv("x", ["1", "2", "-Inf"]), verdict: .failed),
        Case(
            name: .constant, columns: text, good: csv("t", ["a", "b"]),
            bad: csv("t", ["a", "a"]), verdict: .failed),
        Case(
            name: .almostConstant, columns: text,
            good: csv("t", (0..<20).map { $0 < 2 ? "b" : "a" }),
            bad: csv("t", (0..<20).map { $0 < 1 ? "b" : "a" })),
        Case(
            name: .outliersTukey, columns: number, good: numbers(hundred),
            bad: numbers(hundred + [9000, -9000])),
        Case(
            name: .outliersRobustZ, columns: number, good: numbers(hundred),
            bad: numbers(hundred + [9000, -9000])),
        Case(
            name: .outliersZ, columns: number, good: numbers(hundred),
            bad: numbers(hundred + [9000, -9000])),
        Case(
            name: .outliersRare, columns: text,
            good: csv("t", (0..<2000).map { $0 % 2 == 0 ? "a" : "b" }),
            bad: csv("t", (0..<2000).map { $0 < 40 ? "r\($0)" : "a" })),
        Case(
            name: .privateData, columns: text, good: csv("t", ["a", "b at c"]),
            bad: csv("t", ["a", "b@c.org"])),
        Case(
            name: .labelMissing, columns: labelled, good: pairs(10) { $0 < 2 ? "a" : "b" },
            bad: pairs(10) { $0 < 1 ? "" : "b" }, label: "y"),
        Case(
            name: .missingPattern, columns: labelled,
            good: csv(
                "x,y", (0..<200).map { "\($0 % 4 == 0 ? "" : "1"),\($0 % 3 == 0 ? "a" : "b")" }),
            bad: csv(
                "x,y", (0..<200).map { "\($0 % 4 == 0 ? "" : "1"),\($0 % 4 == 0 ? "a" : "b")" }),
            label: "y"),
        Case(
            name: .mean, columns: number, good: numbers([1, 3]), bad: numbers([1, 9]),
            verdict: .failed
        ) { ($0.min, $0.max) = (1, 2) },
        Case(
            name: .stdev, columns: number, good: numbers([1, 1.5]), bad: numbers([1, 9]),
            verdict: .failed
        ) { $0.max = 1 },
        Case(
            name: .sum, columns: number, good: numbers([1, 3]), bad: numbers([1, 2]),
            verdict: .failed
        ) { $0.min = 4 },
        Case(
            name: .min, columns: number, good: numbers([1, 3]), bad: numbers([-1, 3]),
            verdict: .failed
        ) { $0.min = 0 },
        Case(
            name: .max, columns: number, good: numbers([1, 3]), bad: numbers([1, 4]),
            verdict: .failed
        ) { $0.max = 3 },
        Case(
            name: .quantile, columns: number, good: numbers([1, 2, 3]), bad: numbers([1, 9, 9]),
            verdict: .failed
        ) { ($0.parameter, $0.max) = (0.5, 2) },
        Case(
            name: .distinctCount, columns: text, good: csv("t", ["a", "b"]),
            bad: csv("t", ["a", "a"]), verdict: .failed
        ) { $0.min = 2 },
        Case(
            name: .classBalance, columns: labelled, good: pairs(100) { $0 < 10 ? "a" : "b" },
            bad: pairs(100) { $0 < 5 ? "a" : "b" }, label: "y"),
        Case(
            name: .classMinCount, columns: labelled, good: pairs(10) { $0 < 2 ? "a" : "b" },
            bad: pairs(10) { $0 < 1 ? "a" : "b" }, label: "y", verdict: .failed),
        Case(
            name: .labelLeakage, columns: labelled, good: pairs(600) { $0 % 2 == 0 ? "a" : "b" },
            bad: pairs(600) { $0 * 7919 % 1000 < 500 ? "a" : "b" }, label: "y"),
        Case(
            name: .duplicateRows, columns: text, good: csv("t", ["a", "b"]),
            bad: csv("t", ["a", "b", "a"]), verdict: .failed),
        Case(
            name: .splitMin, columns: text, good: csv("t", (0..<100).map(String.init)),
            bad: csv("t", (0..<99).map(String.init))),
    ]

    @Test(arguments: cases) func `a named check keeps quiet about good data and tells of bad data`(
        _ one: Case
    ) async throws {
        let folder = try Folder()
        var check = DataCheck(one.name, place: Place(file: "datasets/d.yaml", line: 9, column: 3))
        one.edit(&check)
        for (name, text, verdict) in [
            ("good.csv", one.good, CheckVerdict.passed), ("bad.csv", one.bad, one.verdict),
        ] {
            var manifest = manifest([try folder.add(name, text)], one.columns)
            manifest.checks.named = [check]
            manifest.label = one.label
            let found = try await examine(
                manifest, root: folder.path, options: manifest.profileOptions())
            let report = found.judged(by: manifest, against: .none("first"))
            #expect(report.violations.allSatisfy { $0.severity == .tolerated })
            let outcomes = report.outcomes
            #expect(!outcomes.isEmpty)
            #expect(outcomes.contains { $0.verdict == verdict }, "\(outcomes)")
            #expect(outcomes.allSatisfy { $0.check == one.name.rawValue && $0.number == 0 })
            let said = report.diagnostics(in: manifest)
            if verdict == .passed {
                #expect(report.verdict == .passed && said.isEmpty, "\(said)")
            } else {
                #expect(report.verdict == (verdict == .warned ? .warned : .failed))
                #expect(said.count == 1 && said[0].place.description == "datasets/d.yaml:9:3")
                #expect(said[0].severity == (verdict == .warned ? .warning : .error))
                #expect(report.passed == (verdict == .warned))
            }
        }
    }

    @Test(arguments: DataCheck.Name.allCases.filter { DataCheck($0).needsRows })
    func `what is measured beside the profile is held against its limit`(
        _ name: DataCheck.Name
    ) async throws {
        let folder = try Folder()
        var manifest = manifest([try folder.add("d.csv", "t\na\nb\n")], Self.text)
        var check = DataCheck(name)
        check.dataset = DatasetName(checked: "train")
        manifest.checks.named = [check]
        var found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        func verdict(_ count: Int, limit: Double? = nil) -> CheckVerdict? {
            found.measurements = Measurements()
            found.measurements.found = [Measurement(check, count: count, of: 2)]
            found.measurements.rows = [DatasetName(checked: "train"): count == 0 ? 2 : 1000]
            var limited = manifest
            if name == .splitRatio {
                limited.checks.named[0].min = limit
            } else {
                limited.checks.named[0].max = limit
            }
            return found.judged(by: limited, against: .none("")).outcomes.first?.verdict
        }
        // Because those are not decided by a count.
        let others: [DataCheck.Name] = [
            .freshness, .rowSetDigest, .splitStratification, .mixedTypes, .duplicateRows,
            .outliersTukey, .outliersRobustZ, .outliersZ, .outliersRare, .labelLeakage,
            .missingPattern,
        ]
        guard !others.contains(name) else { return }
        let warns = [
            .splitRatio, .privateData, .nearDuplicates, .labelNoise, .encodingDamage,
        ].contains(name)
        #expect(verdict(0) == .passed)
        #expect(verdict(1) == (warns ? .warned : .failed))
        #expect(verdict(1, limit: name == .splitRatio ? 0.001 : 0.5) == .passed)
        found.measurements = Measurements()
        let unmeasured = found.judged(by: manifest, against: .none(""))
        #expect(unmeasured.outcomes.map(\.verdict) == [.couldNotRun])
        #expect(unmeasured.verdict == .warned)
    }

    @Test func `every name is carried out`() async throws {
        let folder = try Folder()
        let rows = (0..<300).map { "\($0 % 50),\($0 % 3 == 0 ? "a" : "b")" }
        var manifest = manifest([try folder.add("d.csv", Self.csv("x,y", rows))], Self.labelled)
        manifest.label = "y"
        manifest.checks.named = DataCheck.Name.allCases.map { DataCheck($0) }
        let found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        let profile = try #require(found.profile)
        for baseline in [CheckBaseline.profile(profile), .none("first"), .unknown("lost")] {
            let report = found.judged(by: manifest, against: baseline)
            let numbers = Set(report.outcomes.map(\.number))
            #expect(numbers == Set(DataCheck.Name.allCases.indices))
            #expect(report.outcomes.allSatisfy { !$0.sentence.isEmpty })
        }
        let same = found.judged(by: manifest, against: .profile(profile))
        let live = same.outcomes.filter {
            switch DataCheck.Name(rawValue: $0.check)?.subject {
            case .drift, .live: true
            default: false
            }
        }
        #expect(live.count >= 15)
        // What measures of texts leave out, and of numbers, is told besides.
        let wrong = live.filter { $0.verdict != .passed && $0.verdict != .notMeasured }
        #expect(wrong.isEmpty, "\(wrong)")
    }
}
