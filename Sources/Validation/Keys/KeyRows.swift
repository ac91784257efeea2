/// The keys of a part's rows, which wait for those of the parts before it.
struct KeyRows: Sendable {
    /// A row's key, and its line counted from 0; of a labelled row the hash of its label.
    struct Row: Sendable {
        var hash: RowHash
        var mark: UInt64
    }

    /// Rows without a key, because a cell is missing.
    struct Gaps: Sendable {
        var total = 0
        /// The lines of the first ones.
        var first: [UInt32] = []

        mutating func add(line: UInt32) {
            total += 1
            if first.count < Violation.occurrencesMax { first.append(line) }
        }
    }

    let layout: KeyLayout
    let times: [KeyPlan.Time]
    /// As the projections.
    var rows: [[Row]]
    var gaps: [Gaps]
    /// As the plan's times.
    var tallies: [TimeTally]
    /// For each sum, of the rows that are being read.
    var sums: [[UInt128]]

    init(_ layout: KeyLayout, _ plan: KeyPlan) {
        self.layout = layout
        times = plan.times
        rows = [[Row]](repeating: [], count: plan.projections.count)
        gaps = [Gaps](repeating: Gaps(), count: plan.projections.count)
        tallies = [TimeTally](repeating: TimeTally(), count: plan.times.count)
        sums = [[UInt128]](repeating: [], count: layout.sums.count)
    }

    mutating func take(_ batch: RowBatch) {
        addUp(batch)
        for (projection, reading) in layout.readings.enumerated() {
            switch reading {
            case .absent: break
            case .key(let parts): readKeys(batch, projection, parts)
            case .row(let sum):
                for row in 0..<batch.rows {
                    rows[projection].append(
                        Row(hash: RowHash(sums[sum][row]), mark: UInt64(batch.line(row))))
                }
            case .labelled(let sum, let label): readLabels(batch, projection, sum, label)
            }
        }
        for (index, column) in layout.times.enumerated() {
            guard let column else { continue }
            readTimes(batch, index, layout.columns[column])
        }
    }

    private mutating func readKeys(
        _ batch: RowBatch, _ projection: Int, _ parts: [(column: Int, isNumber: Bool)]
    ) {
        for row in 0..<batch.rows {
            var hasher = RowHasher()
            var isWhole = true
            for part in parts {
                let column = layout.columns[part.column]
                switch batch.state(row, column.place) {
                case .valid: absorb(batch, row, column, part.isNumber, into: &hasher)
                case .wrong: isWhole = false
                case .missing:
                    if isWhole {
                        gaps[projection].add(line: UInt32(truncatingIfNeeded: batch.line(row)))
                    }
                    isWhole = false
                }
                if !isWhole { break }
            }
            guard isWhole else { continue }
            rows[projection].append(Row(hash: hasher.finish(), mark: UInt64(batch.line(row))))
        }
    }

    private mutating func readLabels(
        _ batch: RowBatch, _ projection: Int, _ sum: Int, _ label: Int
    ) {
        let column = layout.columns[label]
        for row in 0..<batch.rows where batch.state(row, column.place) != .missing {
            var hasher = RowHasher()
            absorb(batch, row, column, false, into: &hasher)
            rows[projection].append(
                Row(hash: RowHash(sums[sum][row]), mark: hasher.finish().low))
        }
    }

    private mutating func readTimes(_ batch: RowBatch, _ index: Int, _ column: KeyLayout.Column) {
        for row in 0..<batch.rows {
            switch batch.state(row, column.place) {
            case .missing: break
            case .wrong: tallies[index].unreadable += 1
            case .valid:
                let value = batch.withBytes {
                    TimeValue($0, batch.cell(row, column.place).range, column.kind)
                }
                tallies[index].add(value, limit: times[index].limit)
            }
        }
    }

    // MARK: Cells

    @inline(__always)
    private func absorb(
        _ batch: RowBatch, _ row: Int, _ column: KeyLayout.Column, _ isNumber: Bool,
        into hasher: inout RowHasher
    ) {
        let cell = batch.cell(row, column.place)
        if cell.isEscaped {
            let text = batch.text(row, column.place, quote: layout.quote)
            unsafe withPadding(text) { bytes, length in
                unsafe hasher.absorb(cell: bytes, length: length)
            }
            return
        }
        // In bounds: a cell is a range of the chunk, behind which there is room.
        let bytes = unsafe batch.bytes + cell.start
        if isNumber {
            unsafe hasher.absorb(number: bytes, length: cell.length, isInteger: column.isInteger)
        } else {
            unsafe hasher.absorb(cell: bytes, length: cell.length)
        }
    }

    /// Column after column, because most cells of a column are of one kind and length.
    private mutating func addUp(_ batch: RowBatch) {
        guard !sums.isEmpty else { return }
        for index in sums.indices {
            sums[index].removeAll(keepingCapacity: true)
            sums[index].append(contentsOf: repeatElement(0, count: batch.rows))
        }
        for (index, column) in layout.columns.enumerated() {
            let targets = sums.indices.filter { layout.sums[$0][index] }
            guard !targets.isEmpty else { continue }
            for row in 0..<batch.rows {
                let cell = batch.cell(row, column.place)
                guard cell.length > 0, batch.state(row, column.place) != .missing else { continue }
                var part: UInt128 = 0
                if cell.isEscaped {
                    let text = batch.text(row, column.place, quote: layout.quote)
                    unsafe withPadding(text) { part = unsafe share($0, $1, seed: column.seed) }
                } else {
                    // In bounds: as in `absorb`.
                    part = unsafe share(batch.bytes + cell.start, cell.length, seed: column.seed)
                }
                for target in targets { sums[target][row] &+= part }
            }
        }
    }
}

/// Gives the bytes of a text with eight bytes of room behind them.
func withPadding(_ text: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Void) {
    let room = text + [UInt8](repeating: 0, count: 8)
    unsafe room.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe body(start, text.count)
    }
}
