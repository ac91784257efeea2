import Daemon
import Domain
import FoundationEssentials
import Host
import Journal
import Provenance
import Registry
import Testing

/// A model that is trained on what its datasets are prepared to.
@Suite struct PreparedDataTests {
    private let raw =
        "x,who\n" + (0..<60).map { "\($0 % 50 == 3 ? "" : "\($0)"),p\($0 % 12)\n" }.joined()

    /// `seen` is a file that the train step adds what it found to.
    private func files(
        _ data: String, seen: String, seed: Int = 1, more: String = "", claimed: String? = nil
    ) -> [String: String] {
        var model = ShellModel()
        model.before = "cat $SLIPWAY_DATASET_TEST >> \(seen)"
        model.data = data
        var files = model.files
        files["data/raw.csv"] = files["data/test.csv"]
        files["data/test.csv"] = nil
        files["datasets/raw.yaml"] = """
            files: [{path: data/raw.csv, sha256: \(claimed ?? sha256(Array(data.utf8)).hex)}]

            """
        files["datasets/clean.yaml"] = "from: raw\nprepare: [{drop_missing: {columns: [x]}}]\n"
        files["datasets/test.yaml"] = """
            from: clean
            prepare:
              - split: {part: a, parts: {a: 0.5, b: 0.5}, by: group, columns: [who], seed: \(seed)}
            columns:
              - {name: x, type: integer, required: true}
              - {name: who, type: string}
            \(more)

            """
        return files
    }

    @Test(.timeLimit(.minutes(5)))
    func `a prepared dataset trains and is released, and its lineage is told`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            let commit = try await yard.push(files(raw, seen: seen), "first")
            _ = try await yard.evidence(commit)
            let judgement = try #require(try await yard.record("m").judgements[commit])
            let lineage = try #require(judgement.lineage)
            #expect(lineage.map(\.dataset.text) == ["clean", "test"])
            #expect(lineage.map(\.source.text) == ["raw", "clean"])
            #expect(lineage[0].sourceFiles.map(\.sha256) == [sha256(Array(raw.utf8))])
            #expect(lineage[1].sourceFiles.map(\.sha256) == [lineage[0].sha256])
            #expect(lineage[0].steps == ["drop_missing: 60 → 58 rows"])

