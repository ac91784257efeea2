/// Splits CSV as RFC 4180 defines it, with `\n` beside `\r\n`, UTF-8, and an optional byte order
/// mark.
///
/// Faults are reported and read on from: a stray quote stays part of its cell, an empty line is no
/// record, a cell that is still quoted at the end of the file is dropped with its record. Its
/// memory is one chunk and one record.
struct CSVScanner: RecordScanner {
    private enum State {
        case cellStart
        case plain
        case quoted
        /// After a quote inside a quoted cell: the closing one, or the first of two.
        case quoteInQuoted
        /// After a closing quote that no separator followed.
        case afterQuote
    }

    /// Why the inner loop stopped.
    private enum Stop {
        case needsBytes
        case recordEnd
        case fault(ScanFault.Kind)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private var buffer = ScanBuffer()
    private var state = State.cellStart
    private var cells: [Cell] = []
    /// The cell that is being read.
    private var cell = Cell(start: 0, end: 0, kind: .text)
    private var line = 1
    private var recordLine = 1
    /// Where the quote that is open was opened.
    private var quoteLine = 1
    private var isHalted = false
    private var isAtEnd = false

    mutating func scan(_ chunk: ArraySlice<UInt8>, into sink: inout some RecordSink) {
        guard !isHalted, buffer.append(chunk) else { return }
        if cells.isEmpty, state == .cellStart { cell.start = buffer.position }
        scanRecords(into: &sink)
        guard !isHalted else { return }
        let dropped = buffer.compact()
        for index in cells.indices {
            cells[index].start -= dropped
            cells[index].end -= dropped
        }
        cell.start -= dropped
        cell.end -= dropped
        if buffer.bytes.count > ScanBuffer.recordBytesMax { halt(&sink) }
    }

    mutating func finish(into sink: inout some RecordSink) {
        guard !isHalted, buffer.append([], isEnd: true) else { return }
        if cells.isEmpty, state == .cellStart { cell.start = buffer.position }
        isAtEnd = true
        scanRecords(into: &sink)
        if isHalted { return }
        if state == .quoted {
            sink.fault(ScanFault(kind: .unbalancedQuote, line: quoteLine, column: cells.count + 1))
        } else if buffer.bytes.count > buffer.recordStart {
            endCell(at: buffer.position)
            emit(into: &sink)
        }
    }

    private mutating func scanRecords(into sink: inout some RecordSink) {
        while true {
            switch advance() {
            case .needsBytes: return
            case .recordEnd:
                if buffer.position - buffer.recordStart > ScanBuffer.recordBytesMax {
                    return halt(&sink)
                }
                emit(into: &sink)
            case .fault(let kind):
                sink.fault(ScanFault(kind: kind, line: recordLine, column: cells.count + 1))
            }
        }
    }

    /// Reads up to the end of the record, a fault, or the end of the buffer.
    private mutating func advance() -> Stop {
        while buffer.position < buffer.bytes.count {
            switch state {
            case .quoted: skipQuoted()
            case .plain: skipPlain()
            case .cellStart, .quoteInQuoted, .afterQuote: break
            }
            guard buffer.position < buffer.bytes.count else { return .needsBytes }
            let byte = buffer.bytes[buffer.position]
            switch (state, byte) {
            case (.quoted, _):
                cell.end = buffer.position
                buffer.position += 1
                state = .quoteInQuoted
            case (.quoteInQuoted, Self.quote):
                cell.isEscaped = true
                buffer.position += 1
                state = .quoted
            case (.cellStart, Self.quote):
                buffer.position += 1
                cell.start = buffer.position
                cell.isQuoted = true
                quoteLine = line
                state = .quoted
            case (_, Self.comma):
                endCell(at: buffer.position)
                buffer.position += 1
                beginCell()
            case (_, Self.lineFeed):
                endCell(at: buffer.position)
                endRecord(bytes: 1)
                return .recordEnd
            case (_, Self.carriageReturn):
                return carriageReturn()
            case (.plain, Self.quote):
                buffer.position += 1
                return .fault(.strayQuote)
            case (.quoteInQuoted, _):
                state = .afterQuote
                return .fault(.strayQuote)
            case (.afterQuote, _): buffer.position += 1
            case (.cellStart, _), (.plain, _):
                state = .plain
                buffer.position += 1
            }
        }
        return .needsBytes
    }

