import Domain
import TestKit
import Testing

@testable import Validation

struct RulePropertyTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// What a rule came to: how many rows it judged and how many break it, and the first of them.
    private struct Outcome: Equatable {
        var judged = 0
        var broken = 0
        var lines: [Int] = []
    }

    private func outcomes(_ report: ValidationReport) -> [String: Outcome] {
        var found: [String: Outcome] = [:]
        for violation in report.violations where violation.rule == .rowRule {
            let name = violation.occurrences[0].message.split(separator: "`")[1]
            found[String(name)] = Outcome(
                judged: violation.of ?? -1, broken: violation.total,
                lines: violation.occurrences.compactMap(\.place.line))
        }
        return found
    }

    private func expected(
        _ table: RandomTable, _ rules: [RowRule], lines: [Int], isJSON: Bool
    ) throws -> [String: Outcome] {
        var expected: [String: Outcome] = [:]
        let rows = table.rows.indices.map { table.interpreter($0, isJSON: isJSON) }
        for rule in rules {
            let expression = try RowExpression.read(
                rule.expression, columns: RandomTable.columns)
            var outcome = Outcome()
            for (row, line) in zip(rows, lines) {
                guard let isKept = row.verdict(expression) else { continue }
                outcome.judged += 1
                guard !isKept else { continue }
                outcome.broken += 1
                if outcome.lines.count < 5 { outcome.lines.append(line) }
            }
            if outcome.broken > 0 { expected[rule.name] = outcome }
        }
        return expected
    }

    private func rules(_ random: inout Seeded) -> [RowRule] {
        var writer = RandomRule(random: random)
        defer { random = writer.random }
        return (0..<10).map { number in
            RowRule(
                name: "r\(number)", expression: writer.rule(number % 5),
                place: Place(file: "datasets/d.yaml", line: 9, column: 3))
        }
    }

    private func ruled(
        _ file: DatasetFile, _ rules: [RowRule], _ format: DatasetManifest.Format
    ) -> DatasetManifest {
        var ruled = manifest(
            [file], RandomTable.columns, format: format,
            checks: DatasetChecks(missingValues: ["NA"]))
        ruled.rules = rules
        return ruled
    }

    @Test func `compiled rules say what plain interpretation says, whatever the chunks`()
        async throws
    {
        var (right, wrong) = (0, 0)
        try await fuzz(rounds: 40) { seed, random in
            let table = RandomTable(rows: 150, &random)
            let rules = rules(&random)
            let expected = try expected(table, rules, lines: table.lines, isJSON: false)
            wrong += expected.count
            right += rules.count - expected.count
            let manifest = ruled(try folder.add("d.csv", table.csv), rules, .csv)
            for (chunk, workers) in [(1 << 20, 1), (61, 2), (700, 3), (4096, 4)] {
                let report = try await validate(
                    manifest, root: folder.path,
                    options: ValidationOptions(chunkBytes: chunk, workersMax: workers))
                let found = outcomes(report)
                for rule in rules where found[rule.name] != expected[rule.name] {
                    Issue.record(
                        """
                        seed \(seed), chunks of \(chunk): \(rule.expression)
                        found \(String(describing: found[rule.name])), expected \
                        \(String(describing: expected[rule.name]))
                        """)
                }
            }
        }
        #expect(right > 20 && wrong > 100)
    }

    @Test func `rules about lines of JSON say the same`() async throws {
        try await fuzz(rounds: 25) { seed, random in
            let table = RandomTable(rows: 600, &random)
            let rules = rules(&random)
            let expected = try expected(
                table, rules, lines: Array(1...600), isJSON: true)
            let manifest = ruled(try folder.add("d.jsonl", table.jsonl), rules, .jsonl)
            for chunk in [1 << 20, 61, 700] {
                let report = try await validate(
                    manifest, root: folder.path, options: ValidationOptions(chunkBytes: chunk))
                let found = outcomes(report)
                for rule in rules where found[rule.name] != expected[rule.name] {
                    Issue.record(
                        """
                        seed \(seed), chunks of \(chunk): \(rule.expression)
                        found \(String(describing: found[rule.name])), expected \
                        \(String(describing: expected[rule.name]))
                        """)
                }
            }
        }
    }

    @Test func `moments are ordered as time is`() throws {
        let values = Moments.all.map { texts in
            Set(texts.map { Moments.momentValue(Array($0.utf8).span, $0.utf8.count) })
        }
        #expect(values.allSatisfy { $0.count == 1 })
        let moments = values.compactMap { $0.first ?? nil }
        #expect(moments.count == Moments.all.count)
        #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 < $1 })
        let second: Int128 = 1_000_000_000_000_000_000
        #expect(moments[0] == second * -60 * 86_400)
        #expect(moments[4] - moments[2] == second * 60 * 86_400)
    }

    /// Words of a text that repeats, so that a slow search would have much to compare.
    @Test func `a text is found wherever it begins`() async throws {
        try await fuzz(rounds: 10) { seed, random in
            let cells = (0..<80).map { _ in
                (0..<Int.random(in: 1..<60, using: &random)).map { _ in
                    Bool.random(using: &random) ? "a" : "ab"
                }.joined()
            }
            let needle = cells[0].prefix(Int.random(in: 1..<12, using: &random))
            let file = try folder.add("d.csv", "s\n" + cells.map { $0 + "\n" }.joined())
            var ruled = manifest([file], [column("s")])
            ruled.rules = [
                RowRule(
                    name: "r", expression: "not contains(s, '\(needle)')",
                    place: Place(file: "datasets/d.yaml"))
            ]
            let report = try await validate(ruled, root: folder.path)
            #expect(
                outcomes(report)["r"]?.broken == cells.count { $0.contains(needle) },
                "seed \(seed)")
        }
    }
}
