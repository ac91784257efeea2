/// The keys of a part's rows, which wait for those of the parts before it.
struct KeyRows: Sendable {
    /// A row's key, and its line counted from 0.
    struct Row: Sendable {
        var hash: RowHash
        var line: UInt64
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
    /// As the plan's texts.
    var near: [NearRows]
    /// As the plan's noises.
    var noises: [NoiseRows]
    /// What is counted against the label; nil: nothing.
    var cells: CellRows?
    /// As the projections: of those that are only counted, the keys that need not come again.
    private var recent: [RecentKeys?]
    /// For each sum, of the rows that are being read.
    private var sums: [[UInt128]]
    /// A batch was taken.
    private var hasRoom = false

    init(_ layout: KeyLayout, _ plan: KeyPlan) {
        self.layout = layout
        times = plan.times
        rows = [[Row]](repeating: [], count: plan.projections.count)
        gaps = [Gaps](repeating: Gaps(), count: plan.projections.count)
        near = [NearRows](repeating: NearRows(), count: plan.texts.count)
        noises = [NoiseRows](repeating: NoiseRows(), count: plan.noises.count)
        cells = layout.cells.map { CellRows($0) }
        tallies = [TimeTally](repeating: TimeTally(), count: plan.times.count)
        recent = plan.projections.indices.map { plan.isOnlyCounted($0) ? RecentKeys() : nil }
        sums = [[UInt128]](repeating: [], count: layout.sums.count)
    }

    mutating func take(_ batch: RowBatch) {
        if !hasRoom { makeRoom(batch.chunkRows) }
        addUp(batch)
        for (projection, reading) in layout.readings.enumerated() {
            switch reading {
            case .absent, .sameAsRecord: break
            case .record: append(batch, projection) { batch.hash($0) }
            case .key(let parts): readKeys(batch, projection, parts)
            case .row(let sum):
                let sums = sums[sum]
                append(batch, projection) { RowHash(sums[$0]) }
            case .labelled(let sum, let label): readLabels(batch, projection, sum, label)
            }
        }
        for (index, column) in layout.times.enumerated() {
            guard let column else { continue }
            readTimes(batch, index, layout.columns[column])
        }
        for (index, place) in layout.texts.enumerated() {
            if let place { near[index].take(batch, place, quote: layout.quote) }
        }
        for (index, noise) in layout.noises.enumerated() {
            if let noise { noises[index].take(batch, noise) }
        }
        cells?.take(batch)
    }

    /// Because what grows is copied again and again.
    private mutating func makeRoom(_ count: Int) {
        hasRoom = true
        for (projection, reading) in layout.readings.enumerated() {
            switch reading {
            case .record, .row, .labelled: rows[projection].reserveCapacity(count)
            case .absent, .sameAsRecord, .key: break
            }
        }
    }

    /// Adds every row of a batch with its hash.
    @inline(__always)
    private mutating func append(
        _ batch: RowBatch, _ projection: Int, hash: (Int) -> RowHash
    ) {
        // Taken out, so that they have one owner.
        var found = rows[projection]
        rows[projection] = []
        for row in 0..<batch.rows {
            found.append(Row(hash: hash(row), line: UInt64(batch.line(row))))
        }
        rows[projection] = found
    }

    private mutating func readKeys(
        _ batch: RowBatch, _ projection: Int, _ parts: [KeyLayout.Part]
    ) {
        // Taken out, so that they have one owner each.
        var (found, missing) = (rows[projection], gaps[projection])
        var recent = recent[projection]
        rows[projection] = []
        gaps[projection] = Gaps()
        self.recent[projection] = nil
        for row in 0..<batch.rows {
            var hasher = RowHasher()
            var state = CellState.valid
            for part in parts {
                let one = batch.state(row, part.place)
                if one != .valid { state = one }
                if one == .missing { break }
                if state == .valid { absorb(batch, row, part, into: &hasher) }
            }
            switch state {
            case .valid:
                let hash = hasher.finish()
                guard recent?.insert(hash) ?? true else { continue }
                found.append(Row(hash: hash, line: UInt64(batch.line(row))))
            case .missing: missing.add(line: UInt32(truncatingIfNeeded: batch.line(row)))
            case .wrong: break
            }
        }
        rows[projection] = found
        gaps[projection] = missing
        self.recent[projection] = recent
    }

