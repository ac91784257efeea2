/// How often each key was seen: open addressing with linear probing over well-mixed 64-bit keys.
struct CountTable {
    struct Slot {
        var key: UInt64
        /// Zero: the slot is free.
        var count: Int
    }

    private(set) var slots: [Slot]
    /// How many keys there are.
    private(set) var count = 0
    /// A key stands so far from its place that the keys must have been chosen to collide: with
    /// mixed keys in half of the slots this does not happen by chance.
    private(set) var isFlooded = false

    private static let distanceMax = 512
    private static let quickSlots = 4096

    /// What a table of so many keys takes, once it has grown to them.
    static func bytes(keys: Int) -> Int {
        var size = 64
        while size < keys * 2 { size *= size <= quickSlots ? 4 : 2 }
        return size * MemoryLayout<Slot>.stride
    }

    /// Makes a table for as many keys without growing.
    init(keys: Int = 32) {
        var size = 64
        while size < keys * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(key: 0, count: 0), count: size)
    }

    /// Counts a key; returns how often it has been seen with that.
    @inline(__always) @discardableResult
    mutating func add(_ key: UInt64, _ times: Int = 1) -> Int {
        let mask = slots.count &- 1
        var index = Int(truncatingIfNeeded: key) & mask
        while slots[index].count != 0 {
            if slots[index].key == key {
                let count = slots[index].count &+ times
                slots[index].count = count
                return count
            }
            index = (index &+ 1) & mask
        }
        insert(key, times, at: index)
        return times
    }

    /// Counts keys from an index on for as long as the table need not grow; the index behind the
    /// last that was counted.
    ///
    /// Many at once, because one by one each would ask whose the slots are.
    ///
    /// - Parameters:
    ///   - most: how many different keys there may be.
    ///   - isFresh: is told the index of each key that was not seen before.
    @inline(__always)
    mutating func addInRoom(
        _ keys: Span<UInt64>, from start: Int, upTo most: Int, isFresh: (Int) -> Void
    ) -> Int {
        var (number, held) = (start, count)
        let room = Swift.min(most, slots.count / 2)
        var slots = slots.mutableSpan
        let mask = slots.count &- 1
        while number < keys.count {
            let key = keys[number]
            let home = Int(truncatingIfNeeded: key) & mask
            var index = home
            while slots[index].count != 0, slots[index].key != key { index = (index &+ 1) & mask }
            if slots[index].count == 0 {
                guard held < room, (index &- home) & mask <= Self.distanceMax else { break }
                slots[index].key = key
                held &+= 1
                isFresh(number)
            }
            slots[index].count &+= 1
            number &+= 1
        }
        count = held
        return number
    }

    /// Counts keys from an index on until there are so many different ones; the index behind the
    /// last that was counted. As `addInRoom`, but it stops as soon as there are so many and not at
    /// the next one that is new, and of a table that is kept so small nobody asks whether it is
    /// flooded.
    ///
    /// - Parameter most: at most half of the slots.
    mutating func add(_ keys: Span<UInt64>, from start: Int, upTo most: Int) -> Int {
        precondition(most * 2 <= slots.count)
        var (number, held) = (start, count)
        var slots = slots.mutableSpan
        let mask = slots.count &- 1
        while number < keys.count, held < most {
            let key = keys[number]
            var index = Int(truncatingIfNeeded: key) & mask
            while slots[index].count != 0, slots[index].key != key { index = (index &+ 1) & mask }
            if slots[index].count == 0 {
                slots[index].key = key
                held &+= 1
            }
            slots[index].count &+= 1
            number &+= 1
        }
        count = held
        return number
    }

    /// How often the key was seen.
    func count(_ key: UInt64) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: key) & mask
        while slots[index].count != 0 {
            if slots[index].key == key { return slots[index].count }
            index = (index + 1) & mask
        }
        return 0
    }

    /// Every key with its count, in no order.
    var entries: [Slot] { slots.filter { $0.count != 0 } }

    /// The first in the order of reports: the most frequent first, equal counts by key.
    ///
    /// Without sorting them all, because most tables hold many keys that were seen once.
    func ranked(first most: Int) -> [Slot] {
        var best: [Slot] = []
        best.reserveCapacity(2 * most)
        var last: Slot?
        for slot in slots where slot.count != 0 {
            if let last, !Self.isBefore(slot, last) { continue }
            best.append(slot)
            guard best.count == 2 * most else { continue }
            best.sort(by: Self.isBefore)
            best.removeLast(most)
            last = best.last
        }
        best.sort(by: Self.isBefore)
        return Array(best.prefix(most))
    }

    private static func isBefore(_ left: Slot, _ right: Slot) -> Bool {
        left.count != right.count ? left.count > right.count : left.key < right.key
    }

    /// Takes as much from each count, and leaves out the keys that reach zero.
    mutating func subtract(_ taken: Int) {
        let kept = slots.filter { $0.count > taken }
        for index in slots.indices { slots[index] = Slot(key: 0, count: 0) }
        count = 0
        for slot in kept { add(slot.key, slot.count - taken) }
    }

    @inline(never)
    private mutating func insert(_ key: UInt64, _ times: Int, at index: Int) {
        let home = Int(truncatingIfNeeded: key) & (slots.count - 1)
        if (index - home) & (slots.count - 1) > Self.distanceMax { isFlooded = true }
        slots[index] = Slot(key: key, count: times)
        count += 1
        guard count * 2 > slots.count else { return }
        let old = slots
        // In large steps at first, because every step moves all keys.
        let growth = old.count <= Self.quickSlots ? 4 : 2
        slots = [Slot](repeating: Slot(key: 0, count: 0), count: old.count * growth)
        let mask = slots.count - 1
        for slot in old where slot.count != 0 {
            var index = Int(truncatingIfNeeded: slot.key) & mask
            while slots[index].count != 0 { index = (index + 1) & mask }
            slots[index] = slot
        }
    }
}

extension CountTable: PartValue {
    /// Each key with its slot, because the order of keys decides which of many go first.
    func write(to writer: inout PartWriter) {
        var (places, keys, counts): ([UInt32], [UInt64], [Int]) = ([], [], [])
        for (place, slot) in slots.enumerated() where slot.count != 0 {
            places.append(UInt32(truncatingIfNeeded: place))
            keys.append(slot.key)
            counts.append(slot.count)
        }
        writer.write(slots.count)
        writer.write(isFlooded)
        writer.write(places)
        writer.write(keys)
        writer.write(counts)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        let size = try reader.int()
        isFlooded = try reader.bool()
        let places = try reader.array(of: UInt32(0))
        let keys = try reader.array(of: UInt64(0))
        let counts = try reader.array(of: 0)
        guard size > 0, size & (size - 1) == 0, size <= 64 * (places.count + 2048),
            keys.count == places.count, counts.count == places.count, places.count < size
        else { throw PartDamage() }
        slots = [Slot](repeating: Slot(key: 0, count: 0), count: size)
        for (index, place) in places.enumerated() {
            guard place < size, counts[index] > 0 else { throw PartDamage() }
            slots[Int(place)] = Slot(key: keys[index], count: counts[index])
        }
        count = places.count
    }
}
