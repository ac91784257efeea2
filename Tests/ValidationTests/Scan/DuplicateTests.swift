import Domain
import Testing

@testable import Validation

struct DuplicateTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func hash(_ value: Int) -> RowHash {
        var hasher = RowHasher()
        hasher.absorb(UInt64(value))
        return hasher.finish()
    }

    @Test func `the hash of a cell depends on every byte and on the length`() {
        func hash(_ bytes: [UInt8]) -> RowHash {
            var hasher = RowHasher()
            unsafe withPadding(bytes) { unsafe hasher.absorb(cell: $0, length: $1) }
            return hasher.finish()
        }
        var random = SeededRandom(seed: 3)
        var seen: Set<RowHash> = []
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(seen.insert(hash(bytes)).inserted)
            #expect(hash(bytes + [1]) != hash(bytes + [2]))
            for index in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[index] ^= 1 << UInt8(bit)
                    #expect(seen.insert(hash(changed)).inserted)
                }
            }
        }
        // Zeros of every length, and repeated words.
        for length in 8..<70 {
            #expect(seen.insert(hash([UInt8](repeating: 0, count: length))).inserted)
            #expect(seen.insert(hash([UInt8](repeating: 0x61, count: length))).inserted)
        }
    }

    @Test(arguments: [1, 16, 4096])
    func `a list on disk counts as plain dictionaries do`(bytesMax: Int) throws {
        var random = SeededRandom(seed: 8)
        var list = RowPartitions(in: folder.path, bufferEntries: bytesMax)
        var lines: [Int: [Int]] = [:]
        for start in stride(from: 0, to: 30_000, by: 1_000) {
            let rows = (start..<start + 1_000).map { line in
                (line: line, value: random.below(20_000))
            }
            for row in rows { lines[row.value, default: []].append(row.line) }
            try list.append(rows) { row in
                RowEntry(hash(row.value), RowNumber(file: 1, line: row.line))
            }
        }
        try list.close()
        let found = try DuplicateRows(of: list, bytesMax: bytesMax)
        let repeated = lines.values.filter { $0.count > 1 }
        #expect(list.count == 30_000 && found.rows == 30_000)
        #expect(found.groups == repeated.count)
        #expect(found.surplus == repeated.reduce(0) { $0 + $1.count - 1 })
        let first = repeated.flatMap { group in group.dropFirst().map { ($0, group[0]) } }
            .sorted { $0.0 < $1.0 }.prefix(DuplicateRows.firstMax)
        #expect(found.first.map(\.row.line) == first.map(\.0))
        #expect(found.first.map(\.original.line) == first.map(\.1))
    }

    @Test func `equal rows are found over files, however they are cut and written`() async throws {
        let files = [
            try folder.add("a.csv", "x,y\n1,a\n2,b\n1,\"a\"\n"),
            try folder.add("b.csv", "x,y\r\n\"2\",b\r\n3,\r\n3,\"\"\r\n3,NA\r\n2,\"b\"\r\n"),
        ]
        let manifest = manifest(files, checks: DatasetChecks(missingValues: ["NA"]))
        for size in [1, 5, 1 << 20] {
            let options = ValidationOptions(chunkBytes: size, spillFolder: folder.path)
            let found = try #require(
                try await read(
                    manifest, root: folder.path, options: options, countsDuplicates: true,
                    sink: NoSink()
                ).duplicates)
            #expect(found.rows == 8 && found.surplus == 5 && found.groups == 3)
            #expect(
                found.first.map { "\($0.row.file):\($0.row.line)" } == [
                    "0:4", "1:2", "1:4", "1:5", "1:6",
                ])
            #expect(
                found.first.map { "\($0.original.file):\($0.original.line)" } == [
                    "0:2", "0:3", "1:3", "1:3", "0:3",
                ])
        }
    }

    @Test func `a disk that cannot be written is an error, never a smaller number`() {
        var plan = KeyPlan()
        plan.keep(.record)
        let entry = RowEntry(RowHash(high: 1, low: 1), RowNumber(file: 0, line: 2))
        let entries = [RowEntry](repeating: entry, count: 5_000)
        for isParted in [false, true] {
            var keys = FileKeys(
                plan, equal: nil, isParted: isParted, bytesMax: 1, folder: "/no/such/folder")
            #expect(throws: SpillFault(code: 2)) {
                if isParted {
                    try keys.parted[0].append(entries) { $0 }
                } else {
                    try keys.rows[0].append(entries) { $0 }
                }
            }
        }
    }
}
