import Testing

@testable import Validation

struct SketchTests {
    /// Orders that have broken sketches.
    enum Order: CaseIterable {
        case sorted
        case reversed
        case shuffled
        case zoomedIn
        case outsideIn
        case sawtooth

        /// The numbers from 0 up to `count`, each once, in this order.
        func values(_ count: Int) -> [Double] {
            var random = SeededRandom(seed: 17)
            let all = (0..<count).map(Double.init)
            switch self {
            case .sorted: return all
            case .reversed: return all.reversed()
            case .shuffled: return all.shuffled(using: &random)
            // Each next number lies between the last two: closer and closer to the middle.
            case .zoomedIn:
                return (0..<count).map { $0 % 2 == 0 ? all[$0 / 2] : all[count - 1 - $0 / 2] }
            case .outsideIn:
                return (0..<count).map { $0 % 2 == 0 ? all[$0 / 2] : all[count - 1 - $0 / 2] }
                    .reversed()
            case .sawtooth: return (0..<count).map { all[($0 * 7919) % count] }
            }
        }
    }

    @Test(arguments: Order.allCases)
    func `the KLL sketch keeps its bound in every order`(order: Order) {
        let count = 80_000
        let values = order.values(count)
        var sketch = QuantileSketch(exactMax: 1000)
        var other = QuantileSketch(exactMax: 1000)
        for (index, value) in values.enumerated() {
            let one = [value]
            if index < count / 3 { other.add(one.span) } else { sketch.add(one.span) }
        }
        sketch.merge(other)
        let points = sketch.points
        #expect(points.count == count)
        #expect(!sketch.isExact)
        #expect(points.values.count < 5 * QuantileSketch.k)
        var worst = 0.0
        for rank in stride(from: 0, to: count, by: 97) {
            let estimate = points.count(atMost: Double(rank))
            worst = Swift.max(worst, abs(Double(estimate - rank - 1)) / Double(count))
        }
        #expect(worst <= sketch.uniformError, "\(order): \(worst), \(sketch.uniformError)")
        #expect(sketch.rankError < 0.002, "k ≥ 800 would give 0.0035")
        #expect(sketch.rankError < sketch.uniformError)
    }

    @Test func `numbers that differ in their last bits alone keep their order`() {
        var sketch = QuantileSketch(exactMax: 1000)
        let values = (0..<30_000).map { Double(bitPattern: 0x3FF0_0000_0000_0000 + UInt64($0)) }
        sketch.add(values.reversed().span)
        let middle = sketch.points.quantile(0.5) ?? 0
        #expect(abs(Int(middle.bitPattern & 0xFFFFF) - 15_000) < 100)
    }

    @Test func `up to the limit quantiles are those of all numbers`() {
        var random = SeededRandom(seed: 1)
        let values = (0..<5000).map { _ in random.normal() }
        var sketch = QuantileSketch(exactMax: 5000)
        sketch.add(values.span)
        #expect(sketch.isExact)
        #expect(sketch.rankError == 0)
        #expect(sketch.points == WeightedPoints(ascending: values.sorted()))
        sketch.add([0.5].span)
        #expect(!sketch.isExact)
        #expect(sketch.count == 5001)
    }

    @Test(arguments: [1, 10, 1000, 20_000, 100_000, 400_000])
    func `HyperLogLog stays within four standard errors`(count: Int) {
        var sketch = HyperLogLog()
        for index in 0..<count { sketch.add(NumberKey.key(Double(index))) }
        let error = abs(sketch.estimate - Double(count)) / Double(count)
        #expect(error < 4 * HyperLogLog.standardError, "\(sketch.estimate)")
        #expect(HyperLogLog(packed: sketch.packed) == sketch)
    }

    @Test func `HyperLogLog does not depend on order, repetition or split`() {
        var random = SeededRandom(seed: 8)
        let keys = (0..<5000).map { _ in random.next() }
        var forward = HyperLogLog()
        var odd = HyperLogLog()
        var even = HyperLogLog()
        for key in keys { forward.add(key) }
        for (index, key) in (keys + keys).reversed().enumerated() {
            if index % 3 == 0 { odd.add(key) } else { even.add(key) }
        }
        odd.merge(even)
        #expect(odd == forward)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `frequent values are found with their bound in every order`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        // One value of 5 %, one of 1 %, the rest once each.
        var keys = (0..<60_000).map { NumberKey.key(Double($0) + 1000) }
        keys += [UInt64](repeating: NumberKey.key(1), count: 3000)
        keys += [UInt64](repeating: NumberKey.key(2), count: 600)
        if seed == 0 { keys.reverse() } else if seed > 1 { keys.shuffle(using: &random) }
        var left = HeavyHitters()
        var right = HeavyHitters()
        for (index, key) in keys.enumerated() {
            if index % 3 == 0 { left.add(key) } else { right.add(key) }
        }
        left.merge(right)
        #expect(left.error <= keys.count / HeavyHitters.capacity)
        for (value, count) in [(1.0, 3000), (2.0, 600)] {
            let found = left.table.count(NumberKey.key(value))
            #expect(found <= count && found + left.error >= count, "seed \(seed)")
        }
    }

