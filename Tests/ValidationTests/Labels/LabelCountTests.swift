import Domain
import Testing

@testable import Validation

/// Cells are counted against the label in little memory, whatever they are.
@Suite struct LabelCountTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func counts(
        _ rows: [(value: String, label: String)], bytesMax: Int
    ) async throws -> LabelCounts {
        let lines = rows.map { "\($0.value),\($0.label)\n" }
        let declared = manifest(
            [try folder.add("d.csv", "x,y\n" + lines.joined())], [column("x"), column("y")])
        let sink = CellSink(folder.path)
        var cells = try await validate(declared, root: folder.path, sink: sink).sink.cells
        try cells.flush()
        let label = try #require(try LabelClasses(of: 1, in: cells))
        return try LabelCounts(0, label, in: cells, bytesMax: bytesMax, folder: folder.path)
    }

    @Test func `a value that most rows have is put apart once`() async throws {
        let rows = (0..<30_000).map { row in
            (value: row % 2 == 0 ? "unknown" : "v\(row)", label: "c\(row % 3)")
        }
        let whole = try await counts(rows, bytesMax: 32 << 20)
        let parted = try await counts(rows, bytesMax: 1 << 16)
        #expect(whole.partings == 0 && parted.partings == 1)
        #expect(parted.sums.cramersV == whole.sums.cramersV && parted.sums.rows == 30_000)
    }

    @Test func `a value with very many classes is put apart until it is alone`() async throws {
        let rows = (0..<30_000).map { row in
            (value: row % 2 == 0 ? "unknown" : "v\(row)", label: "c\(row % 4001)")
        }
        let whole = try await counts(rows, bytesMax: 32 << 20)
        let parted = try await counts(rows, bytesMax: 1 << 16)
        // Because what shares its partition by chance is parted from it by the next bits.
        #expect(whole.partings == 0 && (1...4).contains(parted.partings))
        #expect(parted.sums.cramersV == whole.sums.cramersV && parted.sums.rows == 30_000)
    }

    @Test func `words that are chosen to want one place do not get it`() {
        // What `mixed` takes to numbers whose lowest bits are zero.
        let chosen = (1...3000).map { unmixed(UInt64($0) << 32) }
        #expect(chosen.allSatisfy { mixed($0) & 0xFFFF_FFFF == 0 })
        var (known, secret) = (WordNumbers(key: 0), WordNumbers())
        let numbers = chosen.map { [known.insert($0), secret.insert($0)] }
        #expect(numbers == chosen.indices.map { [$0, $0] })
        #expect(secret.words == chosen)
        #expect(chosen.indices.allSatisfy { secret.number(of: chosen[$0]) == $0 })
        #expect(known.distanceMax == chosen.count - 1)
        #expect(secret.distanceMax < 512)
    }

    /// The other way round, by the inverses of the factors of `mixed`.
    private func unmixed(_ value: UInt64) -> UInt64 {
        func inverse(_ odd: UInt64) -> UInt64 {
            (0..<6).reduce(odd) { found, _ in found &* (2 &- odd &* found) }
        }
        var bits = value ^ value >> 31 ^ value >> 62
        bits = bits &* inverse(0x94D0_49BB_1331_11EB)
        bits = (bits ^ bits >> 27 ^ bits >> 54) &* inverse(0xBF58_476D_1CE4_E5B9)
        return (bits ^ bits >> 30 ^ bits >> 60) &- 0x9E37_79B9_7F4A_7C15
    }
}

/// Keeps the cells of a file as they are counted.
private struct CellSink: TableSink {
    var cells: CellSpool
    private var layout: CellLayout?
    private var rows: CellRows?

    init(_ folder: String) { cells = CellSpool(in: folder, bytesMax: 4 << 20) }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { true }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        let columns = plan.columns.map { column in
            KeyLayout.Column(
                place: column.place, name: column.rules.name, kind: column.rules.kind, seed: 0,
                isNumber: false)
        }
        let layout = CellLayout(CellPlan(label: "y"), columns, quote: plan.dialect.quote)
        self.layout = layout
        cells.begin(layout)
    }

    func part() -> CellSink {
        var part = self
        part.rows = layout.map { CellRows($0) }
        return part
    }

    mutating func take(_ batch: RowBatch) { rows?.take(batch) }

    mutating func merge(_ next: CellSink, linesBefore: Int) {
        guard let rows = next.rows else { return }
        do {
            try cells.add(rows)
        } catch {
            Issue.record("\(error)")
        }
    }
}
