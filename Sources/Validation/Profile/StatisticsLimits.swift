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
    private static let bytesMax = 180 << 20
    /// The same of a dataset of several files, because what some are is held beside what all are,
    /// and what is kept of them besides.
    private static let bytesMaxOfSeveral = 48 << 20
    /// Datasets with more columns have no profile.
    static let columnsMax = 500

    /// Limits for one of so many columns: the defaults while there are few.
    ///
    /// - Parameters:
    ///   - exact: how many of the columns have checks that ask for all of their numbers; they share
    ///     two thirds of the memory, if they need so much.
    ///   - isExact: whether it is one of these.
    init(columns: Int, exact: Int = 0, isExact: Bool = false, isOfSeveralFiles: Bool) {
        let all = isOfSeveralFiles ? Self.bytesMaxOfSeveral : Self.bytesMax
        let even = all / Swift.max(1, columns)
        let exact = Swift.min(exact, columns)
        let wanted = QuantileSketch.exactMax * MemoryLayout<Double>.stride
        let own = Swift.max(even, Swift.min(wanted, all * 2 / 3 / Swift.max(1, exact)))
        let others = columns - exact
        let share = others > 0 ? Swift.min(even, (all - own * exact) / others) : even
        var distinctMax = 100_000
        while distinctMax > 0, Self.bytes(distinct: distinctMax) > share {
            distinctMax -= Swift.max(1, distinctMax / 64)
        }
        // What was in the table is let go before numbers are kept whole.
        self.init(
            distinctMax: distinctMax,
            exactRowsMax: Swift.min(
                QuantileSketch.exactMax, (isExact ? own : share) / MemoryLayout<Double>.stride))
    }

    /// Whether so many numbers of a column are all held, once a check names it.
    ///
    /// - Parameter exact: of so many columns that checks name, with it.
    static func hold(
        _ count: Int, columns: Int, exact: Int, isOfSeveralFiles: Bool
    ) -> Bool {
        let limits = StatisticsLimits(
            columns: columns, exact: exact, isExact: true, isOfSeveralFiles: isOfSeveralFiles)
        return count <= limits.exactRowsMax
    }

    /// What a column of as many different texts of the greatest length takes.
    private static func bytes(distinct: Int) -> Int {
        CountTable.bytes(keys: distinct) + TextStore.bytes(texts: distinct)
    }

    /// The lower of both.
    func lower(_ other: StatisticsLimits) -> StatisticsLimits {
        StatisticsLimits(
            distinctMax: Swift.min(distinctMax, other.distinctMax),
            exactRowsMax: Swift.min(exactRowsMax, other.exactRowsMax))
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

    /// Counts keys until that is so; the index behind the last that was counted.
    ///
    /// - Parameter isFresh: is told the index of each that was not seen before, in their order.
    @inline(__always)
    mutating func add(
        _ keys: Span<UInt64>, until limits: StatisticsLimits, isFresh: (Int) -> Void = { _ in }
    ) -> Int {
        var next = 0
        while !isFull(limits) {
            next = addInRoom(keys, from: next, upTo: limits.distinctMax, isFresh: isFresh)
            guard next < keys.count else { break }
            // With this one it grows, or is full.
            add(keys[next])
            isFresh(next)
            next += 1
        }
        return next
    }
}
