extension ChunkChecker {
    /// Hashes each record: the sum of what its cells are, each under the name of its column; a
    /// missing cell adds nothing.
    ///
    /// Column after column, because most cells of a column are of one kind and length. A cell that
    /// is not checked counts as it stands, and one of a column of numbers by its value.
    func hash(_ batch: RowBatch) {
        let hashes = unsafe batch.hashes
        // In bounds here and below: `row` is below the batch's rows, `place` below its width.
        for row in 0..<batch.rows { unsafe hashes[row] = 0 }
        for place in 0..<batch.width {
            batch.addShares(
                of: place, isChecked: plan.isChecked[place], isNumber: plan.isNumber[place],
                seed: plan.seeds[place], quote: plan.dialect.quote
            ) { row, share in unsafe hashes[row] &+= share }
        }
    }
}

/// How the cells of a column are hashed: a type each, so that each has a loop of its own, in which
/// no cell asks what its column is.
private protocol ShareForm {
    /// Numbers count by their value.
    static var isNumber: Bool { get }
    /// Values of JSON, of which 1 and "1" are different ones.
    static var isOwnKind: Bool { get }
}

private enum TextShares: ShareForm {
    static var isNumber: Bool { false }
    static var isOwnKind: Bool { false }
}

private enum NumberShares: ShareForm {
    static var isNumber: Bool { true }
    static var isOwnKind: Bool { false }
}

private enum ValueShares: ShareForm {
    static var isNumber: Bool { false }
    static var isOwnKind: Bool { true }
}

private enum NumberValueShares: ShareForm {
    static var isNumber: Bool { true }
    static var isOwnKind: Bool { true }
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
        switch (isOfLines && !isOfText, isNumber) {
        case (false, false): eachShare(TextShares.self, of: place, isChecked, seed, quote, add)
        case (false, true): eachShare(NumberShares.self, of: place, isChecked, seed, quote, add)
        case (true, false): eachShare(ValueShares.self, of: place, isChecked, seed, quote, add)
        case (true, true): eachShare(NumberValueShares.self, of: place, isChecked, seed, quote, add)
        }
    }

    @inline(__always)
    private func eachShare<Form: ShareForm>(
        _ form: Form.Type, of place: Int, _ isChecked: Bool, _ seed: UInt64, _ quote: UInt8,
        _ add: (Int, UInt128) -> Void
    ) {
        // In bounds: the place is below the batch's width, and rows below its `rowsMax`.
        let cells = unsafe cells + place * rowsMax
        let states = unsafe states + place * rowsMax
        let numbers = unsafe numbers + place * rowsMax
        let bytes = unsafe bytes
        let isKnown = Form.isNumber && hasNumbers && isChecked
        for row in 0..<rows {
            let cell = unsafe cells[row]
            if cell.length == 0 { continue }
            if isChecked, unsafe states[row] == .missing { continue }
            let key = Form.isOwnKind && !cell.isQuoted ? ~seed : seed
            // Valid ones are never quoted in JSON.
            if isKnown, unsafe Self.isExact(cell, states[row]) {
                var hasher = RowHasher(key: key)
                if unsafe hasher.absorb(exact: numbers[row]) {
                    add(row, hasher.lanes())
                    continue
                }
            }
            if cell.isEscaped || Form.isNumber {
                let isNumber = Form.isNumber && !(Form.isOwnKind && cell.isQuoted)
                add(row, otherShare(row, place, isNumber, seed: key, quote))
            } else {
                // In bounds: a cell is a range of the chunk, behind which there is room.
                unsafe add(row, rowShare(bytes + cell.start, cell.length, false, seed: key))
            }
        }
    }

    /// What a cell adds that is written with escapes, or a number that is not known.
    @inline(never)
    private func otherShare(
        _ row: Int, _ place: Int, _ isNumber: Bool, seed: UInt64, _ quote: UInt8
    ) -> UInt128 {
        let cell = cell(row, place)
        guard cell.isEscaped else {
            // In bounds: a cell is a range of the chunk, behind which there is room.
            return unsafe rowShare(bytes + cell.start, cell.length, isNumber, seed: seed)
        }
        var share: UInt128 = 0
        unsafe withPadding(text(row, place, quote: quote)) {
            share = unsafe rowShare($0, $1, isNumber, seed: seed)
        }
        return share
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
