/// A record's hash and where the record was first: 24 bytes.
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

    var isNone: Bool { place == 0 }
    var row: RowNumber { RowNumber(packed: place & ~Self.repeatedBit) }

    var isRepeated: Bool {
        get { place & Self.repeatedBit != 0 }
        set { place = newValue ? place | Self.repeatedBit : place & ~Self.repeatedBit }
    }
}
