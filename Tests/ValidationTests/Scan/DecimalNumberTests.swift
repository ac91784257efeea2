import Domain
import Testing

@testable import Validation

/// Each number has one value or one spelling, by which cells of numbers are compared.
struct DecimalNumberTests {
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
        return DecimalNumber(bytes.span, bytes.indices)
            .map { String(decoding: $0.spelling, as: UTF8.self) }
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
        // Fifteen digits, and one more; beyond what a Double tells apart.
        ("123456789012345", ["123456789012345.0", "1.23456789012345e14"]),
        ("1234567890123456", ["1234567890123456.0", "1.234567890123456e15"]),
        ("12e280", ["1.2e281"]), ("12e290", ["1.2e291"]), ("1e-280", ["0.1e-279"]),
        ("1e-310", ["10e-311"]), ("1e999", ["0.1e1000"]),
    ])
    func `a number has one spelling, however it is written`(_ one: String, _ others: [String]) {
        #expect(spelling(one) == one)
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

    @Test(arguments: [
        ("NaN", ["nan", "NAN", "+nan"]), ("inf", ["Infinity", "+inf", "INF"]),
        ("-inf", ["-Infinity", "-INF"]),
    ])
    func `what is beyond all numbers has one word`(_ one: String, _ others: [String]) {
        for other in others { #expect(hash(other) == hash(one, isNumber: false), "\(other)") }
    }

    @Test func `equal numbers have one hash, and different ones two`() {
        let alphabet = Array("0001259.-+eE5")
        var spellings: [RowHash: String] = [:]
        for seed in 0..<40_000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let isLong = random.below(4) == 0
            let length = isLong ? 14 + random.below(30) : 1 + random.below(12)
            // Many letters would leave no number of many digits.
            let letters = isLong ? Array("0123456789.") : alphabet
            let text = String((0..<length).map { _ in letters[random.below(letters.count)] })
            let one = spelling(text) ?? text
            #expect(hash(text) == hash(one), "\(text)")
            #expect(spellings.updateValue(one, forKey: hash(text)) ?? one == one, "\(text)")
            // The one spelling is its own.
            if spelling(text) != nil { #expect(spelling(one) == one, "\(text)") }
        }
    }

    /// Where the numbers are known, cells are not read again; nobody may see whether they are.
    @Test(arguments: [DatasetManifest.Format.csv, .jsonl])
    func `a row has one hash, whether its numbers are known or not`(
        _ format: DatasetManifest.Format
    ) async throws {
        let rows = (0..<3_000 as Range<UInt64>).map { seed in
            var random = SeededRandom(seed: seed)
            func digits(_ most: Int) -> String {
                String((0..<1 + random.below(most)).map { _ in Character("\(random.below(10))") })
            }
            let sign = random.below(4) == 0 ? "-" : ""
            let integer = "\(sign)\(1 + random.below(9))\(digits(19))"
            let ends = ["", ".0", ".\(digits(18))", ".50", "e\(random.below(700) - 350)", "e2"]
            let number = "\(sign)\(random.below(1_000))\(ends[random.below(ends.count)])"
            let isQuoted = random.below(4) == 0
            let cell = isQuoted ? "\"\(number)\"" : number
            return format == .csv
                ? "\(integer),\(cell)" : "{\"i\": \(integer), \"n\": \(cell)}"
        }
        let text = ((format == .csv ? ["i,n"] : []) + rows).joined(separator: "\n") + "\n"
        let folder = try Folder()
        let manifest = manifest(
            [try folder.add("rows.\(format.rawValue)", text)],
            [column("i", .integer, min: 0), column("n", .number, max: 500)], format: format)
        func hashes(_ wantsNumbers: Bool) async throws -> [RowHash] {
            var sink = CollectingSink()
            sink.wantsNumbers = wantsNumbers
            return try await validate(manifest, root: folder.path, sink: sink).sink.rows.map(\.hash)
        }
        let known = try await hashes(true)
        #expect(try await hashes(false) == known && Set(known).count > 1_000)
    }
}
