/// Everything that is counted of a column of text in one pass, from hashes of its cells.
///
/// Up to `distinctMax` different texts the counts are exact, beyond they are estimates, as for
/// numbers. Two texts of equal 64-bit hash are counted as one: among 100,000 texts a chance of
/// 3 · 10^-10.
struct TextStatistics {
    private(set) var limits: StatisticsLimits
    private(set) var lengths = TextLengths()
    private(set) var table = CountTable()
    private(set) var sketches: TextSketches?
    private(set) var texts: TextStore

    /// - Parameters:
    ///   - isPrivate: no text is kept, hashes alone.
    ///   - need: of a part of a column, what those that it will be merged with can use.
    init(
        limits: StatisticsLimits = StatisticsLimits(), isPrivate: Bool = false,
        need: StatisticsNeed = .table
    ) {
        self.limits = limits
        texts = TextStore(isOff: isPrivate)
        if need != .table { sketches = TextSketches() }
    }

    /// Adds cells whose places lie in the bytes.
    mutating func add(_ cells: TextCells, in bytes: CellBytes) {
        if cells.isCoded, sketches == nil, table.count + cells.cells.count <= limits.distinctMax {
            return addAtOnce(cells, bytes)
        }
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

    mutating func merge(_ part: TextStatistics) {
        var other = part
        if sketches != nil { other.pour() }
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
        }
        if sketches != nil { forgetTexts() }
    }

    /// Counts exactly up to lower limits from now on.
    mutating func lower(to limits: StatisticsLimits) {
        self.limits = self.limits.lower(limits)
        if table.isFull(self.limits) { pour() }
    }

    /// What of the next part is needed.
    var need: StatisticsNeed { sketches == nil ? .table : .sketches }

    /// Takes over what a profile kept.
    mutating func resume(
        lengths: TextLengths, table: CountTable, sketches: TextSketches?, texts: TextStore
    ) {
        self.lengths = lengths
        self.table = table
        self.sketches = sketches
        self.texts = texts
    }

    /// Counts each different cell with all its rows, in a table that has room for them.
    private mutating func addAtOnce(_ cells: TextCells, _ bytes: CellBytes) {
        for (cell, times) in zip(cells.cells, cells.counts) {
            lengths.add(cell, times: times)
            if table.add(cell.hash, times) == times { texts.keep(cell, bytes) }
        }
        if table.isFull(limits) { pour() }
    }

    private mutating func tabulate(_ cells: TextCells, _ bytes: CellBytes) -> Int {
        let keys = (0..<cells.count).map { cells[$0].hash }
        var fresh: [Int] = []
        let taken = table.add(keys.span, until: limits) { fresh.append($0) }
        for index in fresh { texts.keep(cells[index], bytes) }
        if table.isFull(limits) { pour() }
        return taken
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

extension TextStatistics: PartValue {
    func write(to writer: inout PartWriter) {
        limits.write(to: &writer)
        lengths.write(to: &writer)
        table.write(to: &writer)
        writer.write(sketches)
        texts.write(to: &writer)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        limits = try StatisticsLimits(from: &reader)
        lengths = try TextLengths(from: &reader)
        table = try CountTable(from: &reader)
        sketches = try reader.optional(TextSketches.self)
        texts = try TextStore(from: &reader)
    }
}

extension TextSketches: PartValue {
    func write(to writer: inout PartWriter) {
        distinct.write(to: &writer)
        heavy.write(to: &writer)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        distinct = try HyperLogLog(from: &reader)
        heavy = try HeavyHitters(from: &reader)
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

    mutating func add(_ cell: HashedCell, times: Int) {
        let length = Int(cell.length)
        count += times
        min = Swift.min(min, length)
        max = Swift.max(max, length)
        sum += Int128(length) * Int128(times)
        sumOfSquares += Int128(length * length) * Int128(times)
    }

    mutating func add(_ cells: TextCells) {
        var least: UInt32 = .max
        var greatest: UInt32 = 0
        var sum: UInt64 = 0
        var squares: Int128 = 0
        for index in 0..<cells.count {
            let length = cells[index].length
            least = length < least ? length : least
            greatest = length > greatest ? length : greatest
            sum &+= UInt64(length)
            squares &+= Int128(UInt64(length) &* UInt64(length))
        }
        guard cells.count > 0 else { return }
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

extension TextLengths: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(count)
        writer.write(min)
        writer.write(max)
        writer.write([sum, sumOfSquares])
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        count = try reader.int()
        min = try reader.int()
        max = try reader.int()
        let sums = try reader.array(of: Int128(0))
        guard sums.count == 2 else { throw PartDamage() }
        (sum, sumOfSquares) = (sums[0], sums[1])
    }
}
