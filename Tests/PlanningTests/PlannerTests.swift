import Domain
import Synchronization
import Testing

@testable import Planning

private let digitsName = ModelName(checked: "digits")

struct PlannerTests {
    @Test func `the example of the guide is planned whole`() async throws {
        let plan = try await planned(digits)
        #expect(plan.allDiagnostics.isEmpty && !plan.repositoryIsBroken)
        let model = try #require(plan.models[digitsName])
        #expect(model.declaration.steps.map(\.timeoutSeconds) == [600, 3600])
        #expect(model.declaration.steps.map(\.retries) == [1, 0])
        #expect(model.declaration.parameters["C"] == .number(1))
        #expect(
            model.declaration.promotion.map(\.bound) == [
                .atLeast(0.95), .notBelowBaselineBy(0.005), .eachClassAtLeast(0.9),
            ])
        #expect(
            model.declaration.promotion.map(\.place.description) == [
                "models/digits/model.yaml:13:14", "models/digits/model.yaml:13:30",
                "models/digits/model.yaml:14:14",
            ])
        #expect(model.environment?.gatewayListen == "127.0.0.1:8501")
        let row = JSONValue.array([.integer(0), .number(1.5)])
        #expect(model.warmup == .object(["instances": .array([row])]))
        #expect(model.candidate.environment.text == "production")
        #expect(model.candidate.bump == .minor)
        #expect(model.requirements?.path == "models/digits/requirements.txt")
        #expect(
            model.code.map(\.path) == [
                "models/digits/evaluate.py", "models/digits/requirements.txt",
                "models/digits/train.py", "models/digits/warmup.json",
                "shared/features/pixels.py",
            ])
        let train = try #require(plan.datasets[DatasetName(checked: "digits-train")])
        #expect(train.columns[1].values == ["0", "1", "2"] && train.checks.rowCountMin == 1000)
        #expect(train.files[0].digestPlace.description == "datasets/digits-train.yaml:3:43")
        #expect(plan.repository.review.base.exclude == [.author, .committer, .coAuthors])
    }

    @Test func `a model with two scripts needs neither steps nor python`() async throws {
        let text = "evaluation: {task: classification}\n"
        let files = digits.setting("models/digits/model.yaml", to: text)
        let short = try await plannedDigits(files).declaration
        #expect(short.steps.map(\.run) == ["python train.py", "python evaluate.py"])
        #expect(short.steps.map(\.needs) == [[], [StepName(checked: "train")]])
        #expect(short.steps.map(\.produces) == [["model"], ["predictions.csv"]])
        #expect(short.python == "requirements.txt" && short.serving == nil)
        #expect(short.evaluation.step.text == "evaluate")
        #expect(short.evaluation.predictions == "predictions.csv")
        let bare = try await plannedDigits(
            files.setting("models/digits/requirements.txt", to: nil))
        #expect(bare.declaration.python == nil && bare.requirements == nil)
    }

    @Test func `writing the defaults out makes the same candidate`() async throws {
        let short = try await plannedDigits(
            digits.setting("models/digits/model.yaml", to: "evaluation: {task: regression}\n"))
        let long = try await plannedDigits(
            digits.setting(
                "models/digits/model.yaml",
                to: """
                    python: requirements.txt
                    steps:
                      evaluate:
                        needs: [train]
                        run: python evaluate.py
                        produces: [predictions.csv]
                      train: {run: python train.py, produces: [model], timeout: 1h, retries: 0}
                    evaluation: {task: regression, step: evaluate, label: label, resamples: 1000}
                    """))
        #expect(short.candidate == long.candidate)
    }

    @Test func `a missing script is named when there are no steps`() async throws {
        let plan = try await planned(
            digits.setting("models/digits/model.yaml", to: smallModel)
                .setting("models/digits/evaluate.py", to: nil))
        #expect(
            plan.brokenModels[digitsName]?.map(\.line) == [
                "models/digits/model.yaml:1:1: `steps` is missing, "
                    + "and models/digits has no `evaluate.py`"
            ])
    }

    @Test func `a repository without slipway.yaml gets one clear error`() async throws {
        for files in [digits.setting("slipway.yaml", to: nil), [:]] {
            let plan = try await planned(files)
            #expect(
                plan.allDiagnostics.map(\.line) == [
                    "slipway.yaml: the repository has no `slipway.yaml`"
                ])
            #expect(plan.models.isEmpty && plan.repositoryIsBroken)
        }
    }

    @Test func `an empty slipway.yaml means all defaults`() async throws {
        let plan = try await planned(["slipway.yaml": "# nothing yet\n"])
        #expect(plan.repository == RepositoryDeclaration())
        #expect(plan.allDiagnostics.isEmpty && plan.models.isEmpty && !plan.repositoryIsBroken)
    }

    @Test func `a broken file hides no other model`() async throws {
        var files = digits
        files["models/broken/model.yaml"] = "steps: [\n"
        files["models/Bad_Name/model.yaml"] = smallModel
        files["models/policy/model.yaml"] = smallModel
        files["models/uses-broken/model.yaml"] = "datasets: {train: broken}\n" + digitsModel
        files["datasets/broken.yaml"] = "files: 5\n"
        files["environments/staging.yaml"] = "target: []\n"
        files["slipway.yaml"] = "branch: [\n"
        let plan = try await planned(files)
        #expect(plan.modelNames.map(\.text).sorted() == ["broken", "digits", "uses-broken"])
        #expect(plan.models.keys.map(\.text) == ["digits"])
        #expect(
            Set(plan.diagnostics.map(\.place.file)) == [
                "models/Bad_Name/model.yaml", "models/policy/model.yaml", "datasets/broken.yaml",
                "environments/staging.yaml", "slipway.yaml",
            ])
        #expect(plan.repositoryIsBroken)
    }

    @Test func `a model names the place of what is wrong in its dataset`() async throws {
        let plan = try await planned(
            digits.replacing("datasets/digits-train.yaml", "format: csv", with: "format: xml"))
        let said = try #require(plan.brokenModels[digitsName]?.first)
        #expect(said.message == "the dataset `digits-train` has errors")
        #expect(said.hint == "see datasets/digits-train.yaml:4:9")
    }

    @Test func `only files that changed are read again`() async throws {
        let planner = Planner()
        let reads = Mutex<[String]>([])
        func plan(_ files: Files) async throws -> RepositoryPlan {
            try await planner.plan(files: files.tree) { file in
                reads.withLock { $0.append(file.path) }
                return Array((files[file.path] ?? "").utf8)
            }
        }
        _ = try await plan(digits)
        #expect(
            reads.withLock { $0.sorted() } == [
                "datasets/digits-test.yaml", "datasets/digits-train.yaml",
                "environments/production.yaml", "models/digits/model.yaml",
                "models/digits/warmup.json", "slipway.yaml",
            ])
        reads.withLock { $0 = [] }
        let changed = digits.replacing("models/digits/model.yaml", "0.95", with: "0.9")
            .replacing("models/digits/train.py", "train", with: "retrain")
        let after = try await plan(changed)
        #expect(reads.withLock { $0 } == ["models/digits/model.yaml"])
        #expect(after.models[digitsName]?.declaration.promotion.first?.bound == .atLeast(0.9))
        reads.withLock { $0 = [] }
        _ = try await plan(digits)
        #expect(reads.withLock { $0.isEmpty })
    }

    @Test func `a file that cannot be read ends the planning and changes nothing`() async throws {
        let planner = Planner()
        let before = try await planned(digits, by: planner)
        let changed = digits.replacing("models/digits/model.yaml", "0.95", with: "0.9")
        await #expect(throws: Failure.self) {
            try await planner.plan(files: changed.tree) { _ in throw Failure("gone") }
        }
        let after = try await planned(digits, by: planner)
        #expect(after.models == before.models)
    }

    @Test func `planning after any changes equals planning afresh`() async throws {
        for seed in 0..<12 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let planner = Planner()
            var files = manyModels(8)
            for round in 0..<12 {
                change(&files, using: &random)
                let kept = try await planned(files, by: planner)
                let fresh = try await planned(files)
                let note: Comment = "seed \(seed), round \(round)"
                #expect(kept.models == fresh.models, note)
                #expect(kept.brokenModels == fresh.brokenModels, note)
                #expect(kept.diagnostics == fresh.diagnostics, note)
                #expect(kept.index.inputs == fresh.index.inputs, note)
            }
        }
    }

    @Test func `a link in the place of a declaration is called one`() async throws {
        let sum = String(repeating: "5f", count: 32)
        let files: Files = [
            "slipway.yaml": "",
            "datasets/a.yaml": "../elsewhere/a.yaml",
            "datasets/b.yaml":
                "files: [{path: b.csv, sha256: \(sum)}]\nschema: datasets/s/b.json\n",
            "datasets/s/b.json": "../../b.json",
            "datasets/c.yaml": "files: [{path: c.csv, dvc: data/c.csv.dvc}]\n",
            "data/c.csv.dvc": "/data/c.csv.dvc",
            "environments/production.yaml": "../p.yaml",
            "models/m/model.yaml": "../n/model.yaml",
        ]
        let links = [
            "data/c.csv.dvc", "datasets/a.yaml", "datasets/s/b.json",
            "environments/production.yaml", "models/m/model.yaml",
        ]
        var tree = files.tree
        for index in tree.indices where links.contains(tree[index].path) {
            tree[index].mode = 0o120000
        }
        let planner = Planner()
        let plan = try await planner.plan(files: tree) { Array((files[$0.path] ?? "").utf8) }
        #expect(
            plan.allDiagnostics.map(\.line).sorted()
                == links.map { path in
                    "\(path): `\(path)` is a symbolic link to `\(files[path] ?? "")`, and links "
                        + "are not followed"
                })
        #expect(
            plan.allDiagnostics.allSatisfy { $0.hint?.hasPrefix("put the file itself") == true })
        #expect(plan.datasets.isEmpty && plan.models.isEmpty)
        // A file of the same bytes is none.
        let again = try await planned(files, by: planner)
        #expect(!again.allDiagnostics.contains { $0.message.contains("symbolic link") })
    }

    @Test func `a link in the place of a folder, or of data that a commit holds, is an error`()
        async throws
    {
        let sum = String(repeating: "5f", count: 32)
        let files: Files = [
            "slipway.yaml": "", "environments": "../e", "models/m": "../elsewhere/m",
            "models/README": "../README", "data/a.csv": "../b.csv", "far": "../../far",
            "many/1.csv": "x", "many/2.csv": "../b.csv", "many/3.txt": "../b.txt",
            "datasets/a.yaml": "files: [{path: data/a.csv, sha256: \(sum)}]\n",
            "datasets/b.yaml": "files: [{path: far/b.csv, sha256: \(sum)}]\n",
            "datasets/c.yaml": "files: [{path: many/*.csv, sha256: \(sum)}]\n",
        ]
        let links = [
            "environments", "models/m", "models/README", "data/a.csv", "far", "many/2.csv",
            "many/3.txt",
        ]
        func tree(_ links: [String]) -> [TreeFile] {
            files.tree.map { file in
                var file = file
                if links.contains(file.path) { file.mode = 0o120000 }
                return file
            }
        }
        let plan = try await Planner().plan(files: tree(links)) {
            Array((files[$0.path] ?? "").utf8)
        }
        let said = "is a symbolic link, and links are not followed"
        #expect(
            plan.allDiagnostics.map(\.line).sorted() == [
                "datasets/a.yaml:1:36: `data/a.csv` \(said)",
                "datasets/b.yaml:1:35: `far` \(said)",
                "datasets/c.yaml:1:36: `many/2.csv` \(said)",
                "environments: `environments` \(said)",
                "models/m: `models/m` \(said)",
            ])
        #expect(plan.datasets.isEmpty)
        let whole = try await Planner().plan(files: tree([])) { Array((files[$0.path] ?? "").utf8) }
        #expect(!whole.allDiagnostics.contains { $0.message.contains("symbolic link") })

        // A planner that goes on from the commit before says the same.
        let old = CommitID(bytes: sha256("commit", .integer(1)))
        let new = CommitID(bytes: sha256("commit", .integer(2)))
        let (before, after) = (tree([]), tree(["data/a.csv"]))
        let source = PlanSource(
            listing: { $0 == old ? before : after },
            changes: { _, _ in
                after.filter { $0.path == "data/a.csv" }.map {
                    ChangedFile(path: $0.path, file: $0)
                }
            },
            read: { Array((files[$0.path] ?? "").utf8) })
        let planner = Planner()
        _ = try await planner.plan(of: old, from: source)
        let next = try await planner.plan(of: new, from: source)
        #expect(
            next.allDiagnostics.map(\.line).contains("datasets/a.yaml:1:36: `data/a.csv` \(said)"))
    }

    @Test func `decoded files stay bounded by what two commits hold`() {
        var cache = DeclarationCache()
        func file(_ number: Int) -> TreeFile {
            TreeFile(
                path: "models/m\(number)/model.yaml",
                blob: ObjectID(bytes: sha256("", .integer(Int64(number)))))
        }
        for round in 0..<20 {
            let files = (0..<10).map { file(round * 10 + $0) }
            var decoded = DecodedFiles()
            for file in files { decoded[file] = CachedDeclaration([], file) }
            cache.keep(decoded)
            cache.keep(decoded)
            #expect(cache.count <= 20 && cache[file(round * 10)] != nil)
            #expect(round == 0 || cache[file(round * 10 - 1)] != nil)
        }
    }
}

