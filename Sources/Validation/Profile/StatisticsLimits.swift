/// Up to where a column is counted exactly.
struct StatisticsLimits {
    /// Different values in the table; 24 bytes each at most, and for text up to 64 more.
    var distinctMax: Int
    /// Numbers that are kept whole, eight bytes each, once the table is left.
    var exactRowsMax: Int

    init(distinctMax: Int = 100_000, exactRowsMax: Int = QuantileSketch.exactMax) {
        self.distinctMax = distinctMax
        self.exactRowsMax = exactRowsMax
    }
}

extension StatisticsLimits {
    /// What the counting of all columns of a dataset may hold in memory, beside the sketches, of
    /// which a column has about 150 KB.
    private static let bytesMax = 160 << 20
    /// Datasets with more columns have no profile.
    static let columnsMax = 500

    /// Limits for one of so many columns: the defaults while there are few.
    init(columns: Int) {
        let share = Self.bytesMax / Swift.max(1, columns)
        // A table is half full at worst; what was in it is let go before numbers are kept whole.
        self.init(
            distinctMax: Swift.min(100_000, share / (2 * 24 + TextStore.bytesMax)),
            exactRowsMax: Swift.min(QuantileSketch.exactMax, share / 8))
    }
}

extension CountTable {
    /// Whether counting must go on with sketches.
    @inline(__always)
    func isFull(_ limits: StatisticsLimits) -> Bool {
        count > limits.distinctMax || isFlooded
    }
}
