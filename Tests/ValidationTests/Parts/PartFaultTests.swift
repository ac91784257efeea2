import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

/// What was kept can be damaged, gone, or have no room; then files are read again.
@Suite struct PartFaultTests {
    private let folder: Folder
    private let desk: PartDesk

    init() throws {
        folder = try Folder()
        try makeFolder("\(folder.path)/data")
        var random = SeededRandom(seed: 4)
        var files: [DatasetFile] = []
        for part in 0..<4 {
            let rows = (0..<300).map {
                "\(part * 280 + $0),\(random.below(50)),t\(random.below(9))\n"
            }
            let text = "id,n,t\n" + rows.joined()
            files.append(try folder.add("data/part-\(part).csv", text))
        }
        let columns = [column("id", .integer, unique: true), column("n", .number), column("t")]
        desk = PartDesk(manifest(files, columns), in: folder, limits: nil)
    }

    @Test func `bytes that were damaged are never believed`() async throws {
        var random = SeededRandom(seed: 5)
        let whole = try await desk.see(parts: try desk.store())
        #expect(try await desk.see() == whole)
        for round in 0..<40 {
            try FileManager.default.removeItem(atPath: desk.kept)
            _ = try await desk.see([0, 1, 2], parts: try desk.store())
            let name = try #require(try namesIn(desk.kept).sorted().randomElement(using: &random))
            let path = "\(desk.kept)/\(name)"
            var bytes = try readFile(path, limitBytes: 1 << 24)
            switch random.below(3) {
            case 0: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            case 1: bytes.removeLast(1 + random.below(bytes.count))
            default: bytes = Array("something else".utf8)
            }
            try writeFileAtomically(path, bytes)
            let found = try await desk.count(try desk.store())
            #expect(found.seen == whole, "round \(round): \(name)")
            // What is known together is not looked at one by one.
            try FileManager.default.removeItem(atPath: path)
            #expect(try await desk.see(parts: try desk.store()) == whole, "without \(name)")
        }
    }

    @Test func `rows that were damaged are read again once`() async throws {
        _ = try await desk.see([0, 1, 2], parts: try desk.store())
        let rows = try namesIn(desk.kept).filter { $0.hasSuffix(".rows") }.sorted()
        #expect(rows.count == 3)
        let path = "\(desk.kept)/\(try #require(rows.first))"
        var bytes = try readFile(path, limitBytes: 1 << 24)
        bytes[bytes.count / 2] ^= 1
        try writeFileAtomically(path, bytes)
        let whole = try await desk.see()
        #expect(try await desk.see(parts: try desk.store()) == whole)
        let again = try await desk.count(try desk.store())
        #expect(again.read == 0 && again.known == 4 && again.seen == whole)
        // What was damaged is whole again, so that a file more is all that is read.
        desk.manifest.files.append(try folder.add("data/part-4.csv", "id,n,t\n5000,1,t1\n"))
        #expect(try await desk.count(try desk.store()).read == 1)
    }

    @Test func `where nothing can be written everything is read, and nothing is said`() async throws
    {
        let whole = try await desk.see()
        try writeFileAtomically(desk.kept, Array("a file in the way".utf8))
        for _ in 0..<2 {
            let found = try await desk.count(try desk.store())
            #expect(found.seen == whole && found.read == 4)
        }
    }

    @Test func `what was used longest ago goes when there is too much`() async throws {
        let whole = try await desk.see(parts: try desk.store())
        let sizes = try namesIn(desk.kept).map { fileSize("\(desk.kept)/\($0)") ?? 0 }
        let half = sizes.reduce(0, +) / 2
        let store = try desk.store(bytesMax: half)
        store.tidy()
        #expect(try namesIn(desk.kept).count == sizes.count)
        #expect(store.keep("the last", []))
        store.tidy()
        let left = try namesIn(desk.kept).map { fileSize("\(desk.kept)/\($0)") ?? 0 }
        #expect(left.reduce(0, +) <= half && !left.isEmpty)
        let found = try await desk.count(store)
        #expect(found.seen == whole)
    }

    @Test func `what cannot be read as it is is not kept`() async throws {
        desk.manifest.files[2] = try folder.add("data/part-2.csv", bytes: [0x1F, 0x8B, 8, 0, 0])
        let store = try desk.store()
        let first = try await desk.count(store)
        #expect(first.read == 4)
        let second = try await desk.count(store)
        #expect(second.read == 1 && second.seen == first.seen)
        #expect(first.seen.report.verdict == .failed)
    }

    @Test func `a file that is named and matched counts once, and is an error`() async throws {
        let all = [entry("data/part-*.csv"), desk.manifest.files[1]]
        for files in [all, all.reversed()] {
            let report = try await validate(manifest(files), root: folder.path)
            #expect(report.rows == 1200)
            let found = try #require(report.violations.first { $0.rule == .repeatedFile })
            #expect(found.total == 1 && found.occurrences[0].message.contains("`data/part-1.csv`"))
        }
    }

    @Test func `a pattern without a match says where it looked and what is there`() async throws {
        let report = try await validate(manifest([entry("data/part-*.tsv")]), root: folder.path)
        let message = report.violations.first { $0.rule == .emptyFile }?.occurrences[0].message
        #expect(message?.contains("`data/part-*.tsv`") == true)
        #expect(
            message?.contains("the folder `data` has 4 files: `") == true, "\(message ?? "nothing")"
        )
    }
}