    private mutating func readLabels(
        _ batch: RowBatch, _ projection: Int, _ sum: Int, _ label: KeyLayout.Part
    ) {
        for row in 0..<batch.rows where batch.state(row, label.place) != .missing {
            var hasher = RowHasher()
            absorb(batch, row, label, into: &hasher)
            let hash = RowHash(sums[sum][row]).labelled(hasher.finish())
            rows[projection].append(Row(hash: hash, line: UInt64(batch.line(row))))
        }
    }

    private mutating func readTimes(_ batch: RowBatch, _ index: Int, _ column: KeyLayout.Column) {
        for row in 0..<batch.rows {
            switch batch.state(row, column.place) {
            case .missing: break
            case .wrong: tallies[index].unreadable += 1
            case .valid:
                tallies[index].add(time(batch, row, column), limit: times[index].limit) {
                    batch.place(row, column.place)
                }
            }
        }
    }

    // MARK: Cells

    private func time(
        _ batch: RowBatch, _ row: Int, _ column: KeyLayout.Column
    ) -> TimeValue? {
        let cell = batch.cell(row, column.place)
        if cell.isEscaped {
            let text = batch.text(row, column.place, quote: layout.quote)
            return TimeValue(text.span, text.indices, column.kind)
        }
        return batch.withBytes { TimeValue($0, cell.range, column.kind) }
    }

    @inline(__always)
    private func absorb(
        _ batch: RowBatch, _ row: Int, _ part: KeyLayout.Part, into hasher: inout RowHasher
    ) {
        let cell = batch.cell(row, part.place)
        if part.isNumber, batch.hasNumbers,
            RowBatch.isExact(cell, batch.state(row, part.place)),
            hasher.absorb(exact: batch.number(row, part.place))
        {
            return
        }
        if cell.isEscaped {
            let text = batch.text(row, part.place, quote: layout.quote)
            unsafe withPadding(text) { bytes, length in
                unsafe absorb(bytes, length, part, into: &hasher)
            }
            return
        }
        // In bounds: a cell is a range of the chunk, behind which there is room.
        unsafe absorb(batch.bytes + cell.start, cell.length, part, into: &hasher)
    }

    @inline(__always)
    private func absorb(
        _ bytes: UnsafePointer<UInt8>, _ length: Int, _ part: KeyLayout.Part,
        into hasher: inout RowHasher
    ) {
        // In bounds: the bytes are a cell's, and there is room behind them.
        if part.isNumber {
            unsafe hasher.absorb(number: bytes, length: length)
        } else {
            unsafe hasher.absorb(cell: bytes, length: length)
        }
    }

    private mutating func addUp(_ batch: RowBatch) {
        for (index, sum) in layout.sums.enumerated() {
            // Taken out, so that it has one owner.
            var sums = sums[index]
            self.sums[index] = []
            sums.removeAll(keepingCapacity: true)
            if sum.isRest {
                // In bounds: the batch has so many hashes.
                unsafe sums.append(
                    contentsOf: UnsafeBufferPointer(start: batch.hashes, count: batch.rows))
            } else {
                sums.append(contentsOf: repeatElement(0, count: batch.rows))
            }
            var shares = sums.mutableSpan
            for (number, isNumber) in zip(sum.columns, sum.isNumber) {
                let column = layout.columns[number]
                batch.addShares(
                    of: column.place, isChecked: true, isNumber: isNumber, seed: column.seed,
                    isOfText: true, quote: layout.quote
                ) { row, share in
                    if sum.isRest { shares[row] &-= share } else { shares[row] &+= share }
                }
            }
            self.sums[index] = sums
        }
    }
}
