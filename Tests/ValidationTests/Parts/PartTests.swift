import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

/// Whatever is known of some files, the dataset is what it is when all of them are read.
@Suite struct PartTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func table(_ files: [DatasetFile]) -> DatasetManifest {
        var table = manifest(
            files,
            [
                column("id", .integer, unique: true), column("amount", .number, min: 0),
                column("word", required: true), column("day", .date), column("kind"),
            ], checks: DatasetChecks(rowCountMin: 0, missingValues: ["NA"]))
        table.label = "kind"
        table.keys = RowKeys(
            primary: ["id"], unique: [UniqueKey(["word", "day"])], sortedBy: ["day"])
        table.rules = [
            RowRule(
                name: "some", expression: "amount > 1 or kind == \"k1\"",
                place: Place(file: "datasets/d.yaml", line: 9))
        ]
        let names: [DataCheck.Name] = [
            .conflictingLabels, .rowSetDigest, .privateData, .mixedTypes, .encodingDamage,
            .outliersZ, .outliersRare,
        ]
        table.checks.named =
            names.map { DataCheck($0) } + [
                DataCheck(.freshness, columns: ["day"]),
                DataCheck(.distinctCount, columns: ["id", "word", "kind"]),
            ]
        return table
    }

    private func rows(_ random: inout SeededRandom) -> [String] {
        (0..<(200 + random.below(1500))).map { number in
            let id = random.below(20) == 0 ? random.below(number + 1) : number
            let amount = random.below(30) == 0 ? "NA" : "\(Double(random.below(4000)) / 7 - 3)"
            let word = [
                "w\(random.below(900))", "a@b.example", "", "\"x,\"\"y\"\"\"", "0\(number)",
                "CafÃ©",
            ][random.below(10) < 7 ? 0 : random.below(6)]
            let day = "2024-0\(1 + number * 8 / 2000)-\(10 + random.below(18))"
            return "\(id),\(amount),\(word),\(day),k\(random.below(3))\n"
        }
    }

    @Test(arguments: 1...12)
    func `any split, any known files and any workers give the same`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let files = try randomParts(
            rows(&random), head: "id,amount,word,day,kind\n", { "part-\($0).csv" }, in: folder,
            &random)
        // Small limits, so that sketches take the place of tables in the middle of the files.
        let limits =
            seed % 3 == 0
            ? nil : StatisticsLimits(distinctMax: 150 * (1 + Int(seed) % 4), exactRowsMax: 700)
        let desk = PartDesk(table(files), in: folder, limits: limits)
        let whole = try await desk.see()
        for workers in 1...4 {
            let some = files.indices.filter { _ in random.below(2) == 0 }
            let store = try desk.store()
            if !some.isEmpty { _ = try await desk.see(some, workers: 2, parts: store) }
            for chunk in [1 << 20, 700] {
                let seen = try await desk.see(workers: workers, chunk: chunk, parts: store)
                #expect(seen == whole, "seed \(seed), \(workers) workers, known: \(some)")
            }
            // In another order less may be kept of a file than its first place needs.
            _ = try await desk.see(files.indices.reversed(), parts: store)
            #expect(try await desk.see(parts: store) == whole, "seed \(seed)")
        }
    }

    @Test(arguments: [1, 32 << 20])
    func `a dataset that grows is what it is at once, at each step`(keyBytes: Int) async throws {
        var random = SeededRandom(seed: 11)
        let files = try (0..<6).map { part in
            try folder.add(
                "part-\(part).csv", "id,amount,word,day,kind\n" + rows(&random).joined())
        }
        let limits = StatisticsLimits(distinctMax: 300, exactRowsMax: 2000)
        let desk = PartDesk(table(files), in: folder, limits: limits)
        let store = try desk.store()
        for count in 1...files.count {
            let some = Array(0..<count)
            let progress = ReadingProgress(bytesTotal: 0)
            let seen = try await desk.see(
                some, keyBytes: keyBytes, parts: store, progress: progress)
            #expect(try await desk.see(some) == seen, "\(count) files")
            if count > 2 { #expect(progress.filesRead == 1 && progress.filesKnown == count - 1) }
        }
        // A window that moves on.
        let last = [2, 3, 4, 5]
        #expect(try await desk.see(last, parts: store) == desk.see(last))
    }

    @Test func `what others are compared with is the same when it grew`() async throws {
        var random = SeededRandom(seed: 12)
        let head = "id,amount,word,day,kind\n"
        let files = try (0..<5).map { part in
            try folder.add("part-\(part).csv", head + rows(&random).joined())
        }
        let test = try folder.add("test.csv", head + rows(&random).joined())
        func seen(_ count: Int, _ parts: PartStore?) async throws -> [ValidationReport] {
            var train = manifest(Array(files[..<count]))
            train.label = "kind"
            var other = manifest([test])
            other.name = DatasetName(checked: "test")
            other.label = "kind"
            var overlap = DataCheck(.splitOverlap)
            overlap.dataset = train.name
            other.checks.named = [overlap]
            other.keys.foreign = [
                ForeignKey(
                    columns: ["word"], dataset: train.name, references: ["word"],
                    place: Place(file: "datasets/test.yaml"),
                    referencesPlace: Place(file: "datasets/test.yaml"))
            ]
            var options = ValidationOptions(
                spillFolder: folder.path, datasets: [train.name: train, other.name: other],
                shelf: KeyShelf())
            options.parts = parts
            var reports: [ValidationReport] = []
            for manifest in readingOrder([other, train]) {
                let found = try await examine(
                    manifest, root: folder.path,
                    options: manifest.profileOptions(validation: options))
                reports.append(found.judged(by: manifest, against: .none("")))
            }
            return reports
        }
        let store = try PartDesk(manifest([]), in: folder, limits: nil).store()
        for count in [2, 3, 3, 5] {
            let found = try await seen(count, store)
            #expect(found == (try await seen(count, nil)), "\(count) files")
            #expect(found[1].violations.contains { $0.rule == .foreignKey })
        }
    }

    @Test(arguments: 1...6)
    func `lines with different keys are the same whatever is known`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let lines = (0..<300).map { number -> String in
            var cells = ["\"id\":\(number)"]
            if random.below(3) > 0 { cells.append("\"word\":\"w\(random.below(40))\"") }
            if number > 150, random.below(4) == 0 { cells.append("\"late\":{\"x\":null}") }
            if random.below(60) == 0 { cells.append("\"rare\(random.below(3))\":1") }
            return "{\(cells.joined(separator: ","))}\n"
        }
        let files = try randomParts(lines, head: "", { "p\($0).jsonl" }, in: folder, &random)
        var declared = manifest(files, format: .jsonl)
        declared.checks.named = [DataCheck(.rowSetDigest)]
        let desk = PartDesk(declared, in: folder, limits: nil)
        let whole = try await desk.see()
        for workers in 1...3 {
            let store = try desk.store()
            let some = files.indices.filter { _ in random.below(2) == 0 }
            if !some.isEmpty { _ = try await desk.see(some, parts: store) }
            #expect(try await desk.see(workers: workers, parts: store) == whole, "seed \(seed)")
            #expect(try await desk.see(workers: workers, parts: store) == whole, "seed \(seed)")
        }
    }

    @Test func `files that know their types are read at the same time and kept`() async throws {
        let bytes = try ParquetFixture.bytes("many")
        let files = try (0..<6).map { try folder.add("p\($0).parquet", bytes: bytes) }
        let desk = PartDesk(manifest(files, format: .parquet), in: folder, limits: nil)
        let whole = try await desk.see()
        #expect(whole.report.rows > 0 && whole.report.rows % 6 == 0)
        let store = try desk.store()
        for _ in 0..<2 {
            #expect(try await desk.see(workers: 4, parts: store) == whole)
        }
        #expect(try await desk.count(store).known == 6)
    }

    @Test func `what is appended is read, and nothing else`() async throws {
        var random = SeededRandom(seed: 3)
        let head = "id,amount,word,day,kind\n"
        var files = try (0..<7).map {
            try folder.add("part-\($0).csv", head + rows(&random).joined())
        }
        let desk = PartDesk(table(files), in: folder, limits: nil)
        let store = try desk.store()
        var found = try await desk.count(store)
        #expect(found.read == 7 && found.known == 0)
        files.append(try folder.add("part-7.csv", head + rows(&random).joined()))
        desk.manifest.files = files
        found = try await desk.count(store)
        #expect(found.read == 1 && found.known == 7)
        #expect(try await desk.see() == found.seen)
        // What is judged, and where it is declared, is no reason to read anything.
        desk.manifest.columns[1].strictness.severity = .warn
        desk.manifest.columns[2].place.line = 99
        #expect(try await desk.count(store).known == 8)
        desk.manifest.columns[1].min = 1
        #expect(try await desk.count(store).known == 0)
    }

    @Test func `what was kept without a digest of DVC does not answer for it`() async throws {
        let texts = (0..<3).map { "x,y\r\n\($0),a\r\n" }
        let files = try texts.enumerated().map { try folder.add("f\($0).csv", $1) }
        let desk = PartDesk(manifest(files), in: folder, limits: nil)
        let store = try desk.store()
        // Because of what has just been written the digests are always taken.
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await desk.see(parts: store).report.violations.isEmpty)
        for isOfLines in [false, true, false] {
            desk.manifest.files = zip(files, texts).map { file, text in
                var file = file
                let md5 = DVCHash.of(Array(text.utf8), isOfLines: isOfLines)
                file.pin = DVCPin(md5: md5, isFolder: false, isOfLines: isOfLines)
                return file
            }
            let found = try await desk.count(store)
            #expect(found.seen.report.violations.isEmpty, "of lines: \(isOfLines)")
            #expect(try await desk.count(store).known == 3)
        }
    }

    @Test func `a file that changed is read, whatever its size and times`() async throws {
        let files = try (0..<3).map { try folder.add("f\($0).csv", "x,y\n1,a\n2,b\n") }
        let desk = PartDesk(manifest(files), in: folder, limits: nil)
        let store = try desk.store()
        _ = try await desk.see(parts: store)
        // What has just been written is known by its digest.
        desk.manifest.files[1] = try folder.add("f1.csv", "x,y\n1,a\n3,b\n")
        let found = try await desk.count(store)
        #expect(found.read == 1 && found.known == 2)
        #expect(found.seen.report.violations.isEmpty)
        #expect(try await desk.see() == found.seen)
    }
}
