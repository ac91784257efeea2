import Domain

/// The cells of a part that are counted against the label, which wait for those of the parts before
/// it.
struct CellRows: Sendable {
    /// As the columns of the layout, a `CellWord` for each row.
    private(set) var columns: [[UInt64]]
    private(set) var rows = 0
    private let layout: CellLayout

    init(_ layout: CellLayout) {
        self.layout = layout
        columns = layout.columns.map { _ in [] }
    }

    mutating func take(_ batch: RowBatch) {
        rows += batch.rows
        for (index, column) in layout.columns.enumerated() {
            // Taken out, so that it has one owner.
            var words = columns[index]
            columns[index] = []
            switch CellWord.Form(column.kind) {
            case .integer: takeIntegers(batch, column.place, &words)
            case .number: takeNumbers(batch, column.place, &words)
            case .text: takeTexts(batch, column.place, &words)
            }
            columns[index] = words
        }
    }

    private func takeIntegers(_ batch: RowBatch, _ place: Int, _ words: inout [UInt64]) {
        for row in 0..<batch.rows {
            guard batch.state(row, place) == .valid else {
                words.append(CellWord.missing)
                continue
            }
            let number = batch.number(row, place)
            let value =
                LargeInteger.mayBe(number)
                ? batch.largeInteger(row, place, quote: layout.quote) : Int64(number)
            words.append(CellWord.integer(value))
        }
    }

    private func takeNumbers(_ batch: RowBatch, _ place: Int, _ words: inout [UInt64]) {
        for row in 0..<batch.rows {
            let isThere = batch.state(row, place) == .valid
            words.append(isThere ? CellWord.number(batch.number(row, place)) : CellWord.missing)
        }
    }

    private func takeTexts(_ batch: RowBatch, _ place: Int, _ words: inout [UInt64]) {
        for row in 0..<batch.rows {
            guard batch.state(row, place) == .valid else {
                words.append(CellWord.missing)
                continue
            }
            let cell = batch.cell(row, place)
            if cell.isEscaped {
                let text = batch.text(row, place, quote: layout.quote)
                words.append(CellWord.text(CellHash.standard.hash(text.span, text.indices)))
            } else {
                let hash = batch.withBytes { CellHash.standard.hash($0, cell.range) }
                words.append(CellWord.text(hash))
            }
        }
    }
}
