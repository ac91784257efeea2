/// Everything that is counted of a column of numbers in one pass.
///
/// Up to `distinctMax` different numbers it is one table of exact counts, from which all else
/// follows. Beyond, the table is poured into sketches: moments stay exact, the order is exact up to
/// a million rows and then within the stated rank error, distinct numbers and top values are
/// estimates with stated errors. Whether the table is left depends on the data alone, never on the
/// order or the split, unless keys were chosen to collide.
struct NumberStatistics {
    /// So many are looked at together.
    private static let blockRows = 1024

    private(set) var limits: StatisticsLimits
    var nan = 0
    var positiveInfinity = 0
    var negativeInfinity = 0
    private(set) var table = CountTable()
    private(set) var sketches: NumberSketches?
    /// Of integers that may be beyond 2^53; with any, all keys are those of integers. nil: there is
    /// none.
    private(set) var extremes: ClosedRange<Int64>?

    /// - Parameter need: of a part of a column, what those that it will be merged with can use.
    init(limits: StatisticsLimits = StatisticsLimits(), need: StatisticsNeed = .table) {
        self.limits = limits
        guard need != .table else { return }
        var own = limits
        if need == .sketches { own.exactRowsMax = 0 }
        sketches = NumberSketches(limits: own)
    }

    /// Adds numbers of which some may be integers beyond 2^53.
    ///
    /// - Parameter large: all digits of those that may be, in their order.
    mutating func add(_ values: Span<Double>, large: [Int64]) {
        guard let least = large.min(), let most = large.max() else { return add(values) }
        widen(least...most)
        var rest = large[...]
        var start = 0
        while start < values.count {
            let block = values.extracting(start..<Swift.min(values.count, start + Self.blockRows))
            let finite = finiteOnes(block)
            let own = rest.prefix(finite.count(where: LargeInteger.mayBe))
            rest = rest.dropFirst(own.count)
            if sketches == nil {
                var integers = own
                for value in finite { table.add(NumberKey.key(value, &integers)) }
                if table.isFull(limits) { pour() }
            } else {
                sketches?.add(finite.span, large: own)
            }
            start += block.count
        }
    }

    private mutating func widen(_ more: ClosedRange<Int64>?) {
        guard let more else { return }
        let known = extremes ?? more
        extremes =
            Swift.min(
                known.lowerBound, more.lowerBound)...Swift.max(known.upperBound, more.upperBound)
    }

    /// A number with how often it occurs; of an integer beyond 2^53 all digits besides.
    typealias Counted = (value: Double, integer: Int64?, count: Int)

    /// The counted numbers, ascending.
    var counted: [Counted] {
        if extremes == nil {
            var values: [Double] = []
            values.reserveCapacity(table.count)
            for slot in table.slots where slot.count != 0 {
                values.append(NumberKey.value(slot.key))
            }
            sortAscending(&values)
            return values.map { ($0, nil, table.count(NumberKey.key($0))) }
        }
        let entries = table.entries.map { slot in
            let integer = NumberKey.integer(slot.key)
            return (value: Double(integer), integer: Optional(integer), count: slot.count)
        }
        return entries.sorted { ($0.value, $0.integer ?? 0) < ($1.value, $1.integer ?? 0) }
    }

    /// Adds numbers; NaN and infinities are counted apart.
    mutating func add(_ values: Span<Double>) {
        var start = 0
        if sketches == nil { start = tabulate(values) }
        while start < values.count {
            let end = Swift.min(values.count, start + Self.blockRows)
            let block = values.extracting(start..<end)
            if isFinite(block) {
                sketches?.add(block)
            } else {
                let finite = finiteOnes(block)
                sketches?.add(finite.span)
            }
            start = end
        }
    }

    mutating func merge(_ other: NumberStatistics) {
        nan += other.nan
        positiveInfinity += other.positiveInfinity
        negativeInfinity += other.negativeInfinity
        widen(other.extremes)
        if let theirs = other.sketches {
            pour()
            sketches?.merge(theirs)
        } else if sketches == nil {
            for slot in other.table.slots where slot.count != 0 {
                table.add(slot.key, slot.count)
            }
            if table.isFull(limits) { pour() }
        } else {
            var poured = other
            poured.pour()
            if let theirs = poured.sketches { sketches?.merge(theirs) }
        }
    }

    /// Counts exactly up to lower limits from now on.
    mutating func lower(to limits: StatisticsLimits) {
        self.limits = self.limits.lower(limits)
        if table.isFull(self.limits) { pour() }
        sketches?.order.lower(exactMax: self.limits.exactRowsMax)
    }

    /// What of the next part is needed.
    var need: StatisticsNeed {
        guard let sketches else { return .table }
        return sketches.order.isExact ? .order : .sketches
    }

    /// Takes over what a profile kept.
    mutating func resume(table: CountTable, extremes: ClosedRange<Int64>?) {
        self.table = table
        self.extremes = extremes
    }

    mutating func resume(sketches: NumberSketches, extremes: ClosedRange<Int64>?) {
        self.sketches = sketches
        self.extremes = extremes
    }

    /// How many finite numbers there are.
    var count: Int { sketches?.moments.count ?? table.slots.reduce(0) { $0 + $1.count } }

