import Domain
import Testing

@testable import Validation

/// How the rows of two contents differ.
struct RowDifferenceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func content(
        _ text: String, _ columns: [ColumnDeclaration], comparing: ComparedColumns? = nil
    ) async throws -> DatasetContent {
        let manifest = manifest([try folder.add("rows.csv", text)], columns)
        return try await readContent(of: manifest, root: folder.path, comparing: comparing)
    }

    @Test func `a column that became one of numbers is compared as text`() async throws {
        let before = "a,b\n1,x\n2,y\n3,z\n"
        let now = before + "4,w\n"
        let numbers = [column("a", .integer), column("b")]
        for earlier in [[], [column("a"), column("b")]] {
            let one = try await content(before, earlier)
            let other = try await content(now, numbers)
            #expect(other.rowDifference(from: one) == nil)
            let columns = try #require(one.comparedColumns)
                .intersection(try #require(other.comparedColumns))
            #expect(columns == ComparedColumns(names: ["a", "b"], numbers: []))
            let difference = try await content(now, numbers, comparing: columns)
                .rowDifference(from: try await content(before, earlier, comparing: columns))
            #expect(difference?.kept == 3 && difference?.added == 1 && difference?.removed == 0)
        }
    }

    @Test func `numbers are equal by their value where both declare them`() async throws {
        let one = try await content("a,b\n1.0,x\n2,y\n", [column("a", .number)])
        let other = try await content("a,b\n1,x\n2.5,y\n", [column("a", .number)])
        let difference = try #require(other.rowDifference(from: one))
        #expect(difference.kept == 1 && difference.added == 1 && difference.removed == 1)
    }
}
