import Domain
import Testing

@testable import Validation

/// Changes of the dataset as a whole since the version that is live.
struct SchemaChangeTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func examination(
        _ text: String, _ columns: [ColumnDeclaration], _ checks: [DataCheck] = []
    ) async throws -> (found: Examination, manifest: DatasetManifest) {
        var manifest = manifest([try folder.add("\(text.utf8.count).csv", text)], columns)
        manifest.checks.named = checks
        let found = try await examine(
            manifest, root: folder.path, options: manifest.profileOptions())
        return (found, manifest)
    }

    private func outcome(
        _ check: DataCheck, from before: (String, [ColumnDeclaration]),
        to now: (String, [ColumnDeclaration])
    ) async throws -> CheckOutcome {
        let reference = try #require(try await examination(before.0, before.1).found.profile)
        let current = try await examination(now.0, now.1, [check])
        let report = current.found.judged(by: current.manifest, against: .profile(reference))
        return try #require(report.outcomes.first)
    }

    private let before = ("a,b,c\n1,2,x\n", [column("a", .integer), column("b", .integer)])

    @Test func `columns are compared by name, and those of known types by type`() {
        let types = ["a": "integer", "b": "integer"]
        let change = SchemaChange(from: ["a", "b", "c", "d"], to: ["b", "a", "d", "e"]) { name in
            types[name].map { ($0, name == "a" ? "number" : $0) }
        }
        #expect(change.removed == ["c"] && change.added == ["e"] && change.moved == "b")
        #expect(change.retyped.map(\.column) == ["a"] && change.retyped.first?.now == "number")
        #expect(change.count == 4)
        #expect(SchemaChange(from: ["a"], to: ["a"]) { _ in nil }.count == 0)
    }

    @Test func `the same columns pass, whatever stands in them`() async throws {
        let found = try await outcome(
            DataCheck(.schemaChange), from: before, to: ("a,b,c\n9,9,other\n7,7,7\n", before.1))
        #expect(found.verdict == .passed && found.value == 0)
        #expect(found.sentence == "the columns are the same")
    }

    @Test func `what is new, gone, retyped or moved is said`() async throws {
        let found = try await outcome(
            DataCheck(.schemaChange), from: before,
            to: ("d,b,a\n1,2.5,1\n", [column("a", .integer), column("b", .number)]))
        #expect(found.verdict == .warned && found.value == 4)
        #expect(
            found.sentence
                == "new: `d`; gone: `c`; of another type: `b` (integer, now number); in another "
                + "order from `b` on")
        #expect(found.details == ["added": 1, "removed": 1, "retyped": 1, "reordered": 1])
    }

    @Test func `it fails where that is said, and the first version has nothing to compare with`()
        async throws
    {
        var check = DataCheck(.schemaChange)
        check.severity = .fail
        let found = try await outcome(check, from: before, to: ("a,b\n1,2\n", before.1))
        #expect(found.verdict == .failed)
        let first = try await examination("a\n1\n", [], [check])
        let report = first.found.judged(by: first.manifest, against: .none("the first version"))
        #expect(report.outcomes.map(\.verdict) == [.notCompared])
    }

    @Test func `many names are cut`() async throws {
        let names = (0..<9).map { "n\($0)" }.joined(separator: ",")
        let found = try await outcome(
            DataCheck(.schemaChange), from: ("a\nx\n", []), to: ("a,\(names)\n", []))
        #expect(found.sentence == "new: `n0`, `n1`, `n2`, `n3`, `n4` and 4 more")
    }

    @Test func `a change of size is measured against its limit`() async throws {
        func found(_ limit: Double?) async throws -> CheckOutcome {
            var check = DataCheck(.byteCountChange)
            check.max = limit
            return try await outcome(check, from: ("a\n111\n", []), to: ("a\n1\n1\n22\n", []))
        }
        let usual = try await found(nil)
        #expect(usual.verdict == .passed)
        #expect(usual.sentence == "6 bytes before, 9 now: a change of 50 % (at most 50 %)")
        #expect(try await found(0.4).verdict == .warned)
    }

    @Test func `a profile without sizes and types is read, and what it lacks is said`()
        async throws
    {
        let made = try #require(try await examination(before.0, before.1).found.profile)
        #expect(made.bytes == 12 && made.columns.map(\.type) == ["integer", "integer", nil])
        let text = String(decoding: made.canonicalJSON, as: UTF8.self)
        let older = text.replacing("\"bytes\":12,", with: "")
            .replacing(",\"type\":\"integer\"", with: "")
        #expect(!older.contains("\"type\"") && !older.contains("\"bytes\""))
        let reference = try DatasetProfile(canonicalJSON: Array(older.utf8))
        let now = try await examination(
            before.0, [column("a", .number), column("b")],
            [DataCheck(.byteCountChange), DataCheck(.schemaChange)])
        let report = now.found.judged(by: now.manifest, against: .profile(reference))
        #expect(report.outcomes.map(\.verdict) == [.notCompared, .warned])
        #expect(report.outcomes.last?.sentence == "of another type: `b` (number, now text)")
    }
}
