import Domain

/// Where the columns of a file stand, and how their cells are counted.
struct ProfileLayout: Sendable {
    struct Column: Sendable {
        /// The number of the cell, from 0.
        let place: Int
        let kind: ColumnProfile.Kind
        let isInteger: Bool
        /// No valid cell has a byte above 127.
        let isASCII: Bool
    }

    let columns: [Column]
    /// Texts that mean "missing"; the empty cell is not among them.
    let missing: [[UInt8]]
    let quote: UInt8
    /// The hash of each look-alike with its number from 1, as if that were its count.
    let lookAlikes: CountTable

    init(_ plan: ScanPlan) {
        columns = plan.columns.map { column in
            let kind = column.rules.kind
            return Column(
                place: column.place, kind: ColumnProfile.Kind(kind), isInteger: kind == .integer,
                isASCII: !kind.isText)
        }
        let ofColumns = plan.columns.flatMap { $0.rules.missing?.texts ?? [] }
        var words: Set<String> = [""]
        missing = (plan.missing.texts + ofColumns).filter { words.insert($0).inserted }
            .map { Array($0.utf8) }
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
    fileprivate static let lookAlikeBytesMax = 5
    private static let lookAlikeNumbers: [Double: Int] = [-9999: 4, -999: 5]

    /// What is kept of one column.
    struct Column: Sendable {
        /// Valid ones of a column of numbers, or of times as numbers.
        var numbers: [Double] = []
        /// Of those of a column of integers, the ones that may be beyond 2^53, with all digits.
        var large: [Int64] = []
        /// Valid ones of a column of text, by their place in `bytes`.
        var texts = TextCells()
        /// The rows that have neither.
        var refused: [UInt32] = []
        /// Empty cells, and behind them those of each text of `ProfileLayout.missing`.
        var missing: [Int]
        var invalid = 0
        /// Of numbers, and of what is not of the column's type, as `MissingWords.lookAlikes`.
        var lookAlikes = [Int](repeating: 0, count: MissingWords.lookAlikes.count)

        /// How often each of `MissingWords.lookAlikes` is among the cells.
        func lookAlikes(_ layout: ProfileLayout) -> [Int] {
            var found = lookAlikes
            let counts = texts.isCoded ? texts.counts : []
            for (index, cell) in texts.cells.enumerated()
            where cell.end - cell.start <= ProfileCells.lookAlikeBytesMax {
                let word = layout.lookAlikes.count(cell.hash)
                if word > 0 { found[word - 1] += texts.isCoded ? counts[index] : 1 }
            }
            return found
        }

        /// Gives what a sample of rows has of some rows, by `SampleCell`; they are ascending.
        @inline(__always)
        func sample(_ rows: [Int], _ body: (UInt32) -> Void) {
            guard let first = rows.first else { return }
            var before = firstRefused(from: first)
            for row in rows {
                while before < refused.count, refused[before] < row { before += 1 }
                if before < refused.count, refused[before] == row {
                    body(SampleCell.missing)
                } else if numbers.isEmpty {
                    body(SampleCell.text(texts[row - before].hash))
                } else {
                    body(SampleCell.number(numbers[row - before]))
                }
            }
        }

        /// The first of the refused rows that is not before a row.
        private func firstRefused(from row: Int) -> Int {
            var (low, high) = (0, refused.count)
            while low < high {
                let middle = (low + high) / 2
                if refused[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    let layout: ProfileLayout
    /// The lines on which the rows begin, counted from 0.
    private(set) var lines: [UInt32] = []
    private(set) var columns: [Column]
    private(set) var bytes = CellBytes()

    init(_ layout: ProfileLayout) {
        self.layout = layout
        let column = Column(missing: [Int](repeating: 0, count: layout.missing.count + 1))
        columns = [Column](repeating: column, count: layout.columns.count)
    }

    /// Adds records; all batches of a part are of the same bytes.
    mutating func take(_ batch: RowBatch) {
        if lines.isEmpty {
            bytes = CellBytes(batch.kept(), count: batch.byteCount)
            makeRoom(batch.chunkRows)
        }
        let first = lines.count
        // In bounds: the batch has so many lines.
        unsafe lines.append(contentsOf: UnsafeBufferPointer(start: batch.lines, count: batch.rows))
        for (index, column) in layout.columns.enumerated() {
            // Taken out, so that it is the only owner of its arrays.
            var kept = Column(texts: TextCells([]), missing: [], lookAlikes: [])
            swap(&kept, &columns[index])
            if column.kind != .text {
                takeNumbers(batch, column, first, &kept)
            } else {
                takeTexts(batch, column, first, &kept)
            }
            columns[index] = kept
        }
    }

    /// Because what grows is copied again and again.
    private mutating func makeRoom(_ rows: Int) {
        lines.reserveCapacity(rows)
        for (index, column) in layout.columns.enumerated() {
            if column.kind != .text {
                columns[index].numbers.reserveCapacity(rows)
            } else {
                columns[index].texts.reserveCapacity(rows)
            }
        }
    }

    private func takeNumbers(
        _ batch: RowBatch, _ target: ProfileLayout.Column, _ first: Int, _ column: inout Column
    ) {
        let place = target.place
        let known = column.numbers.count
        var next = 0
        while next < batch.rows {
            var end = next
            while end < batch.rows, batch.state(end, place) == .valid { end += 1 }
            // In bounds: the batch has so many numbers of the column.
            let numbers = unsafe batch.numbers + place * batch.rowsMax + next
            unsafe column.numbers.append(
                contentsOf: UnsafeBufferPointer(start: numbers, count: end - next))
            if target.isInteger { takeLarge(batch, next..<end, place, &column) }
            if end < batch.rows {
                if target.kind == .number, let value = nonFinite(batch, end, place) {
                    column.numbers.append(value)
                    addLookAlike(batch, end, place, &column)
                } else {
                    refuse(batch, end, place, first, &column)
                }
            }
            next = end + 1
        }
        // Because a second of 1969 is no word for a missing cell.
        guard target.kind == .number else { return }
        for index in known..<column.numbers.count {
            let value = column.numbers[index]
            if value == -999 || value == -9999, let word = Self.lookAlikeNumbers[value] {
                column.lookAlikes[word] += 1
            }
        }
    }

    private func takeLarge(
        _ batch: RowBatch, _ rows: Range<Int>, _ place: Int, _ column: inout Column
    ) {
        // In bounds: as above.
        let numbers = unsafe batch.numbers + place * batch.rowsMax
        // The highest bit is set by a magnitude from the bound on, without a branch for each row.
        var sums: UInt64 = 0
        for row in rows {
            sums |= (unsafe numbers[row].bitPattern & ~(1 << 63)) &+ LargeInteger.carry
        }
        guard sums >> 63 == 1 else { return }
        for row in rows where LargeInteger.mayBe(batch.number(row, place)) {
            column.large.append(batch.largeInteger(row, place, quote: layout.quote))
        }
    }

    /// What a cell that is no number means; nil: nothing.
    private func nonFinite(_ batch: RowBatch, _ row: Int, _ place: Int) -> Double? {
        guard batch.state(row, place) == .wrong,
            NonFiniteWords.mayBe(batch.cell(row, place).length)
        else { return nil }
        return NonFiniteWords.value(batch.text(row, place, quote: layout.quote))
    }

    private mutating func takeTexts(
        _ batch: RowBatch, _ target: ProfileLayout.Column, _ first: Int, _ column: inout Column
    ) {
        let place = target.place
        var next = 0
        while true {
            next = column.texts.appendKnown(batch, place, from: next)
            guard next < batch.rows else { return }
            let row = next
            next += 1
            guard batch.state(row, place) == .valid else {
                refuse(batch, row, place, first, &column)
                continue
            }
            let cell = batch.cell(row, place)
            // Because a cell in a form of its own is not among the bytes of the file.
            if cell.isEscaped || batch.isPlain(cell) {
                column.texts.append(bytes.append(batch.text(row, place, quote: layout.quote)))
            } else {
                column.texts.append(batch, cell, isASCII: target.isASCII)
            }
        }
    }

    /// Counts a cell that is missing or not of the column's type.
    private func refuse(
        _ batch: RowBatch, _ row: Int, _ place: Int, _ first: Int, _ column: inout Column
    ) {
        column.refused.append(UInt32(truncatingIfNeeded: first + row))
        guard batch.state(row, place) == .missing else {
            column.invalid += 1
            addLookAlike(batch, row, place, &column)
            return
        }
        let cell = batch.cell(row, place)
        var spelling = 0
        if cell.isEscaped {
            let text = batch.text(row, place, quote: layout.quote)
            spelling = (layout.missing.firstIndex(of: text) ?? -1) + 1
        } else if cell.length > 0 {
            spelling = batch.withBytes { bytes in
                (layout.missing.firstIndex { isEqual(bytes, cell.range, $0) } ?? -1) + 1
            }
        }
        column.missing[spelling] += 1
    }

    /// Counts a cell that is not of the column's type and looks like a missing one.
    private func addLookAlike(
        _ batch: RowBatch, _ row: Int, _ place: Int, _ column: inout Column
    ) {
        let cell = batch.cell(row, place)
        // An escaped cell is no look-alike, because none of those has a quote.
        guard (1...Self.lookAlikeBytesMax).contains(cell.plainLength) else { return }
        let hash = batch.withBytes { CellHash.standard.hash($0, cell.range) }
        let word = layout.lookAlikes.count(hash)
        if word > 0 { column.lookAlikes[word - 1] += 1 }
    }
}
