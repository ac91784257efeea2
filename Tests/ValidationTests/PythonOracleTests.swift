import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct PythonOracleTests {
    /// Reads each text with Python's csv module; null where that refuses it.
    private static let script = """
        import csv, io, json, sys
        def rows(text):
            try:
                return list(csv.reader(io.StringIO(text, newline=""), strict=True))
            except csv.Error:
                return None
        json.dump([rows(text) for text in json.load(sys.stdin)], sys.stdout)
        """

    @Test func `what is read without a fault is what Python's csv module reads`() async throws {
        var texts: [String] = []
        for seed in 0..<4000 as Range<UInt64> {
            texts.append(seed % 2 == 0 ? wellFormed(seed) : anything(seed))
        }
        let result = try await ChildProcess.run(
            "python3", ["-c", Self.script], input: Array(try JSONEncoder().encode(texts)),
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let answers = try JSONDecoder().decode([[[String]]?].self, from: Data(result.output))
        try #require(answers.count == texts.count)
        var compared = 0
        for (seed, (text, answer)) in zip(texts, answers).enumerated() {
            let found = heard(Array(text.utf8), by: CSVScanner(), chunks: [5])
            if seed % 2 == 0 { #expect(found.faults.isEmpty, "seed \(seed)") }
            guard found.faults.isEmpty else { continue }
            compared += 1
            #expect(found.rows.map { $0.cells.compactMap(\.self) } == answer, "seed \(seed)")
        }
        #expect(compared > 2500, "only \(compared) texts were compared")
    }

    /// CSV with quoted and unquoted cells, and no empty line.
    private func wellFormed(_ seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        let characters = ["a", "ä", "1", " ", ",", "\"", "\n", "\r\n", "\r", "😀"]
        let end = random.below(2) == 0 ? "\n" : "\r\n"
        var text = ""
        for _ in 0..<random.below(6) {
            let cells = (0..<1 + random.below(4)).map { _ -> String in
                let cell = (0..<random.below(5)).map { _ in
                    characters[random.below(characters.count)]
                }.joined()
                let isPlain = !cell.isEmpty && !cell.contains { ",\"\n\r\r\n".contains($0) }
                return isPlain && random.below(2) == 0
                    ? cell : "\"\(cell.replacing("\"", with: "\"\""))\""
            }
            text += cells.joined(separator: ",") + end
        }
        return text
    }

    private func anything(_ seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        let characters = ["a", "b", "a", ",", "\"", "\n", "\r\n"]
        return (0..<random.below(16)).map { _ in characters[random.below(characters.count)] }
            .joined()
    }
}
