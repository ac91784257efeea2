import Domain
import Testing

@testable import Validation

/// Texts that are too many to be categories, or numbers that nobody declared.
struct ManyValuesTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Columns `n` of numbers, `w` of different words and `c` of three categories.
    private func examination(
        factor: Double = 1, categories: Int = 3, _ columns: [ColumnDeclaration] = []
    ) async throws -> (found: Examination, manifest: DatasetManifest) {
        let lines = (0..<2000).map { row in
            "\(Double(row) * factor + 0.5),word\(Double(row) * factor),c\(row % categories)"
        }
        let text = "n,w,c\n" + lines.joined(separator: "\n") + "\n"
        let manifest = manifest([try folder.add("d\(factor) \(categories).csv", text)], columns)
        return (
            try await examine(manifest, root: folder.path, options: manifest.profileOptions()),
            manifest
        )
    }

    private func outcomes(
        _ checks: [DataCheck], factor: Double = 50, categories: Int = 3,
        _ columns: [ColumnDeclaration] = []
    ) async throws -> [CheckOutcome] {
        let reference = try #require(try await examination(columns).found.profile)
        var (found, manifest) = try await examination(
            factor: factor, categories: categories, columns)
        manifest.checks.named = checks
        return found.judged(by: manifest, against: .profile(reference)).outcomes
    }

    @Test(arguments: [
        DataCheck.Name.psi, .jsDistance, .lInfinity, .chiSquare, .cramersV, .newCategory,
    ])
    func `a measure of categories says nothing of texts that are nearly all different`(
        _ name: DataCheck.Name
    ) async throws {
        let found = try await outcomes([DataCheck(name, columns: ["n", "w", "c"])])
        #expect(found.map(\.verdict) == [.couldNotRun, .couldNotRun, .passed], "\(found)")
        #expect(found.map(\.severity) == [.warn, .warn, nil])
        #expect(found[0].value == nil && found[0].details["p"] == nil)
        if name != .newCategory {
            #expect(
                found[0].sentence
                    == "too many different values to be categories: 100 % of the values have a "
                    + "share under 1 % each, and those count as one category")
        }
        #expect(
            found[0].hint
                == "they look like numbers: declare `type: number` for `n` under `columns:`, or "
                + "leave the column out of the check, or ask for `distinct_change`")
        #expect(found[1].hint.hasPrefix("declare `type: number` for `w` under `columns:` if it "))
    }

    @Test func `a check that names no columns tells of those that nobody declared`() async throws {
        let found = try await outcomes([DataCheck(.psi)])
        #expect(found.map(\.verdict) == [.couldNotRun, .couldNotRun, .passed])
        let declared = [column("n", .number), column("w"), column("c")]
        let rest = try await outcomes([DataCheck(.psi)], declared)
        #expect(rest.map(\.column) == ["n", "c", nil])
        #expect(rest.map(\.verdict) == [.failed, .passed, .notMeasured])
        #expect(
            rest[2].sentence == "not measured: `w` (too many different values to be categories)")
        let named = try await outcomes([DataCheck(.psi, columns: ["w"])], declared)
        #expect(named.map(\.verdict) == [.couldNotRun])
        #expect(named[0].hint == "leave the column out of the check, or ask for `distinct_change`")
    }

    @Test func `a check whose every column has too many values could not run`() async throws {
        let others = DataCheck(.cramersV, columns: ["c"])
        let declared = [column("n", .number), column("w"), column("c")]
        let beside = try await outcomes([DataCheck(.cramersV), others], declared)
        #expect(beside.map(\.column) == [nil, "c"] && beside[1].number == 1, "\(beside)")
        #expect(beside[0].verdict == .notMeasured && beside[0].severity == nil)
        var texts = declared
        texts[2].type = .integer
        let reference = try #require(try await examination(texts).found.profile)
        var (found, manifest) = try await examination(texts)
        manifest.checks.named = [DataCheck(.cramersV)]
        let alone = found.judged(by: manifest, against: .profile(reference)).outcomes
        #expect(alone.map(\.sentence) == ["the dataset has no column that it fits"])
        #expect(alone.map(\.verdict) == [.couldNotRun])
    }

    @Test func `change that is seen in spite of rare values is told`() async throws {
        let found = try await outcomes([DataCheck(.psi, columns: ["c"])], categories: 1000)
        #expect(found.map(\.verdict) == [.failed], "\(found)")
    }

    @Test func `columns that could not be compared do not count for the dataset`() async throws {
        let found = try await outcomes([DataCheck(.datasetDrift)])
        #expect(found[0].details["columns"] == 1)
        #expect(
            found[0].sentence
                == "0 of 1 column has drifted: 0 %, the limit is less than 50 %; 2 columns with "
                + "too many different values to be categories could not be compared")
    }

    @Test func `a measure of numbers of texts says how to declare them`() async throws {
        for name in [DataCheck.Name.mean, .outliersTukey, .ks] {
            var check = DataCheck(name, columns: ["n", "w"])
            check.min = 100
            let found = try await outcomes([check])
            #expect(found.map(\.verdict) == [.couldNotRun, .couldNotRun])
            #expect(
                found.map(\.hint) == [
                    "declare `type: number` (or `integer`) for `n` under `columns:`, or leave "
                        + "the check out",
                    "declare `type: number` (or `integer`) for `w` under `columns:` if it holds "
                        + "numbers, or leave the check out",
                ])
            check.columns = []
            let all = try await outcomes([check])
            #expect(all.map(\.verdict) == [.couldNotRun])
            #expect(all[0].hint.hasPrefix("declare `type: number` (or `integer`) for columns of"))
        }
    }
}
