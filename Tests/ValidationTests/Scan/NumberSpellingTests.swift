import Testing

@testable import Validation

/// Each number has one spelling, by which cells of numbers are compared.
struct NumberSpellingTests {
    private func hash(_ text: String, isNumber: Bool = true) -> RowHash {
        var hasher = RowHasher()
        unsafe withPadding(Array(text.utf8)) { bytes, length in
            if isNumber {
                unsafe hasher.absorb(number: bytes, length: length)
            } else {
                unsafe hasher.absorb(cell: bytes, length: length)
            }
        }
        return hasher.finish()
    }

    private func spelling(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return numberSpelling(bytes.span, bytes.indices)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        (
            "1",
            ["1.0", "01", "+1", "1e0", "10E-1", "0.1e+1", "1.", "001.00", "1.000000000000000000"]
        ),
        ("0", ["-0", "0.0", "-0.00", "+0", ".0", "0e5", "-0.", "000", "0.0000000000000000"]),
        ("0.5", [".5", "5e-1", "0.50", "+.5", "00.5"]), ("-0.5", ["-.5", "-5e-1", "-0.50"]),
        ("100", ["1e2", "100.0", "+100", "0100"]), ("-1.25", ["-1.250", "-125e-2", "-01.25"]),
        ("12345678.5", ["12345678.50", "123456785e-1", "+12345678.5"]),
        ("0.30000000000000004", ["3.0000000000000004e-1", "0.300000000000000040"]),
        ("9007199254740993", ["9007199254740993.0", "+9007199254740993", "9007199254740993e0"]),
        // Forty bytes, and one more.
        (
            "1000000000000000000000000000000000000000",
            ["1e39", "1000000000000000000000000000000000000000.0"]
        ),
        ("1e40", ["10000000000000000000000000000000000000000", "0.1e41", "1E+40"]),
        ("1e-39", ["0.000000000000000000000000000000000000001", "0.1e-38"]),
        ("-12e50", ["-1.2e51", "-120e49"]),
        ("NaN", ["nan", "NAN", "+nan"]), ("inf", ["Infinity", "+inf", "INF"]),
        ("-inf", ["-Infinity", "-INF"]),
    ])
    func `a number has one spelling, however it is written`(_ one: String, _ others: [String]) {
        #expect(spelling(one) == one && hash(one) == hash(one, isNumber: false))
        for other in others {
            #expect(spelling(other) == one, "\(other)")
            #expect(hash(other) == hash(one), "\(other)")
        }
    }

    @Test(arguments: [
        "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.2.0", "1.2.00", "2020-10", "1,50", "1 .50",
        "1.50 ", "x", "0x10", "1e1234567", "ten.0", "1.0.", "--1", "+-1", "-+1.0", "nano",
        "Infinit",
        "1e5.0",
    ])
    func `what is no number counts as it stands`(_ text: String) {
        #expect(spelling(text) == nil)
        #expect(hash(text) == hash(text, isNumber: false))
    }

    @Test func `the quick look says what the whole reading says`() {
        let alphabet = Array("0001259.-+eE5")
        for seed in 0..<40_000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let length = random.below(9) == 0 ? 30 + random.below(20) : 1 + random.below(12)
            let text = String((0..<length).map { _ in alphabet[random.below(alphabet.count)] })
            let one = spelling(text) ?? text
            #expect(hash(text) == hash(one, isNumber: false), "\(text)")
            // The one spelling is its own.
            if spelling(text) != nil { #expect(spelling(one) == one, "\(text)") }
        }
    }
}
