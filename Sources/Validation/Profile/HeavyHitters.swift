/// The most frequent keys of a stream of any length, each with a count that is at most `error` too
/// low; a key that is not listed was seen at most `error` times.
///
/// Misra and Gries 1982, mergeable (Agarwal et al. 2012): when twice `capacity` keys are held, the
/// count of the `capacity + 1`-th is taken from all and those that reach zero go, so that `error`
/// is at most rows / (capacity + 1). Which keys stay depends on order and split; the bound holds
/// under each.
struct HeavyHitters {
    static let capacity = 1024

    private(set) var table = CountTable(keys: 2 * capacity)
    /// How much too low a count can be.
    private(set) var error = 0

    /// Counts a key; returns its count.
    @inline(__always) @discardableResult
    mutating func add(_ key: UInt64, _ times: Int = 1) -> Int {
        let count = table.add(key, times)
        if table.count >= 2 * Self.capacity { purge() }
        return count
    }

    /// Counts keys.
    mutating func add(_ keys: Span<UInt64>) {
        var next = 0
        while next < keys.count {
            next = table.add(keys, from: next, upTo: 2 * Self.capacity)
            if table.count >= 2 * Self.capacity { purge() }
        }
    }

    mutating func merge(_ other: HeavyHitters) {
        for slot in other.table.slots where slot.count != 0 { add(slot.key, slot.count) }
        error += other.error
    }

    /// Takes over the most frequent keys of a table that holds all, whatever their order in it.
    mutating func add(_ whole: CountTable) {
        let entries = whole.entries
        var least = 0
        if entries.count > Self.capacity {
            least = kthLargest(entries.map(\.count), Self.capacity)
        }
        for entry in entries where entry.count > least { add(entry.key, entry.count) }
        error += least
    }

    /// Says that keys were left out that were seen at most so often.
    mutating func raise(error more: Int) { error += more }

    @inline(never)
    private mutating func purge() {
        var taken = 1
        // Because most tables that are full hold keys that were seen once.
        if table.slots.count(where: { $0.count > 1 }) > Self.capacity {
            taken = kthLargest(table.entries.map(\.count), Self.capacity)
        }
        table.subtract(taken)
        error += taken
    }
}

/// The value at an index of the descending order; by quickselect.
private func kthLargest(_ values: [Int], _ index: Int) -> Int {
    var values = values
    var low = 0
    var high = values.count - 1
    while low < high {
        let pivot = values[low + (high - low) / 2]
        var left = low
        var right = high
        while left <= right {
            while values[left] > pivot { left += 1 }
            while values[right] < pivot { right -= 1 }
            if left <= right {
                values.swapAt(left, right)
                left += 1
                right -= 1
            }
        }
        if index <= right {
            high = right
        } else if index >= left {
            low = left
        } else {
            break
        }
    }
    return values[index]
}

extension HeavyHitters: PartValue {
    func write(to writer: inout PartWriter) {
        table.write(to: &writer)
        writer.write(error)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        table = try CountTable(from: &reader)
        error = try reader.int()
    }
}
