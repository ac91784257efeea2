/// Which values may stand in more than one row: all that do, and a few others.
///
/// Two bits for each of many hashes. What is in one row alone says nothing of another, and would
/// fill the table of counts.
struct RepeatedValues {
    private let mask: UInt64
    /// Which hashes were met, and which were met again.
    private var met: [UInt64]
    private var again: [UInt64]

    /// - Parameters:
    ///   - values: how many are added at most.
    ///   - bytesMax: how much memory it may take.
    init(values: Int, bytesMax: Int) {
        var words = 1 << 4
        // Sixteen bits for each value, so that one in sixteen of those of one row passes.
        while words * 64 < values * 16, words * 2 * 16 <= bytesMax { words *= 2 }
        mask = UInt64(words * 64 - 1)
        met = [UInt64](repeating: 0, count: words)
        again = met
    }

    mutating func add(_ value: UInt64) {
        let (word, bit) = place(of: value)
        if met[word] & bit != 0 { again[word] |= bit }
        met[word] |= bit
    }

    func contains(_ value: UInt64) -> Bool {
        let (word, bit) = place(of: value)
        return again[word] & bit != 0
    }

    /// Other bits of the hash than those that the table of counts takes first.
    private func place(of value: UInt64) -> (word: Int, bit: UInt64) {
        let bit = value >> 20 & mask
        return (Int(bit >> 6), 1 << (bit & 63))
    }
}
