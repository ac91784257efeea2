import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// What was inferred of files that know their types holds for them.
@Suite struct TypedInferenceTests {
    private static let parquet = ParquetFixture.names.filter { $0 != "brotli" }
    private static let arrow = [
        "kinds.arrow", "kinds.arrows", "kinds_zstd.arrow", "lists.arrow", "more.arrow",
        "more_lists.arrows", "growing.arrows", "replaced.arrows", "many.arrow", "empty.arrow",
        "little_primitive.arrows", "big_datetime.arrows", "little_nested.arrows", "big_map.arrows",
        "little_dictionary.arrows",
    ]

    private func check(_ bytes: [UInt8], _ format: DatasetManifest.Format) async throws {
        let folder = try Folder()
        let file = try folder.add("d.\(format.rawValue)", bytes: bytes)
        let schema = try await inferSchema(
            of: manifest([file], format: format), root: folder.path)
        let columns = schema.columns.map { column($0.name, $0.type, required: $0.missing == 0) }
        var checks = DatasetChecks(missingValues: schema.missingWords)
        checks.rowCountMin = 0
        let report = try await validate(
            manifest([file], columns, format: format, checks: checks), root: folder.path)
        #expect(report.passed, "\(columns.map { "\($0.name) \($0.type)" }) \(report.diagnostics)")
    }

    @Test(arguments: parquet) func `of Parquet`(name: String) async throws {
        try await check(ParquetFixture.bytes(name), .parquet)
    }

    @Test(arguments: arrow) func `of Arrow`(name: String) async throws {
        try await check(ArrowFixture.bytes(name), .arrow)
    }
}
