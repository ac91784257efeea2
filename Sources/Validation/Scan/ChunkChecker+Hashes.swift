extension ChunkChecker {
    /// Hashes each record over its cells: see `RowHasher`.
    ///
    /// A cell that is not checked counts as it stands.
    func hash(_ batch: RowBatch) {
        var isChecked = [Bool](repeating: false, count: batch.width)
        for column in plan.columns { isChecked[column.place] = true }
        for row in 0..<batch.rows {
            var hasher = RowHasher()
            for place in 0..<batch.width {
                let cell = batch.cell(row, place)
                let isMissing =
                    cell.length == 0 || isChecked[place] && batch.state(row, place) == .missing
                // Because 1 and "1" are different values.
                if batch.isOfLines, !isMissing, !cell.isQuoted { hasher.absorb(0x20 << 56) }
                if isMissing {
                    hasher.absorbMissing()
                } else if cell.isEscaped {
                    let text = padded(batch.text(row, place, quote: plan.dialect.quote))
                    unsafe text.bytes.withUnsafeBufferPointer { buffer in
                        guard let start = buffer.baseAddress else { return }
                        // In bounds: there are eight bytes of room behind the text.
                        unsafe hasher.absorb(cell: start, length: text.count)
                    }
                } else {
                    // In bounds: a cell is a range of the chunk, behind which there is room.
                    unsafe hasher.absorb(cell: batch.bytes + cell.start, length: cell.length)
                }
            }
            // In bounds: `row` is below the batch's rows.
            unsafe batch.hashes[row] = hasher.finish()
        }
    }
}

/// The hash of a cell alone; eight bytes can be read from each of its bytes.
@inline(__always)
func cellHash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> RowHash {
    var hasher = RowHasher()
    unsafe hasher.absorb(cell: bytes, length: length)
    return hasher.finish()
}

/// The hash of a text of its own.
func cellHash(_ text: [UInt8]) -> RowHash {
    let room = padded(text)
    return unsafe room.bytes.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return RowHasher().finish() }
        // In bounds: there are eight bytes of room behind the text.
        return unsafe cellHash(start, room.count)
    }
}

private func padded(_ text: [UInt8]) -> (bytes: [UInt8], count: Int) {
    (text + [UInt8](repeating: 0, count: 8), text.count)
}
