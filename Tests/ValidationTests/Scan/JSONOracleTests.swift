import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct JSONOracleTests {
    /// Reads each text with Python's json module; null where that refuses it or it is no object.
    ///
    /// Beyond RFC 8259 it reads NaN and halves of surrogate pairs, which are refused here.
    private static let script = """
        import json, sys
        class Number(str): pass
        class Pairs(list): pass
        def refuse(text): raise ValueError(text)
        def whole(text):
            if any(0xD800 <= ord(c) <= 0xDFFF for c in text): raise ValueError("half a pair")
            return text
        def depth(value):
            if isinstance(value, Pairs): values = [whole(k) and v or v for k, v in value]
            elif isinstance(value, list): values = value
            else: return isinstance(value, str) and whole(value) and 0 or 0
            return 1 + max([depth(v) for v in values] + [0])
        def shown(value):
            if isinstance(value, Number): return "n" + value
            if isinstance(value, str): return "s" + value
            return {True: "true", False: "false", None: "null"}.get(value, "[") \\
                if not isinstance(value, list) else "["
        def read(text):
            try:
                value = json.loads(text, parse_float=Number, parse_int=Number,
                                   parse_constant=refuse, object_pairs_hook=Pairs)
                if not isinstance(value, Pairs) or depth(value) > 65: return None
                return {k: shown(v) for k, v in value}
            except ValueError:
                return None
        json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
        """

    @Test func `lines are read as Python's json module reads them`() async throws {
        var texts: [String] = []
        for seed in 0..<6000 as Range<UInt64> { texts.append(text(seed)) }
        texts += [
            "{\"a\":\(String(repeating: "[", count: 64))\(String(repeating: "]", count: 64))}",
            "{\"a\":\(String(repeating: "[", count: 65))\(String(repeating: "]", count: 65))}",
        ]
        let result = try await ChildProcess.run(
            "python3", ["-c", Self.script], input: Array(try JSONEncoder().encode(texts)),
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let answers = try JSONDecoder().decode([[String: String]?].self, from: Data(result.output))
        try #require(answers.count == texts.count)
        for (seed, (text, answer)) in zip(texts, answers).enumerated() {
            let found = heard(Array(text.utf8), by: JSONLScanner())
            let isRefused = found.faults.contains { $0.kind != .duplicateKey }
            #expect(isRefused == (answer == nil), "seed \(seed): \(text)")
            guard let answer, let row = found.rows.first else { continue }
            var values: [String: String] = [:]
            for (key, value) in zip(found.keys, row.cells) { values[key] = value ?? "null" }
            let expected = answer.mapValues { value in
                value == "[" || value == "true" || value == "false" || value == "null"
                    ? value : String(value.dropFirst())
            }
            #expect(
                values.mapValues { $0.first == "[" || $0.first == "{" ? "[" : $0 }
                    == expected.mapValues { $0.first == "[" || $0.first == "{" ? "[" : $0 },
                "seed \(seed): \(text)")
        }
        #expect(answers.count { $0 != nil } > 1500, "most texts are refused")
        #expect(answers.count { $0 == nil } > 1500, "most texts are read")
    }

    private func text(_ seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        var text = object(&random, 0)
        guard seed % 2 == 0 else { return text }
        let parts = Array("{}[]:,\"\\/ \tu0d8e-+.1tfnNa")
        for _ in 0..<1 + random.below(3) {
            let at = text.index(text.startIndex, offsetBy: random.below(text.count))
            switch random.below(3) {
            case 0: text.remove(at: at)
            case 1: text.insert(parts[random.below(parts.count)], at: at)
            default:
                text.replaceSubrange(at...at, with: String(parts[random.below(parts.count)]))
            }
            if text.isEmpty { text = "{}" }
        }
        return text
    }

    private func object(_ random: inout SeededRandom, _ depth: Int) -> String {
        let members = (0..<random.below(5)).map { _ in
            "\(string(&random))\(space(&random)):\(space(&random))\(value(&random, depth))"
        }
        return "{\(space(&random))\(members.joined(separator: "\(space(&random)),"))}"
    }

    private func value(_ random: inout SeededRandom, _ depth: Int) -> String {
        switch random.below(depth > 3 ? 6 : 8) {
        case 0: return string(&random)
        case 1: return ["true", "false", "null"][random.below(3)]
        case 2:
            return ["0", "-1", "1.5", "-0", "1e5", "2E-3", "12345678901234567890"][random.below(7)]
        case 3: return ["0.10", "-0.0", "1.5e+10", "9007199254740993"][random.below(4)]
        case 4, 5: return string(&random)
        case 6: return object(&random, depth + 1)
        default:
            let count = random.below(4)
            let values = (0..<count).map { _ in value(&random, depth + 1) }
            return "[\(values.joined(separator: ", "))]"
        }
    }

    private func string(_ random: inout SeededRandom) -> String {
        let parts = [
            "a", "b", "key", "ä", "😀", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e4",
            "\\ud83d\\ude00",
            "\\u0000", "a longer piece of text", "\\t", "'", "{", "\u{7F}", "\u{2028}",
        ]
        return "\"\((0..<random.below(5)).map { _ in parts[random.below(parts.count)] }.joined())\""
    }

    private func space(_ random: inout SeededRandom) -> String {
        ["", "", "", " ", "\t ", "\r"][random.below(6)]
    }
}
