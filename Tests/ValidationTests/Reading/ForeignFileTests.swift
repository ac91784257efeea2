import Domain
import FoundationEssentials
import Testing

@testable import Validation

struct ForeignFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
            ([0x50, 0x4B, 3, 4, 20, 0], "a zip archive, as Excel's .xlsx files are"),
            (Array("PAR1".utf8) + [0x15, 0], "a Parquet file"),
            (Array("ARROW1".utf8) + [0, 0], "an Arrow file"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "a PNG image"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"), ([0x7F, 0x45, 0x4C, 0x46, 2], "a program"),
            (Array("SQLite format 3\0".utf8), "an SQLite database"),
            (
                Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n".utf8),
                "a pointer of git LFS, and the data is elsewhere"
            ),
            (Array("<!DOCTYPE html><title>Sign in</title>".utf8), "a web page"),
            ([UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8), "a tar archive"),
        ] as [([UInt8], String)])
    func `a file of another kind is named, and nothing else is said of it`(
        bytes: [UInt8], name: String
    ) async throws {
        for format in [DatasetManifest.Format.csv, .jsonl] {
            for chunk in [1, 1 << 20] {
                let report = try await check(bytes, format, chunk: chunk)
                let kind = format == .csv ? "table" : "JSONL"
                let said = report.diagnostics.map { "\($0.place): \($0.message)" }
                #expect(said == ["d: `d` is no \(kind): it is \(name)"])
                #expect(report.violations.map(\.rule) == [.notText])
                #expect(report.files[0].bytes == bytes.count && report.files[0].sha256 != nil)
                #expect(report.unread != nil)
            }
        }
    }

    @Test func `binary data without a signature is named with the first byte that is none of text`()
        async throws
    {
        var random = SeededRandom(seed: 1)
        let junk =
            Array("a,b\n".utf8) + (0..<9000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let first = try #require(
            junk.firstIndex { $0 < 32 && !(9...13).contains($0) && $0 != 27 })
        for chunk in [61, 1 << 20] {
            let report = try await check(junk, .csv, chunk: chunk)
            let said = try #require(report.diagnostics.first?.message)
            #expect(report.violations.map(\.rule) == [.notText])
            #expect(said.hasPrefix("`d` is no table: it is binary data: "))
            #expect(said.hasSuffix("the first at byte \(first)"))
        }
        #expect(
            try await check([UInt8](repeating: 0, count: 100), .jsonl).violations.map(\.rule)
                == [.notText])
    }

    @Test func `text with some damage is read, and its cells are named`() async throws {
        let rows = (0..<200).map { "\($0),text \($0)\n" }.joined()
        var bytes = Array("a,b\n\(rows)".utf8)
        bytes[2000] = 0
        bytes[2001] = 1
        let report = try await check(bytes, .csv)
        #expect(report.violations.map(\.rule) == [.nulByte] && report.rows == 200)
        // Beginnings that texts can have too.
        for text in [
            "PAR1,PAR2\n1,2\n", "ARROW1\n1\n", "BZh,x\n1,2\n", "GIF8,a\n1,2\n", "ORC\nx\n",
        ] {
            #expect(try await check(Array(text.utf8), .csv).passed, "\(text)")
        }
    }

    @Test func `text in UTF-16 is told from binary data`() async throws {
        let text = "name,note\n" + (0..<50).map { "row \($0),plain\n" }.joined()
        let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let report = try await check(wide, .csv)
        #expect(report.violations.map(\.rule).contains(.nulByte))
        #expect(report.violations[0].hint.contains("utf-16"))
        var declared = manifest([try folder.add("d", bytes: wide)])
        declared.dialect.encoding = .utf16
        #expect(try await validate(declared, root: folder.path).passed)
    }

    @Test(arguments: [
        "name,n\nПривет,1\n", "имя,н\nПривет,1\n", "n,t\n1,名前は何ですか\n2,\u{1F600}です\n",
        "\u{FEFF}имя\nда\n",
    ])
    func `text in UTF-16 need not be Latin`(text: String) {
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(isWide(little[...]))
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(isWide(big[...]))
        #expect(!isWide(Array(text.utf8)[...]))
    }

    @Test func `what has NUL bytes and is no text is not in UTF-16`() {
        // Whole numbers of four bytes, and of two with control characters; text with damage.
        let numbers: ClosedRange<UInt8> = 1...199
        let wide = numbers.flatMap { number -> [UInt8] in [number, 1, 0, 0] }
        let narrow = numbers.flatMap { number -> [UInt8] in [number, number % 4] }
        var text = Array(String(repeating: "10,plain\n", count: 200).utf8)
        for place in stride(from: 1, to: text.count, by: 40) { text[place] = 0 }
        let all: [[UInt8]] = [wide, narrow, text, [], [0], [0, 0]]
        for bytes in all { #expect(!isWide(bytes[...])) }
    }

    @Test func `a control character that is the delimiter is none`() async throws {
        let text = (0..<40).map { "\($0)\u{1}\($0)\n" }.joined()
        var declared = manifest([try folder.add("d", "a\u{1}b\n" + text)])
        #expect(
            try await validate(declared, root: folder.path).violations.map(\.rule) == [.notText])
        declared.dialect.delimiter = "\u{1}"
        #expect(try await validate(declared, root: folder.path).passed)
    }

    @Test(arguments: ["gz", "zst"])
    func `a file that is only called compressed is named as what it is`(
        ending: String
    ) async throws {
        let text = Array("a,b\n1,2\n".utf8)
        let name = ending == "gz" ? "gzip" : "zstd"
        for (bytes, tail) in [(text, ""), (Array("PAR1\0\0".utf8), "; it is a Parquet file")] {
            let manifest = manifest([try folder.add("d.csv.\(ending)", bytes: bytes)])
            for chunk in [1, 1 << 20] {
                let report = try await validate(
                    manifest, root: folder.path, options: ValidationOptions(chunkBytes: chunk))
                #expect(
                    report.diagnostics.map(\.message) == [
                        "`d.csv.\(ending)` does not begin as \(name) does\(tail)"
                    ])
            }
        }
    }

    @Test(arguments: [DatasetManifest.Format.parquet, .arrow])
    func `a file that should know its types is named as what it is`(
        format: DatasetManifest.Format
    ) async throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
        let report = try await check(Array(pointer.utf8), format)
        #expect(report.diagnostics.count == 1)
        #expect(
            report.diagnostics[0].message.hasSuffix(
                "; it is a pointer of git LFS, and the data is elsewhere"))
    }

    private func check(
        _ bytes: [UInt8], _ format: DatasetManifest.Format, chunk: Int = 1 << 20
    ) async throws -> ValidationReport {
        try await validate(
            manifest([try folder.add("d", bytes: bytes)], format: format), root: folder.path,
            options: ValidationOptions(chunkBytes: chunk))
    }
}
