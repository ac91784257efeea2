import Domain
import Testing

@testable import Planning

/// Datasets that are prepared from others, or from their own files.
@Suite struct PreparationTests {
    private let train = "datasets/digits-train.yaml"
    private let name = DatasetName(checked: "digits-train")
    private let raw = """
        files:
          - {path: data/raw.csv, sha256: \(String(repeating: "cc", count: 32))}
        columns: [{name: p00, type: string}, {name: digit, type: string}]

        """
    private let steps = """
        prepare:
          - convert: {columns: [p00], to: integer}
          - fill_missing: {columns: [digit], value: 0}
          - drop_missing:
          - drop_duplicates: {columns: [p00], keep: last}
          - merge_duplicates: {columns: [p00], take: {digit: max}}
          - clip_outliers: {columns: [p00], k: 2}
          - drop_outliers: {columns: [p00], method: robust_z}
          - normalise_text: {columns: [digit], form: nfc, trim: true}
          - sample: {share: 0.5, stratify: [digit]}
          - split: {part: train, parts: {train: 0.8, test: 0.2}, by: hash, columns: [p00], seed: 3}

        """
    private let expectations = """
        columns:
          - {name: p00, type: integer, min: 0, max: 16}
          - {name: digit, type: integer}
        checks:
          row_count: {min: 1}

        """

    /// The training set is prepared from a raw one, over one more.
    private var files: Files {
        digits.setting(train, to: "from: clean\n" + steps + expectations)
            .setting(
                "datasets/clean.yaml",
                to: "from: raw\nprepare: [{drop_missing: {columns: [p00]}}]\n"
            )
            .setting("datasets/raw.yaml", to: raw).setting("data/raw.csv", to: "p00,digit\n1,2\n")
    }

    /// The same with files of its own.
    private var own: Files {
        let files = raw.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n"
        return digits.setting(train, to: files + steps + expectations)
            .setting("data/raw.csv", to: "p00,digit\n1,2\n")
    }

    @Test func `a chain of preparations is one file whose making is known`() async throws {
        let plan = try await planned(files)
        #expect(plan.allDiagnostics.isEmpty, "\(plan.allDiagnostics.map(\.line))")
        let manifest = try #require(plan.datasets[name])
        #expect(manifest.files.map(\.path) == [".slipway/prepared/digits-train.csv"])
        #expect(manifest.rawFiles.map(\.path) == ["data/raw.csv"])
        #expect(manifest.preparedChain.map(\.name.text) == ["clean", "digits-train"])
        #expect(manifest.namedFiles.isEmpty)
        #expect(manifest.preparation?.steps.count == 10)
        let mine = try #require(try await planned(own).datasets[name])
        #expect(mine.files.map(\.path) == [".slipway/prepared/digits-train.csv"])
        #expect(mine.rawFiles == mine.namedFiles)
        #expect(mine.ofOwnFiles.files.map(\.path) == ["data/raw.csv"])
    }

    @Test func `what changes the rows makes another candidate, and nothing else does`()
        async throws
    {
        let before = try await plannedDigits(files)
        let clean = "datasets/clean.yaml"
        for (path, old, new) in [
            (train, "to: integer", "to: number"), (train, "value: 0", "value: 1"),
            (train, "drop_missing:\n", "drop_missing: {when: all}\n"),
            (train, "keep: last", "keep: first"), (train, "digit: max", "digit: min"),
            (train, "k: 2", "k: 3"), (train, "method: robust_z", "method: range, max: 9"),
            (train, "trim: true", "case: lower"), (train, "share: 0.5", "share: 0.6"),
            (train, "part: train", "part: test"), (train, "seed: 3", "seed: 4"),
            (train, "train: 0.8, test: 0.2", "train: 0.7, test: 0.3"),
            (clean, "columns: [p00]", "columns: [digit]"),
            ("datasets/raw.yaml", "cccc", "cdcc"), ("data/raw.csv", "1,2", "1,3"),
            ("datasets/raw.yaml", "columns:", "checks: {missing_values: [NA]}\ncolumns:"),
            ("datasets/raw.yaml", "columns:", "dialect: {delimiter: ;}\ncolumns:"),
        ] {
            let after = try await plannedDigits(files.replacing(path, old, with: new))
            #expect(after.candidate.fingerprint != before.candidate.fingerprint, "\(new)")
            #expect(after.validationFingerprints[name] != before.validationFingerprints[name])
        }
        for (path, old, new) in [
            (train, "max: 16", "max: 15"), (train, "min: 1}", "min: 2}"),
            ("datasets/raw.yaml", "name: p00, type: string", "name: p00, type: integer"),
            (clean, "from: raw\n", "from: raw\ndescription: less\nowner: ada\n"),
        ] {
            let after = try await plannedDigits(files.replacing(path, old, with: new))
            #expect(after.candidate.fingerprint == before.candidate.fingerprint, "\(new)")
        }
        let stricter = try await plannedDigits(files.replacing(train, "max: 16", with: "max: 15"))
        #expect(stricter.validationFingerprints[name] != before.validationFingerprints[name])
    }

