import Domain
import Testing

@testable import Planning

/// One change to the sample and what must be said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    var path = "models/digits/model.yaml"
    var old: String
    var new: String
    var says: [String]

    var testDescription: String { "\(old) → \(new)" }

    init(_ old: String, _ new: String, _ says: String...) {
        self.old = old
        self.new = new
        self.says = says.map { "models/digits/model.yaml:" + $0 }
    }

    init(in path: String, _ old: String, _ new: String, _ says: String...) {
        self.path = path
        self.old = old
        self.new = new
        self.says = says.map { "\(path):" + $0 }
    }
}

private let modelMistakes: [Mistake] = [
    Mistake("datasets:", "datsets:", "3:1: unknown key `datsets`; did you mean `datasets`?"),
    Mistake("owner: vision", "zzz: 1", "2:1: unknown key `zzz`"),
    Mistake("owner: vision", "canary: {}", "2:1: `canary` is not yet supported"),
    Mistake("retries: 1", "resources: {}", "9:69: `resources` is not yet supported"),
    Mistake("owner: vision", "owner: [a]", "2:8: `owner` must be a text, found a list"),
    Mistake(
        "train: digits-train", "train: digits-trian",
        "3:19: unknown dataset `digits-trian`; did you mean `digits-train`?"),
    Mistake("train: digits-train", "train: policy", "3:19: unknown dataset `policy`"),
    Mistake(
        "train: digits-train", "Train: digits-train",
        "3:12: `Train` in `datasets` is not a legal name"),
    Mistake(
        "timeout: 10m", "timeout: -10m",
        "9:64: `steps.train.timeout` must be a duration such as `30s`, `10m` or `2h`, "
            + "found `-10m`"),
    Mistake(
        "timeout: 10m", "memory: 2GB",
        "9:63: `steps.train.memory` must be a size such as `512MiB` or `2GiB`, found `2GB`"),
    Mistake(
        "retries: 1", "retries: -1",
        "9:78: `steps.train.retries` must be a whole number from 0 to 20, found `-1`"),
    Mistake(
        "needs: [train]", "needs: [trian]",
        "10:47: unknown step `trian`; did you mean `train`?"),
    Mistake(
        "run: python train.py,", "run: python train.py, needs: [evaluate],",
        "10:3: the steps run in a circle: `evaluate` needs `train` needs `evaluate`"),
    Mistake("run: python train.py, ", "", "9:13: `steps.train.run` is missing"),
    Mistake(
        "owner: vision", "description: again", "1:1: the key `description` is given twice"),
    Mistake(
        "environment: production", "environment: prodution",
        "16:24: unknown environment `prodution`; did you mean `production`?"),
    Mistake(
        "environment: production", "environment: prod",
        "16:24: unknown environment `prod`; did you mean `production`?"),
    Mistake(
        "warmup: warmup.json", "warmup: warm.json",
        "16:62: `serving.warmup` names a file that is not there: models/digits/warm.json"),
    Mistake(
        "warmup: warmup.json", "warmup: train.py",
        "16:62: the warm-up file models/digits/train.py is not JSON"),
    Mistake(
        "warmup: warmup.json", "warmup: model.yaml",
        "16:62: the warm-up file models/digits/model.yaml is not JSON"),
    Mistake(
        "warmup: warmup.json", "warmup: ../../datasets/digits-test.yaml",
        "16:62: the warm-up file datasets/digits-test.yaml is not JSON"),
    Mistake(
        "runtime: sklearn", "runtime: onnx", "16:45: `serving.runtime: onnx` is not yet supported"),
    Mistake(
        "runtime: sklearn", "runtime: {comand: x}",
        "16:45: `serving.runtime.command` is missing",
        "16:46: unknown key `comand`; did you mean `command`?"),
    Mistake(
        "runtime: sklearn", "runtime: sklern",
        "16:45: `serving.runtime` must be `sklearn` or a mapping with `command`, found `sklern`; "
            + "did you mean `sklearn`?"),
    Mistake(
        "python: requirements.txt", "python: nothing.txt",
        "5:9: `python` names a file that is not there: models/digits/nothing.txt"),
    Mistake(
        "includes: [shared/features]", "includes: [shared/nothing]",
        "6:12: `includes` names a file or folder that is not there: shared/nothing"),
    Mistake(
        "includes: [shared/features]", "includes: [../outside]",
        "6:12: `../outside` is not a folder or file inside the repository"),
    Mistake(
        "task: classification", "task: clasification",
        "11:20: `evaluation.task` must be `classification` or `regression`, "
            + "found `clasification`; did you mean `classification`?"),
    Mistake("task: classification, ", "", "11:13: `evaluation.task` is missing"),
    Mistake(
        "label: digit", "step: evalate",
        "11:72: unknown step `evalate`; did you mean `evaluate`?"),
    Mistake(
        "label: digit", "metrics: m.json",
        "11:75: `evaluation` has both `metrics` and `predictions`; keep one of them",
        "14:35: `promotion.recall.each_class_at_least` is only for precision, recall, f1 "
            + "of predictions"),
    Mistake("accuracy:", "acuracy:", "13:3: unknown metric `acuracy`; did you mean `accuracy`?"),
    Mistake("accuracy:", "rmse:", "13:3: unknown metric `rmse`"),
    Mistake(
        "at_least: 0.95", "at_least: 95",
        "13:24: `promotion.accuracy.at_least` cannot be reached: accuracy is at most 1"),
    Mistake(
        "at_least: 0.95", "atleast: 0.95", "13:14: unknown key `atleast`; did you mean `at_least`?"
    ),
    Mistake(
        "{each_class_at_least: 0.90}", "{samples_at_least: 10}",
        "14:3: `promotion.recall` has no limit"),
    Mistake(
        "{each_class_at_least: 0.90}", "{each_slice_at_least: 0.9}",
        "14:35: `promotion.recall.each_slice_at_least` needs `evaluation.slices`"),
    Mistake(
        "{each_class_at_least: 0.90}", "{at_least: 0.9, confidence: 95}",
        "14:41: `promotion.recall.confidence` must be a number above 0 and below 1, found `95`"),
    Mistake(
        "review: {approvals: 1}", "review: {approvals: 0}",
        "15:21: `review.approvals` must be a whole number from 1 to 100, found `0`"),
    Mistake(
        "gamma: 0.001", "gamma: .nan",
        "4:29: `parameters.gamma` is a number that JSON cannot hold: `.nan`"),
    Mistake(
        "gamma: 0.001", "gamma: !!binary abc",
        "4:29: the tag `tag:yaml.org,2002:binary` is not supported"),
    Mistake(
        "owner: vision", "owner: &a vision\ndescription2: *a",
        "3:15: anchors and aliases are not supported: `*a`"),
    Mistake(
        "owner: vision", "owner: \u{1}",
        "2:8: the control character U+0001 does not belong in a declaration"),
]

