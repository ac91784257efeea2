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

    /// The memory of the only folder that was checked, once there is one: what has just been
    /// written is not remembered.
    private func memory(_ desk: Desk) async throws -> String {
        let folder = desk.path("home/.cache/slipway/checks")
        let deadline = monotonicSeconds() + patienceSeconds
        while monotonicSeconds() < deadline {
            try await desk.slipway("check", in: "models")
            // Because it is not there at first.
            if let name = (try? namesIn(folder))?.first,
                try desk.text("home/.cache/slipway/checks/\(name)").contains("\"rows\"")
            {
                return "home/.cache/slipway/checks/\(name)"
            }
        }
        throw HostError.file(operation: "find a memory in", path: folder, number: 2)
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
            #expect(try await desk.slipway("check", in: "models").errors.contains("7 rows"))
            let fresh = try await desk.slipway("check", "--fresh", in: "models")
            #expect(fresh.errors.contains("3 rows"))

            try desk.write("models/data/rows.csv", rows.replacing("2", with: "-"))
            let changed = try await desk.slipway("check", in: "models")
            #expect(changed.code == 1 && changed.output.contains("rows.csv:3"))
            #expect(try await desk.slipway("check", in: "models").output == changed.output)
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
            #expect(try await desk.slipway("check", in: "models").errors == said.errors)
            try removeTree(desk.path("home/.cache"))
            try desk.write("home/.cache", "a file in the way")
            #expect(try await desk.slipway("check", in: "models").errors == said.errors)
        }
    }
}
