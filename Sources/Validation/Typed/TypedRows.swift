/// The rows of a file that knows its types, from the first to the last.
protocol TypedRows {
    var columns: [TypedColumn] { get }
    /// Where the file says what its columns are.
    var schemaOffset: Int { get }

    /// The next rows, as the cells of each column; nil at the end.
    ///
    /// - Parameters:
    ///   - wanted: as many at most; fewer where cells are long.
    ///   - bytesMax: of all cells, about.
    mutating func next(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (rows: Int, columns: [[CellSlice]])?
}

/// Cells of a column that are read and not taken.
struct CellQueue {
    private var slices: [CellSlice] = []
    /// How many cells there are.
    private(set) var count = 0
    /// About how many bytes they are as texts.
    private(set) var bytes = 0

    mutating func add(_ run: CellRun) {
        slices.append(CellSlice(run: run, cells: 0..<run.count, firstValue: 0))
        count += run.count
        bytes += run.sizeBytes
    }

    /// The next cells, of which there must be as many.
    mutating func take(_ wanted: Int) -> [CellSlice] {
        precondition(wanted <= count)
        guard wanted > 0 else { return [] }
        var taken: [CellSlice] = []
        var left = wanted
        var used = 0
        while left > 0 {
            var slice = slices[used]
            if slice.cells.count <= left {
                used += 1
                left -= slice.cells.count
            } else {
                let cut = slice.cells.lowerBound + left
                let values = slice.run.valueCount(before: cut, from: slice.cells.lowerBound)
                slices[used].cells = cut..<slice.cells.upperBound
                slices[used].firstValue += values
                slice.cells = slice.cells.lowerBound..<cut
                left = 0
            }
            taken.append(slice)
        }
        slices.removeFirst(used)
        bytes = bytes / count * (count - wanted)
        count -= wanted
        return taken
    }
}

extension CellSlice {
    /// About how many bytes its cells are as texts.
    var sizeBytes: Int { run.sizeBytes * cells.count / max(1, run.count) }
}

extension CellRun {
    /// About how many bytes its cells are as texts.
    fileprivate var sizeBytes: Int {
        switch values {
        case .words(let words): words.count * 8
        case .bytes(let packed), .lists(let packed): packed.bytes.count
        case .indices(let indices, let dictionary):
            indices.reduce(0) { $0 + dictionary.texts.range(Int($1)).count }
        }
    }
}
