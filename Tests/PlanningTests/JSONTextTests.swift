import Domain
import Testing

@testable import Planning

/// Declarations in JSON, which YAML's reader reads.
struct JSONTextTests {
    private func read(_ text: String, file: String = "datasets/s.json") -> YAMLDocument {
        YAMLDocument(Array(text.utf8), file: file)
    }

    @Test func `a character beyond U+FFFF is two escapes, and what follows stands where it does`() {
        let text = #"{"a\ud83d\ude00": "é\uD83D\uDE00\ud800\udc00\u00e9\\ud83d", "b": {"c": 1}}"#
        let document = read("{\"x\": 0,\n" + text.dropFirst())
        #expect(document.diagnostics.isEmpty, "\(document.diagnostics)")
        let root = document.root
        #expect(root?["a😀"]?.text == "é😀\u{10000}é\\ud83d")
        for key in ["\"b\"", "\"a\\ud83d", "1}"] {
            let before = text.firstRange(of: key).map { text[..<$0.lowerBound] } ?? ""
            // The second line begins where the text's second character is.
            let column = before.unicodeScalars.count
            let entries = (root?.entries ?? []) + (root?["b"]?.entries ?? [])
            let places =
                entries.map { ($0.line, $0.column) }
                + entries.map { ($0.value.line, $0.value.column) }
            #expect(places.contains { $0 == (2, column) }, "\(key): \(places)")
        }
    }

    @Test(arguments: [
        (#"{"a": "\ud83d"}"#, "1:8", #"\ud83d"#), (#"{"é\ude00": 1}"#, "1:4", #"\ude00"#),
        (#"{"a": "\ud83d\ude00\uD83Dx"}"#, "1:20", #"\uD83D"#),
        (#"{"a": "\ud83d\u0041"}"#, "1:8", #"\ud83d"#),
        ("{\"a\": \"x\",\r\n \"b\": \"\\udfff\"}", "2:8", #"\udfff"#),
    ])
    func `half of a character is named with its place`(
        _ text: String, _ place: String, _ half: String
    ) {
        let document = read(text)
        #expect(
            document.diagnostics.map(\.line)
                == ["datasets/s.json:\(place): `\(half)` is half of a character"])
        #expect(document.root == nil)
    }

    @Test func `a key that is given twice is named behind such characters too`() {
        let found = read(#"{"x": "\ud83d\ude00", "a": 1, "a": 2}"#).diagnostics
        #expect(found.map(\.line) == ["datasets/s.json:1:23: the key `a` is given twice"])
        let plain = read(#"{"x": "............", "a": 1, "a": 2}"#).diagnostics
        #expect(plain == found)
    }
}
