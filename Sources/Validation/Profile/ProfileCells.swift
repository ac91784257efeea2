import Domain

/// Where the columns of a file stand, and how their cells are counted.
struct ProfileLayout: Sendable {
    struct Column: Sendable {
        /// The number of the cell, from 0.
        let place: Int
        let isNumeric: Bool
    }

    let columns: [Column]
    /// Texts that mean "missing"; the empty cell is not among them.
    let missing: [[UInt8]]
    let quote: UInt8
    /// The hash of each look-alike with its number from 1, as if that were its count.
    let lookAlikes: CountTable

    init(_ plan: ScanPlan) {
        columns = plan.columns.map { column in
            Column(
                place: column.place,
                isNumeric: column.rules.kind == .integer || column.rules.kind == .number)
        }
        missing = plan.missing.texts.map { Array($0.utf8) }.filter { !$0.isEmpty }
        quote = plan.dialect.quote
        var table = CountTable()
        for (index, word) in MissingWords.lookAlikes.enumerated() {
            table.add(CellHash.standard.hash(word), index + 1)
        }
        lookAlikes = table
    }
}

/// The cells of a part, ready to be counted once the parts before it are.
///
/// They are counted in the order of the file rather than in each part, so that not even an
/// estimated number depends on where a file is cut.
struct ProfileCells: Sendable {
    /// The longest look-alike; longer cells are not looked up.
    private static let lookAlikeBytesMax = 5
    private static let lookAlikeNumbers: [Double: Int] = [-9999: 4, -999: 5]

    /// What is kept of one column.
    struct Column: Sendable {
        /// Valid ones of a column of numbers.
        var numbers: [Double] = []
        /// Valid ones of a column of text, by their place in `bytes`.
        var texts: [HashedCell] = []
        /// Every row's, by `SampleCell`.
        var sampled: [UInt32] = []
        /// Empty cells, and behind them those of each text of `ProfileLayout.missing`.
        var missing: [Int]
        var invalid = 0
        /// As `MissingWords.lookAlikes`.
        var lookAlikes = [Int](repeating: 0, count: MissingWords.lookAlikes.count)
    }

    let layout: ProfileLayout
    /// The lines on which the rows begin, counted from 0.
    private(set) var lines: [UInt32] = []
    private(set) var columns: [Column]
    /// The part's own bytes, and behind them the texts whose quotes were written twice.
    private(set) var bytes: [UInt8] = []

    init(_ layout: ProfileLayout) {
        self.layout = layout
        let column = Column(missing: [Int](repeating: 0, count: layout.missing.count + 1))
        columns = [Column](repeating: column, count: layout.columns.count)
    }

    /// Adds records; all batches of a part are of the same bytes.
    mutating func take(_ batch: RowBatch) {
        if bytes.isEmpty {
            // In bounds: the chunk has as many bytes, and outlives the batch.
            bytes = unsafe Array(UnsafeBufferPointer(start: batch.bytes, count: batch.byteCount))
        }
        for row in 0..<batch.rows { lines.append(UInt32(truncatingIfNeeded: batch.line(row))) }
        for (index, column) in layout.columns.enumerated() {
            // Taken out, so that it is the only owner of its arrays.
            var kept = Column(missing: [], lookAlikes: [])
            swap(&kept, &columns[index])
            if column.isNumeric {
                takeNumbers(batch, column.place, &kept)
            } else {
                takeTexts(batch, column.place, &kept)
            }
            columns[index] = kept
        }
    }

    private func takeNumbers(_ batch: RowBatch, _ place: Int, _ column: inout Column) {
        for row in 0..<batch.rows {
            guard batch.state(row, place) == .valid else {
                if let value = nonFinite(batch, row, place) {
                    column.numbers.append(value)
                    column.sampled.append(SampleCell.missing)
                } else {
                    refuse(batch, row, place, &column)
                }
                continue
            }
            let value = batch.number(row, place)
            column.numbers.append(value)
            column.sampled.append(SampleCell.number(value))
            if value == -999 || value == -9999, let word = Self.lookAlikeNumbers[value] {
                column.lookAlikes[word] += 1
            }
        }
    }

    /// What a cell that is no number means; nil: nothing.
    private func nonFinite(_ batch: RowBatch, _ row: Int, _ place: Int) -> Double? {
        guard batch.state(row, place) == .wrong,
            NonFiniteWords.mayBe(batch.cell(row, place).length)
        else { return nil }
        return NonFiniteWords.value(batch.text(row, place, quote: layout.quote))
    }

    private mutating func takeTexts(_ batch: RowBatch, _ place: Int, _ column: inout Column) {
        for row in 0..<batch.rows {
            guard batch.state(row, place) == .valid else {
                refuse(batch, row, place, &column)
                continue
            }
            let cell = batch.cell(row, place)
            let text: HashedCell
            if cell.isEscaped {
                let start = bytes.count
                bytes += batch.text(row, place, quote: layout.quote)
                text = HashedCell(bytes.span, start..<bytes.count)
            } else {
                text = batch.withBytes { HashedCell($0, cell.range) }
            }
            column.texts.append(text)
            column.sampled.append(SampleCell.text(text.hash))
            if cell.length <= Self.lookAlikeBytesMax {
                let word = layout.lookAlikes.count(text.hash)
                if word > 0 { column.lookAlikes[word - 1] += 1 }
            }
        }
    }

    /// Counts a cell that is missing or not of the column's type.
    private func refuse(_ batch: RowBatch, _ row: Int, _ place: Int, _ column: inout Column) {
        column.sampled.append(SampleCell.missing)
        guard batch.state(row, place) == .missing else {
            column.invalid += 1
            return
        }
        let cell = batch.cell(row, place)
        var spelling = 0
        if cell.length > 0 {
            let text = batch.text(row, place, quote: layout.quote)
            spelling = (layout.missing.firstIndex(of: text) ?? -1) + 1
        }
        column.missing[spelling] += 1
    }
}
