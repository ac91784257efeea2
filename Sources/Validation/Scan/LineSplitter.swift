import Glibc

/// Splits a chunk of JSON lines: one JSON object (RFC 8259) on each line, `\n` or `\r\n`.
///
/// A line that is no object is reported and left out, and so is an empty one. Values are stored by
/// their keys' columns, as they stand: strings without their quotes, with their escapes.
/// Every line feed ends a line, so that a record begins behind each.
@safe
struct LineSplitter: ~Copyable {
    static let recordBytesMax = RecordSplitter.recordBytesMax
    /// How many brackets may stand inside each other.
    static let depthMax = 64
    /// How many keys without a column a line may have.
    static let keysMax = 100_000

    let bytes: UnsafePointer<UInt8>
    private let count: Int
    private let isEnd: Bool
    let batch: RowBatch
    /// Texts that mean "missing" beside the empty string.
    let missing: TextSet
    var keys: ObjectKeys
    var findings: LineFindings

    // The current line.
    private var lineStart: Int
    private var line = 0
    /// Where its text ends.
    private(set) var stop = 0
    var position = 0
    /// What was expected where reading stopped.
    var expected: StaticString = ""
    /// The line has too many keys to be read on.
    var isTooWide = false
    /// Any bit of any byte that was looked at in a string.
    var seenBits: UInt64 = 0
    /// Where a key stands that the line has already; −1: nowhere.
    private var duplicate = -1
    /// Counts lines, so that columns need not be cleared for each; by column, the last that has it.
    private var stamp: UInt32 = 0
    private var stamps: [UInt32]
    /// Keys without a column that the line has.
    private var extras: [Int] = []
    private var rows = 0
    private var isSkipping = false

    /// - Parameters:
    ///   - batch: of the bytes to split; as many columns as the keys have.
    ///   - start: where a line begins.
    ///   - isEnd: nothing follows the bytes, and a zero stands behind them.
    init(_ batch: RowBatch, from start: Int, isEnd: Bool, keys: ObjectKeys, missing: TextSet) {
        unsafe bytes = batch.bytes
        count = batch.byteCount
        self.batch = batch
        self.isEnd = isEnd
        self.keys = keys
        self.missing = missing
        lineStart = start
        stamps = [UInt32](repeating: 0, count: batch.width)
        findings = LineFindings(firstRows: [Int](repeating: -1, count: batch.width))
    }

    /// How far the lines went that were read.
    var end: SplitEnd { SplitEnd(consumed: lineStart, lines: line, isSkipping: isSkipping) }

    /// Gives all whole lines on in batches.
    mutating func split(into taker: inout some RecordTaker) {
        while lineStart < count {
            let found = lineFeed(from: lineStart)
            let next = found.map { $0 + 1 } ?? count
            if next - lineStart > Self.recordBytesMax {
                taker.fault(
                    ScanFault(
                        kind: .recordTooLong(maxBytes: Self.recordBytesMax), line: line, column: 1))
                isSkipping = found == nil
            } else if found == nil, !isEnd {
                break
            } else {
                readLine(to: found ?? count, &taker)
            }
            lineStart = next
            if found != nil { line += 1 }
        }
        flush(into: &taker)
    }

    private func lineFeed(from start: Int) -> Int? {
        // In bounds: the chunk has `count` bytes.
        guard let found = unsafe memchr(bytes + start, 10, count - start) else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
    }

    private mutating func readLine(to end: Int, _ taker: inout some RecordTaker) {
        stop = end > lineStart && byte(end - 1) == 0x0D ? end - 1 : end
        position = lineStart
        while position < stop, byte(position) == 0x20 || byte(position) == 0x09 { position += 1 }
        guard position < stop else {
            return taker.fault(ScanFault(kind: .blankRow, line: line, column: 1))
        }
        begin()
        let isObject = readObject(to: end)
        if !isObject || seenBits & 0x8080_8080_8080_8080 != 0 { checkText(&taker) }
        guard isObject else {
            let kind: ScanFault.Kind =
                isTooWide
                ? .tooManyKeys(max: Self.keysMax) : .notAnObject(expected: "\(expected)")
            return taker.fault(
                ScanFault(
                    kind: kind, line: line, column: columnNumber(Swift.min(position, stop))))
        }
        if duplicate >= 0 {
            taker.fault(
                ScanFault(kind: .duplicateKey, line: line, column: columnNumber(duplicate)))
        }
        finish(&taker)
    }

    private mutating func begin() {
        stamp += 1
        duplicate = -1
        isTooWide = false
        seenBits = 0
        extras.removeAll(keepingCapacity: true)
        // In bounds: the batch has room for another row, and `width` columns.
        var cell = unsafe batch.cells + batch.rows
        for _ in 0..<batch.width {
            unsafe cell.pointee = PackedCell(start: 0, length: 0)
            unsafe cell += batch.rowsMax
        }
    }

    private mutating func readObject(to end: Int) -> Bool {
        skipSpace()
        guard byte(position) == UInt8(ascii: "{") else { return fail("`{`") }
        position += 1
        guard object(0, depth: 0) else { return false }
        skipSpace()
        guard position == stop || position == end else { return fail("the end of the line") }
        return true
    }

    private mutating func finish(_ taker: inout some RecordTaker) {
        for extra in extras where findings.extras[extra].isFilled {
            findings.extras[extra].filled += 1
        }
        // In bounds: a full batch is emptied at once.
        unsafe batch.lines[batch.rows] = UInt32(truncatingIfNeeded: line)
        unsafe batch.starts[batch.rows] = UInt32(truncatingIfNeeded: lineStart)
        batch.rows += 1
        rows += 1
        if batch.rows == batch.rowsMax { flush(into: &taker) }
    }

    private mutating func flush(into taker: inout some RecordTaker) {
        if batch.rows > 0 { taker.take(batch) }
        batch.rows = 0
    }

    private func checkText(_ taker: inout some RecordTaker) {
        // In bounds: the line is inside the chunk.
        let all = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count))
        guard let fault = textFault(all, lineStart..<stop) else { return }
        taker.fault(
            ScanFault(
                kind: fault.kind, line: line, column: 1,
                guess: guessedEncoding(all, lineStart..<stop)))
    }

    private func columnNumber(_ index: Int) -> Int { index - lineStart + 1 }

    // In bounds: what is read stands before the line feed of the line, or is it.
    @inline(__always) func byte(_ offset: Int) -> UInt8 { unsafe bytes[offset] }

    // MARK: Keys

    /// Notes that the line has a column's key.
    @inline(__always)
    mutating func note(column: Int, at key: Int) {
        guard stamps[column] != stamp else { return duplicate = key }
        if stamps[column] == 0 { findings.firstRows[column] = rows }
        stamps[column] = stamp
    }

    /// Notes that the line has a key without a column; returns its number.
    mutating func note(extra entry: Int, at key: Int) -> Int {
        var number = Int(keys.entries[entry].extra)
        if number < 0 {
            number = findings.extras.count
            findings.extras.append(ExtraKey(name: keys.path(entry), firstRow: rows))
            keys.number(entry, number)
        }
        let place = ExtraKey.Place(line: line, column: columnNumber(key))
        if findings.extras[number].note(place, stamp) {
            extras.append(number)
            isTooWide = extras.count > Self.keysMax
        } else if !findings.extras[number].isTooLong {
            duplicate = key
        }
        return number
    }
}
