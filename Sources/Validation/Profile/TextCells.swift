/// The valid cells of a column of text in one part of a file.
///
/// While few of them are different, as in most columns, each different one is kept once, with the
/// number of it for every row: so they are hashed, and counted, once.
struct TextCells: Sendable {
    /// With more different cells they are kept row by row.
    private static let differentMax = 2048
    /// So many rows are looked at before repeating cells must be the rule.
    private static let differentFree = 256
    private static let slotsLeast = 64
    /// Texts of so many bytes are known by themselves, longer ones by their hash.
    private static let wordBytes = 8

    /// What tells two cells apart.
    private struct Key: Equatable {
        var word: UInt64
        /// In bytes; of one that is known by its hash more than `wordBytes`.
        var length: Int

        @inline(__always)
        var place: Int {
            Int(truncatingIfNeeded: (word ^ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15 >> 40)
        }
    }

    /// While it is coded, each different cell where it was first; else that of every row.
    private(set) var cells: [HashedCell] = []
    /// By row, the number of its cell; empty once it is not coded.
    private(set) var codes: [UInt16] = []
    private(set) var isCoded = true
    /// As `cells`, while it is coded.
    private var keys: [Key] = []
    /// Open addressing: numbers of keys from 1, and 0 where there is none; a power of two.
    private var slots: [UInt16]

    init() { slots = [UInt16](repeating: 0, count: Self.slotsLeast) }

    /// Row by row.
    init(_ cells: [HashedCell]) {
        self.cells = cells
        isCoded = false
        slots = []
    }

    var count: Int { isCoded ? codes.count : cells.count }

    @inline(__always)
    subscript(row: Int) -> HashedCell { isCoded ? cells[Int(codes[row])] : cells[row] }

    /// How many rows each different cell has; only while it is coded.
    var counts: [Int] {
        var counts = [Int](repeating: 0, count: cells.count)
        for code in codes { counts[Int(code)] += 1 }
        return counts
    }

    /// Makes room for so many rows, while each takes little.
    mutating func reserveCapacity(_ rows: Int) { codes.reserveCapacity(rows) }

    /// Adds the cells of a column of the batch from a row on, as long as each is short and was met
    /// before; the row of the first that is not.
    ///
    /// Many at once, because one by one each would ask whose the lists are.
    mutating func appendKnown(_ batch: RowBatch, _ place: Int, from first: Int) -> Int {
        guard isCoded, first < batch.rows else { return first }
        // Taken out, so that they have one owner.
        var found = codes
        codes = []
        let end = unsafe withUnsafeTemporaryAllocation(
            of: UInt16.self, capacity: batch.rows - first
        ) { numbers in
            guard let start = numbers.baseAddress else { return first }
            let end = unsafe known(batch, place, from: first, into: start)
            unsafe found.append(
                contentsOf: UnsafeBufferPointer(start: start, count: end - first))
            return end
        }
        codes = found
        return end
    }

    /// Writes the numbers of cells as long as they are known; the row of the first that is not.
    ///
    /// - Parameter numbers: with room for one of each row.
    private func known(
        _ batch: RowBatch, _ place: Int, from first: Int, into numbers: UnsafeMutablePointer<UInt16>
    ) -> Int {
        let mask = slots.count &- 1
        // In bounds: the place is below the batch's width, and rows below its rows.
        let cells = unsafe batch.cells + place * batch.rowsMax
        let states = unsafe batch.states + place * batch.rowsMax
        for row in first..<batch.rows {
            let cell = unsafe cells[row]
            guard unsafe states[row] == .valid, cell.plainLength <= Self.wordBytes,
                !batch.isPlain(cell)
            else { return row }
            let word = unsafe prefix(word(batch.bytes + cell.start), cell.length)
            let key = Key(word: word, length: cell.length)
            var slot = key.place & mask
            while slots[slot] != 0, keys[Int(slots[slot] &- 1)] != key { slot = (slot &+ 1) & mask }
            guard slots[slot] != 0 else { return row }
            unsafe numbers[row - first] = slots[slot] &- 1
        }
        return batch.rows
    }