            // What the steps were given is what the lineage names: once for each of two steps.
            let found = try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self)
            let half = String(found.prefix(found.count / 2))
            #expect(found == half + half)
            #expect(sha256(Array(half.utf8)) == lineage[1].sha256)
            #expect(half.split(separator: "\n").count == lineage[1].rows + 1)
            let events = try await yard.journal.events(
                of: RunID(model: ModelName(checked: "m"), number: 1), after: 0, limit: 100)
            #expect(
                events.contains {
                    if case .object(let keys) = $0.event { keys["prepared"] != nil } else { false }
                })
            try await yard.release(commit)

            // Another expectation judges anew, and trains nothing; another seed trains.
            let looser = try await yard.push(
                files(raw, seen: seen, more: "checks: {row_count: {min: 5}}"), "other checks")
            try await yard.until("\(looser.short) is live already") { record in
                record.outcomes[looser] != nil || record.judgements[looser] != nil
            }
            #expect(
                try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self) == found)
            let other = try await yard.push(files(raw, seen: seen, seed: 5), "another seed")
            _ = try await yard.evidence(other)
            let after = try #require(try await yard.record("m").judgements[other]?.lineage)
            #expect(after[0] == lineage[0])
            #expect(after[1].sha256 != lineage[1].sha256)
            #expect(
                try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self) != found)
        }
    }

    /// A PNG of one grey pixel row.
    private let picture: [UInt8] = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
        0x52, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3e,
        0x8b, 0x4b, 0x68, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xe0,
        0xaa, 0xf8, 0x00, 0x00, 0x02, 0x02, 0x01, 0x73, 0xae, 0x97, 0xce, 0xd6, 0x00, 0x00, 0x00,
        0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ]

    @Test(.timeLimit(.minutes(10)))
    func `prepared pictures reach a step as a folder, and are kept`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            var model = ShellModel(data: "x\n1\n")
            model.before = "(cd $SLIPWAY_DATASET_TEST && find . -type f | sort) >> \(seen)"
            var files = model.files
            for path in ["data/test.csv", "datasets/test.yaml"] { files[path] = nil }
            for name in ["cats/a.png", "dogs/b.png"] {
                let path = "\(yard.clone)/data/scans/\(name)"
                try makeFolder(parentFolder(path))
                try writeFileAtomically(path, picture)
            }
            let lines = ["cats/a.png", "dogs/b.png"].map {
                "\(sha256(picture).hex)  data/scans/\($0)\n"
            }.joined()
            files["datasets/scans.yaml"] =
                "files: [{path: data/scans/, sha256: \(sha256(Array(lines.utf8)).hex)}]\n"
                + "format: images\n"
            files["datasets/test.yaml"] = """
                from: scans
                prepare: [{resize_images: {width: 4, height: 4, fit: stretch}}]
                label: label
                columns:
                  - {name: label, type: string}
                  - {name: width, type: integer, min: 4, max: 4}

                """
            let commit = try await yard.push(files, "pictures")
            _ = try await yard.evidence(commit)
            let lineage = try #require(try await yard.record("m").judgements[commit]?.lineage)
            #expect(lineage.map(\.rows) == [2])
            #expect(lineage[0].steps[0].hasPrefix("resize_images: 2 → 2 rows; 4×4, stretch"))
            let told = try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self)
            #expect(told == String(repeating: "./cats/a.png\n./dogs/b.png\n", count: 2), "\(told)")
        }
    }

    /// Takes what a dataset was prepared to out of the cache.
    private func forget(_ dataset: String, _ rows: Digest, _ cache: ArtifactStore) throws {
        for name in try namesIn("\(cache.folder)/steps") {
            let path = "\(cache.folder)/steps/\(name)"
            let record = try JSONDecoder().decode(
                StepRecord.self, from: Data(readFile(path, limitBytes: 1 << 20)))
            guard record.step.text == "prepare",
                case .object(let made) = try JSONDecoder().decode(
                    JSONValue.self, from: Data(cache.read(record.output))),
                case .object(let report)? = made["report"],
                report["dataset"] == .string(dataset)
            else { continue }
            try removeFile(path)
            return try removeFile(cache.path(of: rows))
        }
        Issue.record("nothing of \(dataset) is kept")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a committed file never stands for prepared rows`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            var forged = files(raw, seen: seen)
            for name in ["clean", "test"] {
                forged[".slipway/prepared/\(name).csv"] = "x,who\n666,p1\n"
            }
            forged["models/m/model.yaml"] = forged["models/m/model.yaml"]?
                .replacing("parameters:", with: "includes: [.slipway]\nparameters:")
            let commit = try await yard.push(forged, "a file in the way")
            _ = try await yard.evidence(commit)
            let lineage = try #require(try await yard.record("m").judgements[commit]?.lineage)
            let found = try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self)
            let half = String(found.prefix(found.count / 2))
            #expect(sha256(Array(half.utf8)) == lineage[1].sha256, "\(found)")
            #expect(lineage[0].steps == ["drop_missing: 60 → 58 rows"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is gone between the data and the result is made again`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            let commit = try await yard.push(files(raw, seen: seen), "first")
            _ = try await yard.evidence(commit)
            let lineage = try #require(try await yard.record("m").judgements[commit]?.lineage)
            try forget("clean", lineage[0].sha256, try #require(yard.workshop).cache)
            let other = try await yard.push(
                files(raw, seen: seen, more: "checks: {row_count: {min: 5}}"), "other checks")
            _ = try await yard.evidence(other)
            #expect(try await yard.record("m").judgements[other]?.lineage == lineage)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `data that cannot be prepared stops the run at its place`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            let wrong = try await yard.push(
                files(raw, seen: seen, claimed: String(repeating: "0", count: 64)), "wrong digest")
            let digest = try await yard.failure(of: wrong)
            #expect(digest.details.first?.message.hasPrefix("sha256 of `data/raw.csv`") ?? false)

            var broken = files(raw + "oops,p1\n", seen: seen)
            broken["datasets/clean.yaml"] =
                "from: raw\nprepare: [{convert: {columns: [x], to: integer}}]\n"
            let cell = try await yard.failure(of: try await yard.push(broken, "no number"))
            #expect(
                cell.details.map { "\($0.place): \($0.message)" } == [
                    "data/raw.csv:62:1: column `x`: `oops` is no integer (step 1, convert)"
                ])

            let strict = try await yard.failure(
                of: try await yard.push(
                    files(raw, seen: seen, more: "checks: {row_count: {min: 500}}"), "too few"))
            #expect(strict.details.first?.place.file == "datasets/test.yaml")
        }
    }
}
