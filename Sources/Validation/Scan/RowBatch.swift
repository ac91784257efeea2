import Domain

/// Some records of a chunk that have as many cells as the header, by column.
///
/// It is filled and given on again and again, so a sink must take what it needs before it returns.
/// Indices are checked in debug builds only: `row < rows` and `column < width`.
@safe
final class RowBatch {
    /// Few enough that the cells stay in the processor's second cache.
    private static let cellsMax = 1 << 14
    /// No power of two, because then a row's cells, one of each column, would all fall into one set
    /// of the first cache.
    private static let rowsMost = 1000

    /// How many cells each record has.
    let width: Int
    let rowsMax: Int
    /// Column after column, `rowsMax` cells each.
    let cells: UnsafeMutablePointer<PackedCell>
    let states: UnsafeMutablePointer<CellState>
    let numbers: UnsafeMutablePointer<Double>
    let lines: UnsafeMutablePointer<UInt32>
    /// Of each record the sum of its cells' shares.
    let hashes: UnsafeMutablePointer<UInt128>
    /// Of JSON lines, where in `bytes` the lines begin.
    let starts: UnsafeMutablePointer<UInt32>
    /// The cells are values of JSON lines, and those of keys that a line lacks are empty.
    let isOfLines: Bool
    /// How many records there are.
    var rows = 0
    /// `numbers` has the values of valid cells as they are written.
    var hasNumbers = false
    /// The bytes that the cells are ranges of, with `ChunkBytes.slackBytes` behind them.
    let bytes: UnsafePointer<UInt8>
    /// How many bytes there are to be split.
    let byteCount: Int
    /// What the file's bytes are the first of, so that a sink can keep it without a copy; empty
    /// where that is not known.
    private let storage: [UInt8]
    /// Cells that are written in a form of their own, without it; nil: there are none.
    private let plainCells: PlainCells?

    /// - Parameter formed: how many columns have cells that are written in a form of their own.
    init(
        width: Int, bytes: UnsafePointer<UInt8>, byteCount: Int, isOfLines: Bool = false,
        storage: [UInt8] = [], formed: Int = 0
    ) {
        self.storage = storage
        self.width = width
        self.isOfLines = isOfLines
        rowsMax = Swift.max(1, Swift.min(Self.rowsMost, Self.cellsMax / Swift.max(1, width)))
        let size = Swift.max(1, width * rowsMax)
        unsafe cells = .allocate(capacity: size)
        unsafe states = .allocate(capacity: size)
        unsafe numbers = .allocate(capacity: size)
        unsafe lines = .allocate(capacity: rowsMax)
        unsafe hashes = .allocate(capacity: rowsMax)
        unsafe starts = .allocate(capacity: rowsMax)
        self.byteCount = byteCount
        guard formed > 0 else {
            unsafe self.bytes = bytes
            plainCells = nil
            return
        }
        let plain = unsafe PlainCells(
            copying: bytes, count: byteCount, cells: size, room: rowsMax * formed)
        unsafe self.bytes = UnsafePointer(plain.bytes)
        plainCells = plain
    }

    deinit {
        unsafe cells.deallocate()
        unsafe states.deallocate()
        unsafe numbers.deallocate()
        unsafe lines.deallocate()
        unsafe hashes.deallocate()
        unsafe starts.deallocate()
    }

    /// The cell's range in `bytes`.
    @inline(__always)
    func cell(_ row: Int, _ column: Int) -> PackedCell {
        assert(row < rows && column < width)
        return unsafe cells[column * rowsMax + row]
    }

    /// What the checks said of the cell.
    @inline(__always)
    func state(_ row: Int, _ column: Int) -> CellState {
        assert(row < rows && column < width)
        return unsafe states[column * rowsMax + row]
    }

    /// The value of a valid cell of a column of type `integer` or `number`; of `date` and
    /// `datetime` the seconds since 1970.
    @inline(__always)
    func number(_ row: Int, _ column: Int) -> Double {
        assert(row < rows && column < width)
        return unsafe numbers[column * rowsMax + row]
    }

    /// The line of the part on which the record begins, counted from 0.
    @inline(__always)
    func line(_ row: Int) -> Int {
        assert(row < rows)
        return Int(unsafe lines[row])
    }

    /// Whether the number of a cell of a column of numbers tells it from every other, where the
    /// batch has them; else its text must be read.
    ///
    /// Zero is zero, because no number that only becomes zero as a Double is valid.
    @inline(__always)
    static func isExact(_ cell: PackedCell, _ state: CellState) -> Bool {
        cell.plainLength <= RowHasher.exactDigitsMax && state == .valid
    }

    /// Where a cell stands in its record, from 1: its number, or of JSON lines the byte at which
    /// the value begins.
    func placeColumn(_ row: Int, _ column: Int) -> Int {
        guard isOfLines else { return column + 1 }
        let cell = writtenCell(row, column)
        guard cell.isQuoted || cell.length > 0 else { return 1 }
        // In bounds: `row` is below the batch's rows.
        let offset = cell.start - Int(unsafe starts[row])
        // The quote stands before the text.
        return cell.isQuoted ? offset : offset + 1
    }

