import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Planning

struct FingerprintTests {
    /// A change that another candidate follows from.
    static let shaping: [(path: String, old: String, new: String)] = [
        ("models/digits/model.yaml", "gamma: 0.001", "gamma: 0.002"),
        ("models/digits/model.yaml", "C: 1.0", "C: 1"),
        ("models/digits/model.yaml", "on: true", "on: false"),
        ("models/digits/model.yaml", "layers: [8, 16]", "layers: [16, 8]"),
        ("models/digits/model.yaml", "run: python train.py", "run: python -u train.py"),
        ("models/digits/model.yaml", "timeout: 10m", "timeout: 11m"),
        ("models/digits/model.yaml", "produces: [model]", "produces: [model, log]"),
        ("models/digits/model.yaml", "test: digits-test", "test: digits-train"),
        ("models/digits/model.yaml", "test: digits-test", "check: digits-test"),
        ("models/digits/model.yaml", "label: digit", "label: other"),
        ("models/digits/model.yaml", "ignore: [notes]", "ignore: []"),
        ("models/digits/model.yaml", "includes: [shared/features]", "includes: []"),
        ("models/digits/train.py", "train", "retrain"),
        ("models/digits/requirements.txt", "1.7.2", "1.7.1"),
        ("models/digits/warmup.json", "1.5", "2.5"),
        ("shared/features/pixels.py", "8", "9"),
        ("datasets/digits-train.yaml", "5f5f", "5e5f"),
        ("datasets/digits-test.yaml", "data/digits-test.csv", "data/digits-train.csv"),
        ("data/digits-test.csv", "1,2", "1,1"),
    ]

    /// A change that does not make another candidate.
    static let harmless: [(path: String, old: String, new: String)] = [
        ("models/digits/model.yaml", "Handwritten", "Printed"),
        ("models/digits/model.yaml", "owner: vision", "owner: sound"),
        ("models/digits/model.yaml", "at_least: 0.95", "at_least: 0.9"),
        ("models/digits/model.yaml", "review: {approvals: 1}", "review: {approvals: 2}"),
        ("models/digits/model.yaml", "runtime: sklearn", "runtime: {command: ./serve}"),
        ("models/digits/model.yaml", "owner: vision", "# who\nowner:   'vision'   # yes"),
        (
            "models/digits/model.yaml", "{C: 1.0, gamma: 0.001,",
            "{gamma: 1e-3, \"C\": 1.00 ,"
        ),
        (
            "models/digits/model.yaml", "{train: digits-train, test: digits-test}",
            "\n  test: digits-test\n\n  train: digits-train"
        ),
        ("models/digits/README.md", "Digits", "Numbers"),
        ("models/digits/notes/today.txt", "nothing", "much"),
        ("datasets/digits-train.yaml", "rows: 1437", "rows: 1436"),
        ("datasets/digits-train.yaml", "max: 16", "max: 15"),
        ("environments/production.yaml", "keep_resident: 1", "keep_resident: 2"),
        ("slipway.yaml", "approvals: 1", "approvals: 2"),
    ]

    @Test(arguments: shaping)
    func `what shapes the model changes its fingerprint`(
        _ change: (path: String, old: String, new: String)
    ) async throws {
        let before = try await plannedDigits(digits)
        let after = try await plannedDigits(
            digits.replacing(change.path, change.old, with: change.new))
        #expect(before.candidate.fingerprint != after.candidate.fingerprint)
    }

    @Test(arguments: harmless)
    func `what does not shape the model leaves every fingerprint`(
        _ change: (path: String, old: String, new: String)
    ) async throws {
        let before = try await plannedDigits(digits)
        let after = try await plannedDigits(
            digits.replacing(change.path, change.old, with: change.new))
        #expect(before.candidate.fingerprint == after.candidate.fingerprint)
        #expect(before.stepFingerprints == after.stepFingerprints)
        #expect(before.evaluateFingerprint == after.evaluateFingerprint)
    }

