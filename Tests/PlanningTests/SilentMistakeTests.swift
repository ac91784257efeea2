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
        ("column_count: {}", "7:17: `column_count` says neither `min` nor `max`"),
        ("column_count:", "7:3: `column_count` says neither `min` nor `max`"),
        ("dataset_drift: {max: 0}", "7:24: `dataset_drift` is less than its limit"),
        ("column_count: {min: 3, max: 2}", "`max` is below `min`"),
        (
            "missing_share: {severity: warn}",
            "7:18: `missing_share` says neither `max` nor `max_rows`"
        ),
        (
            "column_count: {max: 2, severity: loud}",
            "`checks.column_count.severity` must be `warn` or `fail`, found `loud`"
        ),
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
        ("label_noise: {margin: 2}", "7:3: `label_noise` needs `label`"),
        (
            "label_noise: {columns: [n, t]}\nlabel: t",
            "7:30: `t` is the label itself, which cannot tell whether it is right"
        ),
        ("label_noise: {margin: 2}", "7:25: `margin` is above 0 and at most 1"),
        ("split_stratification: {with: rows}", "`split_stratification` needs `label`"),
        ("mean: {columns: [t], min: 0}", "7:20: `mean` is about numbers, and `t` is of type"),
        (
            "freshness: {columns: [t], max: 7d}",
            "7:25: `freshness` is about dates and times, and `t` is of type `string`"
        ),
        (
            "psi: {severity: warn, fail: 0.3}",
            "7:31: with `severity: warn` nothing fails over `fail`"
        ),
        (
            "ks: {severity: fail, warn: 0.3}",
            "7:30: with `severity: fail` the limit is `fail`, not `warn`"
        ),
        (
            "psi: {against: v1.2.0, severity: maybe}",
            "`checks.psi.severity` must be `warn` or `fail`"
        ),
        (
            "duplicate_rows: {max: 0, max_rows: 5}",
            "7:38: `max_rows: 5` means nothing beside `max: 0`, which lets none pass"
        ),
        (
            "missing_share: {max: 0.5, max_rows: 0}",
            "7:24: `max: 0.5` means nothing beside `max_rows: 0`, which lets none pass"
        ),
        ("mean: {columns: [a], max: 5, max_rows: 5}", "unknown key `max_rows`"),
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
                  - {name: s, type: string, pattern: "a(x"}
                  - {name: t, type: string, pattern: "(x)"}
                  - {name: u, type: string, pattern: "\\\\d(?=x)"}
                  - {name: v, type: string, pattern: '''(.)\\1'}
                  - name: w
                    type: string
                    pattern: (a{200}){200}
                rules: [{name: r, check: "s matches '''x''''(?<!a)'"}]

                """
            ])
        let says = [
            "3:40: `a(x` is not a regular expression: the parenthesis that opens here is not",
            "5:42: `\\d(?=x)` has a look ahead, which would be tried in ever more ways",
            "6:44: `'(.)\\1` has a reference back to a group, which",
            "9:22: `(a{200}){200}` has more than 10000 places with its repetitions written out",
            "10:45: `'x''(?<!a)` has a look behind, which",
        ]
        #expect(lines.count == says.count, "\(lines)")
        for (line, said) in zip(lines, says) { #expect(line.contains(said)) }
    }

    @Test func `patterns have a bound together, too`() async throws {
        func columns(_ count: Int, _ pattern: String) -> String {
            (0..<count).map { "  - {name: c\($0), type: string, pattern: '\(pattern)'}\n" }.joined()
        }
        // Each with 10,000 places.
        let rules = "rules: [{name: r, check: \"c0 matches 'b{9999}' or c1 matches 'b{9999}'\"}]\n"
        let files = "files: [{path: data/rows.csv, sha256: \(Self.sum)}]\ncolumns:\n"
        let says = "the patterns up to here have more than 1000000 places together"
        let cases: [(text: String, place: String?)] = [
            (columns(98, "a{9999}") + rules, nil), (columns(99, "a{9999}") + rules, "102:"),
            (columns(102, "a{9999}"), "103:"), (columns(2_000, "[a-z]{2,5}"), nil),
        ]
        for (text, place) in cases {
            let lines = try await said("", ["datasets/rows.yaml": files + text])
            #expect(lines.count == (place == nil ? 0 : 1), "\(lines)")
            #expect(lines.allSatisfy { $0.contains(place ?? "") && $0.contains(says) }, "\(lines)")
        }
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

    /// A manifest of pictures that declares one of their columns.
    private func saidOfPictures(_ more: String, columns: String = "[{name: width, type: integer}]")
        async throws -> [String]
    {
        try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/images/, sha256: \(Self.sum)}]
                format: images
                columns: \(columns)
                \(more)
                """
            ])
    }

    @Test(arguments: [
        "label: label", "primary_key: [path]\nunique_keys: [[sha256, mode]]", "sorted_by: [path]",
        "label: label\nchecks: {class_balance: {}, missing_ratio: {columns: [label]}}",
        "checks: {mean: {columns: [height], min: 2}}",
        "rules: [{name: r, check: \"height > 3 and mode == \\\"L\\\"\"}]",
    ])
    func `pictures have columns of their own, whatever is declared`(more: String) async throws {
        for columns in ["[{name: width, type: integer}]", ""] {
            let lines = try await saidOfPictures(more + "\n", columns: columns)
            #expect(lines.isEmpty, "\(lines)")
        }
    }

    @Test(arguments: [
        ("label: lable", "there is no column `lable`; did you mean `label`?"),
        (
            "checks: {mean: {columns: [mode], min: 2}}",
            "`mean` is about numbers, and `mode` is of type `string`"
        ),
        ("rules: [{name: r, check: hight > 3}]", "there is no column `hight`"),
        ("rules: [{name: r, check: mode > 3}]", "a string cannot be compared with a number"),
    ])
    func `of pictures too what names no column is named`(
        more: String, says: String
    ) async throws {
        for columns in ["[{name: width, type: integer}]", ""] {
            let lines = try await saidOfPictures(more + "\n", columns: columns)
            #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
        }
    }

    @Test(arguments: [
        ("minimum", "min"), ("maximum", "max"), ("exclusiveMinimum", "exclusive_min"),
        ("exclusiveMaximum", "exclusive_max"), ("enum", "values"), ("minLength", "min_length"),
        ("maxLength", "max_length"), ("regex", "pattern"), ("nullable", "required"),
        ("value_set", "values"), ("dtype", "type"), ("minn_length", "min_length"),
    ])
    func `a word of another vocabulary leads to ours`(word: String, key: String) async throws {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: n, type: string, \(word): x}

                """
            ])
        let says = "3:29: unknown key `\(word)`; did you mean `\(key)`?"
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test(arguments: [
        ("fields: []", "unknown key `fields`; did you mean `columns`?"),
        (
            "missingValues: [NA]",
            "unknown key `missingValues`; did you mean `checks.missing_values`?"
        ),
        ("checks: {mean: {columns: [n], minimum: 1, max: 2}}", "did you mean `min`?"),
        ("checks: {median: {columns: [n], max: 2}}", "did you mean `quantile`?"),
        ("checks: {row_count: {minimum: 2}}", "did you mean `min`?"),
    ])
    func `of datasets and checks too`(more: String, says: String) async throws {
        let lines = try await said(more + "\n")
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test func `what a check does not know is not said to be meant`() async throws {
        let lines = try await said("checks: {psi: {maximum: 1}}\n")
        #expect(lines.count == 1 && !lines[0].contains("did you mean"), "\(lines)")
    }

    @Test(arguments: [
        ("{columns: [n], references: [m]}", "7:33: there is no column `m`"),
        ("{columns: [x], references: [n]}", "7:16: there is no column `x`"),
        (
            "{columns: [n, t], references: [n]}",
            "7:35: `columns` and `references` name 2 and 1 columns"
        ),
        ("{columns: [n], dataset: others}", "7:29: unknown dataset `others`"),
        (
            "{columns: [n], dataset: towns, references: [m]}",
            "7:48: `towns` has no column `m`"
        ),
    ])
    func `a mistake of a foreign key is named where it stands`(
        key: String, says: String
    ) async throws {
        let towns = """
            files: [{path: data/towns.csv, sha256: \(Self.sum)}]
            columns: [{name: id, type: integer}]

            """
        let lines = try await said(
            "foreign_keys:\n  - \(key)\n", ["datasets/towns.yaml": towns])
        #expect(lines.count == 1 && lines[0].contains(says), "\(lines)")
    }

    @Test func `of a wrong form of cells nothing else is said`() async throws {
        let lines = try await said(
            "",
            [
                "datasets/rows.yaml": """
                files: [{path: data/rows.csv, sha256: \(Self.sum)}]
                columns:
                  - {name: d, type: date, format: "%d.%m", min: 01.02.2020, values: [05.06.2020]}
                  - {name: d, type: string}

                """
            ])
        #expect(lines.count == 2 && lines[0].contains("tells no whole day"), "\(lines)")
        #expect(lines[1].contains("4:12: the column `d` is declared twice"), "\(lines)")
    }
}
