import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// Small files that say of themselves that they are large.
struct BudgetTests {
    private func fault(_ bytes: [UInt8]) -> String? {
        do throws(BinaryFault) {
            if bytes.starts(with: "PAR1".utf8) {
                let file = MemoryBytes(all: bytes)
                var rows = try ParquetRows(ParquetFooter(file), .system)
                while try rows.next(8192, bytesMax: 8 << 20, from: file) != nil {}
            } else {
                try readArrow(bytes, rowsMax: .max)
            }
            return nil
        } catch {
            return error.message
        }
    }

    // MARK: Parquet

    @Test func `a decimal has no more digits behind the point than its values`() {
        for (physical, most) in [(1, 9), (2, 18), (6, 76)] {
            for scale in [most, most + 1, 1000] {
                let column = ParquetWriter.column("x", physical: physical, decimalScale: scale)
                let found = fault(
                    ParquetWriter.file(
                        [ParquetWriter.group("r", children: 1), column], rows: 0, []))
                let isRead = scale == most
                #expect(
                    (found == nil) == isRead, "\(physical), \(scale): \(found ?? "is read")")
                #expect(isRead || found?.contains("a decimal of scale \(scale)") == true)
            }
        }
    }

    @Test func `a dictionary is measured while it is written`() {
        let count = (CellLimits.dictionaryBytesMax / 32) + 1
        let dictionary = ParquetWriter.page(
            [UInt8](repeating: 0, count: 4 * count), values: count, isDictionary: true)
        let page = ParquetWriter.page([0], values: 1, encoding: 8)
        let found = fault(
            ParquetWriter.file(
                [ParquetWriter.group("r", children: 1), ParquetWriter.column("x", physical: 6)],
                rows: 1, pages: dictionary + page,
                [.init(physical: 6, values: 1, start: 4 + dictionary.count, dictionary: 4)]))
        #expect(found == "too large at byte 4: a dictionary of more than 32 MiB")
    }

    @Test func `the name of a group counts for each of its columns`() {
        let columns = [[UInt8]](
            repeating: ParquetWriter.column("a", physical: 1), count: 1000)
        let name = String(repeating: "n", count: 200_000)
        let found = fault(
            ParquetWriter.file(
                [
                    ParquetWriter.group("r", children: 1),
                    ParquetWriter.group(name, children: columns.count),
                ] + columns, rows: 0, []))
        #expect(found?.contains("a schema of more than 32 MiB") == true)
    }

    @Test func `nulls are cells`() {
        let columns = 40
        let found = fault(
            ParquetWriter.file(
                [ParquetWriter.group("r", children: columns)]
                    + (0..<columns).map {
                        ParquetWriter.column("c\($0)", physical: 1, isOptional: true)
                    }, rows: 2_000_000_000,
                [ParquetWriter.Chunk](
                    repeating: .init(physical: 1, values: 2_000_000_000, start: 4),
                    count: columns)))
        #expect(found?.hasSuffix(" cells") == true)
        #expect(found?.contains(": more than ") == true)
    }

    @Test func `a row of few bytes may not be long`() {
        let length = 31 << 20
        let page = ParquetWriter.page(
            LZ4Writer.block(littleEndian(length, bytes: 4), zeros: length), bytes: length + 4,
            values: 1)
        let columns = 3
        let found = fault(
            ParquetWriter.file(
                [ParquetWriter.group("r", children: columns)]
                    + (0..<columns).map { ParquetWriter.column("c\($0)", physical: 6) },
                rows: 1, pages: [[UInt8]](repeating: page, count: columns).flatMap(\.self),
                (0..<columns).map {
                    .init(physical: 6, values: 1, start: 4 + $0 * page.count, codec: 7)
                }))
        #expect(found?.contains("rows of more than 93 MiB") == true)
    }

    @Test func `a page may be no longer on the disk than in memory`() {
        let head = ParquetWriter.head(bytes: 100, stored: 200 << 20, values: 1, encoding: 0)
        let found = fault(
            ParquetWriter.file(
                [ParquetWriter.group("r", children: 1), ParquetWriter.column("x", physical: 1)],
                rows: 1, pages: head, [.init(physical: 1, values: 1, start: 4, codec: 7)]))
        #expect(found == "too large at byte 4: a page of \(200 << 20) bytes")
    }

    /// A file of columns of zeros, each of which is one page of so many bytes.
    private func zeros(_ pageBytes: [Int]) -> [UInt8] {
        let pages = pageBytes.map { size in
            ParquetWriter.page(
                LZ4Writer.block(zeros: size), bytes: size, values: size / 8)
        }
        var chunks: [ParquetWriter.Chunk] = []
        var start = 4
        for (page, size) in zip(pages, pageBytes) {
            chunks.append(.init(physical: 2, values: size / 8, start: start, codec: 7))
            start += page.count
        }
        return ParquetWriter.file(
            [ParquetWriter.group("r", children: pages.count)]
                + pages.indices.map { ParquetWriter.column("c\($0)", physical: 2) },
            rows: (pageBytes.min() ?? 0) / 8, pages: pages.flatMap(\.self), chunks)
    }

    @Test(arguments: [0, 1 << 20, 64 << 20])
    func `what columns hold between their turns has a bound`(heldBytesMax: Int) throws {
        let (columns, size) = (20, 1 << 18)
        let file = MemoryBytes(all: zeros([Int](repeating: size, count: columns)))
        var rows = try ParquetRows(ParquetFooter(file), .system, heldBytesMax: heldBytesMax)
        var (count, most) = (0, 0)
        while let next = try rows.next(1000, bytesMax: 8 << 20, from: file) {
            count += next.rows
            most = max(most, rows.held)
        }
        #expect(count == size / 8)
        #expect(most <= heldBytesMax && (most > 0) == (heldBytesMax > columns * size), "\(most)")
    }

    @Test func `a page that has no room beside the others is refused`() {
        let found = fault(zeros([23 << 20, 127 << 20]))
        #expect(
            found?.hasPrefix("too large") == true
                && found?.hasSuffix("pages of 150 MiB side by side") == true,
            "\(found ?? "it is read")")
    }

    @Test func `columns cannot have the same pages`() {
        let rows = 1000
        let page = ParquetWriter.page([UInt8](repeating: 7, count: 4 * rows), values: rows)
        let found = fault(
            ParquetWriter.file(
                [ParquetWriter.group("r", children: 3)]
                    + (0..<3).map { ParquetWriter.column("c\($0)", physical: 1) },
                rows: rows, pages: page,
                [ParquetWriter.Chunk](
                    repeating: .init(physical: 1, values: rows, start: 4), count: 3)))
        #expect(found == "damaged at byte 4: parts of the file overlap")
    }

    // MARK: Arrow

    @Test func `a name counts for each field that has it`() {
        let name = String(repeating: "n", count: 8000)
        let field = ArrowWriter.field(name, ArrowWriter.integer)
        let found = fault(ArrowWriter.schema(.same(field, count: 10_000)))
        #expect(found?.contains("a schema of more than 32 MiB") == true)
    }

    @Test func `columns of nothing have cells`() {
        let field = ArrowWriter.field("n", ArrowWriter.nothing)
        let rows = 2_000_000_000
        let found = fault(
            ArrowWriter.schema(.same(field, count: 40))
                + ArrowWriter.batch(rows: rows, nodes: (0..<40).flatMap { _ in [rows, rows] }))
        #expect(found?.hasSuffix(" cells") == true)
    }

    @Test func `a long run is passed over at once`() throws {
        let runs = ArrowWriter.field(
            "item", [2: .number(22), 3: .table([:])],
            children: [
                ArrowWriter.field("run_ends", ArrowWriter.integer),
                ArrowWriter.field("values", ArrowWriter.integer),
            ])
        let list = ArrowWriter.field("x", [2: .number(21), 3: .table([:])], children: [runs])
        let first = 1 << 50
        let body = [first, first + 1, first + 2, 1 << 55, 7].flatMap {
            littleEndian($0, bytes: 8)
        }
        let found = try ArrowCells(
            ArrowWriter.schema(.tables([list]))
                + ArrowWriter.batch(
                    rows: 2, nodes: [2, 0, 1 << 51, 0, 1, 0, 1, 0],
                    buffers: [0, 0, 0, 24, 0, 0, 24, 8, 0, 0, 32, 8], body: body))
        #expect(found["x"] == ["[7]", "[7]"])
    }

    @Test func `compressed texts of views count for all columns together`() {
        let size = 70 << 20
        // Not compressed: a view of 20 bytes in buffer 0.
        let view =
            littleEndian(-1, bytes: 8) + littleEndian(20, bytes: 4)
            + [UInt8](repeating: 0, count: 12)
        let texts = littleEndian(size, bytes: 8) + LZ4Writer.frame(zeros: size)
        let field = ArrowWriter.field("t", ArrowWriter.textView)
        let buffers = [0, 0, 0, view.count, view.count, texts.count]
        let batch = ArrowWriter.batch(
            rows: 1, nodes: [1, 0, 1, 0], buffers: buffers + buffers, views: [1, 1],
            isLZ4: true, body: view + texts)
        let found = fault(ArrowWriter.schema(.same(field, count: 2)) + batch)
        #expect(found?.contains("compressed texts of more than 128 MiB in views") == true)
        let one = ArrowWriter.batch(
            rows: 1, nodes: [1, 0], buffers: buffers, views: [1], isLZ4: true,
            body: view + texts)
        // What one batch holds is free for the next.
        #expect(fault(ArrowWriter.schema(.tables([field])) + one + one) == nil)
    }

    @Test func `blocks of LZ4 that give nothing are damaged`() {
        let offsets =
            littleEndian(-1, bytes: 8) + littleEndian(0, bytes: 4)
            + littleEndian(100, bytes: 4)
        let texts =
            littleEndian(100, bytes: 8) + LZ4Writer.frameHead
            + [1, 0, 0, 0, 0, 0, 0, 0, 0]
        let found = fault(
            ArrowWriter.schema(.tables([ArrowWriter.field("b", ArrowWriter.bytes)]))
                + ArrowWriter.batch(
                    rows: 1, nodes: [1, 0],
                    buffers: [0, 0, 0, offsets.count, offsets.count, texts.count],
                    isLZ4: true, body: offsets + texts))
        #expect(found?.contains("an LZ4 block is damaged") == true)
    }

    // MARK: Stopping

    @Test func `reading stops when nobody waits for it`() async throws {
        let parquet = try ParquetFixture.bytes("plain")
        let arrow = try ArrowFixture.bytes("kinds.arrow")
        await withTaskGroup(of: String?.self) { group in
            group.cancelAll()
            group.addTask { fault(parquet) }
            group.addTask { fault(arrow) }
            for await found in group {
                #expect(found == "it is not read to its end, because nobody waits for it")
            }
        }
    }

    @Test func `a file that grows is read as long as it was when it was opened`() async throws {
        let folder = try Folder()
        var bytes = try ParquetFixture.bytes("plain")
        _ = try folder.add("d.parquet", bytes: bytes)
        let reader = FileReader(descriptor: try RootFolder(folder.path).open("d.parquet").get())
        bytes += Array("more".utf8)
        try Data(bytes).write(to: URL(filePath: "\(folder.path)/d.parquet"))
        var check = try DatasetCheck(manifest([], format: .parquet))
        check.begin("d.parquet")
        var pass = TypedPass(
            check, sink: CollectingSink(), digests: FileDigests(nil),
            options: ValidationOptions(), path: "d.parquet")
        do throws(ValidationError) {
            _ = try await pass.read(reader)
            Issue.record("the file has not grown")
        } catch {
            #expect(error == .changed("d.parquet"))
        }
    }
}
