import Domain
import Host
import Testing

@testable import Validation

/// What keeps the memory within bounds, whatever a file holds.
struct BoundTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `of many faults in a record the first are kept and all are counted`() async throws {
        let text = "a,b\n" + String(repeating: "x\"", count: 500) + ",1\r2\r3\n4,5\n"
        for chunk in [7, 1 << 20] {
            let report = try await check(text, chunk: chunk)
            #expect(
                report.violations.map { "\($0.rule) \($0.total) \($0.occurrences.count)" } == [
                    "strayQuote 500 5", "strayCarriageReturn 2 2",
                ])
            #expect(report.rows == 2)
        }
        var taker = CountingTaker()
        var pending = PendingFaults()
        for number in 0..<1000 {
            pending.add(ScanFault(kind: .strayQuote, line: 0, column: number))
            pending.add(ScanFault(kind: .strayCarriageReturn, line: 0, column: number))
        }
        pending.add(ScanFault(kind: .unbalancedQuote, line: 0, column: 1))
        pending.leave(to: &taker)
        #expect(taker.calls == 2 * PendingFaults.keptMax + 3)
        #expect(taker.total == 2001)
        #expect(pending.isEmpty)
    }

    @Test func `a record that is given up takes no faults with it`() async throws {
        let text = "a,b\n\"" + String(repeating: "x", count: 100) + "\"y,1\n1,\"2"
        let report = try await check(text, chunk: 50)
        #expect(report.violations.map(\.rule) == [.unbalancedQuote, .strayQuote])
    }

    @Test func `a header that is too long hides the rows, and no row is taken for it`() async throws
    {
        let header = [UInt8](repeating: UInt8(ascii: "x"), count: RecordSplitter.recordBytesMax + 9)
        for (before, line) in [("", 1), ("\n", 2)] {
            let bytes = Array(before.utf8) + header + Array("\n1,2\n3,4\n".utf8)
            for chunk in [3 << 20, 1 << 24] {
                let file = try folder.add("d", bytes: bytes)
                let report = try await validate(
                    manifest([file], [column("a")]), root: folder.path,
                    options: ValidationOptions(chunkBytes: chunk))
                #expect(
                    report.diagnostics.map { "\($0.place): \($0.message)" } == [
                        "d:\(line):1: a record of more than 8 MiB, which was not checked: "
                            + "it should be the header, so nothing of the file was"
                    ])
            }
        }
    }

    @Test func `a header of more cells than are read is not kept whole`() {
        let chunk = ChunkBytes([UInt8](repeating: UInt8(ascii: ","), count: 3 << 20), [])
        var taker = CountingTaker()
        let cells = unsafe chunk.storage.withUnsafeBufferPointer { storage -> Int in
            guard let bytes = storage.baseAddress else { return 0 }
            let batch = unsafe RowBatch(width: 0, bytes: bytes, byteCount: chunk.count)
            var splitter = RecordSplitter(batch, from: 0, isEnd: true, dialect: Dialect())
            return splitter.record(into: &taker)?.cells.count ?? 0
        }
        #expect(cells == ScanPlan.widthMax + 1)
    }

    @Test func `an object of too many keys is refused, and the lines around it are read`()
        async throws
    {
        let keys = (0...LineSplitter.keysMax).map { "\"k\($0)\":1" }.joined(separator: ",")
        let text = "{\"a\":1}\n{\(keys)}\n{\"a\":3}\n"
        for chunk in [100_003, 1 << 22] {
            let file = try folder.add("d", text)
            let report = try await validate(
                manifest([file], [column("a", .integer)], format: .jsonl), root: folder.path,
                options: ValidationOptions(chunkBytes: chunk))
            #expect(report.rows == 2)
            let found = try #require(report.violations.first { $0.rule == .recordSize })
            #expect(found.total == 1 && found.occurrences[0].place.line == 2)
            #expect(found.hint == "write what the keys name as values")
        }
    }

    @Test func `keys that hardly any line has become no column of their own`() async throws {
        let often = (0..<300).map { "\"o\($0)\":1" }.joined(separator: ",")
        var lines = ["{\(often)}", "{\"rare\":1}"]
        lines += (0..<1500).map { $0 % 500 == 0 ? "{\"o299\":2}" : "{\"o0\":\($0)}" }
        for chunk in [700, 1 << 20] {
            let file = try folder.add("d", lines.joined(separator: "\n"))
            let (report, sink) = try await validate(
                manifest([file], format: .jsonl), root: folder.path,
                options: ValidationOptions(chunkBytes: chunk), sink: CollectingSink())
            // The first 128, and of the others the one that four lines in 1,502 have.
            #expect(sink.widths == [129])
            #expect(report.rows == 1502 && report.violations.isEmpty)
        }
    }

    @Test func `a file that unpacks to more than is read is left where that is noticed`()
        async throws
    {
        let file = try folder.add("d", bytes: try ParquetFixture.bytes("many"))
        let declared = manifest([file], format: .parquet)
        #expect(try await validate(declared, root: folder.path).passed)
        for workers in 1...3 {
            var options = ValidationOptions(chunkBytes: 700, workersMax: workers)
            options.unpackLimits.bytesMax = 1000
            let report = try await validate(declared, root: folder.path, options: options)
            #expect(
                report.diagnostics.map(\.message) == [
                    "too large at byte 4: more than 1000 unpacked bytes"
                ])
        }
    }

    @Test func `paths that can never be followed are the data's fault`() async throws {
        try makeLink(at: "\(folder.path)/loop.csv", to: "loop.csv")
        let long = String(repeating: "n", count: 300) + ".csv"
        let good = try folder.add("good.csv", "a\n1\n")
        let report = try await validate(
            manifest([entry("loop.csv"), entry(long), good]), root: folder.path)
        #expect(report.rows == 1)
        #expect(
            report.diagnostics.map(\.message) == [
                "`loop.csv` cannot be opened: Too many levels of symbolic links",
                "`\(long)` cannot be opened: File name too long",
            ])
    }

    private func check(_ text: String, chunk: Int) async throws -> ValidationReport {
        try await validate(
            manifest([try folder.add("d", text)]), root: folder.path,
            options: ValidationOptions(chunkBytes: chunk))
    }
}

private struct CountingTaker: RecordTaker {
    var calls = 0
    var total = 0

    mutating func fault(_ fault: ScanFault) { self.fault(fault, times: 1) }

    mutating func fault(_ fault: ScanFault, times: Int) {
        calls += 1
        total += times
    }

    mutating func irregular(cells: Int, line: Int) {}
    mutating func take(_ batch: RowBatch) {}
}
