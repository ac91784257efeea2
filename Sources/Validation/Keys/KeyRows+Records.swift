/// Keys of records that are read cell by cell.
extension KeyRows {
    /// Adds a record.
    ///
    /// - Parameters:
    ///   - states: by the place of the cells; where there is none the cell is missing.
    ///   - line: counted from 0.
    mutating func take(
        _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ states: [CellState], line: Int
    ) {
        func state(_ column: Int) -> CellState {
            let place = layout.columns[column].place
            return place < states.count && place < cells.count ? states[place] : .missing
        }
        func text(_ column: Int) -> [UInt8] {
            let cell = cells[layout.columns[column].place]
            return (cell.start..<cell.end).map { bytes[$0] }
        }
        for sum in sums.indices {
            var total: UInt128 = 0
            for (column, counts) in layout.sums[sum].enumerated()
            where counts && state(column) != .missing {
                let seed = layout.columns[column].seed
                unsafe withPadding(text(column)) { total &+= unsafe share($0, $1, seed: seed) }
            }
            sums[sum] = [total]
        }
        for (projection, reading) in layout.readings.enumerated() {
            switch reading {
            case .absent: break
            case .row(let sum):
                rows[projection].append(Row(hash: RowHash(sums[sum][0]), mark: UInt64(line)))
            case .labelled(let sum, let label):
                guard state(label) != .missing else { continue }
                rows[projection].append(
                    Row(hash: RowHash(sums[sum][0]), mark: cellHash(text(label)).low))
            case .key(let parts):
                if let stop = parts.first(where: { state($0.column) != .valid }) {
                    guard state(stop.column) == .missing else { continue }
                    gaps[projection].add(line: UInt32(truncatingIfNeeded: line))
                    continue
                }
                var hasher = RowHasher()
                for part in parts {
                    absorb(text(part.column), layout.columns[part.column], part.isNumber, &hasher)
                }
                rows[projection].append(Row(hash: hasher.finish(), mark: UInt64(line)))
            }
        }
        for (index, column) in layout.times.enumerated() {
            guard let column, state(column) != .missing else { continue }
            let text = text(column)
            let value = TimeValue(text.span, text.indices, layout.columns[column].kind)
            tallies[index].add(state(column) == .valid ? value : nil, limit: times[index].limit)
        }
    }

    private func absorb(
        _ text: [UInt8], _ column: KeyLayout.Column, _ isNumber: Bool, _ hasher: inout RowHasher
    ) {
        unsafe withPadding(text) { bytes, length in
            if isNumber {
                unsafe hasher.absorb(number: bytes, length: length, isInteger: column.isInteger)
            } else {
                unsafe hasher.absorb(cell: bytes, length: length)
            }
        }
    }
}
