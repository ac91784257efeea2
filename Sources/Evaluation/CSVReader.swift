import Domain

/// Reads the records of a predictions file: RFC 4180, UTF-8, `\n` or `\r\n`, strict.
///
/// Because stages do not import each other, this is a second, smaller reader beside the one of
/// Validation: it stops at the first fault, and it holds the whole file.
struct CSVReader {
    /// One cell as a range of bytes without its quotes.
    struct Cell {
        var start: Int
        var end: Int
        /// Whether it holds doubled quotes.
        var doubled: Bool
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    let bytes: [UInt8]
    let file: String
    /// Index of the next byte.
    private var position: Int
    /// The line of the next byte, from 1.
    private var line = 1
    /// The line on which the last record began.
    private(set) var recordLine = 1

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Reads the next record into `cells`; false at the end. Empty lines are skipped.
    mutating func next(into cells: inout [Cell]) throws(EvaluationError) -> Bool {
        while position < bytes.count {
            cells.removeAll(keepingCapacity: true)
            recordLine = line
            try readRecord(into: &cells)
            let isBlank = cells.count == 1 && cells[0].start == cells[0].end
            if !isBlank { return true }
        }
        return false
    }

    /// The place of cell `column` (from 0) in the last record.
    func place(_ column: Int) -> Place {
        Place(file: file, line: recordLine, column: column + 1)
    }

    /// The text of a cell of the last record.
    func text(_ cell: Cell, column: Int) throws(EvaluationError) -> String {
        var content = bytes[cell.start..<cell.end]
        if cell.doubled {
            var single: [UInt8] = []
            var index = cell.start
            while index < cell.end {
                single.append(bytes[index])
                index += bytes[index] == Self.quote ? 2 : 1
            }
            content = single[...]
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw .notUTF8(place(column))
        }
        return text
    }

    private mutating func readRecord(into cells: inout [Cell]) throws(EvaluationError) {
        while true {
            cells.append(try readCell(column: cells.count))
            guard position < bytes.count else { return }
            let end = bytes[position]
            position += 1
            if end == Self.comma { continue }
            if end == Self.carriageReturn { position += 1 }
            line += 1
            return
        }
    }

    /// Reads one cell; afterwards `position` is at a comma, a line end, or the end.
    private mutating func readCell(column: Int) throws(EvaluationError) -> Cell {
        if position < bytes.count, bytes[position] == Self.quote {
            return try readQuotedCell(column: column)
        }
        let start = position
        while position < bytes.count, !isCellEnd {
            if bytes[position] == Self.quote { throw .badQuote(place(column)) }
            position += 1
        }
        return Cell(start: start, end: position, doubled: false)
    }

    private mutating func readQuotedCell(column: Int) throws(EvaluationError) -> Cell {
        position += 1
        var cell = Cell(start: position, end: position, doubled: false)
        while position < bytes.count {
            if bytes[position] == Self.lineFeed { line += 1 }
            guard bytes[position] == Self.quote else {
                position += 1
                continue
            }
            if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                cell.doubled = true
                position += 2
                continue
            }
            cell.end = position
            position += 1
            guard position == bytes.count || isCellEnd else { throw .badQuote(place(column)) }
            return cell
        }
        throw .badQuote(place(column))
    }

    /// Whether a comma, `\n` or `\r\n` is at `position`, which is inside the file.
    private var isCellEnd: Bool {
        let byte = bytes[position]
        return byte == Self.comma || byte == Self.lineFeed
            || (byte == Self.carriageReturn && position + 1 < bytes.count
                && bytes[position + 1] == Self.lineFeed)
    }
}
