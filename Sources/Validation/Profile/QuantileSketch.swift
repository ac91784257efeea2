import Domain

/// The order of many numbers: all of them up to `exactMax`, then a KLL sketch of bounded size.
///
/// Karnin, Lang and Liberty 2016. Level `h` holds numbers that stand for 2^h each; a full level is
/// sorted and every second number moves up. Which half moves is decided by a hash of the level's
/// content instead of chance: the same numbers in the same order and split give the same sketch.
/// Another order or split gives another sketch with the same bound.
///
/// The bound is not the textbook's but counted: each halving of level `h` moves any rank by at most
/// 2^h, up or down alike, so with `variance` = Σ 4^h Hoeffding's inequality bounds the error of
/// one rank by √(2 ln(2/δ) · variance) with probability 1 − δ.
struct QuantileSketch {
    /// Numbers that the fullest level holds; sketches printed elsewhere as k = 800 are coarser.
    static let k = 4096
    /// Below this a sketch can be asked for every single number.
    static let exactMax = 1_000_000

    private var exactMax: Int
    private(set) var count = 0
    /// While it is exact: all numbers but the last few, in blocks of `k`.
    private var blocks: [[Double]] = []
    /// The last numbers, in order of arrival, fewer than `k`.
    private var base: [Double] = []
    /// Sorted; level 0 is `base` and what was left over there. Empty while it is exact.
    private var levels: [[Double]] = []
    private(set) var isExact = true
    private var sorter = RadixSort()
    /// Σ 4^h over all halvings.
    private(set) var variance = 0.0
    /// What stored points that were merged may be off, in ranks.
    private(set) var slack = 0.0

    init(exactMax: Int = QuantileSketch.exactMax) { self.exactMax = exactMax }

    /// Adds finite numbers.
    mutating func add(_ values: Span<Double>) {
        count += values.count
        if isExact, count > exactMax { leaveExactness() }
        if base.capacity < Self.k { base.reserveCapacity(Self.k) }
        var index = 0
        while index < values.count {
            let end = Swift.min(values.count, index + Self.k - base.count)
            // Because one by one each would ask whose the array is.
            unsafe values.extracting(index..<end).withUnsafeBufferPointer {
                unsafe base.append(contentsOf: $0)
            }
            index = end
            guard base.count == Self.k else { continue }
            if isExact {
                blocks.append(base)
                base = []
                base.reserveCapacity(Self.k)
            } else {
                pushBase()
            }
        }
    }

    /// Adds numbers that stand for several each.
    /// - Parameter noise: of the sketch that they were cut from; nil: they are exact.
    mutating func add(
        weighted points: [(value: Double, weight: Int)], noise: RankNoise? = nil
    ) {
        slack += noise?.slack ?? 0
        variance += noise?.variance ?? 0
        let total = points.reduce(0) { $0 + $1.weight }
        if isExact, noise == nil, count + total <= exactMax {
            var all: [Double] = []
            all.reserveCapacity(total)
            for point in points {
                for _ in 0..<point.weight { all.append(point.value) }
            }
            return add(all.span)
        }
        if isExact { leaveExactness() }
        count += total
        var parts: [[Double]] = []
        for point in points {
            var rest = point.weight
            var level = 0
            while rest > 0 {
                if level == parts.count { parts.append([]) }
                if rest & 1 == 1 { parts[level].append(point.value) }
                rest >>= 1
                level += 1
            }
        }
        for level in parts.indices {
            sortAscending(&parts[level])
            insert(parts[level], level)
        }
        compress()
    }

    /// Keeps all numbers only up to a lower count from now on.
    mutating func lower(exactMax: Int) {
        self.exactMax = Swift.min(self.exactMax, exactMax)
        if isExact, count > self.exactMax { leaveExactness() }
    }

    mutating func merge(_ other: QuantileSketch) {
        slack += other.slack
        variance += other.variance
        if isExact, !other.isExact || count + other.count > exactMax { leaveExactness() }
        // Because what of a part is kept must be enough for what it is merged with.
        let other = isExact ? other : other.thinned
        for block in other.blocks { add(block.span) }
        add(other.base.span)
        for (level, values) in other.levels.enumerated() {
            insert(values, level)
            count += values.count << level
        }
        compress()
    }

    /// Itself as it is merged with what holds a sketch already.
    private var thinned: QuantileSketch {
        guard isExact else { return self }
        var thinned = self
        thinned.leaveExactness()
        return thinned
    }

    /// The share of all ranks by which one rank may be wrong, with probability 0.99.
    var rankError: Double { error(2 * 5.298_317_366_548_036) }

