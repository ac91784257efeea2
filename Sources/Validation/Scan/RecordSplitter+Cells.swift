/// How a cell ends.
enum CellEnd {
    /// At a delimiter; the next cell begins here.
    case cell(Int)
    /// With its record; the next record begins here.
    case record(Int)
    /// Not in the bytes that are there.
    case open

    @inline(__always)
    var isCell: Bool {
        if case .cell = self { true } else { false }
    }
}

extension RecordSplitter {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// Reads one cell of any kind; `next` is the first event that is not before it.
    @inline(__always)
    mutating func cell(from start: Int, column: Int) -> (cell: PackedCell, end: CellEnd) {
        if next < index.eventCount {
            let at = event(next)
            if byte(at) == Self.lineFeed {
                next += 1
                line += 1
                return (PackedCell(start: start, length: at - start), .record(at + 1))
            }
            if at == start, byte(at) == dialect.quote {
                return quotedCell(from: start + 1, column: column)
            }
        }
        return plainCell(from: start, column: column)
    }

    private mutating func plainCell(
        from start: Int, column: Int
    ) -> (cell: PackedCell, end: CellEnd) {
        let (stop, end) = rest(column: column, reportsQuotes: true)
        return (PackedCell(start: start, length: stop - start), end)
    }

    /// Reads on to the end of a cell, passing over quotes and lone carriage returns; returns where
    /// its text ends.
    private mutating func rest(column: Int, reportsQuotes: Bool) -> (stop: Int, end: CellEnd) {
        while next < index.eventCount {
            let at = event(next)
            switch byte(at) {
            case dialect.delimiter:
                next += 1
                return (at, .cell(at + 1))
            case Self.lineFeed:
                next += 1
                line += 1
                return (at, .record(at + 1))
            case Self.carriageReturn:
                if at + 1 == count, !isEnd { return (at, .open) }
                if at + 1 < count, byte(at + 1) == Self.lineFeed {
                    next += 2
                    line += 1
                    return (at, .record(at + 2))
                }
                note(.strayCarriageReturn, column)
            default:
                if reportsQuotes { note(.strayQuote, column) }
            }
            next += 1
        }
        return (count, isEnd ? .record(count) : .open)
    }

    /// Reads a cell whose opening quote is the next event; its text begins at `start`.
    private mutating func quotedCell(
        from start: Int, column: Int
    ) -> (cell: PackedCell, end: CellEnd) {
        quoteLine = line
        next += 1
        var isEscaped = false
        while next < index.eventCount {
            let at = event(next)
            let mark = byte(at)
            next += 1
            if mark == Self.lineFeed {
                line += 1
            } else if mark == dialect.quote {
                if at + 1 < count, byte(at + 1) == dialect.quote {
                    isEscaped = true
                    next += 1
                } else {
                    return closedCell(start..<at, column, isEscaped)
                }
            }
        }
        // Heard only if the file ends here: then the record is given up with its faults.
        note(.unbalancedQuote, column, line: quoteLine)
        return (PackedCell(start: start, length: 0), .open)
    }

    /// Reads what is behind a closing quote: the end of the cell, or text that should not be there
    /// and then belongs to the cell with the quote.
    private mutating func closedCell(
        _ text: Range<Int>, _ column: Int, _ isEscaped: Bool
    ) -> (cell: PackedCell, end: CellEnd) {
        func packed(_ stop: Int) -> PackedCell {
            PackedCell(
                quotedFrom: text.lowerBound, length: stop - text.lowerBound, isEscaped: isEscaped)
        }
        let after = text.upperBound + 1
        if after == count {
            return (packed(text.upperBound), isEnd ? .record(count) : .open)
        }
        switch byte(after) {
        case dialect.delimiter:
            next += 1
            return (packed(text.upperBound), .cell(after + 1))
        case Self.lineFeed:
            next += 1
            line += 1
            return (packed(text.upperBound), .record(after + 1))
        case Self.carriageReturn:
            if after + 1 < count, byte(after + 1) == Self.lineFeed {
                next += 2
                line += 1
                return (packed(text.upperBound), .record(after + 2))
            }
        default: note(.strayQuote, column)
        }
        let (stop, end) = rest(column: column, reportsQuotes: false)
        return (packed(stop), end)
    }

    private mutating func note(_ kind: ScanFault.Kind, _ column: Int, line: Int? = nil) {
        pending.add(ScanFault(kind: kind, line: line ?? recordLine, column: column + 1))
    }
}
