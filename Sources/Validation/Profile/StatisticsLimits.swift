/// Up to where a column is counted exactly.
struct StatisticsLimits {
    /// Different values in the table; 24 bytes each at most, and for text up to 64 more.
    var distinctMax = 100_000
    /// Numbers that are kept whole, eight bytes each, once the table is left.
    var exactRowsMax = QuantileSketch.exactMax
}

extension CountTable {
    /// Whether counting must go on with sketches.
    @inline(__always)
    func isFull(_ limits: StatisticsLimits) -> Bool {
        count > limits.distinctMax || isFlooded
    }
}