    @Test func `numbers chosen to collide leave the table instead of filling it slowly`() {
        // Keys with equal low bits, by undoing the mixing.
        let values = (1...3000).map { NumberKey.value(UInt64($0) << 32) }.filter(\.isFinite)
        var statistics = NumberStatistics()
        statistics.add(values.span)
        #expect(statistics.sketches != nil)
        #expect(statistics.count == values.count)
        #expect(statistics.sketches?.order.isExact == true)
    }

    @Test func `numbers and keys are one to one`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(NumberKey.value(NumberKey.key(value)) == value)
        }
        #expect(NumberKey.key(-0.0) == NumberKey.key(0))
    }

    @Test func `the hash depends on every byte, the length and the key`() {
        var seen: Set<UInt64> = []
        var random = SeededRandom(seed: 4)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let padded = [1, 2, 3] + bytes + [9]
            let hash = CellHash.standard.hash(padded.span, 3..<3 + length)
            #expect(hash == CellHash.standard.hash(bytes.span, bytes.indices))
            #expect(hash != CellHash(key: 1).hash(bytes.span, bytes.indices))
            #expect(seen.insert(hash).inserted)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[index] ^= 1 << UInt8(bit)
                    #expect(
                        seen.insert(CellHash.standard.hash(changed.span, bytes.indices)).inserted)
                }
            }
        }
        // Half of the bits change, on average, with one bit of the input.
        let flips = (0..<4000).map { index in
            let left = CellHash.standard.hash("row \(index)")
            return (left ^ CellHash.standard.hash("row \(index ^ 1)")).nonzeroBitCount
        }
        let mean = Double(flips.reduce(0, +)) / 4000
        #expect(abs(mean - 32) < 0.5, "\(mean)")
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000, 5000])
    func `sorting by bits is sorting by value`(size: Int) {
        var random = SeededRandom(seed: 6)
        let bits = (0..<size).map { _ in random.next() }
        func any(_ bits: UInt64) -> Double {
            let value = Double(bitPattern: bits)
            return value.isFinite ? value : Double(bits >> 12)
        }
        let kinds: [[Double]] = [
            bits.map(any), bits.map { Double($0 % 1000) }, bits.map { Double($0 % 2) - 0.5 },
            bits.map { Double($0 >> 40) }, bits.map { _ in 7 },
            // Some are equal in the bits that are sorted by first.
            bits.enumerated().map { index, bits in
                let low = ((bits % 2000) << 32) + (bits >> 40)
                let value = Double(bitPattern: 0x3FF0_0000_0000_0000 + low)
                return index == 0 ? -value : value
            },
            // Those that differ in their last bits alone, and beside one that differs in its first.
            bits.map { Double(bitPattern: 0x3FF0_0000_0000_0000 + $0 % 60_000) },
            bits.enumerated().map { index, bits in
                let value = Double(bitPattern: 0x3FF0_0000_0000_0000 + bits % 60_000)
                return index == 0 ? -value : value
            },
        ]
        for values in kinds {
            var found = values
            sortAscending(&found)
            #expect(found == values.sorted())
        }
    }

    @Test func `keys that are counted together are counted as one by one`() {
        var random = SeededRandom(seed: 9)
        let keys = (0..<30_000).map { _ in mixed(random.next() % 9000 * (random.next() % 7)) }
        var (single, together) = (HeavyHitters(), HeavyHitters())
        var (registers, others) = (HyperLogLog(), HyperLogLog())
        for key in keys {
            single.add(key)
            registers.add(key)
        }
        for start in stride(from: 0, to: keys.count, by: 777) {
            let some = Array(keys[start..<Swift.min(keys.count, start + 777)])
            together.add(some.span)
            others.add(some.span)
        }
        #expect(single.error == together.error && single.error > 0)
        #expect(registers == others)
        for key in Set(keys) { #expect(single.table.count(key) == together.table.count(key)) }
    }

    @Test(arguments: [5, 40, 700, 10_000])
    func `a table is full at the same key however many are counted together`(_ most: Int) {
        var random = SeededRandom(seed: 10)
        let keys = (0..<5_000).map { _ in mixed(random.next() % 900) }
        let limits = StatisticsLimits(distinctMax: most, exactRowsMax: 0)
        var single = CountTable()
        var order: [Int] = []
        for (index, key) in keys.enumerated() where !single.isFull(limits) {
            if single.add(key) == 1 { order.append(index) }
        }
        for step in [1, 64, 777] {
            var together = CountTable()
            var fresh: [Int] = []
            for start in stride(from: 0, to: keys.count, by: step) where !together.isFull(limits) {
                let some = keys[start..<Swift.min(keys.count, start + step)]
                let taken = together.add(Array(some).span, until: limits) {
                    fresh.append(start + $0)
                }
                #expect(taken == some.count || together.isFull(limits))
            }
            #expect(fresh == order && together.count == single.count)
            for key in Set(keys) { #expect(together.count(key) == single.count(key)) }
        }
    }

    @Test func `characters are counted wherever a text begins and ends`() {
        let text = Array("aé€😀zß, größer naïve — 日本語 und mehr".utf8)
        for start in text.indices {
            for end in start...text.count {
                let found = scalarCount(text.span, start..<end)
                #expect(found == text[start..<end].count { $0 & 0xC0 != 0x80 })
            }
        }
    }
}