    /// What kind of value a cell of JSON lines is; text where the cells are a table's.
    func kind(_ row: Int, _ column: Int) -> CellKind {
        guard isOfLines else { return .text }
        let cell = cell(row, column)
        // In bounds: a cell begins inside the chunk.
        return cell.kind(first: unsafe bytes[cell.start])
    }

    /// The hash of the record; only when the sink asks for hashes.
    @inline(__always)
    func hash(_ row: Int) -> RowHash {
        assert(row < rows)
        return RowHash(unsafe hashes[row])
    }

    /// Calls `body` with all bytes of the chunk, of which cells are ranges.
    func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        let count = plainCells?.byteCount ?? byteCount
        // In bounds: the chunk outlives the batch, which is made and used inside its scan.
        return unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count)))
    }

    // MARK: Cells in a form of their own

    /// The cell as the file has it.
    func writtenCell(_ row: Int, _ column: Int) -> PackedCell {
        let cell = cell(row, column)
        guard let plainCells, isPlain(cell) else { return cell }
        return plainCells.written(column * rowsMax + row)
    }

    /// Whether the bytes of a cell are not the file's.
    @inline(__always)
    func isPlain(_ cell: PackedCell) -> Bool { cell.start >= byteCount }

    /// Puts a cell back as the file has it.
    func restore(_ cell: PackedCell, _ row: Int, _ column: Int) {
        assert(row < rows && column < width)
        // In bounds: as in `cell`.
        unsafe cells[column * rowsMax + row] = cell
    }

    /// Puts another text in the place of a cell, until the batch is filled anew.
    ///
    /// - Parameter slot: the number of the column among those with a form.
    func setCell(_ row: Int, _ column: Int, slot: Int, _ text: ShortText, isQuoted: Bool) {
        guard let plainCells else { return }
        let written = cell(row, column)
        let start = plainCells.put(
            text, at: slot * rowsMax + row, insteadOf: written, number: column * rowsMax + row)
        let plain =
            isQuoted
            ? PackedCell(quotedFrom: start, length: text.count, isEscaped: false)
            : PackedCell(start: start, length: text.count)
        // In bounds: as in `cell`.
        unsafe cells[column * rowsMax + row] = plain
    }

    /// About how many records there are in the whole chunk, by those of this batch, its first: for
    /// how many a sink makes room.
    var chunkRows: Int {
        guard rows == rowsMax, rows > 1, width > 0 else { return rows }
        // In bounds: the batch has as many rows.
        let (first, last) =
            unsafe isOfLines
            ? (Int(starts[0]), Int(starts[rows - 1]))
            : (writtenCell(0, 0).start, writtenCell(rows - 1, 0).start)
        guard last > first else { return rows }
        // A little more, because records are not of one length; each ends its cells, or is `{}`.
        let expected = (rows - 1) * byteCount / (last - first) * 17 / 16
        return Swift.max(rows, Swift.min(expected, byteCount / (isOfLines ? 3 : width)))
    }

    /// The bytes of the chunk, and perhaps some behind them, for as long as somebody needs them.
    func kept() -> [UInt8] {
        // In bounds: the chunk has as many bytes, and outlives the batch.
        storage.isEmpty
            ? unsafe Array(UnsafeBufferPointer(start: bytes, count: byteCount)) : storage
    }

    /// The text of a cell, as bytes of its own and without doubled quotes and escapes.
    func text(_ row: Int, _ column: Int, quote: UInt8 = UInt8(ascii: "\"")) -> [UInt8] {
        text(cell(row, column), quote)
    }

    /// The text of a cell as the file has it.
    func writtenText(_ row: Int, _ column: Int, quote: UInt8) -> [UInt8] {
        text(writtenCell(row, column), quote)
    }

    private func text(_ cell: PackedCell, _ quote: UInt8) -> [UInt8] {
        withBytes {
            isOfLines ? unescapedString($0, cell) : unescaped($0, cell, quote: quote)
        }
    }
}

/// A copy of a cell's bytes, of two quotes one.
func unescaped(_ bytes: Span<UInt8>, _ cell: PackedCell, quote: UInt8) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(cell.length + paddingBytes)
    let end = cell.range.upperBound
    var (start, index) = (cell.range.lowerBound, cell.range.lowerBound)
    while cell.isEscaped, index + 1 < end {
        index += 1
        guard bytes[index - 1] == quote, bytes[index] == quote else { continue }
        text.append(bytes, start..<index)
        index += 1
        start = index
    }
    text.append(bytes, start..<end)
    return text
}

extension [UInt8] {
    /// Adds the bytes of a range.
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        // In bounds: the span checks the range.
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
