/// Rows of a file that knows its types, written as a table of cells, column after column.
struct CellTable {
    let rows: Int
    private let width: Int
    private var writer: CellWriter
    private var cells: [PackedCell]
    private var states: [CellState]
    private var numbers: [Double]
    /// Texts that are not UTF-8, by row and place.
    private(set) var broken: [(row: Int, place: Int)] = []

    /// How long all texts are.
    var bytes: Int { writer.count }

    init(_ columns: [[CellSlice]], rows: Int, _ plan: TypedPlan) {
        self.rows = rows
        width = columns.count
        writer = CellWriter(capacity: rows * width * 8)
        cells = [PackedCell](repeating: PackedCell(start: 0, length: 0), count: rows * width)
        states = [CellState](repeating: .missing, count: rows * width)
        numbers = [Double](repeating: 0, count: rows * width)
        for (place, slices) in columns.enumerated() {
            var at = place * rows
            let start = writer.count
            for slice in slices { add(slice, plan.columns[place].form, at: &at) }
            if plan.mustBeText[place] { findBroken(place, start) }
        }
    }

    private mutating func add(_ slice: CellSlice, _ form: ValueForm, at: inout Int) {
        switch slice.run.values {
        case .words(let words):
            each(slice, &at) { writer, value in writer.write(word: words[value], form) }
        case .bytes(let packed):
            each(slice, &at) { writer, value in
                writer.write(packed.bytes.span, packed.range(value), form)
            }
        case .lists(let packed):
            each(slice, &at) { writer, value in
                writer.write(packed.bytes.span, packed.range(value))
                return WrittenValue()
            }
        case .indices(let indices, let dictionary):
            each(slice, &at) { writer, value in
                let index = Int(indices[value])
                writer.write(dictionary.texts.bytes.span, dictionary.texts.range(index))
                return dictionary.values[index]
            }
        }
    }

    @inline(__always)
    private mutating func each(
        _ slice: CellSlice, _ at: inout Int,
        _ write: (inout CellWriter, Int) -> WrittenValue
    ) {
        var value = slice.firstValue
        for cell in slice.cells {
            if slice.run.isThere?[cell] ?? true {
                let start = writer.count
                let written = write(&writer, value)
                cells[at] = PackedCell(start: start, length: writer.count - start)
                numbers[at] = written.number
                states[at] = written.isPlain ? .valid : .wrong
                value += 1
            }
            at += 1
        }
    }

    private mutating func findBroken(_ place: Int, _ start: Int) {
        var all: UInt8 = 0
        for index in start..<writer.count { all |= writer.storage[index] }
        guard all >= 0x80 else { return }
        for row in 0..<rows {
            let range = cells[place * rows + row].range
            if !isUTF8(writer.storage.span, range) { broken.append((row, place)) }
        }
    }

    /// Gives the rows to the checks, in batches.
    consuming func check<Sink: TableSink>(_ plan: ScanPlan, sink: Sink) -> ChunkFindings<Sink> {
        var checker = ChunkChecker(plan, sink: sink)
        for (row, place) in broken {
            checker.fault(ScanFault(kind: .invalidUTF8, line: row, column: place + 1))
        }
        let count = writer.count
        let bytes = writer.finish(room: ChunkBytes.slackBytes)
        unsafe bytes.withUnsafeBufferPointer { storage in
            guard let start = storage.baseAddress else { return }
            // In bounds: the cells lie within `count`, and there is room behind it; the storage
            // lives on until this closure ends, and the batch does not leave it.
            let batch = unsafe RowBatch(
                width: width, bytes: start, byteCount: count, storage: bytes)
            var first = 0
            while first < rows {
                fill(batch, from: first)
                checker.take(batch)
                first += batch.rows
            }
        }
        return checker.findings
    }

    private func fill(_ batch: RowBatch, from first: Int) {
        batch.rows = min(batch.rowsMax, rows - first)
        for place in 0..<width {
            let from = place * rows + first
            let to = place * batch.rowsMax
            for row in 0..<batch.rows {
                // In bounds: `place` is below the width and `row` below `rowsMax`.
                unsafe batch.cells[to + row] = cells[from + row]
                unsafe batch.states[to + row] = states[from + row]
                unsafe batch.numbers[to + row] = numbers[from + row]
            }
        }
        // In bounds: as above.
        for row in 0..<batch.rows { unsafe batch.lines[row] = UInt32(first + row) }
    }
}
