/// A record's hash and where the record was first, or another number of it: 24 bytes.
struct RowEntry: Sendable {
    private static let repeatedBit: UInt64 = 1 << 63

    var hash: RowHash
    /// The packed `RowNumber`, and in the highest bit whether it was repeated already. 0: none.
    private var place: UInt64

    static let none = RowEntry(hash: RowHash(high: 0, low: 0), place: 0)

    private init(hash: RowHash, place: UInt64) {
        self.hash = hash
        self.place = place
    }

    init(_ hash: RowHash, _ row: RowNumber) {
        self.init(hash: hash, place: row.packed)
    }

    /// - Parameter mark: its highest bit is lost.
    init(_ hash: RowHash, mark: UInt64) {
        self.init(hash: hash, place: mark & ~Self.repeatedBit | 1)
    }

    /// Three words as they are, for what is kept as rows are and is none.
    init(words first: UInt64, _ second: UInt64, _ third: UInt64) {
        self.init(hash: RowHash(high: first, low: second), place: third)
    }

    var words: (UInt64, UInt64, UInt64) { (hash.high, hash.low, place) }

    /// Of a row of the files that stand behind some others.
    func behind(files: Int) -> RowEntry {
        var moved = self
        moved.place &+= UInt64(files) << RowNumber.lineBits
        return moved
    }

    var isNone: Bool { place == 0 }
    var row: RowNumber { RowNumber(packed: mark) }
    var mark: UInt64 { place & ~Self.repeatedBit }

    var isRepeated: Bool {
        get { place & Self.repeatedBit != 0 }
        set { place = newValue ? place | Self.repeatedBit : place & ~Self.repeatedBit }
    }
}

/// A row of a dataset: which file, and the line on which it begins.
struct RowNumber: Hashable, Codable, Sendable {
    static let lineBits: UInt64 = 40

    var file: Int
    var line: Int

    init(file: Int, line: Int) {
        self.file = file
        self.line = line
    }

    /// The line in the lower forty bits.
    init(packed: UInt64) {
        file = Int(packed >> Self.lineBits)
        line = Int(packed & (1 << Self.lineBits - 1))
    }

    var packed: UInt64 {
        UInt64(file) << Self.lineBits | UInt64(line) & (1 << Self.lineBits - 1)
    }

    /// The same row, once its file stands behind some others.
    func behind(files: Int) -> RowNumber { RowNumber(file: file + files, line: line) }
}
