import Domain
import Testing

@testable import Validation

/// How fresh rows are, their classes in a split, and the digest of them all.
struct RowSetTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func outcomes(
        _ manifest: DatasetManifest, beside other: DatasetManifest? = nil,
        at moment: Instant? = nil,
        chunk: Int = 1 << 20, workers: Int = 2, bytes: Int = 1 << 20
    ) async throws -> [CheckOutcome] {
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path,
            datasets: other.map { [$0.name: $0] } ?? [:])
        let found = try await examine(
            manifest, root: folder.path,
            options: manifest.profileOptions(validation: options))
        return found.judged(by: manifest, against: .none(""), at: moment).outcomes
    }

    private func dataset(
        _ text: String, _ columns: [ColumnDeclaration] = [], _ checks: [DataCheck] = [],
        name: String = "test"
    ) throws -> DatasetManifest {
        var manifest = manifest([try folder.add("\(name).csv", text)], columns)
        manifest.name = DatasetName(checked: name)
        manifest.checks.named = checks
        return manifest
    }

    // MARK: Freshness

    private func fresh(_ max: Double) -> DataCheck {
        var check = DataCheck(.freshness, columns: ["t"])
        check.max = max
        return check
    }

    /// 2024-03-08T10:00:00Z
    private let commit = Instant(seconds: 1_709_892_000)

    @Test func `the latest row may be so old at the commit, and no older`() async throws {
        let text = "t\n2024-02-29\n2024-03-01T11:00:00+01:00\n\"\"\n2024-03-01\n"
        for (limit, verdict) in [(604_800.0, CheckVerdict.passed), (604_799, .warned)] {
            let found = try await outcomes(
                try dataset(text, [column("t")], [fresh(limit)]), at: commit)
            #expect(found.map(\.verdict) == [verdict])
            #expect(found[0].value == 604_800 && found[0].limit == limit)
        }
        let found = try await outcomes(
            try dataset(text, [column("t")], [fresh(86_400)]), at: commit)
        #expect(
            found[0].sentence
                == "the latest is 2024-03-01T10:00:00Z, 7d before the commit (at most 1d)")
        let later = try await outcomes(
            try dataset("t\n2024-03-08T11:30:00Z\n", [column("t")], [fresh(60)]), at: commit)
        #expect(later[0].verdict == .passed && later[0].sentence.contains("1h 30m after"))
        let strange = try await outcomes(
            try dataset("t\n2024-03-09T10:00:01Z\n", [column("t")], [fresh(60)]), at: commit)
        #expect(strange[0].verdict == .couldNotRun && strange[0].severity == .warn)
        #expect(!strange[0].sentence.contains("2024"), "it is said of private columns too")
        let old = try await outcomes(
            try dataset("t\n1969-12-31\n", [column("t", .date)], [fresh(60)]), at: commit)
        #expect(old[0].value == 1_709_978_400.0)
    }

    @Test func `what tells no age is not fresh, and a private time is not shown`() async throws {
        func verdicts(_ text: String, _ column: ColumnDeclaration, _ moment: Instant?)
            async throws -> [CheckVerdict]
        {
            try await outcomes(try dataset(text, [column], [fresh(60)]), at: moment)
                .map(\.verdict)
        }
        let text = "t\n2024-03-01\n"
        #expect(try await verdicts(text, column("t"), nil) == [.notCompared])
        #expect(try await verdicts("t\n5\n", column("t", .integer), commit) == [.couldNotRun])
        #expect(try await verdicts("t\nx\n", column("t"), commit) == [.couldNotRun])
        #expect(try await verdicts("t\n\"\"\n", column("t"), commit) == [.notEnoughData])
        #expect(try await verdicts("u\n1\n", column("u"), commit) == [.couldNotRun])
        var hidden = column("t")
        hidden.classification = .pii
        let found = try await outcomes(
            try dataset(text, [hidden], [fresh(86_400)]), at: commit)
        #expect(found[0].verdict == .warned && found[0].value == nil)
        #expect(found[0].sentence == "the latest is •••, older than 1d at the commit")
    }

    // MARK: Stratification

    private func split(_ test: [String], _ train: [String]) async throws -> CheckOutcome {
        var check = DataCheck(.splitStratification)
        check.dataset = DatasetName(checked: "train")
        func text(_ labels: [String]) -> String { "y\n" + labels.map { "\($0)\n" }.joined() }
        let other = try dataset(text(train), [column("y")], name: "train")
        var own = try dataset(text(test), [column("y")], [check])
        own.label = "y"
        let found = try await outcomes(own, beside: other)
        #expect(found.count == 1)
        return found[0]
    }

    private func labels(_ counts: [(String, Int)]) -> [String] {
        counts.flatMap { [String](repeating: $0.0, count: $0.1) }
    }

    @Test func `classes of a split are compared by their shares`() async throws {
        let train = labels([("a", 500), ("b", 500)])
        let same = try await split(labels([("b", 100), ("a", 100)]), train)
        #expect(same.verdict == .passed && same.value == 0)
        // scipy.stats.chi2_contingency without correction, and Bergsma's formula.
        let other = try await split(labels([("a", 160), ("b", 40)]), train)
        #expect(other.verdict == .warned)
        #expect(abs((other.value ?? 0) - 0.22296296501716384) < 1e-12)
        #expect(abs((other.details["p"] ?? 0) - 6.971902954606523e-15) < 1e-24)
        #expect(abs((other.details["chi_square"] ?? 0) - 60.60606060606061) < 1e-9)
        #expect(abs((other.details["share_difference"] ?? 0) - 0.3) < 1e-12)
        let missing = try await split(labels([("a", 100), ("b", 100), ("\"\"", 50)]), train)
        #expect(missing.value == 0)
    }

    @Test func `rare classes are one, and too few rows say nothing`() async throws {
        let rare = labels((0..<40).map { ("r\($0)", 2) })
        let train = labels([("a", 400), ("b", 400)]) + rare
        let found = try await split(
            labels([("a", 100), ("b", 100)]) + Array(rare.prefix(20)), train)
        #expect(found.details["classes"] == 3 && found.verdict == .passed)
        let few = try await split(["a", "b"], train)
        #expect(few.verdict == .notEnoughData)
        let alone = try await split(labels([("a", 100)]), labels([("a", 100)]))
        #expect(alone.verdict == .notEnoughData)
        let others = try await split(labels((0..<1100).map { ("c\($0)", 1) }), train)
        #expect(others.details["classes"] == 3 && others.verdict == .warned)
        let classes = labels((0...LabelClasses.countMax).map { ("c\($0)", 1) })
        #expect(try await split(classes, train).verdict == .couldNotRun)
    }

    // MARK: The digest of the rows

    private func digest(
        _ text: String, _ columns: [ColumnDeclaration] = [], chunk: Int = 1 << 20,
        workers: Int = 2, bytes: Int = 1 << 20, expected: String? = nil
    ) async throws -> CheckOutcome {
        var check = DataCheck(.rowSetDigest)
        check.expected = expected
        let found = try await outcomes(
            try dataset(text, columns, [check]), chunk: chunk, workers: workers, bytes: bytes)
        #expect(found.count == 1)
        return found[0]
    }

    @Test func `the digest is of the rows, not of how they stand or are read`() async throws {
        let rows = (0..<300).map { "\($0),\"v \($0 % 7)\"" }
        func text(_ rows: [String]) -> String { "a,b\n" + rows.joined(separator: "\n") + "\n" }
        let first = try await digest(text(rows)).sentence
        #expect(first.hasPrefix("the rows have the digest v3-") && first.hasSuffix("-300"))
        for (chunk, workers, bytes) in [(61, 1, 1 << 20), (700, 4, 1), (4096, 2, 9000)] {
            let again = try await digest(
                text(rows.reversed()), chunk: chunk, workers: workers, bytes: bytes)
            #expect(again.sentence == first)
        }
        let swapped = "b,a\n" + (0..<300).map { "v \($0 % 7),\($0)\n" }.joined()
        #expect(try await digest(swapped).sentence == first)
        // Two cells change rows; a row is there twice instead of another.
        #expect(
            try await digest("a,b\n1,x\n2,y\n").sentence
                != (try await digest("a,b\n1,y\n2,x\n").sentence))
        #expect(
            try await digest("a,b\n1,x\n1,x\n").sentence
                != (try await digest("a,b\n2,y\n2,y\n").sentence))
        #expect(try await digest("a,b\n1,\n").sentence != (try await digest("a,b\n,1\n").sentence))
    }

    /// Guards the digests that stand in people's manifests: where one of these changes, `v3-` must.
    @Test func `a declared digest is kept or broken`() async throws {
        let text = "a,b\n1,x\n2,y\n"
        let known = "v3-a671626625131ef56a9a5c3bbc3144f8-2"
        let kept = try await digest(text, expected: known)
        #expect(kept.verdict == .passed, "\(kept.sentence)")
        // Numbers of each kind, and texts of each length that is hashed in a way of its own.
        let kinds = """
            id,amount,note
            1,1.50,x
            -2,2e3,eight by
            30,0,"a ""quoted"" text"
            400,0.30000000000000004,a text of more than sixteen bytes
            5,1e300,sixteen bytes it
            6,,größer als ASCII
            """
        let all = try await digest(
            kinds + "\n", [column("id", .integer), column("amount", .number)],
            expected: "v3-0edb1e169d44f99b00d505d22978e894-6")
        #expect(all.verdict == .passed, "\(all.sentence)")
        let broken = try await digest("a,b\n1,x\n3,y\n", expected: known)
        #expect(broken.verdict == .failed && broken.sentence.hasSuffix("expected \(known)"))
    }

    // MARK: Bytes

    @Test func `a file of another size is named with both sizes`() async throws {
        var manifest = try dataset("a\n1\n")
        manifest.files[0].sizeBytes = 4
        #expect(try await validate(manifest, root: folder.path).passed)
        manifest.files[0].sizeBytes = 5
        let report = try await validate(manifest, root: folder.path)
        #expect(report.violations.map(\.rule) == [.byteCount])
        #expect(
            report.violations.first?.occurrences.first?.message
                == "`test.csv` has 4 bytes, expected 5")
    }
}
