/// Everything that is counted of a column of numbers in one pass.
///
/// Up to `distinctMax` different numbers it is one table of exact counts, from which all else
/// follows. Beyond, the table is poured into sketches: moments stay exact, the order is exact up to
/// a million rows and then within the stated rank error, distinct numbers and top values are
/// estimates with stated errors. Whether the table is left depends on the data alone, never on the
/// order or the split, unless keys were chosen to collide.
struct NumberStatistics {
    let limits: StatisticsLimits
    var nan = 0
    var positiveInfinity = 0
    var negativeInfinity = 0
    private(set) var table = CountTable()
    private(set) var sketches: NumberSketches?

    init(limits: StatisticsLimits = StatisticsLimits()) { self.limits = limits }

    /// Adds numbers; NaN and infinities are counted apart.
    mutating func add(_ values: Span<Double>) {
        var start = 0
        if sketches == nil { start = tabulate(values) }
        while start < values.count {
            let end = Swift.min(values.count, start + 1024)
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
    }

    /// Takes over what a profile kept.
    mutating func resume(table: CountTable) { self.table = table }

    mutating func resume(sketches: NumberSketches) { self.sketches = sketches }

    /// How many finite numbers there are.
    var count: Int { sketches?.moments.count ?? table.slots.reduce(0) { $0 + $1.count } }

    /// Counts numbers in the table until it is full; returns how many were taken.
    private mutating func tabulate(_ values: Span<Double>) -> Int {
        var index = 0
        while index < values.count {
            let value = values[index]
            index &+= 1
            guard value.isFinite else {
                countApart(value)
                continue
            }
            if table.add(NumberKey.key(value)) == 1, table.isFull(limits) {
                pour()
                break
            }
        }
        return index
    }

    /// Goes on with sketches.
    private mutating func pour() {
        guard sketches == nil else { return }
        var poured = NumberSketches(limits: limits)
        poured.add(table)
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
        for index in values.indices {
            let key = NumberKey.key(values[index])
            distinct.add(key)
            heavy.add(key)
        }
    }

    mutating func add(_ table: CountTable) {
        var points: [(value: Double, weight: Int)] = []
        for slot in table.slots where slot.count != 0 {
            let value = NumberKey.value(slot.key)
            moments.add(value, times: slot.count)
            distinct.add(slot.key)
            points.append((value, slot.count))
        }
        heavy.add(table)
        order.add(weighted: points)
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
