import Testing

@testable import Validation

struct JSONLScannerTests {
    @Test func `objects become cells by key`() {
        let text = """
            {"a": 1, "b": "x\\n\\u00e4\\ud83d\\ude00"}
            { "b" : null , "c" : [1, {"d": "}"}] }\r
            {"c": true, "a": -1.5e3}
            {}
            """
        let found = heard(Array(text.utf8), by: JSONLScanner())
        #expect(found.faults.isEmpty)
        #expect(found.keys == ["a", "b", "c"])
        #expect(
            found.rows.map(\.cells) == [
                ["1", "x\nä😀"], [nil, nil, "[1, {\"d\": \"}\"}]"], ["-1.5e3", nil, "true"],
                [nil, nil, nil],
            ])
        #expect(found.rows.map(\.line) == [1, 2, 3, 4])
    }

    @Test(arguments: [
        "[1]", "1", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":.5}",
        "{\"a\":NaN}", "{\"a\":tru}", "{'a':1}", "{\"a\":1} x", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\t\"}", "{\"a\":[1,]}",
        "{\"a\":\"b}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\" 1}",
        "{\"a\":" + String(repeating: "[", count: 100),
    ])
    func `a line that is no JSON object is a fault and no record`(line: String) {
        let found = heard(Array("{\"a\":1}\n\(line)\n{\"a\":2}\n".utf8), by: JSONLScanner())
        #expect(found.faults.count == 1)
        #expect(found.faults.first?.line == 2)
        #expect(found.rows.map(\.cells) == [["1"], ["2"]])
    }

    @Test func `empty lines and repeated keys are faults`() {
        let found = heard(Array("{\"a\":1}\n\n{\"a\":1,\"a\":2}\n".utf8), by: JSONLScanner())
        #expect(
            found.faults == [
                ScanFault(kind: .blankRow, line: 2, column: 1),
                ScanFault(kind: .duplicateKey, line: 3, column: 8),
            ])
    }

    @Test func `chunks of any size give the same result`() {
        let parts = ["{", "}", "\"a\"", ":", "1", ",", "\n", "\"\\n\"", " ", "[", "]", "ä", "\r"]
        for seed in 0..<2000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var text = "{\"a\":1,\"b\":\"x\"}\n"
            for _ in 0..<random.below(30) { text += parts[random.below(parts.count)] }
            let whole = heard(Array(text.utf8), by: JSONLScanner())
            for size in [1, 2, 5] {
                let found = heard(Array(text.utf8), by: JSONLScanner(), chunks: [size])
                #expect(found == whole, "seed \(seed), chunks of \(size)")
            }
        }
    }
}
