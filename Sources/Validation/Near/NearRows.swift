/// The texts of one column in a part, which wait for those of the parts before it.
struct NearRows: Sendable {
    /// The lines of the rows that have a word, counted from 0.
    private(set) var lines: [UInt32] = []
    /// How many shingles each has; all of them behind each other.
    private(set) var counts: [Int] = []
    private(set) var shingles: [UInt64] = []
    /// `MinHash.bands` keys for each.
    private(set) var bands: [RowHash] = []

    init() {}

    /// One text.
    init(line: UInt32, shingles: [UInt64]) { add(line, shingles) }

    /// Adds the texts of some rows; a missing cell has none.
    mutating func take(_ batch: RowBatch, _ place: Int, quote: UInt8) {
        var reader = Shingles()
        for row in 0..<batch.rows where batch.state(row, place) != .missing {
            let cell = batch.cell(row, place)
            let found: [UInt64]
            if cell.isEscaped {
                let text = batch.text(row, place, quote: quote)
                found = reader.of(text.span, text.indices)
            } else {
                found = batch.withBytes { reader.of($0, cell.range) }
            }
            if !found.isEmpty { add(UInt32(truncatingIfNeeded: batch.line(row)), found) }
        }
    }

    private mutating func add(_ line: UInt32, _ found: [UInt64]) {
        lines.append(line)
        counts.append(found.count)
        shingles += found
        MinHash.standard.appendBands(of: found, to: &bands)
    }
}
