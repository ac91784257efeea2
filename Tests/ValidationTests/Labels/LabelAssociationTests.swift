import Domain
import Testing

@testable import Validation

/// `label_leakage` and `missing_pattern` are counted over all rows.
@Suite struct LabelAssociationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let columns = [
        column("x", .number), column("k", .integer), column("t"), column("w"), column("y"),
    ]
    private static let head = "x,k,t,w,y\n"

    private func table(_ files: [DatasetFile], label: String = "y") -> DatasetManifest {
        var table = manifest(files, Self.columns)
        table.label = label
        table.checks.named = [DataCheck(.labelLeakage), DataCheck(.missingPattern)]
        return table
    }

    private func measured(
        _ manifest: DatasetManifest, chunk: Int = 1 << 20, workers: Int = 2,
        bytes: Int = 32 << 20
    ) async throws -> [Measurement] {
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path)
        return try await read(manifest, root: folder.path, options: options, sink: NoSink())
            .measurements.found
    }

    /// More rows than a sample has, in cells: a number near the label, a number of few values, a
    /// text that tells the label and has many values, and one that tells nothing.
    private func rows(_ seed: UInt64, _ count: Int) -> [[String?]] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let label = random.below(4)
            let isMissing = random.below(10) == 0 || label == 1 && random.below(3) == 0
            return [
                isMissing ? nil : "\(Double(label * 100 + random.below(900)) / 8 - 30)",
                random.below(8) == 0 ? nil : "\(random.below(12) - 3)",
                random.below(20) == 0 ? nil : "v\(random.below(700) * 4 + label)",
                "\"w, \"\"\(random.below(60))\"\"\"", random.below(15) == 0 ? nil : "c\(label)",
            ]
        }
    }

    private func text(_ rows: some Sequence<[String?]>) -> String {
        rows.map { row in row.map { $0 ?? "" }.joined(separator: ",") + "\n" }.joined()
    }

    // MARK: The definition

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `figures are those of the definition over all rows`(seed: UInt64) async throws {
        let rows = rows(seed, 4500 + Int(seed) * 300)
        let name = seed % 2 == 0 ? "x" : "y"
        let table = table([try folder.add("d.csv", Self.head + text(rows))], label: name)
        let found = try await measured(table, bytes: seed % 3 == 0 ? 1 : 32 << 20)
        let cells = Self.columns.indices.map { index in
            PlainAssociation.classes(
                rows.map { $0[index] }, isNumber: Self.columns[index].type != .string)
        }
        let label = try #require(Self.columns.firstIndex { $0.name == name })
        for index in Self.columns.indices where index != label {
            for check in table.checks.named {
                let one = found.first {
                    $0.question == check && $0.column == Self.columns[index].name
                }
                let association = try #require(one?.association)
                let isOfGaps = check.name == .missingPattern
                let left = cells[index].map { isOfGaps ? $0 == nil ? "gap" : "cell" : $0 }
                let plain = PlainAssociation.cramersV(left, cells[label])
                #expect(association.rows == plain.rows)
                #expect((association.value == nil) == (plain.value == nil))
                let (value, expected) = (association.value ?? 0, plain.value ?? 0)
                #expect(
                    abs(value * value - expected * expected) < 1e-11,
                    "\(check.name) of \(Self.columns[index].name): \(value), \(expected)")
                #expect((association.chance != nil) == isOfGaps)
            }
        }
        #expect(found.count == 2 * (Self.columns.count - 1))
    }

    /// By Bergsma's formula with χ² = n = 42,000: √((1 − 4999/41999) / (1 − 1/41999)).
    @Test func `a text of thousands of values that tells the label is found`() async throws {
        let rows = (0..<42_000).map { row -> [String?] in
            let value = row % 5000
            return ["1", "2", "v\(value)", "id \(row)", "c\(value * 7919 % 5000 % 2)"]
        }
        let table = table([try folder.add("d.csv", Self.head + text(rows))])
        let found = try await examine(table, root: folder.path, options: table.profileOptions())
        let outcomes = found.judged(by: table, against: .none("first")).outcomes
        let leak = try #require(outcomes.first { $0.check == "label_leakage" && $0.column == "t" })
        #expect(leak.verdict == .warned && leak.error == nil)
        #expect(abs((leak.value ?? 0) - (37_000 / 41_998.0).squareRoot()) < 1e-9)
        #expect(leak.sentence == "Cramér's V with the label `y` is 0.9386 (at most 0.8)")
        #expect(leak.details == ["rows": 42_000])
        // Every row has one of its own, which tells nothing of the others.
        let id = outcomes.first { $0.check == "label_leakage" && $0.column == "w" }
        #expect(id?.verdict == .passed && id?.value == 0)
    }

    @Test func `where there is nothing to give the label away it is said why`() async throws {
        func sentence(_ rows: Int, feature: Int, classes: Int) async throws -> String? {
            let lines = (0..<rows).map { "\($0 % feature),\($0 % classes)\n" }
            var own = manifest(
                [try folder.add("\(rows) \(feature) \(classes).csv", "x,y\n" + lines.joined())],
                [column("x", .integer), column("y", .integer)])
            own.label = "y"
            own.checks.named = [DataCheck(.labelLeakage)]
            let found = try await examine(own, root: folder.path, options: own.profileOptions())
                .judged(by: own, against: .none("first")).outcomes.first
            return found?.verdict == .notEnoughData ? found?.sentence : nil
        }
        #expect(try await sentence(300, feature: 3, classes: 2) == nil)
        #expect(
            try await sentence(300, feature: 1, classes: 2)
                == "the column is constant, so it can tell no classes apart")
        #expect(
            try await sentence(300, feature: 3, classes: 1)
                == "the label `y` has a single class, so nothing can tell its classes apart")
        #expect(
            try await sentence(19, feature: 3, classes: 2)
                == "19 rows with a value and the label `y`, 20 needed")
    }

    @Test func `a label of too many classes is told, and never passes`() async throws {
        let lines = (0...LabelClasses.countMax).map { "\($0 % 2),c\($0)\n" }
        var own = manifest(
            [try folder.add("d.csv", "x,y\n" + lines.joined())], [column("x"), column("y")])
        own.label = "y"
        own.checks.named = [DataCheck(.labelLeakage)]
        let found = try await examine(own, root: folder.path, options: own.profileOptions())
        let outcomes = found.judged(by: own, against: .none("first")).outcomes
        #expect(outcomes.map(\.verdict) == [.couldNotRun])
        #expect(outcomes.map(\.sentence) == ["the label has more than 100000 classes"])
    }

    @Test func `a column that some files lack is missing in their rows`() async throws {
        let lines = (0..<400).map { row in (x: row % 3, y: row % 3 == 0 ? "a" : "b") }
        let files = [
            try folder.add("a.csv", "x,y\n" + lines.map { "\($0.x),\($0.y)\n" }.joined()),
            try folder.add("b.csv", "y\n" + lines.map { "\($0.y)\n" }.joined()),
            try folder.add("c.csv", "z,x\n" + lines.map { "q,\($0.x)\n" }.joined()),
        ]
        var own = manifest(files, [])
        own.label = "y"
        own.checks.named = [DataCheck(.labelLeakage), DataCheck(.missingPattern)]
        let found = try await measured(own)
        func association(_ name: DataCheck.Name, _ column: String) -> LabelAssociation? {
            found.first { $0.question.name == name && $0.column == column }?.association
        }
        #expect(association(.labelLeakage, "x")?.rows == 400)
        #expect((association(.labelLeakage, "x")?.value ?? 0) > 0.99)
        #expect(association(.labelLeakage, "z")?.rows == 0)
        #expect(association(.missingPattern, "x")?.rows == 800)
        #expect(association(.missingPattern, "x")?.value == 0)
    }

    @Test func `integers beyond 2^53 are classes by every digit`() async throws {
        let lines = (0..<300).map { row in
            let isOdd = row % 2 == 1
            return "\(isOdd ? "" : "1"),\(isOdd ? "a" : "b"),\(9_007_199_254_740_992 + row % 2)\n"
        }
        var own = manifest(
            [try folder.add("d.csv", "gap,t,y\n" + lines.joined())],
            [column("gap"), column("t"), column("y", .integer)])
        own.label = "y"
        own.checks.named = [
            DataCheck(.labelLeakage, columns: ["t"]), DataCheck(.missingPattern, columns: ["gap"]),
        ]
        let found = try await measured(own)
        #expect(found.count == 2)
        #expect(found.allSatisfy { ($0.association?.value ?? 0) > 0.99 }, "\(found)")
    }

    @Test func `integers of many values are cut as other numbers are`() async throws {
        var random = SeededRandom(seed: 9)
        let lines = (0..<2000).map { _ -> String in
            let label = random.below(3)
            return "\(random.below(4000) * (label + 1) - 5000),c\(label)\n"
        }
        let file = try folder.add("d.csv", "x,y\n" + lines.joined())
        var found: [[Measurement]] = []
        for type in [ColumnDeclaration.Kind.integer, .number] {
            var own = manifest([file], [column("x", type), column("y")])
            own.label = "y"
            own.checks.named = [DataCheck(.labelLeakage)]
            found.append(try await measured(own))
        }
        #expect(found[0] == found[1])
        #expect((found[0].first?.association?.value ?? 0) > 0.2)
    }

    // MARK: However it is read

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `figures are the same bit for bit however files are read`(seed: UInt64) async throws {
        let rows = rows(seed, 3000)
        let whole = try await measured(table([try folder.add("d.csv", Self.head + text(rows))]))
        #expect(whole.contains { ($0.association?.value ?? 0) > 0.5 })
        var random = SeededRandom(seed: seed)
        let files = try randomParts(
            rows.map { text([$0]) }, head: Self.head, { "part-\($0).csv" }, in: folder, &random)
        for (chunk, workers, bytes) in [
            (700, 1, 32 << 20), (1 << 20, 3, 4096), (5000, 4, 1), (1 << 20, 1, 40_000),
        ] {
            let found = try await measured(
                table(files), chunk: chunk, workers: workers, bytes: bytes)
            #expect(found == whole, "seed \(seed), chunk \(chunk), bytes \(bytes)")
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `what is kept of files gives what reading them gives`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let files = try randomParts(
            rows(seed, 900).map { text([$0]) }, head: Self.head, { "part-\($0).csv" }, in: folder,
            &random)
        let desk = PartDesk(table(files), in: folder, limits: nil)
        let whole = try await desk.see()
        #expect(whole.measurements.found.count == 8)
        let some = files.indices.filter { _ in random.below(2) == 0 }
        if !some.isEmpty { _ = try await desk.see(some, parts: try desk.store()) }
        for keyBytes in [1, 32 << 20] {
            let seen = try await desk.see(workers: 2, keyBytes: keyBytes, parts: try desk.store())
            #expect(seen == whole, "seed \(seed), known: \(some)")
        }
        let again = try await desk.count(try desk.store())
        #expect(again.seen == whole && again.read == 0)
        #expect(again.known == files.count)
        // Who asks for the checks later reads what was kept without them.
        let plain = PartDesk(desk.manifest, in: folder, limits: nil)
        plain.manifest.checks.named = []
        _ = try await plain.see(parts: try desk.store())
        #expect(try await desk.see(parts: try desk.store()) == whole)
    }
}
