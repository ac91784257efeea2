import Domain
import Testing

@testable import Planning

struct DifferenceTests {
    private static let model = "models/digits/model.yaml"

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