    /// The same for all ranks at once: a union bound over as many ranks as the error can tell
    /// apart, and the step between two of them.
    var uniformError: Double {
        guard variance > 0 else { return error(0) }
        let ranks = (Double(count) / variance.squareRoot()).rounded(.up)
        return error(2 * naturalLogarithm(200 * ranks)) + variance.squareRoot() / Double(count)
    }

    /// Every number that is held, ascending, with what it stands for.
    var points: WeightedPoints {
        var all: [(value: Double, weight: Int)] = []
        var values: [Double] = []
        values.reserveCapacity(blocks.count * Self.k + base.count)
        for block in blocks { values += block }
        values += base
        sortAscending(&values)
        if levels.isEmpty { return WeightedPoints(ascending: values) }
        all.reserveCapacity(values.count + levels.reduce(0) { $0 + $1.count })
        for value in values { all.append((value, 1)) }
        for (level, values) in levels.enumerated() {
            for value in values { all.append((value, 1 << level)) }
        }
        all.sort { $0.value < $1.value }
        return WeightedPoints(all)
    }

    private func error(_ factor: Double) -> Double {
        count == 0 ? 0 : ((factor * variance).squareRoot() + slack) / Double(count)
    }

    private mutating func leaveExactness() {
        isExact = false
        let rest = base
        for block in blocks {
            base = block
            pushBase()
        }
        blocks = []
        base = rest
    }

    /// Halves the full base into the levels.
    private mutating func pushBase() {
        sorter.sort(&base)
        let kept = half(base, level: 0)
        base.removeAll(keepingCapacity: true)
        insert(kept, 1)
        compress()
    }

    private mutating func insert(_ values: [Double], _ level: Int) {
        while levels.count <= level { levels.append([]) }
        if levels[level].isEmpty {
            levels[level] = values
        } else if !values.isEmpty {
            levels[level] = mergedAscending(levels[level], values)
        }
    }

    private mutating func compress() {
        var level = 0
        while level < levels.count {
            if levels[level].count > capacity(level) {
                var values = levels[level]
                // An odd one out stays: the lowest or the highest, as the coin falls.
                var rest: [Double] = []
                if values.count % 2 == 1 {
                    rest = [coin(values, level + 64) ? values.removeLast() : values.removeFirst()]
                }
                levels[level] = rest
                insert(half(values, level: level), level + 1)
            }
            level += 1
        }
    }

    /// Levels below the top are smaller by a third each.
    private func capacity(_ level: Int) -> Int {
        var capacity = Self.k
        for _ in 0..<Swift.max(0, levels.count - 1 - level) { capacity = capacity * 2 / 3 }
        return Swift.max(8, capacity)
    }

    /// Every second of an even number of sorted values.
    private mutating func half(_ values: [Double], level: Int) -> [Double] {
        let weight = Double(1 << level)
        variance += weight * weight
        var kept: [Double] = []
        kept.reserveCapacity(values.count / 2)
        var index = coin(values, level) ? 1 : 0
        while index < values.count {
            kept.append(values[index])
            index += 2
        }
        return kept
    }

    private func coin(_ values: [Double], _ salt: Int) -> Bool {
        var hash = mixed(UInt64(salt) ^ UInt64(values.count) << 32)
        for index in stride(from: 0, to: values.count, by: Swift.max(1, values.count / 16)) {
            hash = mixed(hash ^ values[index].bitPattern)
        }
        return hash & 1 == 1
    }
}

extension QuantileSketch: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(exactMax)
        writer.write(count)
        writer.write(isExact)
        writer.write(blocks.flatMap(\.self))
        writer.write(base)
        writer.write(levels.count)
        for level in levels { writer.write(level) }
        writer.write(variance)
        writer.write(slack)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        exactMax = try reader.int()
        count = try reader.int()
        isExact = try reader.bool()
        let whole = try reader.array(of: 0.0)
        base = try reader.array(of: 0.0)
        guard whole.count % Self.k == 0, base.count < Self.k else { throw PartDamage() }
        blocks = stride(from: 0, to: whole.count, by: Self.k).map {
            Array(whole[$0..<$0 + Self.k])
        }
        let levelsCount = try reader.int()
        guard (0...64).contains(levelsCount) else { throw PartDamage() }
        for _ in 0..<levelsCount { levels.append(try reader.array(of: 0.0)) }
        variance = try reader.double()
        slack = try reader.double()
    }
}

private func mergedAscending(_ left: [Double], _ right: [Double]) -> [Double] {
    var merged: [Double] = []
    merged.reserveCapacity(left.count + right.count)
    var one = 0
    var two = 0
    while one < left.count, two < right.count {
        if right[two] < left[one] {
            merged.append(right[two])
            two += 1
        } else {
            merged.append(left[one])
            one += 1
        }
    }
    merged.append(contentsOf: left[one...])
    merged.append(contentsOf: right[two...])
    return merged
}
