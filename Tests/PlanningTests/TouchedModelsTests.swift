import Domain
import Testing

@testable import Planning

/// Asks every model, the plain way.
private func naive(
    _ paths: [String], _ old: RepositoryPlan?, _ new: RepositoryPlan
) -> Set<ModelName> {
    var touched: Set<ModelName> = []
    for plan in [old, new].compactMap(\.self) {
        for name in plan.modelNames {
            guard let inputs = plan.index.inputs[name] else { continue }
            if paths.contains(where: { $0 == "slipway.yaml" || inputs.contains($0) }) {
                touched.insert(name)
            }
        }
    }
    return touched
}

struct TouchedModelsTests {
    @Test(arguments: [
        ("models/digits/train.py", true), ("models/digits/model.yaml", true),
        ("models/digits/new/file.py", true), ("models/digits/warmup.json", true),
        ("models/digits/README.md", false), ("models/digits/readme", false),
        ("models/digits/docs/README.md", true), ("models/digits/notes/today.txt", false),
        ("models/digits2/train.py", false), ("models/digits", false),
        ("shared/features/pixels.py", true), ("shared/features/new.py", true),
        ("shared/other.py", false), ("datasets/digits-train.yaml", true),
        ("datasets/other.yaml", false), ("data/digits-test.csv", true),
        ("data/other.csv", false), ("environments/production.yaml", true),
        ("environments/staging.yaml", false), ("slipway.yaml", true), ("README.md", false),
    ])
    func `a changed file touches a model or does not`(_ path: String, _ touches: Bool) async throws
    {
        let plan = try await planned(digits)
        let touched = touchedModels(changedPaths: [path], old: plan, new: plan)
        #expect(touched.map(\.text) == (touches ? ["digits"] : []))
    }

    @Test func `a removed, an added and a broken model are touched`() async throws {
        let with = try await planned(digits)
        let without = try await planned(
            digits.filter { !$0.key.hasPrefix("models/digits/") })
        let broken = try await planned(digits.setting("models/digits/model.yaml", to: "a: [\n"))
        let path = ["models/digits/model.yaml"]
        #expect(touchedModels(changedPaths: path, old: with, new: without).count == 1)
        #expect(touchedModels(changedPaths: path, old: nil, new: with).count == 1)
        #expect(touchedModels(changedPaths: path, old: with, new: broken).count == 1)
        let code = ["models/digits/train.py"]
        #expect(touchedModels(changedPaths: code, old: broken, new: broken).count == 1)
        // What the model used before it broke still counts.
        let data = ["data/digits-test.csv"]
        #expect(touchedModels(changedPaths: data, old: with, new: broken).count == 1)
    }

    @Test func `the index finds what asking every model finds`() async throws {
        for seed in 0..<15 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var files = manyModels(20)
            let old = try await planned(files)
            for _ in 0..<5 { change(&files, using: &random) }
            let new = try await planned(files)
            let paths = files.keys.sorted() + ["models/m1/notes/b.txt", "models/m2/new.py", "x/y"]
            for _ in 0..<60 {
                let changed = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
                    paths.randomElement(using: &random)
                }
                #expect(
                    touchedModels(changedPaths: changed, old: old, new: new)
                        == naive(changed, old, new), "seed \(seed): \(changed)")
            }
        }
    }

    @Test func `one file among thousands of models touches its own model only`() async throws {
        let plan = try await planned(manyModels(2000))
        let touched = touchedModels(
            changedPaths: ["models/m1234/train.py"], old: plan, new: plan)
        #expect(touched.map(\.text) == ["m1234"])
        #expect(
            touchedModels(changedPaths: ["data/digits-test.csv"], old: plan, new: plan).count
                == 1001)
    }

    @Test(arguments: [
        ("*.txt", "a.txt", true), ("*.txt", "deep/er/a.txt", true), ("*.txt", "a.py", false),
        ("notes", "notes/a/b", true), ("notes", "x/notes/a", true), ("notes/", "notes/a", true),
        ("notes/*.txt", "notes/a.txt", true), ("notes/*.txt", "x/notes/a.txt", false),
        ("/notes", "x/notes", false), ("/notes", "notes", true), ("a/**/z", "a/z", true),
        ("a/**/z", "a/b/c/z", true), ("a/**", "a/b/c", true), ("a?c", "abc", true),
        ("a?c", "ac", false), ("**", "anything/at/all", true), ("", "a", false),
        ("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ])
    func `a pattern matches or does not`(_ pattern: String, _ path: String, _ matches: Bool) {
        #expect(PathPattern(pattern).matches(path) == matches)
    }
}
