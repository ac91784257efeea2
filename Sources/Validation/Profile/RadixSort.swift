/// Sorts finite numbers ascending: by 32 of their bits, a byte at a time, from the highest bit on
/// in which some differ; the few that are equal in those are then put in order one by one, and all
/// bits are sorted by where they are many.
///
/// Many times as fast as comparing where there are thousands of them. Keeps its room, so that
/// sorting again costs no allocation.
struct RadixSort {
    private static let windowBytes = 4

    private var room: [UInt64] = []
    private var spareRoom: [UInt64] = []
    private var counters = [Int32](repeating: 0, count: 256)

    mutating func sort(_ values: inout [Double]) {
        guard values.count > 64 else { return values.sort() }
        if room.count < values.count {
            room = [UInt64](repeating: 0, count: values.count)
            spareRoom = room
        }
        var keys: [UInt64] = []
        var spare: [UInt64] = []
        swap(&keys, &room)
        swap(&spare, &spareRoom)
        let differing = order(values, &keys)
        let highest = 8 * Self.windowBytes - 1
        let shift = Swift.max(0, 63 - differing.leadingZeroBitCount - highest)
        let window = shift..<shift + 8 * Self.windowBytes
        sort(&keys, &spare, values.count, window, differing)
        let rest = differing & (1 << UInt64(shift) - 1)
        if rest != 0, !settle(&keys, values.count) {
            sort(&keys, &spare, values.count, 0..<64, differing)
        }
        var sorted = values.mutableSpan
        for index in sorted.indices { sorted[index] = number(ofOrdered: keys[index]) }
        swap(&keys, &room)
        swap(&spare, &spareRoom)
    }

    /// Writes the keys of numbers; returns the bits in which some differ.
    private func order(_ values: [Double], _ keys: inout [UInt64]) -> UInt64 {
        var ordered = keys.mutableSpan
        let first = orderedBits(values[0])
        var differing: UInt64 = 0
        for index in values.indices {
            let key = orderedBits(values[index])
            ordered[index] = key
            differing |= key ^ first
        }
        return differing
    }

    /// Sorts by the bits of a range, a byte at a time from the lowest.
    private mutating func sort(
        _ keys: inout [UInt64], _ spare: inout [UInt64], _ count: Int, _ bits: Range<Int>,
        _ differing: UInt64
    ) {
        for shift in stride(from: bits.lowerBound, to: bits.upperBound, by: 8)
        where differing >> UInt64(shift) & 255 != 0 {
            unsafe keys.withUnsafeBufferPointer { from in
                unsafe spare.withUnsafeMutableBufferPointer { to in
                    guard let from = from.baseAddress, let to = to.baseAddress else { return }
                    unsafe distribute(from, count, UInt64(shift), to)
                }
            }
            swap(&keys, &spare)
        }
    }

    /// Keys to the places that a histogram of their bytes gives, in order.
    private mutating func distribute(
        _ keys: UnsafePointer<UInt64>, _ count: Int, _ shift: UInt64,
        _ target: UnsafeMutablePointer<UInt64>
    ) {
        unsafe counters.withUnsafeMutableBufferPointer { counters in
            guard let places = counters.baseAddress else { return }
            for bucket in 0..<256 { unsafe places[bucket] = 0 }
            // In bounds here and below: a byte is below 256, and both rooms hold `count` keys.
            for index in 0..<count {
                unsafe places[Int(truncatingIfNeeded: keys[index] &>> shift & 255)] &+= 1
            }
            var start: Int32 = 0
            for bucket in 0..<256 {
                let found = unsafe places[bucket]
                unsafe places[bucket] = start
                start &+= found
            }
            for index in 0..<count {
                let key = unsafe keys[index]
                let bucket = Int(truncatingIfNeeded: key &>> shift & 255)
                unsafe target[Int(places[bucket])] = key
                unsafe places[bucket] &+= 1
            }
        }
    }

    /// Puts keys in order of which nearly all are; false: too many are not.
    private func settle(_ keys: inout [UInt64], _ count: Int) -> Bool {
        var ordered = keys.mutableSpan
        var moves = 0
        for index in 1..<count where ordered[index] < ordered[index - 1] {
            let key = ordered[index]
            var place = index
            while place > 0, key < ordered[place - 1] {
                ordered[place] = ordered[place - 1]
                place -= 1
            }
            ordered[place] = key
            moves += index - place
            if moves > count { return false }
        }
        return true
    }
}

/// Sorts finite numbers ascending.
func sortAscending(_ values: inout [Double]) {
    var sorter = RadixSort()
    sorter.sort(&values)
}

/// Bits whose unsigned order is the numbers' order.
@inline(__always)
func orderedBits(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
}

/// The number of some `orderedBits`.
@inline(__always)
func number(ofOrdered key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key ^ 1 << 63 : ~key)
}