    @Test func `lines of model.yaml in any order make the same candidate`() async throws {
        let expected = try await plannedDigits(digits)
        let blocks = topLevelBlocks(digitsModel)
        for seed in 0..<25 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var text = "# seed \(seed)\n"
            for block in blocks.shuffled(using: &random) {
                text += Bool.random(using: &random) ? "\n# note\n" : ""
                text += block
            }
            let model = try await plannedDigits(
                digits.setting("models/digits/model.yaml", to: text))
            #expect(
                model.candidate == expected.candidate
                    && model.stepFingerprints == expected.stepFingerprints, "seed \(seed)")
        }
    }

    @Test func `steps are cached apart from each other`() async throws {
        let before = try await plannedDigits(digits)
        let train = StepName(checked: "train")
        let evaluate = StepName(checked: "evaluate")
        let path = "models/digits/model.yaml"
        let patient = try await plannedDigits(
            digits.replacing(path, "timeout: 10m, retries: 1", with: "memory: 2GiB"))
        #expect(patient.stepFingerprints == before.stepFingerprints)
        let measured = try await plannedDigits(
            digits.replacing(path, "run: python evaluate.py", with: "run: python -u evaluate.py"))
        #expect(measured.stepFingerprints[train] == before.stepFingerprints[train])
        #expect(measured.stepFingerprints[evaluate] != before.stepFingerprints[evaluate])
        let trained = try await plannedDigits(
            digits.replacing(path, "run: python train.py", with: "run: python -u train.py"))
        #expect(trained.stepFingerprints[train] != before.stepFingerprints[train])
        #expect(trained.stepFingerprints[evaluate] != before.stepFingerprints[evaluate])
    }

    @Test func `only what changes predictions or test rows ends their comparison`() async throws {
        let before = try await plannedDigits(digits)
        let path = "models/digits/model.yaml"
        let same = digits.replacing(path, "C: 1.0", with: "C: 2.0")
            .replacing("datasets/digits-train.yaml", "5f5f", with: "5e5f")
        #expect(try await plannedDigits(same).evaluateFingerprint == before.evaluateFingerprint)
        for change in [
            digits.replacing("datasets/digits-test.yaml", "a0a0", with: "a1a0"),
            digits.replacing("models/digits/evaluate.py", "evaluate", with: "measure"),
            digits.replacing(path, "label: digit", with: "label: other"),
        ] {
            let after = try await plannedDigits(change)
            #expect(after.evaluateFingerprint != before.evaluateFingerprint)
        }
    }

    @Test func `a validation verdict follows from the manifest's expectations`() async throws {
        let name = DatasetName(checked: "digits-train")
        let path = "datasets/digits-train.yaml"
        let before = try await plannedDigits(digits)
        for (old, new) in [
            ("rows: 1437", "rows: 1436"), ("max: 16", "max: 15"),
            ("min: 1000", "min: 1001"), ("5f5f", "5e5f"), ("required: true", "unique: true"),
        ] {
            let after = try await plannedDigits(digits.replacing(path, old, with: new))
            #expect(after.validationFingerprints[name] != before.validationFingerprints[name])
        }
        let after = try await plannedDigits(
            digits.replacing(path, "UCI digits", with: "# digits\n  the same"))
        #expect(after.validationFingerprints == before.validationFingerprints)
    }

    @Test func `what a check looks for is part of the verdict's fingerprint`() {
        func digest(_ edit: (inout DataCheck) -> Void) -> Fingerprint {
            var manifest = DatasetManifest(
                name: DatasetName(checked: "d"), path: "datasets/d.yaml", files: [], format: .csv)
            var check = DataCheck(.privateData)
            edit(&check)
            manifest.checks.named = [check]
            return validationFingerprint(of: manifest)
        }
        let all = [
            digest { _ in }, digest { $0.kinds = [.email] }, digest { $0.kinds = [.iban] },
            digest { $0.max = 0.5 }, digest { $0.columns = ["a"] }, digest { $0.severity = .fail },
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func `how strict a manifest is is part of the verdict's fingerprint`() {
        func digest(_ edit: (inout DatasetManifest) -> Void) -> Fingerprint {
            let place = Place(file: "")
            var manifest = DatasetManifest(
                name: DatasetName(checked: "d"), path: "datasets/d.yaml", files: [], format: .csv,
                columns: [ColumnDeclaration(name: "a", type: .string, place: place)])
            manifest.rules = [RowRule(name: "r", expression: "a = 'b'", place: place)]
            manifest.keys = RowKeys(
                primary: ["a"], unique: [UniqueKey(["a"])],
                foreign: [
                    ForeignKey(
                        columns: ["a"], dataset: nil, references: ["a"], place: place,
                        referencesPlace: place)
                ], sortedBy: ["a"])
            manifest.checks.named = [DataCheck(.duplicateRows)]
            edit(&manifest)
            return validationFingerprint(of: manifest)
        }
        let lax = Strictness(mostly: 0.5, maxRows: 3)
        let all = [
            digest { _ in }, digest { $0.columns[0].strictness = lax },
            digest { $0.columns[0].strictness = Strictness(maxRows: 3) },
            digest { $0.rules[0].strictness = lax },
            digest { $0.rules[0].strictness = Strictness(.warn, mostly: 0.5) },
            digest { $0.keys.primaryStrictness = lax }, digest { $0.keys.sortedStrictness = lax },
            digest { $0.keys.unique[0].strictness = lax },
            digest { $0.keys.foreign[0].strictness = lax },
            digest { $0.checks.rowCountSeverity = .warn },
            digest { $0.checks.missingShareSeverity = .warn },
            digest { $0.checks.columnsSeverity = .warn }, digest { $0.checks.missingRowsMax = 3 },
            digest { $0.checks.named[0].maxRows = 3 },
        ]
        #expect(Set(all).count == all.count)
        let usual = digest {
            $0.columns[0].strictness.mostly = 1
            $0.rules[0].strictness.mostly = 1
        }
        #expect(usual == all[0], "what is said in so many words is the same")
    }

    @Test func `a verdict is of one dataset, by its name and its manifest`() async throws {
        let twin = DatasetName(checked: "twin")
        let path = "datasets/digits-train.yaml"
        let plan = try await planned(
            digits.setting("datasets/twin.yaml", to: digits[path])
                .replacing(
                    "models/digits/model.yaml", "test: digits-test",
                    with: "test: digits-test, again: twin"))
        let found = plan.models[ModelName(checked: "digits")]?.validationFingerprints ?? [:]
        #expect(Set(found.values).count == 3 && found[twin] != nil)
        var moved = try #require(plan.datasets[twin])
        let before = validationFingerprint(of: moved)
        moved.path = "datasets/elsewhere.yaml"
        #expect(validationFingerprint(of: moved) != before)
    }

    @Test func `numbers have one canonical form`() {
        let forms: [(Double, String)] = [
            (0, "0e0"), (-0.0, "-0e0"), (1, "1e0"), (0.001, "1e-3"), (1437.5, "14375e-1"),
            (-2.50, "-25e-1"), (1e300, "1e300"), (1.5e-7, "15e-8"), (12_300, "123e2"),
            (.leastNonzeroMagnitude, "5e-324"), (9_007_199_254_740_992, "9007199254740992e0"),
        ]
        for (number, form) in forms { #expect(canonicalNumber(number) == form) }
    }

    /// What docs/formats.md says, computed by another program with Python's hashlib.
    @Test func `the fingerprints are those of an independent program`() async throws {
        let model = try await plannedDigits(digits)
        let blobs = Dictionary(
            uniqueKeysWithValues: digits.tree.map { ($0.path, $0.blob.hex) })
        let answer = try oracle(blobs)
        // Kept here too, so that program and document cannot change together unnoticed.
        #expect(
            answer["candidate"]
                == "de7a13ee33b6bf018e810c0cfea689e7a64cca16e86f284d38dd9ca8b6ea0abb")
        #expect(answer["candidate"] == model.candidate.fingerprint.hex)
        #expect(answer["train"] == model.stepFingerprints[StepName(checked: "train")]?.hex)
        #expect(answer["evaluate"] == model.stepFingerprints[StepName(checked: "evaluate")]?.hex)
        #expect(answer["comparison"] == model.evaluateFingerprint.hex)
        let train = DatasetName(checked: "digits-train")
        #expect(answer["dataset"] == model.datasetDigests[train]?.hex)
        #expect(answer["validation"] == model.validationFingerprints[train]?.hex)
    }
}

private func topLevelBlocks(_ text: String) -> [String] {
    var blocks: [String] = []
    for line in text.split(separator: "\n") {
        if line.hasPrefix(" ") {
            blocks[blocks.count - 1] += "\(line)\n"
        } else {
            blocks.append("\(line)\n")
        }
    }
    return blocks
}

private func oracle(_ blobs: [String: String]) throws -> [String: String] {
    let input = try JSONEncoder().encode(blobs)
    return try JSONDecoder().decode(
        [String: String].self, from: Data(try python("fingerprint_oracle.py", input)))
}
