import Domain
import Testing

@testable import Planning

/// Entries of `files:` that stand for many.
struct ManyFilesTests {
    private static let sum = String(repeating: "5f", count: 32)

    private func repository(_ manifest: String, _ more: Files = [:]) -> Files {
        var files: Files = [
            "slipway.yaml": "",
            "models/m/model.yaml": "datasets: {train: rows}\nevaluation: {task: regression}\n",
            "models/m/train.py": "", "models/m/evaluate.py": "",
            "datasets/rows.yaml": manifest, "data/part-1.csv": "a\n1\n", "data/x.csv": "b\n",
            "data/img/cat/1.png": "p", "data/img/.hidden": "h",
        ]
        files.merge(more) { $1 }
        return files
    }

    private func rows(_ files: Files) async throws -> DatasetManifest {
        let plan = try await planned(files)
        guard let found = plan.datasets[DatasetName(checked: "rows")] else {
            throw Failure("the dataset is broken: \(plan.allDiagnostics.map(\.line))")
        }
        return found
    }

    private func candidate(_ files: Files) async throws -> Candidate {
        let plan = try await planned(files)
        guard let model = plan.models[ModelName(checked: "m")] else {
            throw Failure("the model is broken: \(plan.allDiagnostics.map(\.line))")
        }
        return model.candidate
    }

    @Test func `a pattern tells the format, a folder does not`() async throws {
        let tables = try await rows(
            repository("files: [{path: data/part-*.csv, sha256: \(Self.sum)}]\n"))
        #expect(tables.format == .csv && tables.files.map(\.path) == ["data/part-*.csv"])
        #expect(tables.files[0].folder == "data")
        let pictures = try await rows(
            repository("files: [{path: data/img/, sha256: \(Self.sum)}]\nformat: images\n"))
        #expect(pictures.files.map(\.path) == ["data/img/**"])
        let said = try await planned(
            repository("files: [{path: data/img/, sha256: \(Self.sum)}]\n")
        ).diagnostics.map(\.line)
        #expect(said.contains { $0.contains("`format` is missing, and `data/img/**`") }, "\(said)")
    }

    @Test func `files that come and change are another candidate, others are not`() async throws {
        let manifest = "files: [{path: data/part-*.csv, sha256: \(Self.sum)}]\n"
        let one = try await candidate(repository(manifest))
        let more = try await candidate(repository(manifest, ["data/part-2.csv": "a\n2\n"]))
        let changed = try await candidate(repository(manifest, ["data/part-1.csv": "a\n3\n"]))
        let other = try await candidate(repository(manifest, ["data/x.csv": "c\n"]))
        #expect(more != one && changed != one && more != changed && other == one)
        let plan = try await planned(repository(manifest))
        #expect(
            touchedModels(changedPaths: ["data/part-9.csv"], old: nil, new: plan)
                == [ModelName(checked: "m")])
    }

    @Test func `what cannot be many is named at its place`() async throws {
        for (entry, line) in [
            (
                "path: data/*.csv, sha256: \(Self.sum), url: \"https://example.org/x\"",
                "`url` with many files in `path` is not yet supported"
            ),
            (
                "path: data/*.csv, dvc: x.dvc",
                "`dvc` with many files in `path` is not yet supported"
            ),
            (
                "path: \"*.csv\", sha256: \(Self.sum)",
                "`*.csv` has no folder before its first `*` or `?`"
            ),
        ] {
            let said = try await planned(repository("files: [{\(entry)}]\n")).allDiagnostics
            #expect(
                said.contains { $0.line.hasPrefix("datasets/rows.yaml:1:") && $0.message == line },
                "\(said.map(\.line))")
        }
    }

    @Test func `a unit is that of texts, and counts in the fingerprint`() async throws {
        let text = "files: [{path: data/a.txt, sha256: \(Self.sum)}]\n"
        let lines = try await rows(repository(text))
        let files = try await rows(repository(text + "unit: file\n"))
        #expect(lines.format == .text && lines.unit == .line && files.unit == .file)
        #expect(validationFingerprint(of: lines) != validationFingerprint(of: files))
        #expect(digest(of: lines) == digest(of: files))
        let said = try await planned(repository(text + "format: csv\nunit: file\n")).allDiagnostics
        #expect(said.contains { $0.message == "`unit` needs `format: text`" })
        for (manifest, says) in [
            (
                "files: [{path: d.csv, sha256: \(Self.sum)}]\nunit: file\n",
                "`unit` needs `format: text`"
            ),
            (
                "files: [{path: d.jsonl, sha256: \(Self.sum)}]\ndialect: {quote: \"'\"}\n",
                "`dialect.quote` needs `format: csv`"
            ),
            (text + "dialect: {delimiter: ;}\n", "`dialect.delimiter` needs `format: csv`"),
            (
                "files: [{path: d.parquet, sha256: \(Self.sum)}]\ndialect: {encoding: utf-16}\n",
                "`dialect.encoding` needs `format: csv` or `format: jsonl` or `format: text`"
            ),
        ] {
            let said = try await planned(repository(manifest)).diagnostics.map(\.message)
            #expect(said == [says], "\(manifest)")
        }
    }

    @Test(arguments: [
        ("a.tsv", "csv"), ("a.csv.gz", "csv"), ("a.jsonl.zst", "jsonl"), ("a.feather", "arrow"),
        ("a.arrow", "arrow"), ("a.JPG", "images"), ("a.webp", "images"), ("a.txt.gz", "text"),
        ("a.parquet", "parquet"),
    ])
    func `what a file is called tells its format`(name: String, format: String) {
        #expect(datasetFormat(of: name)?.rawValue == format)
        #expect(isTabbed(name) == name.hasSuffix(".tsv"))
    }
}
