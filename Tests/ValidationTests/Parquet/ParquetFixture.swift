import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// A file that pyarrow wrote; `fixtures/make_fixtures.py` made it and the cells it must give.
struct ParquetFixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(component: "fixtures").path

    /// By table and column; null where a cell is missing.
    struct Expected: Decodable {
        var kinds: [String: [String?]]
        var lists: [String: [String?]]
        var pages: [String: [String?]]
        var julian: [String: [String?]]
        /// The files that hold the table `kinds`.
        var same: [String]
    }

    static func expected() throws -> Expected {
        let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/expected.json"))
        return try JSONDecoder().decode(Expected.self, from: bytes)
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let path = "\(folder)/\(name).parquet"
        return [UInt8](try #require(FileManager.default.contents(atPath: path), "\(path)"))
    }

    static let names = [
        "plain", "dictionary", "pages2", "gzip", "delta", "lists", "lists2", "many", "julian",
        "lz4", "brotli", "empty",
    ]
}

/// What a file gives when nothing is declared of it.
struct ParquetCells {
    var names: [String] = []
    /// Column after column.
    var cells: [[String?]] = []
    var kinds: [ColumnDeclaration.Kind] = []
    var rows: [CollectingSink.Row] = []

    /// Reads so many rows at a time, and holds so much of pages between them.
    init(
        _ bytes: [UInt8], step: Int = 8192, heldBytesMax: Int = ParquetLimits.heldBytesMax
    ) throws {
        let file = MemoryBytes(all: bytes)
        var rows = try ParquetRows(ParquetFooter(file), .system, heldBytesMax: heldBytesMax)
        var check = try DatasetCheck(manifest([], format: .parquet))
        check.begin("d.parquet")
        let plan = check.readSchema(rows.columns)
        names = plan.columns.map(\.name)
        kinds = plan.columns.map(\.kind)
        cells = names.map { _ in [] }
        var sink = CollectingSink()
        sink.begin(file: 0, path: "d.parquet", plan: plan.scan)
        while let (count, columns) = try rows.next(step, bytesMax: 1 << 20, from: file) {
            #expect(count <= step)
            let table = CellTable(columns, rows: count, plan)
            let found = table.check(plan.scan, sink: sink.part())
            #expect(found.faults.isEmpty)
            for row in found.sink.rows {
                for (place, text) in row.cells.enumerated() {
                    cells[place].append(row.states[place] == .missing ? nil : text)
                }
            }
            sink.merge(found.sink, linesBefore: self.rows.count)
            self.rows += found.sink.rows
        }
    }

    subscript(name: String) -> [String?] {
        names.firstIndex(of: name).map { cells[$0] } ?? []
    }
}
