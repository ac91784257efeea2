/// Where the text of a cell comes from.
enum CellSource: Sendable {
    /// A text, whose type must be found.
    case text
    /// A value of the column's type. The batch has its number already and says of each cell whether
    /// it is plainly right (`valid`) or must be looked at (`wrong`).
    case typed
    /// A value of another type than the column's, about which the report says so once.
    case refused
}

extension ChunkChecker {
    /// Decides the state of cells that are known to be of their column's type.
    mutating func checkTyped(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        let rules = column.rules
        let isDeclared = rules.declaration != nil
        let (least, most) = rules.numbers
        let isBounded = rules.moments != nil
        // In bounds: the place is below the batch's width, and rows below its `rowsMax`.
        let cells = unsafe batch.cells + column.place * batch.rowsMax
        let states = unsafe batch.states + column.place * batch.rowsMax
        let numbers = unsafe batch.numbers + column.place * batch.rowsMax
        for row in 0..<batch.rows {
            let cell = unsafe cells[row]
            if cell.length == 0, !rules.isRequired {
                unsafe states[row] = .missing
                findings.columns[index].missing += 1
                continue
            }
            let isPlain = unsafe states[row] == .valid
            let value = unsafe numbers[row]
            let isRight =
                isPlain ? value >= least && value <= most && !isBounded : !isDeclared
            // In bounds: a cell is a range of the chunk, behind which there is room.
            let text = unsafe batch.bytes + cell.start
            if unsafe cell.length > 0 && isRight
                && (isPlain && !column.mayPass || !column.missing.contains(text, cell.length))
            {
                unsafe states[row] = .valid
            } else {
                unsafe states[row] = judge(batch, row, index, column)
            }
        }
    }

    /// Counts the cells of a column that is of another type.
    mutating func refuse(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        for row in 0..<batch.rows {
            let isMissing = batch.cell(row, column.place).length == 0
            if isMissing { findings.columns[index].missing += 1 }
            // In bounds: as in `checkTyped`.
            unsafe batch.states[column.place * batch.rowsMax + row] = isMissing ? .missing : .wrong
        }
    }
}
