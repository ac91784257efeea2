import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Validation

/// How a table is written is found, and what was inferred with that holds for the file.
@Suite struct DialectGuessTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func infer(_ bytes: [UInt8], _ name: String = "d.csv") async throws -> InferredSchema {
        let file = try folder.add(name, bytes: bytes)
        var plain = manifest([file])
        if name.hasSuffix(".tsv") { plain.dialect.delimiter = "\t" }
        return try await inferSchema(of: plain, root: folder.path)
    }

    private func check(_ bytes: [UInt8], _ schema: InferredSchema) async throws -> [String] {
        var declared = manifest(
            [try folder.add("d.csv", bytes: bytes)],
            schema.columns.map { column($0.name, $0.type, required: $0.missing == 0) },
            checks: DatasetChecks(missingValues: schema.missingWords))
        declared.dialect = schema.dialect
        return try await validate(declared, root: folder.path).diagnostics.map(\.message)
    }

    @Test(arguments: [
        ("a;b;c\n1;2,5;x\n", ";"), ("a\tb\n1,2\t3\n", "\t"), ("a|b\n1|2\n", "|"),
        ("a,b\n1,2\n", ","), ("a\n1\n", ","), ("a,b;c\n1,2;3\n", ","),
        ("a;b\n\"x;y\n\"\"z\";2\n", ";"), ("a;b\n1;2\n3;4;5\n", ","), ("", ","),
    ])
    func `what separates cells is what gives every row as many`(
        text: String, delimiter: String
    ) async throws {
        let schema = try await infer(Array(text.utf8))
        #expect(schema.dialect == TableDialect(delimiter: delimiter))
    }

    @Test func `the name of a file counts before its text`() async throws {
        #expect(try await infer(Array("a,b\tc\n1,2\t3\n".utf8), "d.tsv").dialect.delimiter == "\t")
        #expect(try await infer(Array("a,b\n1,2\n".utf8), "d.tsv").dialect.delimiter == ",")
    }

    @Test(arguments: [
        ([0x42, 0xFC, 0x72, 0x6F], TableDialect.Encoding.latin1),
        ([0x80, 0x20, 0x35, 0x30, 0x30], .windows1252),
        // UTF-8 with one wrong byte, and bytes that no such text has.
        (Array("Büro ü ".utf8) + [0xFC], .utf8), ([0x41, 0x81, 0x42, 0x43], .utf8),
        ([0xFC, 0x01, 0x41, 0x41], .utf8),
    ])
    func `text of one byte a character is told from damage`(
        cell: [UInt8], encoding: TableDialect.Encoding
    ) async throws {
        let rows = (0..<2000).flatMap { Array("\($0),plain\n".utf8) }
        // Far behind what any beginning tells.
        for head in [[], rows] {
            let whole = Array("i,t\n".utf8) + head + Array("1,".utf8) + cell + [0x0A]
            let schema = try await infer(whole)
            #expect(schema.dialect.encoding == encoding)
            if encoding != .utf8 { #expect(try await check(whole, schema).isEmpty) }
        }
    }

    /// Words as IBM 850, IBM 866, windows-1251, Mac OS and windows-1252 write them.
    @Test(arguments: [
        (["ch\u{83}teau", "g\u{83}teau", "t\u{83}che", "\u{83}ge", "b\u{83}tir"], true),
        (["\u{83}g\u{82}e", "g\u{83}t\u{82}e", "h\u{83}t\u{82}e", "p\u{83}t\u{82}e"], true),
        (["\u{82}\u{EB}\u{E5}\u{AE}\u{A4}", "\u{82}\u{EB}\u{E5}\u{AE}\u{A4}"], false),
        (["\u{C8}\u{E2}\u{E0}\u{ED}\u{EE}\u{E2}", "\u{CF}\u{B8}\u{F2}\u{F0}"], false),
        (["G\u{83}N\u{83}RAL", "\u{83}L\u{83}MENT", "R\u{83}F\u{83}RENCE"], true),
        (["l\u{92}\u{E9}tage", "l\u{92}\u{E9}glise", "l\u{92}\u{E9}poque", "cr\u{E8}me"], true),
    ])
    func `letters of other encodings are no kana`(words: [String], isLatin: Bool) async throws {
        let rows = (words + words).map { "\($0)\n" }.joined()
        let bytes = "t\n\(rows)".unicodeScalars.map { UInt8($0.value) }
        let schema = try await infer(bytes)
        #expect(schema.dialect.encoding == (isLatin ? .windows1252 : .utf8))
    }

    /// 吾輩は猫である。名前はまだ無い。 and コーヒー, お茶, ノートパソコン as Python's cp932 writes them.
    @Test(arguments: [
        "aSx0CjEsjOGUeYLNlEyCxYKggumBQpa8kU+CzYLcgr6Ws4KigUIK",
        "aSx0CjEsg1KBW4NxgVsKMiyCqJKDCjMsg22BW4Nng3CDXINSg5MK",
    ])
    func `Japanese in Shift JIS is told by its kana`(base64: String) async throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
        let schema = try await infer(bytes)
        #expect(schema.dialect.encoding == .shiftJIS)
        #expect(try await check(bytes, schema).isEmpty)
        let cut = bytes.dropLast(2) + [0x0A]
        #expect(try await infer(Array(cut)).dialect.encoding != .shiftJIS)
    }

    @Test(arguments: [true, false], ["name", "имя", "一"])
    func `UTF-16 without a mark is found whatever its letters`(
        isBig: Bool, name: String
    ) async throws {
        let bytes = "\(name),n\nПривет,1\nмир,2\n".utf16.flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
            return isBig ? pair : pair.reversed()
        }
        let schema = try await infer(bytes)
        #expect(schema.dialect.encoding == .utf16)
        #expect(schema.columns.map(\.name) == [name, "n"])
        #expect(try await check(bytes, schema).isEmpty)
    }

    @Test func `what was inferred of any table holds for it, however it is written`()
        async throws
    {
        let cells = [
            "12", "-3.5", "true", "2024-01-05", "x y", "", "NA", "007", "Bü", "€ 5", "1,5",
        ]
        for seed in 0..<80 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let delimiter = [",", ";", "\t", "|"][random.below(4)]
            let found: [TableDialect.Encoding] = [.utf8, .utf16, .latin1, .windows1252]
            let encoding = found[random.below(4)]
            let rows = (0..<(2 + random.below(12))).map { _ in
                (0..<3).map { _ in
                    let cell = cells[random.below(encoding == .latin1 ? 9 : cells.count)]
                    return cell.contains(delimiter) ? "\"\(cell)\"" : cell
                }.joined(separator: delimiter)
            }
            let text =
                (["a", "b", "c"].joined(separator: delimiter) + "\n")
                + rows.joined(separator: "\r\n") + "\n"
            let bytes = Self.encoded(text, encoding)
            let schema = try await infer(bytes)
            let wrong = try await check(bytes, schema)
            #expect(wrong.isEmpty, "seed \(seed): \(text) \(schema.dialect) \(wrong)")
            #expect(schema.columns.map(\.name) == ["a", "b", "c"], "seed \(seed): \(text)")
        }
    }

    private static func encoded(_ text: String, _ encoding: TableDialect.Encoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .utf16: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        default: text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) }
        }
    }
}
