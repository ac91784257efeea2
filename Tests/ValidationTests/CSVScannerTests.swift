import Testing

@testable import Validation

struct CSVScannerTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,", [["a", "b"], ["1", ""]]),
        (",\n", [["", ""]]),
        ("\"a\",\"b\"\n", [["a", "b"]]),
        ("\"a,b\",c\n", [["a,b", "c"]]),
        ("\"a\"\"b\",c\n", [["a\"b", "c"]]),
        ("\"\"\"\",\"\"\"\"\"\"\n", [["\"", "\"\""]]),
        ("\"a\nb\",c\n", [["a\nb", "c"]]),
        ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
        ("\"\"\n", [[""]]),
        ("\"\"", [[""]]),
        (" a , b \n", [[" a ", " b "]]),
        ("ä,😀\n", [["ä", "😀"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
        ("", []), ("\u{FEFF}", []),
    ])
    func `RFC 4180 is read`(text: String, expected: [[String]]) {
        let found = heard(Array(text.utf8), by: CSVScanner())
        #expect(found.rows.map(\.cells) == expected)
        #expect(found.faults.isEmpty)
    }

    @Test(arguments: [
        ("a,b\n1,\"2\n3,4\n", ScanFault.Kind.unbalancedQuote, 2, 2),
        ("a,b\n\"x\ny\",\"2\n3,4\n", .unbalancedQuote, 3, 2),
        ("a,b\n1,2\"3\n", .strayQuote, 2, 2),
        ("a,b\n\"1\"x,2\n", .strayQuote, 2, 1),
        ("a,b\n1\r2,2\n", .strayCarriageReturn, 2, 1),
        ("a,b\n1,2\r", .strayCarriageReturn, 2, 2),
        ("a,b\n\n1,2\n", .blankRow, 2, 1),
        ("a\n1\n\r\n", .blankRow, 3, 1),
        ("a,b\n1,\0\n", .nulByte, 2, 2),
    ])
    func `a fault has its line and cell`(
        text: String, kind: ScanFault.Kind, line: Int, column: Int
    ) {
        let found = heard(Array(text.utf8), by: CSVScanner())
        #expect(found.faults == [ScanFault(kind: kind, line: line, column: column)])
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x80], [0xF0, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are found`(bytes: [UInt8]) {
        let found = heard(Array("a,b\n1,".utf8) + bytes + [10], by: CSVScanner())
        #expect(found.faults == [ScanFault(kind: .invalidUTF8, line: 2, column: 2)])
    }

    @Test func `lines are counted through quoted cells`() {
        let found = heard(Array("a\n\"x\n\ny\"\nz\n".utf8), by: CSVScanner())
        #expect(found.rows.map(\.line) == [1, 2, 5])
    }

    @Test func `a record beyond the bound is reported once, and what follows is read`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: ScanBuffer.recordBytesMax + 1)
        for chunks in [[1 << 16], [1 << 24]] {
            let found = heard(
                Array("a\n".utf8) + long + Array("\nb\n".utf8), by: CSVScanner(), chunks: chunks)
            #expect(
                found.faults == [
                    ScanFault(
                        kind: .recordTooLong(maxBytes: ScanBuffer.recordBytesMax), line: 2,
                        column: 1)
                ])
            #expect(found.rows.map(\.line) == [1, 3])
        }
    }

    @Test func `behind a quote that is never closed reading goes on beyond the bound`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: ScanBuffer.recordBytesMax)
        let text = Array("a\n\"y\n".utf8) + long + Array("\nb\n".utf8)
        let whole = heard(text, by: CSVScanner(), chunks: [1 << 24])
        #expect(whole.faults.map(\.line) == [2])
        #expect(whole.rows.map(\.line) == [1, 4])
        #expect(heard(text, by: CSVScanner(), chunks: [3 << 20]) == whole)
    }

    @Test func `chunks of any size give the same result`() {
        let alphabet = Array("a1,,\"\"\"\n\n\r ä\0".utf8) + [0xFF]
        for seed in 0..<3000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
            let text = (seed % 7 == 0 ? [0xEF, 0xBB, 0xBF] : []) + bytes
            let whole = heard(text, by: CSVScanner())
            #expect(heard(text, by: CSVScanner(), chunks: [1]) == whole, "seed \(seed)")
            for width in 1...3 {
                let batches = heard(text, by: CSVScanner(width: width))
                #expect(batches.faults == whole.faults, "seed \(seed)")
                #expect(batches.rows.count == whole.rows.count, "seed \(seed)")
                let regular = whole.rows.filter { $0.cells.count == width }
                #expect(
                    batches.rows.filter { $0.cells.count == width }.sorted { $0.line < $1.line }
                        == regular, "seed \(seed)")
            }
            let sizes = (0..<4).map { _ in 1 + random.below(7) }
            #expect(heard(text, by: CSVScanner(), chunks: sizes) == whole, "seed \(seed) \(sizes)")
        }
    }
}
