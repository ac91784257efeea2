import Testing

@testable import Validation

struct LexicalFormTests {
    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("+7", 7), ("-7", -7), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
        ] as [(String, Int64)])
    func `integers are read`(text: String, value: Int64) {
        #expect(on(text, integerValue) == value)
    }

    @Test(arguments: [
        "", "+", "-", "007", "-0", "00", "1.0", "1e3", " 1", "1 ", "0x1", "9223372036854775808",
        "-9223372036854775809", "99999999999999999999", "１", "1_000", "1,000",
    ])
    func `what would lose something is no integer`(text: String) {
        #expect(on(text, integerValue) == nil)
    }

    @Test(arguments: [
        "0", "-0", "1", "+1.5", "-12.25e3", ".5", "5.", "0.1", "1e22", "1e23", "123456789012345678",
        "3.141592653589793238462643", "1e-300", "0e999999", "2.2250738585072014e-308", "1E5",
        "0.000000000000000000000000000001",
    ])
    func `numbers are read as the nearest double`(text: String) {
        #expect(on(text, numberValue) == Double(text), "\(text)")
    }

    @Test(arguments: [
        "", ".", "+", "e5", "1e", "1e+", "007", "00.5", "nan", "NaN", "inf", "-Infinity", "1e999",
        "1e-999", "0x1p3", "1 ", "1,5", "1.2.3", "--1",
    ])
    func `what is no decimal number or out of range is refused`(text: String) {
        #expect(on(text, numberValue) == nil)
    }

    @Test func `random numbers equal the library's`() {
        for seed in 0..<5000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var text = random.below(2) == 0 ? "-" : ""
            text += "\(random.below(9) + 1)"
            for _ in 0..<random.below(20) { text += "\(random.below(10))" }
            if random.below(2) == 0 {
                text += "."
                for _ in 0..<random.below(20) { text += "\(random.below(10))" }
            }
            if random.below(2) == 0 { text += "e\(random.below(60) - 30)" }
            #expect(on(text, numberValue) == Double(text), "seed \(seed): \(text)")
        }
    }

    @Test(arguments: ["2024-02-29", "2000-02-29", "1999-12-31", "0001-01-01"])
    func `days of the calendar are dates`(text: String) { #expect(on(text, isDate)) }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31",
        "24-01-01", "2024/01/01", "2024-1-1", "2024-01-01 ", "",
    ])
    func `other days are not`(text: String) { #expect(!on(text, isDate)) }

    @Test(arguments: [
        "2024-02-29T12:34:56Z", "2024-02-29t12:34:56z", "2024-02-29 12:34:56",
        "2024-02-29T12:34:56.789+02:00", "2016-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00", "2017-01-01T08:59:60.5+09:00", "2015-06-30 23:59:60",
        "2024-02-29T23:59:60Z",
    ])
    func `times of RFC 3339 are read`(text: String) { #expect(on(text, isDateTime)) }

    @Test(arguments: [
        "2024-02-29", "2024-02-29T24:00:00Z", "2024-02-29T12:60:00Z", "2024-02-30T12:00:00Z",
        "2024-02-29T12:00:00.", "2024-02-29T12:00:00+2:00", "2024-02-29T12:00", "x",
        "2024-02-29T12:00:00Zx", "2024-02-29T12:00:60Z", "2016-12-31T23:58:60Z",
        "2016-12-30T23:59:60Z", "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z",
        "2024-02-28T23:59:60Z",
    ])
    func `other times are not`(text: String) { #expect(!on(text, isDateTime)) }

    @Test func `cells are cut to 40 characters and shown on one line`() {
        #expect(on("a\n\tb\u{1}", shownText) == "a\\n\\tb·")
        #expect(on(String(repeating: "ä", count: 41), shownText).count == 40)
        #expect(on(String(repeating: "ä", count: 40), shownText).last == "ä")
        #expect(on(String(repeating: "x", count: 9999), shownText).last == "…")
    }
}

/// Applies a form to the bytes of a text, with other bytes around them.
private func on<Result>(_ text: String, _ form: (Span<UInt8>, Range<Int>) -> Result) -> Result {
    let bytes = Array("9\(text)9".utf8)
    return form(bytes.span, 1..<bytes.count - 1)
}