    /// Adds a cell that stands in the batch as it is.
    /// - Parameter isASCII: the caller knows that no byte of it is above 127.
    @inline(__always)
    mutating func append(_ batch: RowBatch, _ cell: PackedCell, isASCII: Bool) {
        guard isCoded else {
            return cells.append(batch.withBytes { HashedCell($0, cell.range, isASCII: isASCII) })
        }
        if cell.length <= Self.wordBytes {
            // In bounds: behind every cell of a chunk there is room.
            let word = unsafe prefix(word(batch.bytes + cell.start), cell.length)
            add(Key(word: word, length: cell.length)) {
                batch.withBytes { HashedCell($0, cell.range, isASCII: isASCII) }
            }
        } else {
            let hash = batch.withBytes { CellHash.standard.hash($0, cell.range) }
            add(Key(word: hash, length: Self.wordBytes + 1)) {
                batch.withBytes { HashedCell(hash: hash, $0, cell.range, isASCII: isASCII) }
            }
        }
    }

    /// Adds a cell that was hashed elsewhere.
    mutating func append(_ cell: HashedCell) {
        guard isCoded else { return cells.append(cell) }
        add(Key(word: cell.hash, length: Self.wordBytes + 2)) { cell }
    }

    @inline(__always)
    private mutating func add(_ key: Key, _ cell: () -> HashedCell) {
        let mask = slots.count &- 1
        var slot = key.place & mask
        while slots[slot] != 0 {
            let number = slots[slot] &- 1
            if keys[Int(number)] == key { return codes.append(number) }
            slot = (slot &+ 1) & mask
        }
        insert(key, cell(), slot)
    }

    @inline(never)
    private mutating func insert(_ key: Key, _ cell: HashedCell, _ slot: Int) {
        let isRare = cells.count < Self.differentFree || cells.count * 2 < codes.count
        guard isRare, cells.count < Self.differentMax else {
            expand()
            return cells.append(cell)
        }
        codes.append(UInt16(truncatingIfNeeded: cells.count))
        cells.append(cell)
        keys.append(key)
        slots[slot] = UInt16(truncatingIfNeeded: keys.count)
        if keys.count * 2 > slots.count { widen() }
    }

    private mutating func widen() {
        slots = [UInt16](repeating: 0, count: slots.count * 4)
        let mask = slots.count - 1
        for (number, key) in keys.enumerated() {
            var slot = key.place & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt16(truncatingIfNeeded: number + 1)
        }
    }

    /// Goes on row by row.
    private mutating func expand() {
        cells = codes.map { cells[Int($0)] }
        (codes, keys, slots) = ([], [], [])
        isCoded = false
    }
}

/// The bytes that hashed cells are ranges of: those of a part of a file, and behind them those of
/// texts whose quotes were written twice.
struct CellBytes: Sendable {
    private let part: [UInt8]
    private let count: Int
    private var unescaped: [UInt8] = []

    /// - Parameter count: how many bytes of the part are text.
    init(_ part: [UInt8] = [], count: Int? = nil) {
        self.part = part
        self.count = count ?? part.count
    }

    /// Adds a text that does not stand in the part as it is.
    mutating func append(_ text: [UInt8]) -> HashedCell {
        let start = unescaped.count
        unescaped += text
        var cell = HashedCell(unescaped.span, start..<unescaped.count)
        cell.start += UInt32(truncatingIfNeeded: count)
        cell.end += UInt32(truncatingIfNeeded: count)
        return cell
    }

    /// The bytes of a cell.
    subscript(cell: HashedCell) -> ArraySlice<UInt8> {
        let range = Int(cell.start)..<Int(cell.end)
        guard range.lowerBound >= count, !unescaped.isEmpty else { return part[range] }
        return unescaped[range.lowerBound - count..<range.upperBound - count]
    }
}
