/// Reads the rows of a file, row group after row group.
struct ParquetRows {
    /// Rows that are taken at once, at most.
    static let rowsMax = 8192

    let footer: ParquetFooter
    private let codecs: PageCodecs
    private var group = 0
    private var cursors: [ColumnCursor] = []
    /// Of the current row group.
    private var rowsLeft = 0
    private var rowsDone = 0

    init(_ footer: ParquetFooter, _ codecs: PageCodecs) throws(ParquetFault) {
        guard !footer.leaves.isEmpty else { throw .damaged("there is no column", at: footer.start) }
        self.footer = footer
        self.codecs = codecs
    }

    /// The next rows, as the cells of each column; nil at the end.
    ///
    /// - Parameters:
    ///   - wanted: as many at most; fewer where cells are long.
    ///   - bytesMax: of all cells, about.
    mutating func next(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(ParquetFault) -> (rows: Int, columns: [[CellSlice]])? {
        while rowsLeft == 0 {
            guard try openGroup() else { return nil }
        }
        var rows = min(wanted, Self.rowsMax, rowsLeft)
        let share = max(1 << 14, bytesMax / cursors.count)
        var (held, ready) = (0, 0)
        for index in cursors.indices {
            try cursors[index].fill(rows, bytesMax: share, from: source)
            rows = min(rows, cursors[index].readyCount)
            held += cursors[index].heldBytes
            ready += cursors[index].readyBytes
            guard held <= ParquetLimits.pagesBytesMax else {
                throw ParquetFault(
                    kind: .tooLarge("pages of \(held >> 20) MiB side by side"),
                    offset: footer.start)
            }
            guard ready <= ParquetLimits.rowsBytesMax else {
                throw ParquetFault(
                    kind: .tooLarge("rows of more than \(ready >> 20) MiB"), offset: footer.start)
            }
        }
        var columns: [[CellSlice]] = []
        columns.reserveCapacity(cursors.count)
        for index in cursors.indices { columns.append(cursors[index].take(rows)) }
        rowsLeft -= rows
        rowsDone += rows
        return (rows, columns)
    }

    /// False: there is none.
    private mutating func openGroup() throws(ParquetFault) -> Bool {
        for cursor in cursors { try cursor.finish() }
        cursors = []
        guard group < footer.groupCount else {
            // Because some writers leave the number out.
            guard rowsDone == footer.rows || footer.rows == 0 else {
                throw .damaged(
                    "\(footer.rows) rows are announced, there are \(rowsDone)", at: footer.start)
            }
            return false
        }
        let next = try footer.group(group)
        group += 1
        guard next.rows <= footer.rowsMax - rowsDone else {
            throw ParquetFault(
                kind: .tooLarge("more than \(footer.rowsMax) rows"), offset: footer.start)
        }
        guard next.rows > 0 else { return true }
        for (leaf, chunk) in zip(footer.leaves, next.chunks) {
            guard codecs.canRead(chunk.codec) else {
                throw ParquetFault(
                    kind: .unsupported("\(chunk.codec.name) compression is not read"),
                    offset: chunk.offset)
            }
            cursors.append(try ColumnCursor(leaf, chunk, end: footer.start, codecs))
        }
        rowsLeft = next.rows
        return true
    }
}
