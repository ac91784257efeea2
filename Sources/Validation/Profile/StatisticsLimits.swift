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

/// What of a part of a column can be used by what it will be merged with.
enum StatisticsNeed: String, Codable {
    /// Sketches that are sketches in all.
    case sketches
    /// Sketches, and all numbers while there are not too many.
    case order
    /// Every different value, while there are not too many.
    case table
}

extension StatisticsLimits: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(distinctMax)
        writer.write(exactRowsMax)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        self.init(distinctMax: try reader.int(), exactRowsMax: try reader.int())
    }
}

extension CountTable {
    /// Whether counting must go on with sketches.
    @inline(__always)
    func isFull(_ limits: StatisticsLimits) -> Bool {
        count > limits.distinctMax || isFlooded
    }
}
