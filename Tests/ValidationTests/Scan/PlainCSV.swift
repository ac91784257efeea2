@testable import Validation

/// What a scanner must say about some CSV, byte by byte: slow, and plain enough to be believed.
func plainCSV(_ text: [UInt8]) -> Heard {
    var model = PlainCSV()
    var bytes = text[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let all = Array(bytes)
    for index in all.indices {
        model.take(all[index], next: index + 1 < all.count ? all[index + 1] : nil)
    }
    model.finish(isEmpty: all.isEmpty)
    return model.heard
}

private struct PlainCSV {
    private enum State { case start, plain, quoted, quoteInQuoted, afterQuote }

    var heard = Heard()
    private var state = State.start
    private var cell: [UInt8] = []
    private var isQuoted = false
    /// Quotes stand twice in the cell only if some pair was seen inside its quotes.
    private var hasPair = false
    private var cells: [[UInt8]] = []
    private var faults: [ScanFault] = []
    private var (line, recordLine, quoteLine) = (1, 1, 1)
    private var hasBytes = false

    mutating func take(_ byte: UInt8, next: UInt8?) {
        hasBytes = true
        switch (state, byte) {
        case (.quoted, 34): state = .quoteInQuoted
        case (.quoted, _):
            if byte == 10 { line += 1 }
            cell.append(byte)
        case (.quoteInQuoted, 34):
            cell += [34, 34]
            hasPair = true
            state = .quoted
        case (.start, 34):
            isQuoted = true
            quoteLine = line
            state = .quoted
        case (_, 44): endCell()
        case (_, 10):
            endCell()
            line += 1
            endRecord()
        case (_, 13) where next == 10: break
        case (_, 13):
            note(.strayCarriageReturn)
            leave(byte)
        case (.plain, 34):
            note(.strayQuote)
            cell.append(byte)
        case (.quoteInQuoted, _):
            note(.strayQuote)
            leave(byte)
        default: leave(byte)
        }
    }

    /// Takes a byte of text outside quotes.
    private mutating func leave(_ byte: UInt8) {
        if state == .quoteInQuoted {
            cell.append(34)
            state = .afterQuote
        }
        if state == .start { state = .plain }
        cell.append(byte)
    }

    mutating func finish(isEmpty: Bool) {
        if state == .quoted {
            heard.faults += faults
            heard.faults.append(
                ScanFault(kind: .unbalancedQuote, line: quoteLine, column: cells.count + 1))
        } else if hasBytes {
            endCell()
            endRecord()
        }
    }

    private mutating func note(_ kind: ScanFault.Kind) {
        faults.append(ScanFault(kind: kind, line: recordLine, column: cells.count + 1))
    }

    private mutating func endCell() {
        var text: [UInt8] = []
        var index = 0
        while index < cell.count {
            text.append(cell[index])
            let isPair =
                hasPair && cell[index] == 34 && index + 1 < cell.count && cell[index + 1] == 34
            index += isPair ? 2 : 1
        }
        cells.append(text)
        cell = []
        hasPair = false
        state = .start
        isBlank = cells.count == 1 && text.isEmpty && !isQuoted
        isQuoted = false
    }

    private var isBlank = false

    private mutating func endRecord() {
        heard.faults += faults
        if isBlank {
            heard.faults.append(ScanFault(kind: .blankRow, line: recordLine, column: 1))
        } else {
            for (number, cell) in cells.enumerated() {
                guard let fault = textFault(cell.span, cell.indices) else { continue }
                heard.faults.append(
                    ScanFault(kind: fault.kind, line: recordLine, column: number + 1))
            }
            heard.rows.append(
                Heard.Row(
                    line: recordLine, cells: cells.map { String(decoding: $0, as: UTF8.self) }))
        }
        faults = []
        cells = []
        recordLine = line
        hasBytes = false
    }
}
