import Daemon
import Domain
import Host
import Provenance
import Registry
import Testing

/// A model that is measured by cross-validation.
@Suite struct FoldRunTests {
    private func table(_ rows: Int) -> String {
        var text = "x,label\n"
        for row in 0..<rows { text += "\(row),\(row % 4 == 0 ? "b" : "a")\n" }
        return text
    }

    /// Its training counts the rows it sees; its evaluation predicts `a` for every row, and fails
    /// to predict some in a fold when told so.
    private func files(
        _ data: String, seen: String, k: Int = 4, skips: Int = 0, promotion: String = "{}"
    ) -> [String: String] {
        let train =
            "mkdir -p $SLIPWAY_OUTPUT/model && wc -l < $SLIPWAY_DATASET_TRAIN > "
            + "$SLIPWAY_OUTPUT/model/w && "
            + #"echo train ${SLIPWAY_FOLD:-whole} $(wc -l < $SLIPWAY_DATASET_TRAIN) >> "# + seen
        let evaluate = """
            test -f $SLIPWAY_INPUT_TRAIN/model/w || exit 1
            rows=$((10 - \(skips) * (SLIPWAY_FOLD / SLIPWAY_FOLDS)))
            (echo label,prediction,x; tail -n +2 $SLIPWAY_DATASET_TEST | head -n $rows \\
                | sed "s/\\(.*\\),\\(.*\\)/\\2,a,\\1/") > $SLIPWAY_OUTPUT/predictions.csv
            """
        return [
            "slipway.yaml": "branch: main\n",
            "environments/production.yaml": "target: local\n",
            "data/all.csv": data,
            "datasets/all.yaml": """
            files: [{path: data/all.csv, sha256: \(sha256(Array(data.utf8)).hex)}]
            columns: [{name: x, type: integer}, {name: label, type: string}]

            """,
            "models/m/train.sh": train + "\n", "models/m/evaluate.sh": evaluate + "\n",
            "models/m/model.yaml": """
            datasets: {train: all}
            folds: {k: \(k), by: stratified, columns: [label], seed: 3}
            steps:
              train: {run: sh train.sh, produces: [model]}
              evaluate: {run: sh evaluate.sh, needs: [train], produces: [predictions.csv]}
            evaluation: {task: classification, predictions: predictions.csv, slices: [fold]}
            promotion: \(promotion)
            serving: {environment: production, runtime: {command: "true"}}

            """,
        ]
    }

    private func lines(_ seen: String) throws -> [String] {
        try String(decoding: readFile(seen, limitBytes: 1 << 20), as: UTF8.self)
            .split(separator: "\n").map(String.init).sorted()
    }

    @Test(.timeLimit(.minutes(5)))
    func `folds are trained, judged together and released as one model`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            let commit = try await yard.push(files(table(40), seen: seen), "four folds")
            _ = try await yard.evidence(commit)
            #expect(
                try lines(seen) == (1...4).map { "train \($0) 31" } + ["train whole 41"])
            let judgement = try #require(try await yard.record("m").judgements[commit])
            let lineage = try #require(judgement.lineage)
            #expect(
                lineage.map(\.part) == ["whole"] + (1...4).map { "fold-\($0).test" })
            #expect(lineage.map(\.rows) == [40, 10, 10, 10, 10])
            #expect(Set(lineage.map(\.sha256)).count == 5)
            let report = judgement.report
            #expect(report.rows == 40, "every row is predicted once")
            // The rows of trainings are made of the whole again, and are many times as much.
            let cache = try #require(yard.workshop).cache
            let tables = try walk("\(cache.folder)/objects").filter { entry in
                guard entry.kind == .file else { return false }
                return try readFile(
                    "\(cache.folder)/objects/\(entry.path)", limitBytes: 1 << 20
                ).starts(with: Array("x,label\n".utf8))
            }
            #expect(tables.count == 5, "the whole, and what each fold is measured on")
            #expect(report.metric("accuracy")?.value == 0.75)
            #expect(report.slices.map(\.rows) == [10, 10, 10, 10])
            let folds = try #require(report.folds)
            #expect(folds.rows == [10, 10, 10, 10])
            let accuracy = try #require(folds.metrics.first { $0.name == "accuracy" })
            #expect(accuracy.values.compactMap(\.self).count == 4)
            #expect(abs(try #require(accuracy.mean) - 0.75) < 1e-9)
            try await yard.release(commit)

            // Other data is compared with what the live version was measured to, because its
            // artifact knows the rows.
            let rules = "{accuracy: {at_least: 0.5, not_below_baseline_by: 0.1}}"
            let grown = try await yard.push(
                files(table(80), seen: seen, promotion: rules)
                    .mapValues { $0.replacing("(10 -", with: "(20 -") }, "more data")
            _ = try await yard.evidence(grown)
            let verdict = try #require(try await yard.record("m").judgements[grown]?.verdict)
            #expect(verdict.rules.count == 2)
            #expect(try lines(seen).count == 10)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a row that no fold predicts stops the run`() async throws {
        try await play { yard in
            let seen = "\(yard.folder)/seen"
            let commit = try await yard.push(files(table(40), seen: seen, skips: 2), "skips")
            let found = try await yard.failure(of: commit)
            #expect(found.what == "fold 4 has 10 rows, and 8 were predicted")
            #expect(found.hint == "predict every row of $SLIPWAY_DATASET_TEST once")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `folds that would fill the disk stop the run`() async throws {
        try await play { yard in
            await yard.stop()
            yard.configure = { $0.dataBytesMax = 500 }
            try await yard.start()
            let seen = "\(yard.folder)/seen"
            let data = table(40)
            let commit = try await yard.push(files(data, seen: seen), "too many")
            let found = try await yard.failure(of: commit)
            #expect(
                found.what
                    == "the 4 folds of `all` have \(5 * data.utf8.count) bytes, more than 500")
        }
    }
}
