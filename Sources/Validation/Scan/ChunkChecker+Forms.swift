import Domain

/// Cells that are written in a form of their own. Each is put into the form of its type first, and
/// everything behind reads that.
extension ChunkChecker {
    mutating func checkForms(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        guard let form = column.rules.form, let slot = column.slot else { return }
        var plain = ShortText()
        for row in 0..<batch.rows {
            let cell = batch.cell(row, column.place)
            let state: CellState
            if cell.length == 0 {
                state = judge(batch, row, index, column)
            } else if cell.isEscaped {
                let text = batch.text(row, column.place, quote: plan.dialect.quote)
                state = check(
                    text.span, text.indices, batch, row, index, column, form, slot, &plain)
            } else {
                state = batch.withBytes {
                    check($0, cell.range, batch, row, index, column, form, slot, &plain)
                }
            }
            // In bounds: the place is below the batch's width, and rows below its `rowsMax`.
            unsafe batch.states[column.place * batch.rowsMax + row] = state
        }
    }

    private mutating func check(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ batch: RowBatch, _ row: Int, _ index: Int,
        _ column: ScanPlan.Column, _ form: CellForm, _ slot: Int, _ plain: inout ShortText
    ) -> CellState {
        let kind = batch.kind(row, column.place)
        if isMissing(bytes, range, kind, column) || isOfType(kind, column.rules.kind) {
            return judge(bytes, range, batch, row, index, column)
        }
        guard kind != .container, form.read(bytes, range, into: &plain) else {
            add(.type, bytes, range, kind, batch, row, index, column)
            return .wrong
        }
        let written = batch.cell(row, column.place)
        let isNumeric = column.rules.kind == .integer || column.rules.kind == .number
        let isQuoted = batch.isOfLines && !isNumeric && column.rules.kind != .boolean
        batch.setCell(row, column.place, slot: slot, plain, isQuoted: isQuoted)
        let cell = batch.cell(row, column.place)
        var number = 0.0
        let found = batch.withBytes {
            column.rules.typeFault($0, cell.range, batch.kind(row, column.place), &number)
        }
        if wantsNumbers {
            // In bounds: as in `checkForms`.
            unsafe batch.numbers[column.place * batch.rowsMax + row] = number
        }
        guard let found else { return .valid }
        add(found, bytes, range, kind, batch, row, index, column)
        // Because a number out of its range is one all the same.
        if found.isOfRange { return .valid }
        batch.restore(written, row, column.place)
        return .wrong
    }

    /// A value of JSON that is of its column's type by itself has no form.
    private func isOfType(_ cell: CellKind, _ kind: ColumnDeclaration.Kind) -> Bool {
        switch (cell, kind) {
        case (.number, .integer), (.number, .number), (.boolean, .boolean): true
        default: false
        }
    }
}