private let otherMistakes: [Mistake] = [
    Mistake(
        in: "slipway.yaml", "branch: main", "branch: a b", "1:9: `a b` is not the name of a branch"
    ),
    Mistake(
        in: "slipway.yaml", "branch: main", "environments: []",
        "1:1: `environments` is not yet supported"),
    Mistake(
        in: "slipway.yaml", "[author,", "[auther,",
        "2:34: `review.exclude[0]` must be `author` or `committer` or `co-authors` or "
            + "`last-pusher`, found `auther`; did you mean `author`?"),
    Mistake(
        in: "slipway.yaml", "signers: .slipway/allowed_signers", "signers: /etc/signers",
        "4:10: `signers` must be a relative path, found `/etc/signers`"),
    Mistake(
        in: "environments/production.yaml", "target: local", "target: kserve",
        "2:9: `target: kserve` is not yet supported"),
    Mistake(
        in: "environments/production.yaml", "127.0.0.1:8501", "127.0.0.1:85010",
        "3:19: `gateway.listen` must be an address and a port, found `127.0.0.1:85010`"),
    Mistake(
        in: "datasets/digits-train.yaml", "rows: 1437", "rows: -1",
        "3:115: `files[0].rows` must be a whole number of at least 0, found `-1`"),
    Mistake(
        in: "datasets/digits-train.yaml", "sha256: 5f5f", "sha256: 5F5f",
        "3:43: `files[0].sha256` must be a SHA-256 digest of 64 lower-case hexadecimal digits, "
            + "found `5F5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f…`"),
    Mistake(
        in: "datasets/digits-train.yaml", "name: digit", "name: p00",
        "7:12: the column `p00` is declared twice"),
    Mistake(
        in: "datasets/digits-train.yaml", "max: 16", "max: -1", "6:45: `max` is below `min`"),
    Mistake(
        in: "datasets/digits-train.yaml", "name: p00, type: integer", "name: p00, type: string",
        "6:36: `min` needs a column of type `integer`, `number`, `date` or `datetime`",
        "6:44: `max` needs a column of type `integer`, `number`, `date` or `datetime`"),
    Mistake(
        in: "datasets/digits-train.yaml", "format: csv", "format: avro",
        "4:9: `format` must be `csv` or `jsonl` or `parquet` or `arrow` or `images` or `text`, "
            + "found `avro`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}", "mean: {columns: [p00]}",
        "9:9: `mean` says neither `min` nor `max`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}", "constant: {max: 1}",
        "9:14: unknown key `max`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "key_overlap: {with: digits-test}",
        "9:16: `key_overlap` needs `columns`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}", "split_overlap: {}",
        "9:18: `checks.split_overlap.with` is missing"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "psi: {columns: [p0], warn: 0.3, fail: 0.2}",
        "9:19: there is no column `p0`; did you mean `p00`?", "9:30: `warn` is above `fail`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "quantile: [{columns: [p00], min: 1, share: 2}]",
        "9:14: `quantile` needs a `share` from 0 to 1"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "private_data: {kinds: [email, names]}",
        "9:33: `checks.private_data.kinds[1]` must be `email` or `phone` or "
            + "`card` or `iban` or `ip` or `secret` or `random`, found `names`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "mixed_types: {max: 0.2, meant: 0.1}",
        "9:3: `mixed_types` is about texts, and no column is declared that it fits",
        "9:34: `meant` is above `max` and at most 1"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "schema_change: {max: 1}", "9:19: unknown key `max`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "freshness: {columns: [p00], max: 7}",
        "9:25: `freshness` is about dates and times, and `p00` is of type `integer`",
        "9:36: `checks.freshness.max` must be a duration such as `30s`, `10m` or `2h`, found `7`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "row_set_digest: {is: v3-12-3}", "9:24: `v3-12-3` is no digest of rows"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "row_set_digest: {is: v2-00112233445566778899aabbccddeeff-12}",
        "9:24: `v2-00112233445566778899aabbccddeeff-12` is a digest of an earlier version"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "sum: {columns: [p00], max: 9007199254740993}",
        "9:30: `checks.sum.max` is 9007199254740993, which 64-bit floating point cannot hold"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "{missing_share: {max: 0.1}, missing_ratio: {max: 0.1}}",
        "9:19: `missing_share` and `missing_ratio` say the same"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}", "near_duplicates:",
        "9:19: `near_duplicates` needs `columns`"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}",
        "near_duplicates: {columns: [p00], similarity: 0}",
        "9:31: `near_duplicates` is about texts, and `p00` is of type `integer`",
        "9:49: `similarity` is above 0 and at most 1"),
    Mistake(
        in: "datasets/digits-train.yaml", "row_count: {min: 1000}", "outliers_rare: {share: 2}",
        "9:3: `outliers_rare` is about categories, and no column is declared that it fits",
        "9:26: `share` is a part of 1"),
    Mistake(
        in: "datasets/digits-train.yaml", "format: csv", "format: csv\nlabel: digits",
        "5:8: there is no column `digits`; did you mean `digit`?"),
    Mistake(
        in: "datasets/digits-train.yaml", "format: csv", "format: csv\ndialect: {delimiter: 'tab'}",
        "5:22: `delimiter` must be one ASCII character, found `tab`"),
    Mistake(
        in: "datasets/digits-train.yaml", "format: csv",
        "format: csv\nforeign_keys: [{columns: [p00, digit], references: [a], dataset: d}]",
        "5:52: `columns` and `references` name 2 and 1 columns"),
    Mistake(
        in: "datasets/digits-train.yaml", "max: 16", "max: 16, exclusive_max: 17",
        "6:64: `exclusive_max` and `max` say the same thing twice"),
    Mistake(
        in: "datasets/digits-train.yaml", "max: 16", "max: 16, format: email",
        "6:57: `format` needs a column of type `string`, `date` or `datetime`"),
    Mistake(
        in: "datasets/digits-train.yaml", "data/digits-train.csv", "../digits-train.csv",
        "3:12: `../digits-train.csv` is not inside the repository"),
]

