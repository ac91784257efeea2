import Domain
import Testing

@testable import Validation

@Suite struct InferenceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func infer(
        _ text: String, chunk: Int = 1 << 20, workers: Int = 2
    ) async throws -> InferredSchema {
        let file = try folder.add("d.csv", text)
        return try await inferSchema(
            of: manifest([file]), root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers))
    }

    @Test(arguments: [
        (["1", "-7", "+3"], ColumnDeclaration.Kind.integer),
        (["1", "2.5", "1e3"], .number),
        (["9223372036854775808", "1"], .number),
        (["007", "12"], .string),
        (["1", "x"], .string),
        (["true", "False"], .boolean),
        (["true", "1"], .string),
        (["2024-02-29", "1999-12-31"], .date),
        (["2024-02-30"], .string),
        (["2024-02-29T12:00:00Z"], .datetime),
        (["2024-02-29", "2024-02-29T12:00:00Z"], .string),
        (["1", "NA", "", "2"], .integer),
        (["NA", "DE"], .string),
        (["\"1\"", "2"], .integer),
        (["\"a\"\"b\"", "2"], .string),
        (["", ""], .string),
        (["12.7", "NaN"], .number),
    ])
    func `a column has the narrowest type that fits every cell`(
        cells: [String], type: ColumnDeclaration.Kind
    ) async throws {
        let text = "a,b\n" + cells.map { "\($0),x\n" }.joined()
        #expect(try await infer(text).columns.map(\.type) == [type, .string])
    }

    @Test func `one late value decides, wherever the file is cut`() async throws {
        let rows = (0..<5000).map {
            "\($0),\($0 == 4321 ? "12.7" : "3"),\($0 % 2 == 0 ? "NA" : "5")"
        }
        let text = "id,late,gap\n" + rows.joined(separator: "\n") + "\n"
        for (chunk, workers) in [(61, 1), (700, 4), (4096, 2), (1 << 20, 2)] {
            let schema = try await infer(text, chunk: chunk, workers: workers)
            #expect(schema.columns.map(\.type) == [.integer, .number, .integer])
            #expect(schema.columns.map(\.missing) == [0, 0, 2500])
            #expect(schema.missingWords == ["NA"])
            #expect(schema.rows == 5000)
        }
    }

    @Test func `what was inferred holds for the data it was inferred from`() async throws {
        var random = SeededRandom(seed: 11)
        let kinds = ["12", "-3.5", "true", "2024-01-05", "x y", "", "NA", "007", "1e400", "-", "0"]
        for round in 0..<60 {
            let rows = (0..<(1 + random.below(12))).map { _ in
                (0..<3).map { _ in kinds[random.below(kinds.count)] }.joined(separator: ",")
            }
            let text = "a,b,c\n" + rows.joined(separator: "\n") + "\n"
            let schema = try await infer(text)
            let file = try folder.add("d.csv", text)
            let declared = schema.columns.map {
                column($0.name, $0.type, required: $0.missing == 0)
            }
            let report = try await validate(
                manifest(
                    [file], declared, checks: DatasetChecks(missingValues: schema.missingWords)),
                root: folder.path)
            #expect(report.passed, "round \(round): \(text) \(report.diagnostics)")
        }
    }
}
