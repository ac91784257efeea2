import FoundationEssentials
import TestKit
import Testing

@testable import Validation

/// What is read of JSON lines, against Python's json module, byte for byte.
struct JSONFuzzTests {
    private static let batch = 3000

    @Test func `lines are read or refused as Python does it`() throws {
        try fuzz(rounds: 2) { seed, random in
            let files = (0..<Self.batch).map { _ in LinesText(&random).bytes }
            let given = try JSONEncoder().encode(files.map { Data($0) })
            let answers = try JSONDecoder().decode(
                [[[String: String]?]].self, from: Data(try python("json_oracle.py", given)))
            try #require(answers.count == files.count)
            var (read, refused) = (0, 0)
            for (number, (bytes, answer)) in zip(files, answers).enumerated() {
                let found = heard(bytes, by: JSONLScanner())
                let comment: Comment = "seed \(seed), file \(number): \(bytes)"
                for (line, expected) in answer.enumerated() {
                    let isRefused = found.faults.contains {
                        $0.line == line + 1 && $0.kind != .duplicateKey
                    }
                    #expect(isRefused == (expected == nil), comment)
                    if expected == nil { refused += 1 } else { read += 1 }
                    guard let expected, !isRefused else { continue }
                    compare(found, line + 1, expected, comment)
                }
            }
            #expect(read > Self.batch / 2, "seed \(seed): only \(read) lines are read")
            #expect(refused > Self.batch / 2, "seed \(seed): only \(refused) are refused")
        }
    }

    private func compare(
        _ found: Heard, _ line: Int, _ expected: [String: String], _ comment: Comment
    ) {
        guard let row = found.rows.first(where: { $0.line == line }) else {
            Issue.record(comment)
            return
        }
        var values: [String: String] = [:]
        for (key, cell) in zip(found.keys, row.cells) {
            if let cell { values[key] = cell.first == "[" || cell.first == "{" ? "[" : cell }
        }
        let plain = expected.filter { $0.value != "null" }.mapValues { value in
            let isText = value.first == "s" || value.first == "n"
            let text = isText ? String(value.dropFirst()) : value
            return text.first == "[" || text.first == "{" ? "[" : text
        }
        #expect(values == plain, comment)
    }
}

/// Up to four lines that are objects, or were some; of more lines not every fault has its place.
private struct LinesText {
    private(set) var bytes: [UInt8] = []

    init(_ random: inout Seeded) {
        if random.below(10) == 0 { bytes = [0xEF, 0xBB, 0xBF] }
        let lines = 1 + random.below(4)
        for line in 0..<lines {
            var text = Array(object(&random, 0).utf8)
            if random.below(3) == 0 { damage(&text, &random) }
            // A line feed would make two lines of one, which is not what is compared.
            bytes += text.map { $0 == 10 ? 32 : $0 }
            if line + 1 < lines || random.below(3) > 0 {
                bytes += random.below(4) == 0 ? [13, 10] : [10]
            }
        }
    }

    private func damage(_ text: inout [UInt8], _ random: inout Seeded) {
        let marks = Array("{}[]:,\"\\/ \tu0d8e-+.1tfnNaI\0\u{1F}".utf8) + [0xFF, 0xC3, 0xED, 0xA0]
        for _ in 0..<1 + random.below(3) where !text.isEmpty {
            switch random.below(5) {
            case 0: text = random.mutate(text)
            case 1, 2: text[random.below(text.count)] = marks[random.below(marks.count)]
            case 3: text.insert(marks[random.below(marks.count)], at: random.below(text.count))
            default: text.remove(at: random.below(text.count))
            }
        }
    }

    private func object(_ random: inout Seeded, _ depth: Int) -> String {
        let members = (0..<random.below(4)).map { _ in
            "\(string(&random))\(space(&random)):\(space(&random))\(value(&random, depth))"
        }
        let comma = "\(space(&random)),\(space(&random))"
        return "{\(space(&random))\(members.joined(separator: comma))\(space(&random))}"
    }

    private func value(_ random: inout Seeded, _ depth: Int) -> String {
        let numbers = [
            "0", "-1", "1.5", "-0", "1e5", "2E-3", "0.10", "-0.0", "1.5e+10", "9007199254740993",
            "1e999", "-1e-999", String(repeating: "9", count: 300), "01", "1.", ".5", "+1", "0x1",
            "NaN", "Infinity", "-Infinity", "1e", "--1",
        ]
        switch random.below(depth > 3 ? 7 : 10) {
        case 0, 1, 2: return string(&random)
        case 3: return ["true", "false", "null", "True", "nul"][random.below(20) % 5]
        case 4, 5: return numbers[random.below(random.below(4) == 0 ? numbers.count : 13)]
        case 6:
            guard random.below(20) == 0 else { return string(&random) }
            let count = [1, 63, 64, 65, 66, 500][random.below(6)]
            return String(repeating: "[", count: count) + String(repeating: "]", count: count)
        case 7, 8: return object(&random, depth + 1)
        default:
            let values = (0..<random.below(4)).map { _ in value(&random, depth + 1) }
            return "[\(values.joined(separator: ","))]"
        }
    }

    private func string(_ random: inout Seeded) -> String {
        let parts = [
            "a", "b", "key", "ä", "😀", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e4", "\\b\\f\\r",
            "\\ud83d\\ude00", "\\u0000", "a longer piece of text", "\\t", "'", "{", "\u{7F}",
            "\u{2028}", "\u{FEFF}", "\\u0061", "e\u{301}",
        ]
        let damaged = ["\\ud83d", "\\ude00", "\\u12", "\\x", "\t", "\\ud83d\\u0041"]
        var text = (0..<random.below(5)).map { _ in parts[random.below(parts.count)] }.joined()
        if random.below(40) == 0 { text += damaged[random.below(damaged.count)] }
        return "\"\(text)\""
    }

    private func space(_ random: inout Seeded) -> String {
        ["", "", "", "", " ", "\t ", "\r"][random.below(7)]
    }
}
