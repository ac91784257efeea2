/// Splits a chunk into records and cells as RFC 4180 defines them, with `\n` beside `\r\n`.
///
/// It walks over the bytes that can end a cell only. Faults are reported and read on from: a stray
/// quote stays part of its cell, an empty line is no record, a cell that is still quoted at the
/// end of the file is dropped with its record, and so is a record of more than `recordBytesMax`,
/// after which reading goes on behind the first line feed beyond that many bytes.
///
/// What it says does not depend on how a file is cut into chunks, because a record that a chunk
/// does not end is left to the caller, to be given again with the bytes that follow.
@safe
struct RecordSplitter: ~Copyable {
    /// A record may not be longer than this.
    static let recordBytesMax = 8 << 20

    let bytes: UnsafePointer<UInt8>
    let count: Int
    let isEnd: Bool
    let dialect: Dialect
    let index: StructuralIndex
    private let batch: RowBatch

    /// The next event.
    var next = 0
    private var suspect = 0
    /// Line feeds before the current position.
    var line = 0
    var recordLine = 0
    private var recordStart: Int
    /// Where the quote that is open was opened.
    var quoteLine = 0
    /// Faults of the current record; they count once it is whole.
    var pending = PendingFaults()
    private var isSkipping = false

    /// - Parameters:
    ///   - batch: of the bytes to split.
    ///   - start: where a record begins.
    ///   - isEnd: nothing follows the bytes.
    init(_ batch: RowBatch, from start: Int, isEnd: Bool, dialect: Dialect) {
        unsafe bytes = batch.bytes
        count = batch.byteCount
        self.batch = batch
        self.isEnd = isEnd
        self.dialect = dialect
        recordStart = start
        index = unsafe StructuralIndex(batch.bytes, count: count, dialect: dialect)
        while next < index.eventCount, event(next) < start { next += 1 }
    }

    /// How far the records went that were given on.
    var end: SplitEnd { SplitEnd(consumed: recordStart, lines: recordLine, isSkipping: isSkipping) }

    // In bounds: callers compare with `eventCount` before, and events are below `count`.
    @inline(__always) func event(_ number: Int) -> Int { Int(unsafe index.events[number]) }
    // In bounds: offsets are at most `count`, behind which a chunk has room.
    @inline(__always) func byte(_ offset: Int) -> UInt8 { unsafe bytes[offset] }

    /// Gives all whole records on: those with the batch's width in batches.
    mutating func split(into taker: inout some RecordTaker) {
        let width = batch.width
        while recordStart < count {
            let firstEvent = next
            var cellStart = recordStart
            var column = 0
            // In bounds: it moves by a column at most `width` − 1 times from the current row.
            var slot = unsafe batch.cells + batch.rows
            var ended: (cell: PackedCell, end: CellEnd)
            repeat {
                // A plain cell with a delimiter behind it is nearly every cell.
                while next < index.eventCount {
                    let at = event(next)
                    guard byte(at) == dialect.delimiter else { break }
                    if column < width {
                        unsafe slot.pointee = PackedCell(start: cellStart, length: at - cellStart)
                        unsafe slot += batch.rowsMax
                    }
                    column += 1
                    cellStart = at + 1
                    next += 1
                }
                ended = cell(from: cellStart, column: column)
                if column < width {
                    unsafe slot.pointee = ended.cell
                    unsafe slot += batch.rowsMax
                }
                column += 1
                if case .cell(let start) = ended.end { cellStart = start }
            } while ended.end.isCell
            guard case .record(let end) = ended.end else {
                guard giveUp(firstEvent, into: &taker) else { break }
                continue
            }
            finish(end, ended.cell, column, firstEvent, into: &taker)
        }
        flush(into: &taker)
    }

    /// Reads the next record of any width; nil when no whole one is left. Of one that is wider than
    /// a header may be there is one cell more than that.
    mutating func record(into taker: inout some RecordTaker) -> (cells: [PackedCell], line: Int)? {
        while recordStart < count {
            let firstEvent = next
            let (cells, count, last, end) = collect(from: firstEvent)
            guard case .record(let end) = end else {
                guard giveUp(firstEvent, into: &taker) else { return nil }
                continue
            }
            guard end - recordStart <= Self.recordBytesMax else {
                skip(firstEvent, &taker)
                continue
            }
            let line = recordLine
            let isRecord = judge(end, last, count, firstEvent, &taker)
            step(to: end)
            if isRecord { return (cells, line) }
        }
        return nil
    }

    /// The cells of the current record, whose first event is given, as many as are wanted of them;
    /// or what there is of them.
    private mutating func collect(
        from firstEvent: Int
    ) -> (cells: [PackedCell], count: Int, last: PackedCell, end: CellEnd) {
        rewind(to: firstEvent)
        var cells: [PackedCell] = []
        var count = 0
        var last = PackedCell(start: recordStart, length: 0)
        var end = CellEnd.cell(recordStart)
        while case .cell(let start) = end {
            (last, end) = cell(from: start, column: count)
            count += 1
            if count <= ScanPlan.widthMax + 1 { cells.append(last) }
        }
        return (cells, count, last, end)
    }

