/// Some of the keys that were met last.
///
/// What is only counted need not be kept twice: a column of few values would fill the disk with
/// the same keys. A key may be forgotten, and then it is only kept once more.
struct RecentKeys: Sendable {
    private static let count = 1 << 10

    /// A key is at the place that its lowest bits say; at first each is one of another place.
    private var keys = (0..<UInt64(count)).map { RowHash(high: 0, low: $0 ^ 1) }

    /// Remembers a key; false: it was there.
    @inline(__always)
    mutating func insert(_ key: RowHash) -> Bool {
        let place = Int(truncatingIfNeeded: key.low) & (Self.count - 1)
        guard keys[place] != key else { return false }
        keys[place] = key
        return true
    }
}
