import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct EncodingTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `bytes of one byte a character are those of Python's codecs`() async throws {
        let narrow = TableDialect.Encoding.allCases.filter { !$0.isWide }
        let script = """
            import json, sys
            every = bytes(range(256))
            names = {"windows-874": "cp874", "macintosh": "mac_roman"}
            json.dump(
                [every.decode(names.get(c, c), "replace") for c in sys.argv[1:]], sys.stdout)
            """
        let answers = try await python(script, narrow.map(\.rawValue))
        for (encoding, answer) in zip(narrow, answers) {
            // The apple of Macintosh has no number that all agree on, and its increment has two.
            var bytes = Array(UInt8(0)...255)
            var expected = Array(answer.unicodeScalars)
            if encoding == .macintosh {
                for byte in [0xF0, 0xC6] {
                    bytes.remove(at: byte)
                    expected.remove(at: byte)
                }
            }
            let found = try text(bytes, encoding, block: 7)
            #expect(
                Array(String(decoding: found, as: UTF8.self).unicodeScalars) == expected,
                "\(encoding)")
        }
    }

    @Test(arguments: [
        (TableDialect.Encoding.shiftJIS, "cp932", 0x81 as UInt8), (.eucJP, "euc_jp", 0xA4),
        (.gb18030, "gb18030", 0x81), (.big5, "big5hkscs", 0xA4), (.eucKR, "cp949", 0xB0),
    ])
    func `characters of several bytes are those of Python's codecs`(
        encoding: TableDialect.Encoding, codec: String, first: UInt8
    ) async throws {
        let script = """
            import base64, json, sys
            letters = [chr(c) for c in [*range(0x20, 0x5C), *range(0x5D, 0x7E),
                *range(0x391, 0x3A9), *range(0x3041, 0x3094), *range(0x4E00, 0x9F00, 7),
                *range(0xAC00, 0xD7A0, 11)]]
            def has(c):
                try: return bool(c.encode(sys.argv[1]))
                except UnicodeEncodeError: return False
            text = "\\n".join(c for c in letters if has(c))
            json.dump([text, base64.b64encode(text.encode(sys.argv[1])).decode()], sys.stdout)
            """
        let answer = try await python(script, [codec])
        let bytes = [UInt8](try #require(Data(base64Encoded: answer[1])))
        for block in [1, 3, 1000] {
            let found = try text(bytes, encoding, block: block)
            #expect(String(decoding: found, as: UTF8.self) == answer[0], "\(block)")
        }
        #expect(answer[0].unicodeScalars.count > 1000)
        // A first byte without its second, before a line feed and at the end.
        let damaged = try text([0x61, first, 0x0A, 0x62, first], encoding, block: 2)
        #expect(damaged.filter { $0 == 0xFF }.count == 2 && damaged.contains(0x0A))
    }

    @Test func `an encoding that the C library does not have is an error with a way out`() throws {
        #expect(CharacterCodec("NO-SUCH-ENCODING") == nil)
        #expect(CharacterConverter.table("NO-SUCH-ENCODING", invalid: 0xFF) == nil)
        let failure = ValidationError.encodingMissing("shift_jis", path: "d.csv").failure
        #expect(failure.what.contains("`shift_jis` cannot be read"))
        #expect(failure.place == "d.csv")
        #expect(failure.hint?.contains("UTF-8") == true)
    }

    @Test func `Latin-1 and windows-1252 need no converter`() {
        for encoding in [TableDialect.Encoding.latin1, .windows1252, .utf16, .utf8] {
            #expect(encoding.codecName == nil)
        }
    }

    private func python(_ script: String, _ arguments: [String]) async throws -> [String] {
        let result = try await ChildProcess.run(
            "python3", ["-c", script] + arguments, outputLimitBytes: 4 << 20,
            deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return try JSONDecoder().decode([String].self, from: Data(result.output))
    }

    @Test func `UTF-16 of either order is what Swift reads`() throws {
        let units: [UInt16] = [0x61, 0x0A, 0x2C, 0xE4, 0x20AC, 0xD83D, 0xDE00, 0xD800, 0xFFFF, 0]
        for seed in 0..<3000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let words = (0..<random.below(12)).map { _ in units[random.below(units.count)] }
            let isBig = seed % 3 == 0
            // Without its mark, the first character tells the order where it is of ASCII.
            let isPlain = words.first.map { 1...0x7F ~= $0 } ?? false
            let isMarked = isBig ? !isPlain || seed % 2 == 0 : seed % 3 == 1
            let marked = (isMarked ? [0xFEFF] : []) + words
            var bytes = marked.flatMap { word -> [UInt8] in
                let pair = [UInt8(word >> 8), UInt8(word & 0xFF)]
                return isBig ? pair : pair.reversed()
            }
            let isOdd = seed % 7 == 0
            if isOdd { bytes.append(0x61) }
            let expected = String(decoding: words, as: UTF16.self) + (isOdd ? "\u{FFFD}" : "")
            for block in [1, 2, 3, 64] {
                let found = try text(bytes, .utf16, block: block)
                #expect(String(decoding: found, as: UTF8.self) == expected, "seed \(seed)")
            }
        }
    }

    /// 　, 一, 㰀 and 䄀 are a 0, an N, a < and an A with their bytes exchanged.
    @Test(arguments: [
        "имя,n\nмир,1\n", "一,二\n三,4\n", "ä\n" + String(repeating: "語,", count: 5000),
        "第一章\n　　最近我开始写一本书。\n　　一天早上，他开了门，最后一次看了看。\n",
        "氏名\n一郎　一\n", "一㰀䄀\r\n", "0\n",
    ])
    func `without its mark the order of UTF-16 is that which gives more ends of lines`(
        written: String
    ) throws {
        let big = written.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let little = written.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for block in [1, 3, 64 << 10] {
            for bytes in [big, little] {
                let found = try text(bytes, .utf16, block: block)
                #expect(String(decoding: found, as: UTF8.self) == written)
            }
        }
    }

    @Test(arguments: [("N1", true), ("一", false), ("имя", false), ("a\nб\u{0A00}", true)])
    func `where neither order has more, the first character tells it`(
        written: String, asBig: Bool
    ) throws {
        let bytes = written.utf16.flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return asBig ? pair : pair.reversed()
        }
        let found = try text(bytes, .utf16, block: 64)
        // Because the 4E00 of a single 一 is an N the other way round.
        #expect(String(decoding: found, as: UTF8.self) == (written == "一" ? "N" : written))
    }

    @Test(arguments: [
        (TableDialect.Encoding.utf16, "utf-16"), (.latin1, "iso-8859-1"),
        (.windows1252, "windows-1252"),
    ])
    func `places and digests are those of the file`(
        encoding: TableDialect.Encoding, name: String
    ) async throws {
        let table = "näme,n\nä,1\n\"ö\n\",x\nß,y\n"
        let bytes: [UInt8] =
            encoding == .utf16
            ? table.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            : table.unicodeScalars.map { UInt8($0.value) }
        let file = try folder.add("d.csv", bytes: bytes)
        var manifest = manifest([file], [column("näme"), column("n", .integer)])
        manifest.dialect.encoding = encoding
        for chunk in [1, 5, 1 << 20] {
            let found = try await validate(
                manifest, root: folder.path, options: ValidationOptions(chunkBytes: chunk))
            #expect(found.diagnostics.map(\.place.description) == ["d.csv:3:2", "d.csv:5:2"])
            #expect(found.files[0].bytes == bytes.count)
            #expect(!found.violations.contains { $0.rule == .digest })
        }
        let wrong: [UInt8] = encoding == .utf16 ? [0, 0xD8, 0x0A, 0] : [0x81, 0x0A]
        let damaged = try folder.add("w.csv", bytes: bytes + wrong + bytes)
        manifest.files = [damaged]
        manifest.columns = []
        let found = try await validate(manifest, root: folder.path)
        let expected = encoding == .latin1 ? [] : ["not valid \(name)"]
        #expect(
            found.violations.filter { $0.rule == .encoding }.flatMap(\.diagnostics).map(\.message)
                == expected)
    }

    @Test func `JSON lines are read in other encodings too`() async throws {
        let file = try folder.add("d.jsonl", bytes: Array("{\"a\":\"".utf8) + [0xE4, 0x22, 0x7D])
        var manifest = manifest([file], [column("a", values: ["ä"])], format: .jsonl)
        #expect(
            try await validate(manifest, root: folder.path).violations.map(\.rule) == [
                .encoding, .values,
            ])
        manifest.dialect.encoding = .latin1
        #expect(try await validate(manifest, root: folder.path).passed)
    }

    @Test(arguments: [
        ([0x6E, 0x0A, 0x67, 0xF6, 0xDF, 0x65, 0x0A] as [UInt8], "{encoding: iso-8859-1}"),
        ([0x6E, 0x0A, 0x35, 0x20, 0x80, 0x0A], "{encoding: windows-1252}"),
        ([0xFF, 0xFE, 0x6E, 0x00, 0x0A, 0x00], "{encoding: utf-16}"),
        ([0x6E, 0x0A, 0xFF, 0x01, 0x80, 0x0A], nil),
    ])
    func `text that is not UTF-8 gets a hint of what it may be`(
        bytes: [UInt8], hint: String?
    ) async throws {
        let file = try folder.add("d.csv", bytes: bytes)
        let found = try await validate(manifest([file]), root: folder.path)
        let violation = try #require(found.violations.first { $0.rule == .encoding })
        if let hint {
            #expect(violation.hint.contains("dialect: \(hint)"), "\(violation.hint)")
        } else {
            #expect(!violation.hint.contains("dialect"))
        }
    }

    private func text(
        _ bytes: [UInt8], _ encoding: TableDialect.Encoding, block: Int
    ) throws -> [UInt8] {
        guard var transcoder = try Transcoder(encoding, path: "d.csv") else { return bytes }
        var text: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 5)
        for start in stride(from: 0, through: bytes.count, by: block) {
            let part = bytes[start..<Swift.min(bytes.count, start + block)]
            transcoder.add(part, isEnd: start + block > bytes.count)
            while !transcoder.isEmpty {
                let count = transcoder.take(into: &room, at: 1, atMost: 4)
                text += room[1..<1 + count]
            }
        }
        return text
    }
}
