/// Sorts finite numbers ascending: by their bits, a byte at a time, bytes that all share skipped.
///
/// About five times as fast as comparing where there are thousands of them. Keeps its room, so that
/// sorting again costs no allocation.
struct RadixSort {
    private var room: [UInt64] = []
    private var spareRoom: [UInt64] = []
    private var counters = [Int32](repeating: 0, count: 8 * 256)

    mutating func sort(_ values: inout [Double]) {
        guard values.count > 64 else { return values.sort() }
        if room.count < values.count {
            room = [UInt64](repeating: 0, count: values.count)
            spareRoom = room
        }
        var keys: [UInt64] = []
        var spare: [UInt64] = []
        var histograms: [Int32] = []
        swap(&keys, &room)
        swap(&spare, &spareRoom)
        swap(&histograms, &counters)
        count(values, &keys, &histograms)
        for byte in 0..<8 {
            let first = Int(truncatingIfNeeded: keys[0] >> UInt64(byte << 3)) & 255
            if Int(histograms[byte << 8 | first]) == values.count { continue }
            var target = spare.mutableSpan
            var places = histograms.mutableSpan
            distribute(keys.span.extracting(first: values.count), byte, &target, &places)
            swap(&keys, &spare)
        }
        for index in values.indices { values[index] = number(ofOrdered: keys[index]) }
        swap(&keys, &room)
        swap(&spare, &spareRoom)
        swap(&histograms, &counters)
    }

    /// One pass: keys to the places that their byte's histogram gives, in order.
    private func distribute(
        _ keys: Span<UInt64>, _ byte: Int, _ target: inout MutableSpan<UInt64>,
        _ places: inout MutableSpan<Int32>
    ) {
        var start: Int32 = 0
        for bucket in byte << 8..<(byte + 1) << 8 {
            let count = places[bucket]
            places[bucket] = start
            start &+= count
        }
        let shift = UInt64(byte << 3)
        for index in keys.indices {
            let key = keys[index]
            let bucket = byte << 8 | Int(truncatingIfNeeded: key >> shift) & 255
            target[Int(places[bucket])] = key
            places[bucket] &+= 1
        }
    }

    private func count(
        _ values: [Double], _ keys: inout [UInt64], _ histograms: inout [Int32]
    ) {
        var ordered = keys.mutableSpan
        var counts = histograms.mutableSpan
        for index in counts.indices { counts[index] = 0 }
        for index in values.indices {
            let key = orderedBits(values[index])
            ordered[index] = key
            for byte in 0..<8 {
                let bucket = Int(truncatingIfNeeded: key >> UInt64(byte << 3)) & 255
                counts[byte << 8 | bucket] &+= 1
            }
        }
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
