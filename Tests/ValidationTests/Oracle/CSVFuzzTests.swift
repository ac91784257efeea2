import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Validation

/// What is read of tables, against Python's csv module: thousands of texts at a time, because a
/// start of Python costs as much as many texts.
struct CSVFuzzTests {
    private static let batch = 3000

    @Test func `texts without a fault are read as Python reads them, others are refused or faulty`()
        throws
    {
        try fuzz(rounds: 2) { seed, random in
            let texts = (0..<Self.batch).map { _ in TableText(&random) }
            let given = try JSONEncoder().encode(["cases": texts.map(OracleCase.init)])
            let answers = try JSONDecoder().decode(
                [OracleAnswer?].self, from: Data(try python("csv_oracle.py", given)))
            try #require(answers.count == texts.count)
            var (clean, faulty) = (0, 0)
            for (number, (text, answer)) in zip(texts, answers).enumerated() {
                let chunks = [1 + random.below(9), 1 + random.below(40)]
                let found = heard(
                    text.bytes, by: CSVScanner(dialect: text.dialect), chunks: chunks)
                let comment: Comment = "seed \(seed), text \(number): \(text.bytes)"
                if found.faults.isEmpty { clean += 1 } else { faulty += 1 }
                compare(found, answer, comment)
                if text.isWellFormed { #expect(found.faults.isEmpty, comment) }
            }
            #expect(clean > Self.batch / 4, "seed \(seed): only \(clean) have no fault")
            #expect(faulty > Self.batch / 8, "seed \(seed): only \(faulty) have a fault")
        }
    }

    private func compare(_ found: Heard, _ answer: OracleAnswer?, _ comment: Comment) {
        let rows = found.rows.map { $0.cells.compactMap(\.self) }
        guard let answer else {
            return #expect(!found.faults.isEmpty, comment)
        }
        guard !found.faults.isEmpty else {
            return #expect(rows == answer.strict, comment)
        }
        // These leave records where they are; a quote behind a quoted cell changes only its cell.
        let isAligned = found.faults.allSatisfy {
            $0.kind == .strayQuote || $0.kind == .nulByte || $0.kind == .blankRow
        }
        guard isAligned, let loose = answer.rows?.filter({ !$0.isEmpty }) else { return }
        #expect(rows.count == loose.count, comment)
        let quoted = Set(found.faults.filter { $0.kind == .strayQuote }.map(\.line))
        for ((row, cells), expected) in zip(zip(found.rows, rows), loose)
        where !quoted.contains(row.line) {
            #expect(cells == expected, comment)
        }
    }

    @Test func `what Python writes is read without a fault, in every dialect and encoding`()
        async throws
    {
        let folder = try Folder()
        try await fuzz(rounds: 2) { seed, random in
            let given = try JSONEncoder().encode(["seed": seed, "count": 150])
            let files = try JSONDecoder().decode(
                [WrittenFile].self, from: Data(try python("csv_oracle.py", given)))
            for (number, file) in files.enumerated() {
                let name = file.isPacked ? "d.csv.gz" : "d.csv"
                var declared = manifest([try folder.add(name, bytes: [UInt8](file.bytes))])
                declared.dialect.delimiter = file.delimiter
                declared.dialect.quote = file.quote
                declared.dialect.encoding = file.encoding
                let options = ValidationOptions(
                    chunkBytes: 1 + random.below(300), workersMax: 1 + random.below(4))
                let (report, sink) = try await validate(
                    declared, root: folder.path, options: options, sink: CollectingSink())
                let comment: Comment = "seed \(seed), file \(number), \(report.diagnostics)"
                #expect(report.violations.isEmpty, comment)
                #expect(sink.rows.map(\.cells) == Array(file.rows.dropFirst()), comment)
            }
        }
    }
}

private struct OracleCase: Encodable {
    var bytes: Data
    var delimiter: String
    var quote: String

    init(_ text: TableText) {
        bytes = Data(text.bytes)
        delimiter = String(decoding: [text.dialect.delimiter], as: UTF8.self)
        quote = String(decoding: [text.dialect.quote], as: UTF8.self)
    }
}

private struct OracleAnswer: Decodable {
    /// nil: refused.
    var strict: [[String]]?
    var rows: [[String]]?
}

private struct WrittenFile: Decodable {
    var bytes: Data
    var delimiter: String
    var quote: String
    var encoding: TableDialect.Encoding
    var isPacked: Bool
    var rows: [[String]]
}

/// A text that is a table, or was one.
private struct TableText {
    private(set) var bytes: [UInt8] = []
    private(set) var dialect = Dialect()
    /// It has no fault by its making.
    private(set) var isWellFormed = true

    init(_ random: inout Seeded) {
        let delimiters = Array(",,,;\t| :\u{1}".utf8)
        dialect.delimiter = delimiters[random.below(delimiters.count)]
        if random.below(4) == 0 { dialect.quote = UInt8(ascii: "'") }
        if random.below(8) == 0 { bytes = [0xEF, 0xBB, 0xBF] }
        let end = random.below(2) == 0 ? "\n" : "\r\n"
        let rows = random.below(7)
        for row in 0..<rows {
            let width = 1 + random.below(4)
            for place in 0..<width {
                if place > 0 { bytes.append(dialect.delimiter) }
                addCell(&random, isAlone: width == 1)
            }
            if row + 1 < rows || random.below(4) > 0 { bytes += Array(end.utf8) }
        }
        guard random.below(2) == 0 else { return }
        isWellFormed = false
        let marks = [dialect.delimiter, dialect.quote, 10, 13, 0, 0xFF, 0xC3, 0x22]
        for _ in 0..<1 + random.below(3) where !bytes.isEmpty {
            switch random.below(4) {
            case 0: bytes = random.mutate(bytes)
            case 1: bytes[random.below(bytes.count)] = marks[random.below(marks.count)]
            case 2: bytes.insert(marks[random.below(marks.count)], at: random.below(bytes.count))
            default: bytes.remove(at: random.below(bytes.count))
            }
        }
    }

    private mutating func addCell(_ random: inout Seeded, isAlone: Bool) {
        let parts: [[UInt8]] = [
            [97], [98, 99], [48], Array("12.5".utf8), [32], [dialect.delimiter], [dialect.quote],
            [10], [13, 10], [13], Array("ä".utf8), Array("😀".utf8), [92], [39], [34], [127],
            Array("\u{FEFF}".utf8), Array("\u{2028}".utf8), [9], [0x1B],
        ]
        var text: [UInt8] = []
        for _ in 0..<random.below(5) { text += parts[random.below(parts.count)] }
        if random.below(300) == 0 {
            text = [UInt8](repeating: (text.first ?? 97) & 0x7F, count: 1 + random.below(20_000))
        }
        let special = [dialect.delimiter, dialect.quote, 10, 13]
        // A cell alone in its row is quoted when it is empty, and a mark would be no text in front.
        let isPlain =
            !text.contains(where: special.contains) && (!isAlone || !text.isEmpty)
            && !(bytes.isEmpty && text.starts(with: [0xEF, 0xBB, 0xBF]))
        if isPlain, random.below(2) == 0 {
            bytes += text
        } else {
            bytes.append(dialect.quote)
            for byte in text { bytes += byte == dialect.quote ? [byte, byte] : [byte] }
            bytes.append(dialect.quote)
        }
    }
}

extension Seeded {
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