/// Several models that share folders, datasets and environments.
func manyModels(_ count: Int) -> Files {
    var files = digits
    for number in 0..<count {
        let folder = "models/m\(number)"
        files["\(folder)/train.py"] = "\(number)"
        files["\(folder)/evaluate.py"] = "\(number)"
        files["\(folder)/README.md"] = "\(number)"
        files["\(folder)/notes/a.txt"] = "\(number)"
        files["\(folder)/model.yaml"] =
            smallModel + "datasets: {train: digits-\(number % 2 == 0 ? "train" : "test")}\n"
            + (number % 3 == 0 ? "includes: [shared/features]\n" : "")
            + (number % 4 == 0 ? "serving: {}\n" : "") + "ignore: [notes/*.txt]\n"
    }
    return files
}

/// Adds, edits, breaks or removes one file.
func change(_ files: inout Files, using random: inout some RandomNumberGenerator) {
    let paths = files.keys.sorted()
    let path = paths.randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<6, using: &random) {
    case 0: files[path] = nil
    case 1: files[path] = "oops: [\n"
    case 2: files[path, default: ""] += "\n# \(Int.random(in: 0..<99, using: &random))\n"
    case 3: files["environments/staging.yaml"] = "target: local\n"
    case 4: files[path] = manyModels(8)[path] ?? files[path]
    default:
        files["models/m\(Int.random(in: 0..<9, using: &random))/requirements.txt"] = "numpy\n"
    }
}
