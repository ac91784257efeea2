import Domain
import Testing

@testable import Validation

struct DialectTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test(arguments: [(";", "'"), ("\t", "\""), ("|", "^"), (" ", "\"")])
    func `delimiters and quotes are those of the manifest`(
        delimiter: String, quote: String
    ) async throws {
        let table = "n,s,u\n1,\"a\"\"b,c\nd\",k\nx,\"\",k\n2,plain,l\n3,short\n"
        let own = String(
            table.map { $0 == "," ? Character(delimiter) : $0 == "\"" ? Character(quote) : $0 })
        var manifest = manifest(
            [try folder.add("d.csv", own)],
            [
                column("n", .integer), column("s", values: ["a\(quote)b\(delimiter)c\nd"]),
                column("u"),
            ])
        manifest.dialect = TableDialect(delimiter: delimiter, quote: quote)
        for chunk in [1, 2, 3, 5, 61, 1 << 20] {
            let (report, sink) = try await validate(
                manifest, root: folder.path, options: ValidationOptions(chunkBytes: chunk),
                sink: TextSink())
            #expect(
                report.diagnostics.map { "\($0.place) \($0.message.prefix(9))" } == [
                    "d.csv:6:3 the row h", "d.csv:4:1 `x` is no", "d.csv:5:2 `plain` i",
                ], "\(chunk)")
            #expect(sink.texts == ["a\(quote)b\(delimiter)c\nd", "", "plain"])
        }
    }

    @Test(arguments: [(",", ";"), (",", "\t"), (",", "|"), (";", ","), ("\t", ";")])
    func `a header of one cell that looks like several gets a hint`(
        declared: String, used: String
    ) async throws {
        let file = try folder.add("d.csv", "a\(used)b\n1\(used)2\n")
        var manifest = manifest([file], [column("a"), column("b")])
        manifest.dialect.delimiter = declared
        let found = try await validate(manifest, root: folder.path)
        let shown = used == "\t" ? "\\t" : used
        #expect(found.violations.map(\.rule) == [.missingColumn, .missingColumn, .extraColumn])
        for violation in found.violations {
            #expect(violation.hint.hasSuffix("`dialect: {delimiter: \"\(shown)\"}`"))
        }
        manifest.dialect.delimiter = used
        #expect(try await validate(manifest, root: folder.path).passed)
    }
}

/// Keeps the second cell of each row.
private struct TextSink: TableSink {
    var texts: [String] = []
    private var quote = UInt8(ascii: "\"")

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }
    mutating func begin(file: Int, path: String, plan: ScanPlan) { quote = plan.dialect.quote }
    func part() -> TextSink {
        var part = TextSink()
        part.quote = quote
        return part
    }
    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows {
            texts.append(String(decoding: batch.text(row, 1, quote: quote), as: UTF8.self))
        }
    }
    mutating func merge(_ next: TextSink, linesBefore: Int) { texts += next.texts }
}
