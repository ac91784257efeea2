/// Puts mixed keys in order: each into its bucket by its first bits, then few within each bucket.
///
/// Several times as fast as comparing all of them with each other.
enum KeyOrder {
    private static let bucketBits = 12
    /// Keys that were chosen to fall into one bucket are sorted as any others.
    private static let insertedMax = 16

    /// The indices of the keys, the least key first.
    ///
    /// - Parameter isBefore: whether the first of two indices with equal keys goes first.
    static func ascending(_ keys: [UInt64], _ isBefore: (Int, Int) -> Bool) -> [Int] {
        guard let most = keys.max() else { return [] }
        let shift = UInt64(Swift.max(0, 64 - most.leadingZeroBitCount - bucketBits))
        var ends = [Int](repeating: 0, count: 1 << bucketBits)
        for key in keys { ends[Int(truncatingIfNeeded: key >> shift)] += 1 }
        var total = 0
        for bucket in ends.indices { (ends[bucket], total) = (total, total + ends[bucket]) }
        var order = [Int](repeating: 0, count: keys.count)
        for (index, key) in keys.enumerated() {
            let bucket = Int(truncatingIfNeeded: key >> shift)
            order[ends[bucket]] = index
            ends[bucket] += 1
        }
        let isLess = { (left: Int, right: Int) in
            keys[left] != keys[right] ? keys[left] < keys[right] : isBefore(left, right)
        }
        var start = 0
        for end in ends {
            if end - start > insertedMax {
                order[start..<end].sort(by: isLess)
            } else {
                insert(&order, start, end, isLess)
            }
            start = end
        }
        return order
    }

    private static func insert(
        _ order: inout [Int], _ start: Int, _ end: Int, _ isLess: (Int, Int) -> Bool
    ) {
        guard end - start > 1 else { return }
        for place in start + 1..<end {
            let index = order[place]
            var free = place
            while free > start, isLess(index, order[free - 1]) {
                order[free] = order[free - 1]
                free -= 1
            }
            order[free] = index
        }
    }
}
