import Crypto
import Domain
import FoundationEssentials
import Testing

@testable import Validation

struct ArrowValidationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func report(
        _ name: String, _ columns: [ColumnDeclaration] = [],
        options: ValidationOptions = ValidationOptions()
    ) async throws -> (report: ValidationReport, sink: CollectingSink) {
        let file = try folder.add("d.arrow", bytes: ArrowFixture.bytes(name))
        return try await validate(
            manifest([file], columns, format: .arrow), root: folder.path, options: options,
            sink: CollectingSink())
    }

    @Test func `cells are checked as those of other formats, by row`() async throws {
        let columns = [
            column("id", .integer, unique: true, max: 999), column("word", pattern: "word [0-9]+"),
            column("run", .integer, required: true),
        ]
        let (report, sink) = try await report("many.arrow", columns)
        let found = Dictionary(
            uniqueKeysWithValues: report.violations.map { ("\($0.rule) \($0.column ?? "")", $0) })
        let ids = (0..<600).map { $0 * 37 % 1009 }
        #expect(found["range id"]?.total == ids.count { $0 > 999 })
        let first = try #require(ids.firstIndex { $0 > 999 })
        #expect(
            found["range id"]?.occurrences.first?.place.description == "d.arrow:\(first + 2):1")
        #expect(found["required run"]?.total == 200)
        #expect(found.count == 2 && report.rows == 600)
        #expect(sink.rows.map(\.line) == Array(2...601))
    }

    @Test(arguments: ["many.arrow", "many_lz4.arrow", "more_lists.arrows"])
    func `neither the parts nor the workers change anything`(name: String) async throws {
        let whole = try await report(
            name, options: ValidationOptions(chunkBytes: 1 << 20, workersMax: 1))
        #expect(whole.report.passed && whole.report.rows > 0)
        for size in [61, 700, 4096, 1 << 20] {
            for workers in 1...4 {
                let options = ValidationOptions(chunkBytes: size, workersMax: workers)
                let parts = try await report(name, options: options)
                #expect(parts.report == whole.report, "\(size) bytes, \(workers) workers")
                #expect(parts.sink == whole.sink, "\(size) bytes, \(workers) workers")
            }
        }
    }

    @Test func `rows are those of the same table as Parquet`() async throws {
        let (_, arrow) = try await report("many.arrow")
        let file = try folder.add("d.parquet", bytes: ParquetFixture.bytes("many"))
        let parquet = try await validate(
            manifest([file], format: .parquet), root: folder.path, sink: CollectingSink()
        ).sink
        #expect(arrow.rows.map(\.hash) == parquet.rows.map(\.hash))
    }

    @Test func `rows before the damage are checked, and the damage has its place`() async throws {
        let bytes = try ArrowFixture.bytes("kinds.arrows")
        let file = try folder.add("d.arrow", bytes: Array(bytes[..<(bytes.count * 3 / 4)]))
        let report = try await validate(manifest([file], format: .arrow), root: folder.path)
        #expect(report.violations.map(\.rule) == [.arrow])
        let found = try #require(report.violations.first?.occurrences.first)
        #expect(found.message.hasPrefix("damaged at byte "), "\(found.message)")
        #expect(report.rows == 14 && report.files.first?.sha256 == file.sha256)
    }

    @Test func `a text under the name of an Arrow file is said to be none`() async throws {
        let file = try folder.add("d.arrow", "a,b\n1,2\n")
        let other = try folder.add("e.arrow", bytes: ArrowFixture.bytes("many.arrow"))
        let report = try await validate(manifest([file, other], format: .arrow), root: folder.path)
        #expect(report.violations.map(\.rule) == [.arrow] && report.rows == 600)
        let found = report.violations.first?.occurrences.first
        #expect(found?.place.file == "d.arrow")
        #expect(found?.message.hasPrefix("not an Arrow file") == true)
    }

    @Test func `a schema is inferred from the types that the file has`() async throws {
        let file = try folder.add("d.arrow", bytes: ArrowFixture.bytes("more.arrow"))
        let schema = try await inferSchema(
            of: manifest([file], format: .arrow), root: folder.path)
        let types = Dictionary(uniqueKeysWithValues: schema.columns.map { ($0.name, $0.type) })
        #expect(types["uint16"] == .integer && types["duration"] == .integer)
        #expect(types["decimal32"] == .number && types["coded_numbers"] == .number)
        #expect(types["date64"] == .date && types["at_s"] == .datetime)
        #expect(types["text_view"] == .string && types["time_s"] == .string)
        #expect(types["runs"] == .string)
    }
}
