import Domain
import Testing

@testable import Validation

/// Rare values, missing labels, and what is missing in some classes alone.
struct PatternCheckTests {
    private func outcomes(
        _ text: String, _ columns: [ColumnDeclaration], _ check: DataCheck, label: String? = nil
    ) async throws -> [CheckOutcome] {
        let folder = try Folder()
        var manifest = manifest([try folder.add("d.csv", text)], columns)
        manifest.checks.named = [check]
        manifest.label = label
        let found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        return found.judged(by: manifest, against: .none("first")).outcomes
    }

    @Test func `rare values are named, with how many cells they are`() async throws {
        let values = (0..<1000).map { $0 == 7 ? "X" : $0 < 5 ? "Y" : $0 % 2 == 0 ? "a" : "b" }
        let text = "t,n\n" + values.map { "\($0),1\n" }.joined()
        var check = DataCheck(.outliersRare)
        check.parameter = 0.005
        let found = try await outcomes(text, [column("t"), column("n", .integer)], check)
        #expect(found.map(\.column) == ["t"])
        #expect(found[0].verdict == .passed && found[0].value == 0.001)
        check.parameter = 0.0051
        check.max = 0.005
        let more = try await outcomes(text, [column("t"), column("n", .integer)], check)
        #expect(more[0].verdict == .warned && more[0].value == 0.006)
        #expect(more[0].sentence.hasSuffix(": \"X\" (1), \"Y\" (5)"), "\(more[0].sentence)")
        var hidden = column("t")
        hidden.classification = .pii
        let told = try await outcomes(text, [hidden, column("n", .integer)], check)
        #expect(told[0].value == 0.006 && !told[0].sentence.contains("X"))
    }

    @Test func `rare values are not looked for where every value is one of its own`() async throws {
        let text = "t,u\n" + (0..<2000).map { "v\($0),a\n" }.joined()
        let columns = [column("t"), column("u")]
        #expect(
            try await outcomes(text, columns, DataCheck(.outliersRare)).map(\.column) == ["u"])
        let named = try await outcomes(text, columns, DataCheck(.outliersRare, columns: ["t"]))
        #expect(named.map(\.verdict) == [.couldNotRun])
    }

    @Test func `rows without a label are counted`() async throws {
        let text = "x,y\n1,a\n2,\n3,NA\n4,b\n"
        let columns = [column("x", .integer), column("y")]
        var check = DataCheck(.labelMissing)
        let found = try await outcomes(text, columns, check, label: "y")
        #expect(found.map(\.value) == [0.25] && found[0].verdict == .warned)
        check.max = 0.25
        #expect(try await outcomes(text, columns, check, label: "y")[0].verdict == .passed)
        #expect(try await outcomes(text, columns, check)[0].verdict == .couldNotRun)
    }

    /// 200 rows; scipy.stats.chi2_contingency without correction gives p, and Bergsma's formula V.
    @Test func `a feature that is missing in one class is found, by V and by chance`()
        async throws
    {
        let text =
            "x,z,y\n"
            + (0..<200).map { row in
                let isFirst = row % 4 == 0 && row % 8 != 0 || row % 10 == 1
                return "\(row % 4 == 0 ? "" : "1"),2,\(isFirst ? "a" : "b")\n"
            }.joined()
        let columns = [column("x", .integer), column("z", .integer), column("y")]
        let found = try await outcomes(text, columns, DataCheck(.missingPattern), label: "y")
        #expect(found.map(\.column) == ["x", "z"])
        #expect(found.map(\.verdict) == [.warned, .passed])
        #expect(abs((found[0].value ?? 0) - 0.3744910339497696) < 1e-12)
        #expect(abs((found[0].details["p"] ?? 0) - 7.571157684568188e-08) < 1e-15)
        #expect(found[1].value == 0)
    }

    @Test func `a pattern in a few rows may be chance`() async throws {
        let rows = (0..<24).map { "\($0 < 3 ? "" : "1"),\($0 < 2 || $0 == 9 ? "a" : "b")\n" }
        let columns = [column("x", .integer), column("y")]
        var check = DataCheck(.missingPattern)
        check.max = 0
        let few = try await outcomes(
            "x,y\n" + rows.prefix(19).joined(), columns, check, label: "y")
        #expect(few.map(\.verdict) == [.notEnoughData])
        check.max = 0.99
        let all = try await outcomes("x,y\n" + rows.joined(), columns, check, label: "y")
        #expect(all.map(\.verdict) == [.passed])
    }
}