    /// Moves to the next quote, counting lines.
    private mutating func skipQuoted() {
        let (index, lines) = nextQuote()
        buffer.position = index
        line += lines
    }

    /// Moves to the next byte that could end an unquoted cell.
    private mutating func skipPlain() {
        let index = nextCellEnd()
        buffer.position = index
    }

    private func nextQuote() -> (index: Int, lines: Int) {
        let bytes = buffer.bytes.span
        var index = buffer.position
        var lines = 0
        while index < bytes.count, bytes[index] != Self.quote {
            if bytes[index] == Self.lineFeed { lines += 1 }
            index += 1
        }
        return (index, lines)
    }

    /// All four bytes that it looks for are at most a comma.
    private func nextCellEnd() -> Int {
        let bytes = buffer.bytes.span
        var index = buffer.position
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= Self.comma,
                byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn
                    || byte == Self.quote
            {
                break
            }
            index += 1
        }
        return index
    }

    /// Ends the record at `\r\n`, and passes over a lone `\r`.
    private mutating func carriageReturn() -> Stop {
        let next = buffer.position + 1
        guard next < buffer.bytes.count || isAtEnd else { return .needsBytes }
        if next < buffer.bytes.count, buffer.bytes[next] == Self.lineFeed {
            endCell(at: buffer.position)
            endRecord(bytes: 2)
            return .recordEnd
        }
        buffer.position = next
        state = state == .cellStart ? .plain : state
        if state == .quoteInQuoted { state = .afterQuote }
        return .fault(.strayCarriageReturn)
    }

    private mutating func endCell(at end: Int) {
        switch state {
        case .cellStart, .plain: cell.end = end
        case .quoteInQuoted: break
        case .afterQuote, .quoted: cell.end = end
        }
        cells.append(cell)
    }

    private mutating func beginCell() {
        state = .cellStart
        cell = Cell(start: buffer.position, end: buffer.position, kind: .text)
    }

    private mutating func endRecord(bytes: Int) {
        buffer.position += bytes
        line += 1
        state = .cellStart
    }

    /// Gives the record in `cells` on and begins the next.
    private mutating func emit(into sink: inout some RecordSink) {
        if cells.count == 1, cells[0].start == cells[0].end, !cells[0].isQuoted {
            sink.fault(ScanFault(kind: .blankRow, line: recordLine, column: 1))
        } else {
            for index in cells.indices where cells[index].isEscaped { unescape(index) }
            if buffer.isSuspect { checkText(into: &sink) }
            sink.record(buffer.bytes.span, cells: cells.span, line: recordLine)
        }
        cells.removeAll(keepingCapacity: true)
        buffer.recordStart = buffer.position
        recordLine = line
        beginCell()
    }

    /// Makes one quote of two, in place.
    private mutating func unescape(_ index: Int) {
        var to = cells[index].start
        var from = to
        let end = cells[index].end
        while from < end {
            let byte = buffer.bytes[from]
            buffer.bytes[to] = byte
            to += 1
            let isDoubled =
                byte == Self.quote && from + 1 < end && buffer.bytes[from + 1] == Self.quote
            from += isDoubled ? 2 : 1
        }
        cells[index].end = to
        cells[index].isEscaped = false
    }

    private func checkText(into sink: inout some RecordSink) {
        for (index, cell) in cells.enumerated() {
            guard let fault = textFault(buffer.bytes.span, cell.start..<cell.end) else { continue }
            let kind: ScanFault.Kind =
                switch fault {
                case .nulByte: .nulByte
                case .invalidUTF8: .invalidUTF8
                }
            sink.fault(ScanFault(kind: kind, line: recordLine, column: index + 1))
        }
    }

    private mutating func halt(_ sink: inout some RecordSink) {
        isHalted = true
        sink.fault(
            ScanFault(
                kind: .recordTooLong(maxBytes: ScanBuffer.recordBytesMax), line: recordLine,
                column: 1))
        cells = []
        state = .cellStart
        buffer.drop()
    }
}
