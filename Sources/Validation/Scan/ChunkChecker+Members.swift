import Domain

/// Values of JSON lines, whose kind must be that of the column.
extension ChunkChecker {
    mutating func checkMembers(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        guard column.rules.declaration != nil else { return checkAny(batch, index, column) }
        switch column.rules.kind {
        case .integer:
            let (least, most) = column.rules.integers
            unsafe checkTypes(batch, index, column, isText: false) { text, length, number in
                guard length <= 17, let value = unsafe plainInteger(text, length),
                    value >= least, value <= most
                else { return false }
                number = Double(value)
                return true
            }
        case .number:
            let (least, most) = column.rules.numbers
            unsafe checkTypes(batch, index, column, isText: false) { text, length, number in
                guard length <= 17, let value = unsafe plainNumber(text, length), value >= least,
                    value <= most
                else { return false }
                number = value
                return true
            }
        case .string:
            unsafe checkTypes(batch, index, column, isText: true) { _, length, _ in
                length < 1 << 30
            }
        case .boolean:
            unsafe checkTypes(batch, index, column, isText: false) { text, length, _ in
                // In bounds: a cell that is not missing has a first byte.
                unsafe length <= 5 && (text[0] == UInt8(ascii: "t") || text[0] == UInt8(ascii: "f"))
            }
        case .date:
            let (least, most) = column.rules.days
            unsafe checkTypes(batch, index, column, isText: true) { text, length, number in
                guard unsafe length == 10 && isPlainDate(text) else { return false }
                let day = unsafe dayKey(text)
                number = unsafe Double(plainDaySeconds(text))
                return day >= least && day <= most
            }
        case .datetime:
            let isBounded = column.rules.moments != nil
            unsafe checkTypes(batch, index, column, isText: true) { text, length, number in
                guard unsafe !isBounded && isPlainDateTime(text, length) else { return false }
                number = unsafe Double(plainSeconds(text))
                return true
            }
        case .array, .object:
            let opening = column.rules.kind.opening
            unsafe checkTypes(batch, index, column, isText: false) { text, _, _ in
                // In bounds: a cell that is not missing has a first byte.
                unsafe text[0] == opening
            }
        case .any:
            unsafe checkTypes(batch, index, column) { text, length, _ in
                // In bounds: as above. It may be null.
                unsafe length < 1 << 30 && text[0] != UInt8(ascii: "n")
            }
        }
    }

    /// Values of a column that is not declared may be of any kind.
    private mutating func checkAny(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        let states = unsafe batch.states + column.place * batch.rowsMax
        var missing = 0
        for row in 0..<batch.rows {
            let cell = batch.cell(row, column.place)
            let state: CellState
            if cell.isQuoted {
                let isPlain = cell.length > 0 && !cell.isEscaped && !column.mayPass
                if isPlain {
                    state = .valid
                } else {
                    state = judge(batch, row, index, column)
                }
            } else {
                // In bounds: a cell begins inside the chunk.
                let isMissing =
                    unsafe cell.length == 0 || batch.bytes[cell.start] == UInt8(ascii: "n")
                state = isMissing ? .missing : .valid
                missing += isMissing ? 1 : 0
            }
            // In bounds: as above.
            unsafe states[row] = state
        }
        findings.columns[index].missing += missing
    }
}
