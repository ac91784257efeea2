import Daemon
import Domain
import Host
import Provenance
import Testing

/// What the gate says of a test set and the rows that it must have nothing in common with.
@Suite struct SplitGateTests {
    private func files(
        train: String, test: String, right: Int = 8, before: String = "true"
    ) -> [String: String] {
        var model = ShellModel()
        model.right = right
        model.before = before
        model.data = test
        var files = model.files
        files["datasets/test.yaml", default: ""] += """
            foreign_keys: [{columns: [x], dataset: known, references: [x]}]
            checks:
              split_overlap: {with: train}

            """
        for (name, data) in [("train", train), ("known", "x\n" + column(0..<100))] {
            files["data/\(name).csv"] = data
            files["datasets/\(name).yaml"] = """
                files: [{path: data/\(name).csv, sha256: \(sha256(Array(data.utf8)).hex)}]
                columns: [{name: x, type: integer}]

                """
        }
        return files
    }

    private func column(_ values: Range<Int>) -> String { values.map { "\($0)\n" }.joined() }

    @Test(.timeLimit(.minutes(5)))
    func `rows that a test set has in common with train stop the run, and are counted`()
        async throws
    {
        try await play { yard in
            let test = "x\n" + column(40..<60)
            let leaking = try await yard.push(
                files(train: "x\n" + column(0..<43), test: test), "it leaks")
            let leak = try await yard.failure(of: leaking)
            #expect(
                leak.what
                    == "dataset `test` failed validation: 1 broken check; nothing was trained")
            let line = try #require(leak.details.first)
            #expect(
                line.message.hasPrefix("split_overlap: 3 of 20 rows also occur in `train` (15 %"),
                "\(line.message)")
            #expect(line.message.hasSuffix("the first is data/test.csv:2"), "\(line.message)")

            let mended = try await yard.push(
                files(train: "x\n" + column(0..<40), test: test), "it does not")
            _ = try await yard.evidence(mended)

            // The model and its own data are as they were; what they are held against is not.
            let again = try await yard.push(
                files(train: "x\n" + column(0..<41), test: test), "it leaks again")
            let second = try await yard.failure(of: again)
            #expect(second.details.first?.message.contains("1 of 20 rows") ?? false)

            let strange = try await yard.push(
                files(train: "x\n", test: "x\n99\n100\n", right: 6), "nobody knows 100")
            let unknown = try await yard.failure(of: strange)
            #expect(
                unknown.details.map { "\($0.place) \($0.message)" } == [
                    "data/test.csv:3:1 `x` is not in `known` (x)"
                ])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `no step finds data that the model's own is only compared with`() async throws {
        try await play { yard in
            let found = "\(yard.folder)/found"
            let commit = try await yard.push(
                files(
                    train: "x\n" + column(0..<40), test: "x\n" + column(40..<60),
                    before: "ls ../../data ../../.. > \(found)"), "it looks around")
            _ = try await yard.evidence(commit)
            let names = try String(decoding: readFile(found, limitBytes: 1 << 20), as: UTF8.self)
            #expect(names.contains("test.csv") && names.contains("_source"), "\(names)")
            #expect(!names.contains("known") && !names.contains("train.csv"), "\(names)")
            #expect(!names.contains("_references"), "\(names)")
        }
    }
}
