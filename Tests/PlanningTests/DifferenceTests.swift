import Domain
import Testing

@testable import Planning

struct DifferenceTests {
    private static let model = "models/digits/model.yaml"
    private static let train = "datasets/digits-train.yaml"

    @Test(arguments: [
        (model, "gamma: 0.001", "gamma: 0.01", "parameters.gamma: 0.001 → 0.01"),
        (model, "on: true", "on: false", "parameters.deep.on: true → false"),
        (model, "C: 1.0, ", "", "parameters.C: 1.0 → none"),
        ("models/digits/train.py", "train", "retrain", "code: models/digits/train.py"),
        (
            "datasets/digits-train.yaml", "5f5f", "7a5f",
            "dataset digits-train: digest "
        ),
        (model, "timeout: 10m", "timeout: 5m", "steps.train.timeout: 600s → 300s"),
        (
            model, "at_least: 0.95", "at_least: 0.90",
            "promotion.accuracy.at_least: 0.95 → 0.9 (lowered)"
        ),
        (
            model, "at_least: 0.95", "at_least: 0.96",
            "promotion.accuracy.at_least: 0.95 → 0.96"
        ),
        (
            model, "not_below_baseline_by: 0.005", "not_below_baseline_by: 0.05",
            "promotion.accuracy.not_below_baseline_by: 0.005 → 0.05 (lowered)"
        ),
        (
            model, "{each_class_at_least: 0.90}", "{at_least: 0.9}",
            "promotion.recall.each_class_at_least: 0.9 → none (lowered)"
        ),
        (model, "approvals: 1", "approvals: 2", "review.approvals: 1 → 2"),
        (
            model, "runtime: sklearn", "start_timeout: 5s",
            "serving.start_timeout: 60s → 5s"
        ),
        (model, "label: digit", "label: number", "evaluation.label: digit → number"),
        (
            train, "max: 16", "max: 20",
            "dataset digits-train, columns.p00.max: 16 → 20 (lowered)"
        ),
        (train, "max: 16", "max: 15", "dataset digits-train, columns.p00.max: 16 → 15"),
        (
            train, "required: true", "unique: true",
            "dataset digits-train, columns.digit.required: true → none (lowered)"
        ),
        (
            train, "[0, 1, 2]", "[0, 1, 2, 3]",
            "dataset digits-train, columns.digit.values: [0, 1, 2] → [0, 1, 2, 3] (lowered)"
        ),
        (
            train, "p00, type: integer", "p00, type: number",
            "dataset digits-train, columns.p00.type: integer → number (lowered)"
        ),
        (
            train, "min: 1000", "min: 900",
            "dataset digits-train, checks.row_count.min: 1000 → 900 (lowered)"
        ),
    ])
    func `a difference is said in words`(
        _ path: String, _ old: String, _ new: String, _ says: String
    ) async throws {
        let before = try await plannedDigits(digits)
        let after = try await plannedDigits(digits.replacing(path, old, with: new))
        let found = differences(from: before, to: after)
        #expect(found.first?.text.hasPrefix(says) == true, "\(found.map(\.text))")
        #expect(found.first?.lowers == says.hasSuffix("(lowered)"))
        #expect(
            found.contains(where: \.shapesModel)
                == (before.candidate.fingerprint != after.candidate.fingerprint))
    }

    /// The differences of the training data, lowered ones first.
    private func data(_ old: String, _ new: String, name: String = "digits-train") async throws
        -> [PlanDifference]
    {
        func plan(_ more: String, _ name: String) async throws -> ModelPlan {
            var files = digits.replacing(Self.model, "train: digits-train", with: "train: \(name)")
            files["datasets/\(name).yaml"] = (digits[Self.train] ?? "") + more
            return try await plannedDigits(files)
        }
        return differences(
            from: try await plan(old, "digits-train"), to: try await plan(new, name)
        ).filter { $0.subject.hasPrefix("dataset ") }
    }

    @Test(arguments: [
        ("  psi: {fail: 0.2}\n", "  psi: {fail: 5}\n", "checks.psi.fail: 0.2 → 5 (lowered)"),
        ("  psi: {fail: 0.2}\n", "  psi: {fail: 0.1}\n", "checks.psi.fail: 0.2 → 0.1"),
        ("  psi:\n", "  psi: {fail: 5}\n", "checks.psi.fail: default → 5 (perhaps lowered)"),
        (
            "  mean: {columns: [p00], max: 9}\n", "  mean: {columns: [p00], max: 9, min: 1}\n",
            "checks.mean of p00.min: none → 1"
        ),
        (
            "  constant: {severity: fail}\n", "  constant: {severity: warn}\n",
            "checks.constant.severity: fail → warn (lowered)"
        ),
        (
            "  psi: {severity: fail}\n", "  psi: {severity: warn}\n",
            "checks.psi.severity: fail → warn (lowered)"
        ),
        (
            "  psi: {fail: 0.2, against: v1.0.0}\n", "  psi: {fail: 0.2, against: v2.0.0}\n",
            "checks.psi.against: v1.0.0 → v2.0.0 (perhaps lowered)"
        ),
        (
            "  columns: {match: exact}\n", "  columns: {match: subset}\n",
            "checks.columns.match: exact → subset (perhaps lowered)"
        ),
        ("  psi:\n", "", "checks.psi: removed (lowered)"), ("", "  psi:\n", "checks.psi: added"),
        (
            "rules: [{name: r, check: p00 > 1}]\n", "rules: [{name: r, check: p00 > 0}]\n",
            "rules.r.check: p00 > 1 → p00 > 0 (perhaps lowered)"
        ),
        (
            "rules: [{name: r, check: p00 > 1}]\n",
            "rules: [{name: r, check: p00 > 1, mostly: 0.5}]\n",
            "rules.r.mostly: 1 → 0.5 (lowered)"
        ),
        (
            "rules: [{name: r, check: p00 > 1}]\n",
            "rules: [{name: r, check: p00 > 1, max_rows: 5}]\n",
            "rules.r.max_rows: default → 5 (lowered)"
        ),
        (
            "rules: [{name: r, check: p00 > 1, mostly: 0.5}]\n",
            "rules: [{name: r, check: p00 > 1, mostly: 0.5, max_rows: 5}]\n",
            "rules.r.max_rows: none → 5"
        ),
        (
            "rules: [{name: r, check: p00 > 1, mostly: 0.99, max_rows: 5}]\n",
            "rules: [{name: r, check: p00 > 1, max_rows: 5}]\n",
            "rules.r.mostly: 0.99 → none (lowered)"
        ),
        (
            "rules: [{name: r, check: p00 > 1, mostly: 0.99, max_rows: 5}]\n",
            "rules: [{name: r, check: p00 > 1, mostly: 0.99}]\n",
            "rules.r.max_rows: 5 → none (lowered)"
        ),
        (
            "rules: [{name: r, check: p00 > 1, max_rows: 5}]\n",
            "rules: [{name: r, check: p00 > 1, mostly: 0.99, max_rows: 5}]\n",
            "rules.r.mostly: none → 0.99"
        ),
        (
            "primary_key: {columns: [p00], mostly: 0.99}\n", "primary_key: [p00]\n",
            "primary_key.mostly: 0.99 → 1"
        ),
        (
            "primary_key: [p00]\n", "primary_key: {columns: [p00], mostly: 0.99}\n",
            "primary_key.mostly: 1 → 0.99 (lowered)"
        ),
        (
            "primary_key: [p00]\n", "primary_key: {columns: [p00], severity: warn}\n",
            "primary_key.severity: default → warn (lowered)"
        ),
        (
            "unique_keys: [[p00], {columns: [p00], severity: warn}]\n",
            "unique_keys: [{columns: [p00], severity: warn}, {columns: [p00], severity: warn}]\n",
            "unique_keys.[p00].severity: default → warn (lowered)"
        ),
        (
            "sorted_by: {columns: [p00], max_rows: 5}\n", "sorted_by: [p00]\n",
            "sorted_by.max_rows: 5 → default"
        ),
        (
            "  columns: {match: exact}\n", "  columns: {severity: warn}\n",
            "checks.columns.severity: default → warn (lowered)"
        ),
        (
            "  duplicate_rows:\n", "  duplicate_rows: {max_rows: 5}\n",
            "checks.duplicate_rows.max_rows: default → 5 (perhaps lowered)"
        ),
        ("primary_key: [p00]\n", "", "primary_key: [p00] → none (lowered)"),
        (
            "dialect: {delimiter: ;}\n", "", "dialect: ; \" utf-8 → , \" utf-8"
        ),
    ])
    func `what is expected of data is said, and what asks for less first`(
        _ old: String, _ new: String, _ says: String
    ) async throws {
        let found = try await data(old, new)
        #expect(found.map(\.text) == ["dataset digits-train, \(says)"])
        #expect(found.first?.lowers == says.hasSuffix("lowered)"))
    }

    @Test func `keys of the same columns in several datasets are each compared`() async throws {
        func keys(_ strictness: String) -> String {
            "foreign_keys: [{columns: [p00], references: [digit]}, "
                + "{columns: [p00], references: [p00]\(strictness)}]\n"
        }
        let found = try await data(keys(""), keys(", severity: warn"))
        #expect(
            found.map(\.text) == [
                "dataset digits-train, foreign_keys.[p00] in digits-train[p00].severity: "
                    + "default → warn (lowered)"
            ])
    }

    @Test func `what was loosened in all its limits is said of each`() async throws {
        func rule(_ limits: String) -> String { "rules: [{name: r, check: p00 > 1\(limits)}]\n" }
        let found = try await data(rule(", mostly: 0.99"), rule(", max_rows: 5"))
        #expect(
            found.map(\.text) == [
                "dataset digits-train, rules.r.mostly: 0.99 → none (lowered)",
                "dataset digits-train, rules.r.max_rows: none → 5",
            ])
        let both = try await data(rule(", mostly: 0.99, max_rows: 5"), rule(""))
        #expect(both.map(\.lowers) == [false, false], "\(both.map(\.text))")
    }

    @Test func `data of another name is held against what stood in its place`() async throws {
        let found = try await data("  psi: {fail: 0.2}\n", "  psi: {fail: 5}\n", name: "renamed")
        #expect(found.map(\.text) == ["dataset renamed, checks.psi.fail: 0.2 → 5 (lowered)"])
    }

    @Test func `a classification that is dropped is said, wherever it was`() async throws {
        func plan(_ declared: String) async throws -> ModelPlan {
            try await plannedDigits(
                digits.replacing(Self.train, "max: 16", with: "max: 16\(declared)")
                    .setting(
                        "datasets/clean.yaml",
                        to: "from: digits-train\nprepare: [{drop_missing: }]\n"
                    )
                    .replacing(Self.model, "train: digits-train", with: "train: clean"))
        }
        let found = differences(
            from: try await plan(", classification: pii"), to: try await plan(""))
        #expect(found.map(\.text) == ["dataset clean, classified: [p00: pii] → none (lowered)"])
    }

    @Test func `what was lowered stands first, and equal plans do not differ`() async throws {
        let before = try await plannedDigits(digits)
        #expect(differences(from: before, to: before).isEmpty)
        let after = try await plannedDigits(
            digits.replacing(Self.model, "C: 1.0", with: "C: 2.0")
                .replacing(Self.model, "0.95", with: "0.5")
                .setting("models/digits/extra.py", to: "x")
                .setting("models/digits/warmup.json", to: nil)
                .replacing(Self.model, ", warmup: warmup.json", with: ""))
        #expect(
            differences(from: before, to: after).map(\.text) == [
                "promotion.accuracy.at_least: 0.95 → 0.5 (lowered)", "parameters.C: 1.0 → 2.0",
                "code: models/digits/extra.py (added)",
                "code: models/digits/warmup.json (removed)",
                "serving.warmup: warmup.json → none",
            ])
    }

    @Test(
        arguments: [
            ("30s", 30), ("10m", 600), ("2h", 7200), ("30d", 2_592_000), ("367d", nil), ("0s", nil),
            ("-1s", nil), ("10", nil),
            ("1.5h", nil), ("99999999999999999999h", nil), ("h", nil), ("", nil),
        ] as [(String, Int?)])
    func `a duration is read or refused`(_ text: String, _ seconds: Int?) {
        #expect(durationSeconds(text) == seconds)
    }

    @Test(
        arguments: [
            ("1KiB", 1024), ("512MiB", 536_870_912), ("2GiB", 2_147_483_648), ("2GB", nil),
            ("0MiB", nil), ("-1GiB", nil), ("99999999999999TiB", nil),
        ] as [(String, Int64?)])
    func `a size is read or refused`(_ text: String, _ bytes: Int64?) {
        #expect(sizeBytes(text) == bytes)
    }

    @Test(
        arguments: [
            ("12", .integer(12)), ("-0", .integer(0)), ("0x1F", .integer(31)),
            ("0o17", .integer(15)),
            ("012", .integer(12)), ("1.5", .number(1.5)), (".5", .number(0.5)), ("1.", .number(1)),
            ("1e-3", .number(0.001)), ("yes", .text("yes")), ("True", .bool(true)), ("~", .null),
            ("12:30", .text("12:30")), ("1_000", .text("1_000")), ("0x-1", .text("0x-1")),
            ("infinity", .text("infinity")), ("nan", .text("nan")), ("-.5", .number(-0.5)),
            ("2026-11-21", .text("2026-11-21")), ("+", .text("+")), (".", .text(".")),
        ] as [(String, YAMLNode.Value)])
    func `a plain scalar means what YAML's core schema says`(
        _ text: String, _ value: YAMLNode.Value
    ) {
        #expect(plainScalar(text) == value)
    }
}
