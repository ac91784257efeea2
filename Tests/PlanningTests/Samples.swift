import Domain

@testable import Planning

/// The files of a repository, by path.
typealias Files = [String: String]

/// The example of the guide: one model with everything that it needs.
let digits: Files = [
    "slipway.yaml": """
    branch: main
    review: {approvals: 1, exclude: [author, committer, co-authors]}
    artifacts: {folder: artifacts}
    signers: .slipway/allowed_signers

    """,
    "models/digits/model.yaml": digitsModel,
    "models/digits/train.py": "print('train')\n",
    "models/digits/evaluate.py": "print('evaluate')\n",
    "models/digits/requirements.txt": "scikit-learn==1.7.2\n",
    "models/digits/warmup.json": #"{"instances": [[0, 1.5]]}"#,
    "models/digits/README.md": "# Digits\n",
    "models/digits/notes/today.txt": "nothing\n",
    "shared/features/pixels.py": "SIZE = 8\n",
    "data/digits-train.csv": "p00,digit\n0,1\n",
    "data/digits-test.csv": "p00,digit\n1,2\n",
    "datasets/digits-train.yaml": manifest("train", "5f"),
    "datasets/digits-test.yaml": manifest("test", "a0"),
    "environments/production.yaml": """
    description: The gateway on this host
    target: local
    gateway: {listen: 127.0.0.1:8501}
    keep_resident: 1

    """,
]

let digitsModel = """
    description: Handwritten digit classifier
    owner: vision
    datasets: {train: digits-train, test: digits-test}
    parameters: {C: 1.0, gamma: 0.001, layers: [8, 16], deep: {on: true, name: ä}}
    python: requirements.txt
    includes: [shared/features]
    ignore: [notes]
    steps:
      train:    {run: python train.py, produces: [model], timeout: 10m, retries: 1}
      evaluate: {run: python evaluate.py, needs: [train], produces: [predictions.csv]}
    evaluation: {task: classification, predictions: predictions.csv, label: digit}
    promotion:
      accuracy: {at_least: 0.95, not_below_baseline_by: 0.005}
      recall:   {each_class_at_least: 0.90}
    review: {approvals: 1}
    serving: {environment: production, runtime: sklearn, warmup: warmup.json}

    """

func manifest(_ part: String, _ byte: String) -> String {
    """
    description: UCI digits, 8×8 pixels
    files:
      - {path: data/digits-\(part).csv, sha256: \(String(repeating: byte, count: 32)), rows: 1437}
    format: csv
    columns:
      - {name: p00, type: integer, min: 0, max: 16}
      - {name: digit, type: integer, values: [0, 1, 2], required: true}
    checks:
      row_count: {min: 1000}

    """
}

/// The smallest model that there can be.
let smallModel = "evaluation: {task: regression}\n"

extension Files {
    /// The same files with `old` replaced by `new` in one of them.
    func replacing(_ path: String, _ old: String, with new: String) -> Files {
        var files = self
        guard let text = self[path], let range = text.firstRange(of: old) else {
            preconditionFailure("\(path) does not hold \(old)")
        }
        files[path] = text.replacingCharacters(range, with: new)
        return files
    }

    func setting(_ path: String, to text: String?) -> Files {
        var files = self
        files[path] = text
        return files
    }

    var tree: [TreeFile] {
        sorted { isBefore($0.key, $1.key) }.map { path, text in
            TreeFile(path: path, blob: ObjectID(bytes: sha256("blob", .string(text))))
        }
    }
}

extension String {
    /// The same text with the first `old` replaced by `new`.
    func replacing(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { preconditionFailure("no \(old) in it") }
        return replacingCharacters(range, with: new)
    }

    func replacingCharacters(_ range: Range<Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}

/// Plans the files with a planner that knows nothing yet, or with the one given.
func planned(_ files: Files, by planner: Planner = Planner()) async throws -> RepositoryPlan {
    try await planner.plan(files: files.tree) { file in
        Array((files[file.path] ?? "").utf8)
    }
}

/// Plans the files of the sample and returns the model, which must be whole.
func plannedDigits(_ files: Files) async throws -> ModelPlan {
    let plan = try await planned(files)
    guard let model = plan.models[ModelName(checked: "digits")] else {
        throw Failure("the model is broken: \(plan.allDiagnostics.map(\.line))")
    }
    return model
}

extension Diagnostic {
    /// `file:line:column: message`
    var line: String { "\(place): \(message)" }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same numbers.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
