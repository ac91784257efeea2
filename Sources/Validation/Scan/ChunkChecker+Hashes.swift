extension ChunkChecker {
    /// Hashes each record: the sum of what its cells are, each under the name of its column; a
    /// missing cell adds nothing.
    ///
    /// Column after column, because most cells of a column are of one kind and length. A cell that
    /// is not checked counts as it stands, and one of a column of numbers by its value.
    func hash(_ batch: RowBatch) {
        // In bounds here and below: `row` is below the batch's rows, `place` below its width.
        for row in 0..<batch.rows { unsafe batch.hashes[row] = 0 }
        for place in 0..<batch.width {
            let seed = plan.seeds[place]
            batch.addShares(
                of: place, isChecked: plan.isChecked[place], isNumber: plan.isNumber[place],
                seed: seed, quote: plan.dialect.quote
            ) { row, share in unsafe batch.hashes[row] &+= share }
        }
    }
}

extension RowBatch {
    /// Calls `add` with what each cell of a column that is not missing adds to its record's hash.
    ///
    /// - Parameters:
    ///   - isChecked: whether states say which cells are missing beside the empty ones.
    ///   - isNumber: numbers count by their value.
    ///   - isOfText: of a value of JSON its text alone counts.
    @inline(__always)
    func addShares(
        of place: Int, isChecked: Bool, isNumber: Bool, seed: UInt64, isOfText: Bool = false,
        quote: UInt8,
        add: (Int, UInt128) -> Void
    ) {
        // Each with a loop of its own, so that no cell asks what its column is.
        if isOfLines && !isOfText {
            eachShare(of: place, isChecked, isNumber, true, seed, quote, add)
        } else if isNumber {
            eachShare(of: place, isChecked, true, false, seed, quote, add)
        } else {
            eachShare(of: place, isChecked, false, false, seed, quote, add)
        }
    }

    /// - Parameter isOwnKind: because in JSON 1 and "1" are different values.
    @inline(__always)
    private func eachShare(
        of place: Int, _ isChecked: Bool, _ isNumber: Bool, _ isOwnKind: Bool, _ seed: UInt64,
        _ quote: UInt8, _ add: (Int, UInt128) -> Void
    ) {
        // In bounds: the place is below the batch's width, and rows below its `rowsMax`.
        let cells = unsafe cells + place * rowsMax
        let states = unsafe states + place * rowsMax
        let bytes = unsafe bytes
        for row in 0..<rows {
            let cell = unsafe cells[row]
            if cell.length == 0 { continue }
            if isChecked, unsafe states[row] == .missing { continue }
            let key = isOwnKind && !cell.isQuoted ? ~seed : seed
            let isNumber = isNumber && !(isOwnKind && cell.isQuoted)
            if cell.isEscaped {
                let text = self.text(row, place, quote: quote)
                unsafe withPadding(text) { unsafe add(row, rowShare($0, $1, isNumber, seed: key)) }
            } else {
                // In bounds: a cell is a range of the chunk, behind which there is room.
                unsafe add(row, rowShare(bytes + cell.start, cell.length, isNumber, seed: key))
            }
        }
    }
}

/// What a cell adds to the hash of its record: records are compared by the sum over their cells, so
/// that neither the order of the columns counts nor a column in which a record has nothing.
///
/// - Parameters:
///   - bytes: with room for eight bytes behind every one.
///   - isNumber: a number counts by its value.
///   - seed: a hash of the column's name.
@inline(__always)
func rowShare(
    _ bytes: UnsafePointer<UInt8>, _ length: Int, _ isNumber: Bool, seed: UInt64
) -> UInt128 {
    var hasher = RowHasher(key: seed)
    // In bounds: a cell has so many bytes, and room behind them.
    if isNumber {
        unsafe hasher.absorb(number: bytes, length: length)
    } else {
        unsafe hasher.absorb(cell: bytes, length: length)
    }
    return hasher.lanes()
}

/// How much room there must be behind a text for its words to be read.
let paddingBytes = 8

/// Gives the bytes of a text with so much room behind them.
func withPadding(_ text: consuming [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Void) {
    let count = text.count
    for _ in 0..<paddingBytes { text.append(0) }
    unsafe text.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe body(start, count)
    }
}
