import FoundationEssentials
import Host
import TestKit
import Testing

/// What `slipway check` remembers of data.
@Suite struct CheckMemoryTests {
    /// The digest is that of `rows`.
    private let manifest = """
        files:
          - path: data/rows.csv
            sha256: 4bf0e63035dd1fafdbe5915d64110833dacd4754cfbb5e70330440fd3bb5f53b
        format: csv
        columns: [{name: x, type: integer, min: 0}]
        """
    private let rows = "x\n1\n2\n3\n"

    /// The memory of the only folder that was checked, once there is one that holds such a text:
    /// what has just been written is not remembered.
    private func memory(
        _ desk: Desk, _ kind: String = "checks", with text: String = "\"rows\""
    ) async throws -> String {
        let folder = "home/.cache/slipway/\(kind)"
        let deadline = monotonicSeconds() + patienceSeconds
        while monotonicSeconds() < deadline {
            try await desk.slipway("check", in: "models")
            // Because it is not there at first.
            if let name = (try? namesIn(desk.path(folder)))?.first,
                try desk.text("\(folder)/\(name)").contains(text)
            {
                return "\(folder)/\(name)"
            }
        }
        throw HostError.file(operation: "find a memory in", path: desk.path(folder), number: 2)
    }

    /// Forgets the answers, so that what is remembered of each dataset shows.
    private func forgetAnswers(_ desk: Desk) throws {
        let folder = desk.path("home/.cache/slipway/answers")
        if exists(folder) { try removeTree(folder) }
    }

    @Test func `data that has not changed is not read again, and what has is`() async throws {
        try await Desk.use { desk in
            try desk.write("models/slipway.yaml", "branch: main\n")
            try desk.write("models/datasets/rows.yaml", manifest)
            try desk.write("models/data/rows.csv", rows)
            let file = try await memory(desk)
            let first = try await desk.slipway("check", in: "models")
            #expect(try await desk.slipway("check", "--fresh", in: "models").errors == first.errors)

            // What is remembered is what is said, so nothing was read.
            let known = try await desk.text(memory(desk))
            try desk.write(file, known.replacing(" 3 ", with: " 7 "))
            try forgetAnswers(desk)
            #expect(try await desk.slipway("check", in: "models").errors.contains("7 rows"))
            let fresh = try await desk.slipway("check", "--fresh", in: "models")
            #expect(fresh.errors.contains("3 rows"))

            try desk.write("models/data/rows.csv", rows.replacing("2", with: "-"))
            let changed = try await desk.slipway("check", in: "models")
            #expect(changed.code == 1 && changed.output.contains("rows.csv:3"))
            #expect(try await desk.slipway("check", in: "models").output == changed.output)
        }
    }

    @Test func `the last answer is given again until anything changes`() async throws {
        try await Desk.use { desk in
            try await desk.git("init", "-q", "models")
            try desk.write("models/slipway.yaml", "branch: main\n")
            try desk.write("models/.gitignore", "data/\n")
            try desk.write("models/datasets/rows.yaml", manifest)
            try desk.write("models/data/rows.csv", rows)
            func forge() async throws {
                let file = try await memory(desk, "answers", with: "3 rows")
                try desk.write(
                    file, try desk.text(file).replacing("3 rows", with: "8 rows"))
            }
            try await forge()
            #expect(try await desk.slipway("check", in: "models").errors.contains("8 rows"))
            let json = try await desk.slipway("check", "--json", in: "models")
            #expect(json.output.contains("\"rows\":3"))
            let plain = try await desk.slipway("check", "--no-data", in: "models")
            #expect(!plain.errors.contains("rows"))
            #expect(try await desk.slipway("check", "--fresh", in: "models").errors.contains("3 r"))

            try await forge()
            try desk.write("models/notes.txt", "a file that nobody has named\n")
            #expect(try await desk.slipway("check", in: "models").errors.contains("3 rows"))

            try await forge()
            // Data that git ignores counts as well.
            try desk.write("models/data/rows.csv", rows.replacing("2", with: "-"))
            let changed = try await desk.slipway("check", in: "models")
            #expect(changed.code == 1 && changed.output.contains("rows.csv:3"))
            try desk.write("models/data/rows.csv", rows)
            try await forge()
            try removeTree(desk.path("models/data"))
            #expect(try await desk.slipway("check", in: "models").code == 1)
            let file = try await memory(desk, "answers", with: "wrong")
            try desk.write(file, "slipway-answer 1\0damaged")
            #expect(try await desk.slipway("check", in: "models").code == 1)
        }
    }

    private func manifest(_ names: [String]) -> String {
        let files = names.map {
            "  - {path: data/\($0).csv, sha256: "
                + "4bf0e63035dd1fafdbe5915d64110833dacd4754cfbb5e70330440fd3bb5f53b}\n"
        }
        return "files:\n\(files.joined())format: csv\ncolumns: [{name: x, type: integer}]\n"
            + "checks: {duplicate_rows: {max: 0.9}, distinct_count: {min: 4}, quantile: "
            + "{columns: [x], share: 0.5, max: 1}}\n"
    }

    @Test func `of a dataset that grew only the new file is read, and nothing else changes`()
        async throws
    {
        try await Desk.use { desk in
            try desk.write("models/slipway.yaml", "branch: main\n")
            let names = ["a", "b", "c", "d"]
            for name in names { try desk.write("models/data/\(name).csv", rows) }
            try desk.write("models/datasets/rows.yaml", manifest(Array(names.dropLast())))
            let first = try await desk.slipway("check", in: "models")
            #expect(first.errors.contains("9 rows") && !first.errors.contains("read)"))

            try desk.write("models/datasets/rows.yaml", manifest(names))
            let grown = try await desk.slipway("check", in: "models")
            #expect(grown.errors.contains("12 rows (1 of 4 files read)"), "\(grown.errors)")
            let known = try await desk.slipway("check", "--json", in: "models")
            let fresh = try await desk.slipway("check", "--json", "--fresh", in: "models")
            #expect(known.output == fresh.output && known.output.contains("quantile"))

            try desk.write("models/data/b.csv", rows.replacing("2", with: "-"))
            let changed = try await desk.slipway("check", in: "models")
            #expect(changed.errors.contains("(1 of 4 files read)"), "\(changed.errors)")
            #expect(changed.code == 1 && changed.output.contains("b.csv:3"))
        }
    }

    @Test func `a memory that is damaged, or cannot be written, only costs time`() async throws {
        try await Desk.use { desk in
            try desk.write("models/slipway.yaml", "branch: main\n")
            try desk.write("models/datasets/rows.yaml", manifest)
            try desk.write("models/data/rows.csv", rows)
            let file = try await memory(desk)
            let said = try await desk.slipway("check", in: "models")
            try desk.write(file, "slipway-checks 1\nx y z\n")
            try forgetAnswers(desk)
            #expect(try await desk.slipway("check", in: "models").errors == said.errors)
            try removeTree(desk.path("home/.cache"))
            try desk.write("home/.cache", "a file in the way")
            #expect(try await desk.slipway("check", in: "models").errors == said.errors)
        }
    }
}
