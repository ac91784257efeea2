import Domain
import Testing

@testable import Planning

/// Mistakes of manifests that would otherwise go unseen are named, each once.
struct SilentMistakeTests {
    private static let sum = String(repeating: "5f", count: 32)

    private func said(_ more: String, _ files: Files = [:]) async throws -> [String] {
        var all: Files = [
            "slipway.yaml": "",
            "datasets/rows.yaml": """
            files: [{path: data/rows.csv, sha256: \(Self.sum)}]
            columns:
              - {name: n, type: integer}
              - {name: t, type: string}
              - {name: day, type: date}
            \(more)
            """,
        ]
        all.merge(files) { $1 }
        return try await planned(all).diagnostics.map(\.line)
    }

    @Test(arguments: [
        ("missing_ratio: {max: 7}", "`checks.missing_ratio.max` must be a number from 0.0 to 1.0"),
        ("ks: {fail: 1.5}", "`checks.ks.fail` must be a number from 0.0 to 1.0"),
        ("non_finite: {max: -1}", "`checks.non_finite.max` must be a number of at least 0"),
        (
            "near_duplicates: {columns: [n]}",
            "7:31: `near_duplicates` is about texts, and `n` is of type `integer`"
        ),
        (
            "encoding_damage: {columns: [n]}",
            "7:31: `encoding_damage` is about texts, and `n` is of type `integer`"
        ),
        (
            "mixed_types: {columns: [day]}",
            "7:27: `mixed_types` is about texts, and `day` is of type `date`"
        ),
        ("mixed_types: {columns: [t], max: 0.12}", "7:36: `max` is not below `meant`"),
        ("class_balance:", "7:3: `class_balance` needs `label`"),
        ("split_stratification: {with: rows}", "`split_stratification` needs `label`"),
        ("mean: {columns: [t], min: 0}", "7:20: `mean` is about numbers, and `t` is of type"),
        (
            "freshness: {columns: [t], max: 7d}",
            "7:25: `freshness` is about dates and times, and `t` is of type `string`"
        ),
        ("columns: {match: all}", "`checks.columns.match` must be `exact` or `equal`"),
    ])
    func `a check that can say nothing is named`(check: String, says: String) async throws {
        let lines = try await said("checks:\n  \(check)\n")
        #expect(lines.contains { $0.contains(says) }, "\(says) in\n\(lines)")
    }

    @Test func `a check that fits no declared column is named`() async throws {
        let files: Files = [
            "datasets/rows.yaml": """
            files: [{path: data/rows.csv, sha256: \(Self.sum)}]
            columns: [{name: t, type: string}]
            checks:
              outliers_tukey:

            """
        ]
        #expect(
            try await said("", files).map { $0.contains("4:3: `outliers_tukey` is about numbers") }
                == [true])
        let lax = files.replacing(
            "datasets/rows.yaml", "checks:", with: "checks:\n  columns: {match: subset}")
        #expect(try await said("", lax).isEmpty, "the files may have columns of numbers")
    }

    @Test func `values that no cell can be are named at their place`() async throws {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: n, type: integer, values: [1, 2.5, x]}
                  - {name: b, type: boolean, values: [true, yes]}
                  - {name: d, type: date, values: [2024-02-30], min: 5}
                  - {name: s, type: string, min: 2024-01-01, values: [1, true]}

                """
            ])
        let expected = [
            "3:42: `2.5` is not an integer", "3:47: `x` is not an integer",
            "4:45: `yes` is neither `true` nor `false`", "5:36: `2024-02-30` is not a date",
            "5:54: `min` of a column of type `date` must be a day, found `5`",
            "6:34: `min` needs a column of type `integer`",
        ]
        #expect(lines.count == expected.count, "\(lines)")
        for says in expected { #expect(lines.contains { $0.contains(says) }, "\(says): \(lines)") }
    }

    @Test func `a bound that would be another one is named once`() async throws {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: a, type: integer, max: 9007199254740993}
                  - {name: b, type: integer, min: 9007199254740992, max: 9007199254740994}

                """
            ])
        let says = "3:35: `max` is 9007199254740993, which 64-bit floating point cannot hold"
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test func `points stand between the groups of integers, not of numbers with a point`()
        async throws
    {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: a, type: integer, group_char: ".", max: "2.000", values: ["1.234"]}
                  - {name: b, type: number, group_char: "."}

                """
            ])
        let says = "4:41: `group_char` is also the decimal character"
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test func `a pattern that is no regular expression is named before data is read`()
        async throws
    {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: s, type: string, pattern: "(x"}
                  - {name: t, type: string, pattern: "(x)"}

                """
            ])
        let says = "3:38: `(x` is not a regular expression"
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test func `a column of a wrong type is said once`() async throws {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: n, type: integr}
                  - {name: t, type: string}
                label: n
                primary_key: [n]
                sorted_by: [n]
                rules: [{name: r, check: n > 1}]
                checks:
                  missing_ratio: {columns: [n]}
                  mean: {min: 1}

                """
            ])
        #expect(lines.count == 1 && lines[0].contains("3:21"), "\(lines)")
    }

    @Test func `two ways to split one dataset are a warning where they meet`() async throws {
        func part(_ name: String, _ seed: Int, _ before: String = "", _ more: String = "") -> String
        {
            """
            from: rows
            prepare:
            \(before)  - split: {part: \(name), parts: {train: 0.8, test: 0.2}, seed: \(seed)}
            \(more)
            """
        }
        let check = "checks:\n  split_overlap: {with: train}\n"
        func lines(_ train: String, _ test: String) async throws -> [String] {
            try await said(
                "", ["datasets/train.yaml": train, "datasets/test.yaml": test])
        }
        #expect(try await lines(part("train", 1), part("test", 1, "", check)).isEmpty)
        #expect(try await lines(part("train", 1), part("test", 2)).isEmpty, "they never meet")
        let seeds = try await lines(part("train", 1), part("test", 2, "", check))
        #expect(
            seeds.count == 1 && seeds[0].contains("datasets/test.yaml:5:18")
                && seeds[0].contains("split `rows` in two ways, by another `seed`"), "\(seeds)")
        let steps = try await lines(
            part("train", 1, "  - drop_missing: {columns: [n]}\n"), part("test", 1, "", check))
        #expect(steps.count == 1 && steps[0].contains("another step before it"), "\(steps)")
    }
}