    @Test func `what is classified stays so, whatever was done to it`() async throws {
        let hidden = files.replacing(
            "datasets/raw.yaml", "{name: p00, type: string",
            with: "{name: p00, classification: pii, type: string")
        let plan = try await planned(hidden)
        let manifest = try #require(plan.datasets[name])
        #expect(manifest.columns.map(\.classification) == [.pii, nil])
        #expect(manifest.classifiedColumns.map(\.name) == ["p00"])
        #expect(
            plan.datasets[DatasetName(checked: "clean")]?.classifiedColumns.map(\.name) == ["p00"])
        // What was found while the cells could be shown is found again, also of a dataset that
        // declares no columns of its own.
        let clean = DatasetName(checked: "clean")
        let shown = try #require(try await planned(files).datasets[clean])
        let concealed = try #require(plan.datasets[clean])
        #expect(concealed.columns.map(\.classification) == [.pii, nil])
        #expect(validationFingerprint(of: shown) != validationFingerprint(of: concealed))
        let forbidden = try await planned(
            hidden.replacing(
                "slipway.yaml", "review: {approvals: 1,",
                with: "review: {data: [{models: [other], allow: [pii]}], approvals: 1,"))
        #expect(
            forbidden.brokenModels[ModelName(checked: "digits")]?.map(\.message).first?.hasPrefix(
                "`digits` may not use `pii` data, and `digits-train` has it") ?? false,
            "\(forbidden.allDiagnostics.map(\.line))")
    }

    @Test func `everything of the chain touches the model`() async throws {
        for files in [files, own] {
            let plan = try await planned(files)
            for path in files.keys where path.contains("raw") || path.contains("clean") {
                let touched = touchedModels(changedPaths: [path], old: plan, new: plan)
                #expect(touched.map(\.text) == ["digits"], "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("from: clean", "from: cleen", "1:7: unknown dataset `cleen`; did you mean `clean`?"),
        (
            "from: clean", "from: digits-train",
            "1:7: `digits-train` cannot be prepared from itself"
        ),
        (
            "from: clean", "from: clean\nformat: csv",
            "2:1: `from` tells the rows, and `format` does too"
        ),
        (
            "convert: {columns: [p00], to: integer}", "convert: {to: integer}",
            "3:14: `prepare[0].convert.columns` is missing"
        ),
        (
            "convert: {columns: [p00], to: integer}", "convert:",
            "3:5: `convert` needs `columns`"
        ),
        (
            "convert: {columns: [p00], to: integer}", "convrt: {columns: [p00]}",
            "3:5: unknown key `convrt`; did you mean `convert`?"
        ),
        (
            "[p00], to: integer}", "[p01], to: integer}",
            "3:5: there is no column `p01`; did you mean `p00`?"
        ),
        (
            "to: integer}", "to: integer, true_values: [x]}",
            "3:57: `true_values` needs `to: boolean`"
        ),
        (
            "to: integer}", "to: date, format: '%d.%q'}",
            "3:49: `format: %d.%q` has a `%` with a letter that is not known"
        ),
        (
            "to: integer}", "to: number, thousands: .}",
            "3:54: `thousands` must be one ASCII character that stands between digits"
        ),
        (
            "value: 0}", "value: 0, with: mean}",
            "4:19: `fill_missing` needs either `value` or `with`"
        ),
        ("digit: max", "p00: max", "7:23: `p00` is equal in the rows that become one"),
        ("k: 2", "min: 2, max: 1", "8:50: `max` is below `min`"),
        ("k: 2", "threshold: 2", "8:48: `threshold` means nothing with `method: tukey`"),
        ("form: nfc, trim: true", "trim: false", "10:21: `normalise_text` says nothing to do"),
        ("share: 0.5, ", "", "11:5: `sample` needs either `share` or `rows`"),
        (
            "stratify: [digit]", "stratify: [digit], weight: p00",
            "11:13: `stratify` and `weight` cannot both decide"
        ),
        ("part: train", "part: tran", "12:19: `parts` has no `tran`; did you mean `train`?"),
        (
            "train: 0.8", "train: 0.7",
            "12:33: the shares of `parts` add up to 0.8999999999999999, not to 1"
        ),
        ("train: 0.8", "train: 1.8", "12:41: a share is above 0 and below 1, found `1.8`"),
        (
            "train: 0.8, test: 0.2", "train: 2024-01-01, test: rest",
            "12:33: a moment needs `by: time`"
        ),
        ("by: hash", "by: time", ""),
        ("by: hash", "by: random", "12:79: `columns` means nothing with `by: random`"),
        ("by: hash, columns: [p00]", "by: group", "12:12: `by: group` needs `columns`"),
    ])
    func `a mistake is named at its place`(
        _ old: String, _ new: String, _ says: String
    ) async throws {
        let plan = try await planned(files.replacing(train, old, with: new))
        let said = plan.diagnostics.map(\.line)
        if says.isEmpty {
            #expect(said.isEmpty, "\(said)")
        } else {
            #expect(said.contains("\(train):\(says)"), "\(said)")
        }
    }

    private func pictures(_ steps: String, format: String = "images") -> Files {
        digits.setting(
            "datasets/scans.yaml",
            to: "files: [{path: data/scans/, sha256: \(String(repeating: "cc", count: 32))}]\n"
                + "format: \(format)\n"
        )
        .setting("datasets/small.yaml", to: "from: scans\nprepare: [\(steps)]\n")
    }

    @Test func `pictures become a folder of pictures, by steps of their own`() async throws {
        let steps = "{resize_images: {width: 32, height: 16}}, {convert_images: {mode: L}}"
        let plan = try await planned(pictures(steps))
        #expect(plan.allDiagnostics.isEmpty, "\(plan.allDiagnostics.map(\.line))")
        let small = try #require(plan.datasets[DatasetName(checked: "small")])
        #expect(small.format == .images)
        #expect(small.files.map(\.path) == [".slipway/prepared/small/**"])
        #expect(small.files[0].folder == ".slipway/prepared/small")
        #expect(small.files[0].holds(".slipway/prepared/small/cats/a.png"))
        var seen: Set<Digest> = [digest(of: small)]
        for other in [
            steps.replacing("32", with: "33"), steps.replacing("16", with: "17"),
            steps.replacing("16}", with: "16, fit: cover}"),
            steps.replacing("16}", with: "16, filter: box}"),
            steps.replacing("mode: L", with: "mode: RGB"),
            steps.replacing("mode: L", with: "mode: L, format: jpeg"),
            steps.replacing("mode: L", with: "mode: L, format: jpeg, quality: 80"),
        ] {
            let changed = try await planned(pictures(other))
            let made = try #require(changed.datasets[DatasetName(checked: "small")])
            #expect(seen.insert(digest(of: made)).inserted, "\(other)")
        }
    }

    @Test(arguments: [
        ("{convert_images: {quality: 90}}", "images", "`convert_images` says nothing to do"),
        (
            "{convert_images: {format: png, quality: 90}}", "images",
            "`quality` needs `format: jpeg`"
        ),
        (
            "{convert_images: {format: jpeg, mode: RGBA}}", "images", "JPEG has no transparency"
        ),
        (
            "{resize_images: {width: 8, height: 8}}", "text",
            "`resize_images` is about pictures, and `scans` has `format: text`"
        ),
        (
            "{resize_images: {width: 8}}", "images", "`prepare[0].resize_images.height` is missing"
        ),
        (
            "{resize_images: {width: 8, height: 9000}}", "images",
            "`prepare[0].resize_images.height` must be"
        ),
    ])
    func `what cannot be made of pictures is an error where it is said`(
        _ steps: String, _ format: String, _ message: String
    ) async throws {
        let plan = try await planned(pictures(steps, format: format))
        let found = plan.diagnostics.filter { $0.severity == .error }
        #expect(found.first?.message.hasPrefix(message) ?? false, "\(found.map(\.line))")
        #expect(found.first?.place.file == "datasets/small.yaml")
    }

    @Test func `a circle, a broken source and a lacking column are named`() async throws {
        let circle = try await planned(
            files.setting(
                "datasets/raw.yaml", to: "from: clean\nprepare: [{drop_missing: {when: any}}]\n"))
        #expect(
            circle.diagnostics.map(\.line).contains(
                "datasets/clean.yaml:1:7: datasets are prepared in a circle: "
                    + "`clean` from `raw` from `clean`"), "\(circle.diagnostics.map(\.line))")
        #expect(circle.datasets[name] == nil)
        let broken = try await planned(files.replacing("datasets/raw.yaml", "sha256", with: "sha"))
        #expect(
            broken.diagnostics.map(\.line).contains(
                "\(train):1:7: the dataset `clean` has errors"))
        let chain = [train, "datasets/clean.yaml", "datasets/raw.yaml"]
        #expect(broken.brokenDatasets[name]?.map(\.file) == chain)
        let lacking = try await planned(
            files.replacing("datasets/clean.yaml", "[p00]", with: "[p0]"))
        #expect(
            lacking.diagnostics.map(\.line).contains(
                "datasets/clean.yaml:2:12: `raw` has no column `p0`; did you mean `p00`?"),
            "\(lacking.diagnostics.map(\.line))")
        let pictures = try await planned(
            files.replacing("datasets/raw.yaml", "columns:", with: "format: images\ncolumns:"))
        #expect(
            pictures.diagnostics.map(\.line).contains(
                "datasets/clean.yaml:2:12: `drop_missing` is about rows, and `raw` has "
                    + "`format: images`"), "\(pictures.diagnostics.map(\.line))")
        let without = try await planned(
            files.replacing("datasets/clean.yaml", "prepare:", with: "#"))
        #expect(
            without.diagnostics.map(\.line).contains(
                "datasets/clean.yaml:1:7: `from` needs `prepare`"))
    }

    @Test func `a chain has an end, and a long one is planned in time by its length`()
        async throws
    {
        func chain(_ length: Int) async throws -> RepositoryPlan {
            var files = files
            files["datasets/clean.yaml"] = "from: link-1\nprepare: [{drop_missing: }]\n"
            for number in 1...length {
                let next = number < length ? "link-\(number + 1)" : "raw"
                files["datasets/link-\(number).yaml"] =
                    "from: \(next)\nprepare: [{drop_missing: }]\n"
            }
            return try await planned(files)
        }
        // Two more stand at its end: `clean`, and the training data.
        #expect(try await chain(30).diagnostics.isEmpty)
        let long = try await chain(31)
        #expect(
            long.diagnostics.map(\.line) == [
                "\(train):1:7: more than 32 datasets are prepared one from another"
            ])
        #expect(long.brokenModels.count == 1)
        #expect(try await chain(2000).diagnostics.count == 1970)
    }

    @Test func `how texts are read is said of what the rows are made of`() async throws {
        let plan = try await planned(
            files.replacing(train, "columns:\n", with: "unit: file\ncolumns:\n"))
        #expect(
            plan.diagnostics.map(\.message) == ["`from` tells the rows, and `unit` does too"])
    }

    @Test func `what of lines is taken whole makes other rows, and another scalar does not`() {
        func digest(_ type: ColumnDeclaration.Kind) -> Digest {
            let lines = DatasetManifest(
                name: name, path: "datasets/raw.yaml", files: [], format: .jsonl,
                columns: [ColumnDeclaration(name: "a", type: type, place: Place(file: ""))])
            return preparationFingerprint(of: [], from: lines)
        }
        #expect(digest(.string) == digest(.integer))
        #expect(digest(.any) == digest(.object) && digest(.any) != digest(.string))
    }

    @Test func `no file of a dataset lies where prepared data is laid out`() async throws {
        let plan = try await planned(
            digits.replacing(train, "data/digits-train.csv", with: ".slipway/prepared/x.csv"))
        #expect(
            plan.diagnostics.map(\.message) == [
                "`.slipway/prepared/x.csv` lies where prepared data is laid out"
            ])
    }
}
