import Domain

/// How often each value of the features stands beside each class.
///
/// A table with open addressing, for values that more than one row may have. Where they do not fit
/// nothing can be said, because those that are left out may be the ones that tell.
struct NoiseCounts {
    private static let slotsMin = 1 << 10

    private let classes: Int
    private let mask: UInt64
    /// How many different values may still be added.
    private var room: Int
    /// Not all values had room.
    private(set) var isOver = false
    /// The value of each slot; 0: it is free.
    private var keys: [UInt64]
    /// Slot after slot, a count for each class.
    private var counts: [UInt32]
    private var totals: [UInt32]

    /// - Parameters:
    ///   - classes: how many there are.
    ///   - values: how many are added at most.
    ///   - bytesMax: how much memory it may take, beside that of a thousand values.
    init(classes: Int, values: Int, bytesMax: Int) {
        self.classes = classes
        var slots = Self.slotsMin
        // A key, a total, and for each class a count and two logarithms.
        let bytes = 12 + 20 * classes
        while slots < values * 2, bytes * slots * 2 <= bytesMax { slots *= 2 }
        mask = UInt64(slots - 1)
        room = slots / 4 * 3
        keys = [UInt64](repeating: 0, count: slots)
        counts = [UInt32](repeating: 0, count: slots * classes)
        totals = [UInt32](repeating: 0, count: slots)
    }

    /// Adds a value of a row of a class.
    mutating func add(_ value: UInt64, _ label: Int) {
        let slot = slot(of: value)
        if keys[slot] == 0 {
            guard room > 0 else {
                isOver = true
                return
            }
            room -= 1
            keys[slot] = Swift.max(1, value)
        }
        counts[slot * classes + label] += 1
        totals[slot] += 1
    }

    /// Where a value is, or is to be.
    private func slot(of value: UInt64) -> Int {
        let key = Swift.max(1, value)
        var slot = key & mask
        while keys[Int(slot)] != 0, keys[Int(slot)] != key { slot = (slot + 1) & mask }
        return Int(slot)
    }

    /// What the values say, once all are counted.
    ///
    /// - Parameter rows: the rows of each class.
    consuming func evidence(rows: [Int]) -> NoiseEvidence {
        var found = NoiseEvidence(keys: keys, classes: classes)
        let all = Double(rows.reduce(0, +) - 1)
        for slot in keys.indices where totals[slot] > 1 {
            let total = Double(totals[slot])
            for number in 0..<classes {
                let index = slot * classes + number
                let (count, size) = (Double(counts[index]), Double(rows[number]))
                found.others[index] = naturalLogarithm((count * all / size + 1) / total)
                guard count > 0, size > 1 else { continue }
                found.own[index] = naturalLogarithm(((count - 1) * all / (size - 1) + 1) / total)
            }
        }
        return found
    }
}

/// What each value of the features says for each class: the logarithm of P(class | value) /
/// P(class), of rows without the one that has the value, with one row's weight on P(class).
struct NoiseEvidence {
    private let mask: UInt64
    private let keys: [UInt64]
    private let classes: Int
    /// For rows of the class itself, and of other classes.
    fileprivate var own: [Double]
    fileprivate var others: [Double]

    fileprivate init(keys: [UInt64], classes: Int) {
        self.keys = keys
        self.classes = classes
        mask = UInt64(keys.count - 1)
        own = [Double](repeating: 0, count: keys.count * classes)
        others = own
    }

    /// Adds what a value says for a row of a class.
    ///
    /// - Returns: the greatest magnitude; 0: no other row has the value.
    func add(_ value: UInt64, of label: Int, to sums: inout [Double]) -> Double {
        let key = Swift.max(1, value)
        var slot = Int(key & mask)
        while keys[slot] != key {
            if keys[slot] == 0 { return 0 }
            slot = (slot + 1) & Int(mask)
        }
        var most = 0.0
        for number in 0..<classes {
            let index = slot * classes + number
            let evidence = number == label ? own[index] : others[index]
            sums[number] += evidence
            most = Swift.max(most, evidence.magnitude)
        }
        return most
    }
}
