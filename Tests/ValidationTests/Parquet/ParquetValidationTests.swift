import Crypto
import Domain
import FoundationEssentials
import Testing

@testable import Validation

struct ParquetValidationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func report(
        _ name: String, _ columns: [ColumnDeclaration] = [],
        checks: DatasetChecks = DatasetChecks(),
        options: ValidationOptions = ValidationOptions()
    ) async throws -> (report: ValidationReport, sink: CollectingSink) {
        let file = try folder.add("d.parquet", bytes: ParquetFixture.bytes(name))
        return try await validate(
            manifest([file], columns, format: .parquet, checks: checks), root: folder.path,
            options: options, sink: CollectingSink())
    }

    @Test func `a file of the declared types passes`() async throws {
        let columns = [
            column("id", .integer, required: true, min: 0, max: 1008),
            column("word", pattern: "word [0-9]+"), column("run", .number, max: 11),
        ]
        let (report, sink) = try await report("many", columns)
        #expect(report.passed, "\(report.violations)")
        #expect(report.rows == 600 && report.cells == 1800)
        #expect(sink.rows.map(\.line) == Array(2...601))
    }

    @Test func `cells are checked as those of other formats, by row`() async throws {
        let columns = [
            column("id", .integer, unique: true, max: 999),
            column("word", values: (0..<400).map { "word \($0)" }.filter { $0 != "word 7" }),
            column("run", .integer, required: true),
        ]
        let (report, sink) = try await report("many", columns)
        let found = Dictionary(
            uniqueKeysWithValues: report.violations.map { ("\($0.rule) \($0.column ?? "")", $0) })
        let ids = (0..<600).map { $0 * 37 % 1009 }
        #expect(found["range id"]?.total == ids.count { $0 > 999 })
        let first = try #require(ids.firstIndex { $0 > 999 })
        #expect(
            found["range id"]?.occurrences.first?.place.description == "d.parquet:\(first + 2):1")
        #expect(found["required run"]?.total == 200)
        #expect(
            found["required run"]?.occurrences.first?.place.description == "d.parquet:102:3")
        #expect(found["values word"]?.total == sink.rows.count { $0.cells[1] == "word 7" })
    }

    @Test func `a column of another type is refused once, with its name`() async throws {
        let columns = [
            column("id", .string), column("word", .integer, required: true),
            column("run", .boolean),
        ]
        let (report, sink) = try await report("many", columns)
        #expect(report.violations.map(\.rule) == [.type, .type, .type])
        #expect(report.violations.allSatisfy { $0.total == 1 })
        #expect(
            report.violations.map(\.occurrences[0].message).sorted() == [
                "the column `id` holds integers, it is declared as string",
                "the column `run` holds integers, it is declared as boolean",
                "the column `word` holds texts, it is declared as integer",
            ])
        #expect(sink.rows.allSatisfy { $0.states[0] == .wrong && $0.states[1] == .wrong })
    }

    @Test func `types are taken where nothing is lost`() async throws {
        let columns = [
            column("int64", .number), column("uint8", .integer), column("decimal18", .integer),
            column("decimal38", .number), column("half", .number), column("float", .number),
            column("bool", .boolean), column("date", .date), column("at_ms", .datetime),
            column("at_nsz", .datetime), column("text"), column("binary"), column("fixed"),
            column("uuid"), column("json"), column("time_us"), column("nothing", .integer),
            column("point.x", .integer), column("point.y.z"),
        ]
        let (report, _) = try await report("pages2", columns)
        let wrong = report.violations.filter { $0.rule != .extraColumn && $0.rule != .columnOrder }
        #expect(wrong.map { "\($0.rule) \($0.column ?? "") \($0.total)" } == ["type half 6"])
        let refused = try await self.report(
            "pages2",
            [
                column("double", .integer), column("decimal9", .integer), column("at_us", .date),
                column("date", .datetime), column("edge64"), column("time_ms", .datetime),
            ]
        ).report.violations.filter { $0.rule == .type }
        #expect(
            Set(refused.compactMap(\.column)) == [
                "double", "decimal9", "at_us", "date", "edge64", "time_ms",
            ])
    }

    @Test func `integers beyond those that doubles hold are compared exactly`() async throws {
        let columns = [column("edge64", .integer, min: -0x1p63, max: 0x1p62)]
        let (report, _) = try await report("plain", columns)
        let range = report.violations.first { $0.rule == .range }
        #expect(range?.total == 12)
        let large = try await self.report("plain", [column("uint64", .integer)]).report
        #expect(large.violations.first { $0.rule == .type }?.total == 24)
    }

    @Test func `texts that mean missing are missing, NaN among them`() async throws {
        let checks = DatasetChecks(missingValues: ["NaN", "w000"])
        let (report, sink) = try await report(
            "dictionary", [column("special", .number), column("word")], checks: checks)
        let wrong = report.violations.filter { $0.rule != .extraColumn && $0.rule != .columnOrder }
        #expect(wrong.map { "\($0.rule) \($0.column ?? "") \($0.total)" } == ["type special 12"])
        #expect(sink.rows[0].states.contains(.missing))
    }

    @Test func `neither the parts nor the workers change anything`() async throws {
        let columns = [
            column("id", .integer, unique: true, min: 5), column("word", pattern: "word [1-9]+"),
        ]
        let whole = try await report(
            "many", columns, options: ValidationOptions(chunkBytes: 1 << 20, workersMax: 1))
        for size in [61, 700, 4096, 1 << 20] {
            for workers in 1...4 {
                let options = ValidationOptions(chunkBytes: size, workersMax: workers)
                let parts = try await report("many", columns, options: options)
                #expect(parts.report == whole.report, "\(size) bytes, \(workers) workers")
                #expect(parts.sink == whole.sink, "\(size) bytes, \(workers) workers")
            }
        }
    }

    @Test func `rows are those of the same table as CSV`() async throws {
        let (_, parquet) = try await report("many")
        var text = "id,word,run\n"
        for row in parquet.rows { text += row.cells.joined(separator: ",") + "\n" }
        let file = try folder.add("d.csv", text)
        let csv = try await validate(
            manifest([file]), root: folder.path, sink: CollectingSink()
        ).sink
        #expect(csv.rows.map(\.hash) == parquet.rows.map(\.hash))
    }

    @Test func `the digest is that of the file's bytes, and damage has its place`() async throws {
        var bytes = try ParquetFixture.bytes("many")
        for index in 10..<60 { bytes[index] = 0xFF }
        let file = try folder.add("d.parquet", bytes: bytes)
        let report = try await validate(
            manifest([file], format: .parquet), root: folder.path)
        #expect(report.violations.map(\.rule) == [.parquet])
        let found = try #require(report.violations.first?.occurrences.first)
        #expect(found.message.contains("at byte "), "\(found.message)")
        #expect(report.files.first?.sha256 == file.sha256)
    }

    @Test func `a profile has the numbers of the columns`() async throws {
        let file = try folder.add("d.parquet", bytes: ParquetFixture.bytes("many"))
        let (report, profile) = try await Validation.profile(
            manifest([file], format: .parquet), root: folder.path)
        #expect(report.passed)
        let columns = try #require(profile?.columns)
        #expect(columns.map(\.name) == ["id", "word", "run"])
        #expect(columns.map(\.kind) == [.number, .text, .number])
    }

    @Test func `a schema is inferred from the types that the file has`() async throws {
        let file = try folder.add("d.parquet", bytes: ParquetFixture.bytes("plain"))
        let schema = try await inferSchema(
            of: manifest([file], format: .parquet), root: folder.path)
        let types = Dictionary(
            uniqueKeysWithValues: schema.columns.map { ($0.name, $0.type) })
        #expect(types["int64"] == .integer && types["uint64"] == .number)
        #expect(types["text"] == .string && types["fixed"] == .string)
        #expect(types["date"] == .date && types["at_usz"] == .datetime)
        // Beside infinities NaN is one of any values.
        #expect(types["special"] == .any && schema.missingWords.isEmpty)
    }
}