struct DiagnosticTests {
    @Test(arguments: modelMistakes)
    func `a mistake in model.yaml is named with its place`(_ mistake: Mistake) async throws {
        let plan = try await planned(
            digits.replacing(mistake.path, mistake.old, with: mistake.new))
        let said = plan.brokenModels[ModelName(checked: "digits")] ?? []
        #expect(said.map(\.line) == mistake.says)
        #expect(plan.models.isEmpty)
    }

    @Test(arguments: otherMistakes)
    func `a mistake in another file is named with its place`(_ mistake: Mistake) async throws {
        let plan = try await planned(
            digits.replacing(mistake.path, mistake.old, with: mistake.new))
        #expect(plan.diagnostics.map(\.line) == mistake.says)
        #expect(plan.repositoryIsBroken == (mistake.path == "slipway.yaml"))
    }

    @Test func `all mistakes of a file are named, not only the first`() async throws {
        let text = """
            datsets: {}
            owner: vision
            owner: sound
            steps:
              train: {run: 5, timeout: soon}
            evaluation: {task: classification, task: regression}
            """
        let plan = try await planned(digits.setting("models/digits/model.yaml", to: text))
        let said = plan.brokenModels[ModelName(checked: "digits")] ?? []
        #expect(
            said.map(\.line)
                == [
                    "1:1: unknown key `datsets`; did you mean `datasets`?",
                    "2:1: the key `owner` is given twice",
                    "5:16: `steps.train.run` must be a text, found `5`",
                    "5:28: `steps.train.timeout` must be a duration such as `30s`, `10m` or `2h`, "
                        + "found `soon`",
                    "6:14: the key `task` is given twice",
                    "6:13: `evaluation.step` is missing: no single step produces `predictions.csv`",
                ].map { "models/digits/model.yaml:" + $0 }.sorted())
    }

    @Test func `the hint of an address shows one`() async throws {
        let plan = try await planned(
            digits.replacing("environments/production.yaml", "127.0.0.1:8501", with: "8501"))
        #expect(
            plan.diagnostics.map(\.line) == [
                "environments/production.yaml:3:19: `gateway.listen` must be an address and a "
                    + "port, found `8501`"
            ])
        #expect(plan.diagnostics.map(\.hint) == ["HOST:PORT, for example \"127.0.0.1:8501\""])
    }

    @Test func `a number without limits is a number`() async throws {
        let plan = try await planned(
            digits.replacing("datasets/digits-train.yaml", "min: 0", with: "min: low"))
        #expect(
            plan.diagnostics.map(\.line) == [
                "datasets/digits-train.yaml:6:37: `min` of a column of type `integer` must be a "
                    + "number, found `low`"
            ])
    }

    @Test func `an environment that is the first is to be added`() async throws {
        let plan = try await planned(digits.setting("environments/production.yaml", to: nil))
        let said = plan.brokenModels[ModelName(checked: "digits")] ?? []
        #expect(said.map(\.message) == ["unknown environment `production`"])
        #expect(said.map(\.hint) == ["add environments/production.yaml"])
    }

    @Test func `the hint of an unknown key lists those that are known`() async throws {
        let plan = try await planned(
            digits.replacing("environments/production.yaml", "target", with: "tarket"))
        #expect(
            plan.diagnostics.map(\.hint) == [
                "known here: description, gateway, keep_resident, target"
            ])
    }

    @Test func `a file that is too large, too deep or not text is refused`() {
        let large = [UInt8](repeating: 0x20, count: documentBytesMax + 1)
        let deep =
            Array(String(repeating: "[", count: 100).utf8)
            + Array(String(repeating: "]", count: 100).utf8)
        let abyss = Array(String(repeating: "- ", count: 400_000).utf8)
        for (bytes, message) in [
            (large, "the file is larger than 1 MiB"),
            (deep, "lists and mappings are nested deeper than 64"),
            ([0xFF, 0xFE], "the file is not UTF-8 text: byte 0 of it is not valid"),
            (abyss, "lists and mappings are nested deeper than 64"),
        ] {
            let said = decodeModel(bytes, file: "m").diagnostics
            #expect(said.contains { $0.message == message })
        }
    }

    @Test func `a byte that is not UTF-8 is named with its place, UTF-16 by its name`() {
        let damaged = Array("description: ü\nowner: a".utf8) + [0xFF] + Array("b\n".utf8)
        let said = decodeModel(damaged, file: "m").diagnostics
        #expect(
            said.map(\.line) == ["m:2:9: the file is not UTF-8 text: byte 24 of it is not valid"])
        let wide = decodeModel([0xFF, 0xFE, 0x61, 0], file: "m").diagnostics
        #expect(wide.map(\.hint) == ["it looks like UTF-16: save it as UTF-8"])
    }

    @Test func `of thousands of errors in a file the first are said and the rest counted`() {
        let keys = (0..<5000).map { "k\($0): 1\n" }.joined()
        let said = decodeModel(Array(keys.utf8), file: "m").diagnostics
        #expect(said.count { $0.message.hasPrefix("unknown key") } == 100)
        #expect(said.contains { $0.message.hasSuffix(" more errors are not shown") })
    }

    @Test func `a byte order mark is passed over`() {
        let text = "description: x\nevaluation: {task: classification}\ntusk: 1\n"
        let plain = decodeModel(Array(text.utf8), file: "m").diagnostics
        let marked = decodeModel([0xEF, 0xBB, 0xBF] + Array(text.utf8), file: "m").diagnostics
        #expect(plain.count == 1 && marked == plain)
    }

    @Test func `aliases that would stand for billions of values are refused`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<60 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        let said = decodeModel(Array((text + "? *a59\n: x\n").utf8), file: "m").diagnostics
        #expect(said.map(\.line) == ["m:2:10: anchors and aliases are not supported: `*a0`"])
    }
}
