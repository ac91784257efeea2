/// Reads the rows of a Parquet file, row group after row group.
struct ParquetRows: TypedRows {
    let footer: ParquetFooter
    private let codecs: PageCodecs
    private var group = 0
    private var cursors: [ColumnCursor] = []
    /// Of the current row group.
    private var rowsLeft = 0
    private var rowsDone = 0
    /// What all columns may hold between visits, and what they hold.
    private let heldBytesMax: Int
    private(set) var held = 0

    var columns: [TypedColumn] { footer.leaves.map(\.column) }
    var schemaOffset: Int { footer.start }

    init(
        _ footer: ParquetFooter, _ codecs: PageCodecs,
        heldBytesMax: Int = ParquetLimits.heldBytesMax
    ) throws(BinaryFault) {
        guard !footer.leaves.isEmpty else { throw .damaged("there is no column", at: footer.start) }
        self.footer = footer
        self.codecs = codecs
        self.heldBytesMax = heldBytesMax
    }

    mutating func next(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (rows: Int, columns: [[CellSlice]])? {
        while rowsLeft == 0 {
            guard try openGroup(source) else { return nil }
        }
        var rows = min(wanted, CellLimits.rowsMax, rowsLeft)
        let share = max(1 << 14, bytesMax / cursors.count)
        var ready = 0
        for index in cursors.indices {
            held -= cursors[index].heldBytes
            try cursors[index].fill(
                rows, bytesMax: share, roomBytes: ParquetLimits.besideBytesMax - held, from: source)
            held += cursors[index].heldBytes
            rows = min(rows, cursors[index].readyCount)
            ready += cursors[index].readyBytes
            guard ready <= CellLimits.rowsBytesMax else {
                throw BinaryFault(
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
    private mutating func openGroup(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Bool {
        for cursor in cursors { try cursor.finish() }
        (cursors, held) = ([], 0)
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
        try source.budget.spend(rows: next.rows, of: footer.leaves.count, at: footer.start)
        guard next.rows > 0 else { return true }
        for (leaf, chunk) in zip(footer.leaves, next.chunks) {
            guard codecs.canRead(chunk.codec) else {
                throw BinaryFault(
                    kind: .unsupported("\(chunk.codec.name) compression is not read"),
                    offset: chunk.offset)
            }
            cursors.append(
                try ColumnCursor(
                    leaf, chunk, end: footer.start, codecs,
                    heldBytesMax: heldBytesMax / footer.leaves.count))
        }
        rowsLeft = next.rows
        return true
    }
}
