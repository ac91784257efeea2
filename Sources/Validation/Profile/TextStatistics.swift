/// Everything that is counted of a column of text in one pass, from hashes of its cells.
///
/// Up to `distinctMax` different texts the counts are exact, beyond they are estimates, as for
/// numbers. Two texts of equal 64-bit hash are counted as one: among 100,000 texts a chance of
/// 3 · 10^-10.
struct TextStatistics {
    let limits: StatisticsLimits
    private(set) var lengths = TextLengths()
    private(set) var table = CountTable()
    private(set) var sketches: TextSketches?
    private(set) var texts: TextStore

    /// - Parameter isPrivate: no text is kept, hashes alone.
    init(limits: StatisticsLimits = StatisticsLimits(), isPrivate: Bool = false) {
        self.limits = limits
        texts = TextStore(isOff: isPrivate)
    }

    /// Adds cells whose places lie in the bytes.
    mutating func add(_ cells: Span<HashedCell>, in bytes: Span<UInt8>) {
        lengths.add(cells)
        var index = 0
        if sketches == nil { index = tabulate(cells, bytes) }
        while index < cells.count {
            let cell = cells[index]
            index &+= 1
            // Because most texts of such a column come once: the first sights are not worth it.
            if sketches?.add(cell.hash) == TextSketches.sightsBeforeText {
                texts.keep(cell, bytes)
            }
        }
        if sketches != nil, texts.count > 8 * HeavyHitters.capacity { forgetTexts() }
    }

    mutating func merge(_ other: TextStatistics) {
        lengths.merge(other.lengths)
        texts.merge(other.texts)
        if let theirs = other.sketches {
            pour()
            sketches?.merge(theirs)
        } else if sketches == nil {
            for slot in other.table.slots where slot.count != 0 {
                table.add(slot.key, slot.count)
            }
            if table.isFull(limits) { pour() }
        } else {
            sketches?.add(other.table)
        }
        if sketches != nil { forgetTexts() }
    }

    /// Takes over what a profile kept.
    mutating func resume(
        lengths: TextLengths, table: CountTable, sketches: TextSketches?, texts: TextStore
    ) {
        self.lengths = lengths
        self.table = table
        self.sketches = sketches
        self.texts = texts
    }

    private mutating func tabulate(_ cells: Span<HashedCell>, _ bytes: Span<UInt8>) -> Int {
        var index = 0
        while index < cells.count {
            let cell = cells[index]
            index &+= 1
            guard table.add(cell.hash) == 1 else { continue }
            texts.keep(cell, bytes)
            if table.isFull(limits) {
                pour()
                break
            }
        }
        return index
    }

    private mutating func pour() {
        guard sketches == nil else { return }
        var poured = TextSketches()
        poured.add(table)
        sketches = poured
        table = CountTable()
        forgetTexts()
    }

    /// Keeps the texts of the keys that are still counted.
    private mutating func forgetTexts() {
        guard let sketches else { return }
        texts.keepOnly(sketches.heavy.table)
    }
}

/// What stands for the table once there are too many different texts.
struct TextSketches {
    static let sightsBeforeText = 8

    var distinct = HyperLogLog()
    var heavy = HeavyHitters()

    @inline(__always)
    mutating func add(_ key: UInt64) -> Int {
        distinct.add(key)
        return heavy.add(key)
    }

    mutating func add(_ table: CountTable) {
        for slot in table.slots where slot.count != 0 {
            distinct.add(slot.key)
        }
        heavy.add(table)
    }

    mutating func merge(_ other: TextSketches) {
        distinct.merge(other.distinct)
        heavy.merge(other.heavy)
    }
}

/// The lengths of the texts of a column, in Unicode scalar values; exact.
struct TextLengths: Hashable {
    var count = 0
    var min = Int.max
    var max = 0
    var sum: Int128 = 0
    var sumOfSquares: Int128 = 0

    mutating func add(_ cells: Span<HashedCell>) {
        var least: UInt32 = .max
        var greatest: UInt32 = 0
        var sum: UInt64 = 0
        var squares: Int128 = 0
        for index in cells.indices {
            let length = cells[index].length
            least = length < least ? length : least
            greatest = length > greatest ? length : greatest
            sum &+= UInt64(length)
            squares &+= Int128(UInt64(length) &* UInt64(length))
        }
        guard !cells.isEmpty else { return }
        count += cells.count
        min = Swift.min(min, Int(least))
        max = Swift.max(max, Int(greatest))
        self.sum += Int128(sum)
        sumOfSquares += squares
    }

    mutating func merge(_ other: TextLengths) {
        count += other.count
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        sum += other.sum
        sumOfSquares += other.sumOfSquares
    }
}
