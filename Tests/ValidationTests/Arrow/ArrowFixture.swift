import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// A file that pyarrow wrote; `fixtures/make_fixtures.py` made it and the cells it must give.
struct ArrowFixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(component: "fixtures").path

    /// By table and column; null where a cell is missing.
    typealias Expected = [String: [String: [String?]]]

    static func expected() throws -> Expected {
        let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/expected.json"))
        return try JSONDecoder().decode(Expected.self, from: bytes)
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let path = "\(folder)/\(name)"
        return [UInt8](try #require(FileManager.default.contents(atPath: path), "\(path)"))
    }
}

/// What an Arrow file gives when nothing is declared of it.
struct ArrowCells {
    var names: [String] = []
    /// Column after column.
    var cells: [[String?]] = []
    var kinds: [ColumnDeclaration.Kind] = []
    var rows = 0

    /// Reads so many rows at a time.
    init(_ bytes: [UInt8], step: Int = 8192, bytesMax: Int = 1 << 20) throws {
        let file = MemoryBytes(all: bytes)
        var source = try ArrowRows(file)
        var check = try DatasetCheck(manifest([], format: .arrow))
        check.begin("d.arrow")
        let plan = check.readSchema(source.columns)
        names = plan.columns.map(\.name)
        kinds = plan.columns.map(\.kind)
        cells = names.map { _ in [] }
        var sink = CollectingSink()
        sink.begin(file: 0, path: "d.arrow", plan: plan.scan)
        while let (count, columns) = try source.next(step, bytesMax: bytesMax, from: file) {
            #expect(count <= step)
            let table = CellTable(columns, rows: count, plan)
            let found = table.check(plan.scan, sink: sink.part())
            for row in found.sink.rows {
                for (place, text) in row.cells.enumerated() {
                    cells[place].append(row.states[place] == .missing ? nil : text)
                }
            }
            rows += count
        }
    }

    subscript(name: String) -> [String?] {
        names.firstIndex(of: name).map { cells[$0] } ?? []
    }
}

/// Reads all rows and forgets them; at most so many, because a mutation may say that nulls go on
/// for ever.
func readArrow(_ bytes: [UInt8], rowsMax: Int = 100_000) throws(BinaryFault) {
    let file = MemoryBytes(all: bytes)
    var source = try ArrowRows(file)
    var rows = 0
    while rows < rowsMax, let (count, _) = try source.next(8192, bytesMax: 1 << 20, from: file) {
        rows += count
    }
}