    /// Counts numbers in the table until it is full; returns how many were taken.
    private mutating func tabulate(_ values: Span<Double>) -> Int {
        var start = 0
        while start < values.count, sketches == nil {
            let block = values.extracting(start..<Swift.min(values.count, start + Self.blockRows))
            start += isFinite(block) ? tabulate(finite: block) : tabulate(any: block)
        }
        return start
    }

    private mutating func tabulate(finite values: Span<Double>) -> Int {
        let keys = NumberKey.keys(values)
        let taken = table.add(keys.span, until: limits)
        if table.isFull(limits) { pour() }
        return taken
    }

    private mutating func tabulate(any values: Span<Double>) -> Int {
        for index in values.indices {
            let value = values[index]
            guard value.isFinite else {
                countApart(value)
                continue
            }
            if table.add(NumberKey.key(value)) == 1, table.isFull(limits) {
                pour()
                return index + 1
            }
        }
        return values.count
    }

    /// Goes on with sketches.
    private mutating func pour() {
        guard sketches == nil else { return }
        var poured = NumberSketches(limits: limits)
        poured.add(self)
        sketches = poured
        table = CountTable()
    }

    private mutating func countApart(_ value: Double) {
        if value.isNaN {
            nan += 1
        } else if value > 0 {
            positiveInfinity += 1
        } else {
            negativeInfinity += 1
        }
    }

    private mutating func finiteOnes(_ block: Span<Double>) -> [Double] {
        var finite: [Double] = []
        for index in block.indices {
            let value = block[index]
            if value.isFinite { finite.append(value) } else { countApart(value) }
        }
        return finite
    }
}

extension NumberStatistics: PartValue {
    func write(to writer: inout PartWriter) {
        limits.write(to: &writer)
        for count in [nan, positiveInfinity, negativeInfinity] { writer.write(count) }
        writer.write(extremes.map { [$0.lowerBound, $0.upperBound] } ?? [])
        table.write(to: &writer)
        writer.write(sketches)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        limits = try StatisticsLimits(from: &reader)
        nan = try reader.int()
        positiveInfinity = try reader.int()
        negativeInfinity = try reader.int()
        let bounds = try reader.array(of: Int64(0))
        if bounds.count == 2, bounds[0] <= bounds[1] { extremes = bounds[0]...bounds[1] }
        table = try CountTable(from: &reader)
        sketches = try reader.optional(NumberSketches.self)
    }
}

extension NumberSketches: PartValue {
    func write(to writer: inout PartWriter) {
        moments.write(to: &writer)
        order.write(to: &writer)
        distinct.write(to: &writer)
        heavy.write(to: &writer)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        moments = try NumberMoments(from: &reader)
        order = try QuantileSketch(from: &reader)
        distinct = try HyperLogLog(from: &reader)
        heavy = try HeavyHitters(from: &reader)
    }
}

/// What stands for the table once there are too many different numbers.
struct NumberSketches {
    var moments = NumberMoments()
    var order: QuantileSketch
    var distinct = HyperLogLog()
    var heavy = HeavyHitters()

    init(limits: StatisticsLimits = StatisticsLimits()) {
        order = QuantileSketch(exactMax: limits.exactRowsMax)
    }

    /// Adds at most 2^20 finite numbers.
    mutating func add(_ values: Span<Double>) {
        moments.add(values)
        order.add(values)
        let keys = NumberKey.keys(values)
        distinct.add(keys.span)
        heavy.add(keys.span)
    }

    /// The same of numbers of which some may be integers beyond 2^53: `large`, in their order.
    mutating func add(_ values: Span<Double>, large: ArraySlice<Int64>) {
        moments.add(values)
        for value in large { moments.add(restOf: value, times: 1) }
        order.add(values)
        var integers = large
        for index in values.indices {
            let key = NumberKey.key(values[index], &integers)
            distinct.add(key)
            heavy.add(key)
        }
    }

    /// Adds what was counted in a table.
    mutating func add(_ numbers: NumberStatistics) {
        let counted = numbers.counted
        moments.add(counted: counted)
        for slot in numbers.table.slots where slot.count != 0 { distinct.add(slot.key) }
        heavy.add(numbers.table)
        order.add(weighted: counted.map { ($0.value, $0.count) })
    }

    mutating func merge(_ other: NumberSketches) {
        moments.merge(other.moments)
        order.merge(other.order)
        distinct.merge(other.distinct)
        heavy.merge(other.heavy)
    }
}

private func isFinite(_ values: Span<Double>) -> Bool {
    var greatest: UInt64 = 0
    for index in values.indices {
        greatest = Swift.max(greatest, values[index].bitPattern << 1)
    }
    return greatest < 0x7FF << 53
}

extension NumberKey {
    /// The key of a number of a column of integers; one that may be beyond 2^53 is the next of
    /// `large`.
    @inline(__always)
    fileprivate static func key(_ value: Double, _ large: inout ArraySlice<Int64>) -> UInt64 {
        guard LargeInteger.mayBe(value), let integer = large.popFirst() else { return key(value) }
        return key(integer: integer)
    }
}