    private mutating func rewind(to firstEvent: Int) {
        next = firstEvent
        line = recordLine
        pending.clear()
    }

    // MARK: Records

    /// Ends a record that was stored in the batch as far as it has room.
    @inline(__always)
    private mutating func finish(
        _ end: Int, _ last: PackedCell, _ column: Int, _ firstEvent: Int,
        into taker: inout some RecordTaker
    ) {
        guard end - recordStart <= Self.recordBytesMax else { return skip(firstEvent, &taker) }
        let isPlain =
            column == batch.width && column > 1 && pending.isEmpty && !isSuspect(before: end)
        if isPlain || judge(end, last, column, firstEvent, &taker) {
            if column == batch.width {
                // In bounds: a full batch was emptied at once.
                unsafe batch.lines[batch.rows] = UInt32(truncatingIfNeeded: recordLine)
                batch.rows += 1
                if batch.rows == batch.rowsMax { flush(into: &taker) }
            } else {
                taker.irregular(cells: column, line: recordLine)
            }
        }
        step(to: end)
    }

    /// Reports what is wrong with a record; false when there is nothing to give on.
    private mutating func judge(
        _ end: Int, _ last: PackedCell, _ column: Int, _ firstEvent: Int,
        _ taker: inout some RecordTaker
    ) -> Bool {
        let nextEvent = next
        let nextLine = line
        pending.leave(to: &taker)
        if column == 1, last.length == 0, !last.isQuoted {
            taker.fault(ScanFault(kind: .blankRow, line: recordLine, column: 1))
            return false
        }
        if isSuspect(before: end) { checkText(end, firstEvent, &taker) }
        next = nextEvent
        line = nextLine
        return true
    }

    private mutating func step(to end: Int) {
        recordStart = end
        recordLine = line
    }

    private mutating func flush(into taker: inout some RecordTaker) {
        if batch.rows > 0 { taker.take(batch) }
        batch.rows = 0
    }

    // MARK: Text

    /// Whether a block with a NUL or a byte above ASCII reaches into the current record.
    @inline(__always)
    private mutating func isSuspect(before end: Int) -> Bool {
        // In bounds: below `suspectCount`.
        while suspect < index.suspectCount,
            Int(unsafe index.suspects[suspect]) + ChunkBytes.slackBytes <= recordStart
        {
            suspect += 1
        }
        return suspect < index.suspectCount && Int(unsafe index.suspects[suspect]) < end
    }

    private mutating func checkText(
        _ end: Int, _ firstEvent: Int, _ taker: inout some RecordTaker
    ) {
        // In bounds: a record is inside the chunk.
        let all = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count))
        guard textFault(all, recordStart..<end) != nil else { return }
        rewind(to: firstEvent)
        var number = 0
        var end = CellEnd.cell(recordStart)
        while case .cell(let start) = end {
            let found = cell(from: start, column: number)
            (number, end) = (number + 1, found.end)
            guard let fault = textFault(all, found.cell.range) else { continue }
            taker.fault(
                ScanFault(
                    kind: fault.kind, line: recordLine, column: number, offset: fault.offset,
                    guess: guessedEncoding(all, found.cell.range)))
        }
        pending.clear()
    }

    // MARK: Records without an end

    /// Passes over a record that is too long, or that ends with the file inside quotes; false
    /// when nothing of the chunk is left.
    private mutating func giveUp(_ firstEvent: Int, into taker: inout some RecordTaker) -> Bool {
        if count - recordStart > Self.recordBytesMax {
            skip(firstEvent, &taker)
            return !isSkipping
        }
        guard isEnd else { return false }
        pending.leave(to: &taker)
        step(to: count)
        return false
    }

    private mutating func skip(_ firstEvent: Int, _ taker: inout some RecordTaker) {
        taker.fault(
            ScanFault(
                kind: .recordTooLong(maxBytes: Self.recordBytesMax), line: recordLine, column: 1))
        rewind(to: firstEvent)
        while next < index.eventCount {
            let at = event(next)
            next += 1
            guard byte(at) == Self.lineFeed else { continue }
            line += 1
            if at >= recordStart + Self.recordBytesMax { return step(to: at + 1) }
        }
        isSkipping = true
        step(to: count)
    }
}

/// How far the records of a chunk went.
struct SplitEnd: Sendable {
    /// The next record begins here.
    var consumed: Int
    /// Line feeds before it.
    var lines: Int
    /// The next record begins behind the first line feed that follows.
    var isSkipping: Bool
}

/// Hears what a splitter finds, each kind of thing in the order of the file.
protocol RecordTaker {
    /// Something that breaks the format; its line is counted from 0.
    mutating func fault(_ fault: ScanFault)
    /// The same fault so many times more, behind others of its kind.
    mutating func fault(_ fault: ScanFault, times: Int)
    /// A record that has more or fewer cells than the header.
    mutating func irregular(cells: Int, line: Int)
    mutating func take(_ batch: RowBatch)
}
