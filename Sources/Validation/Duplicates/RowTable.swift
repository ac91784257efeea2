/// Records by their hash, with open addressing and linear probing.
struct RowTable: Sendable {
    /// Small, because of a small list each of many partitions has a table.
    private static let leastCapacity = 1 << 4

    /// What a table may always take.
    static let leastBytes = 1024 * MemoryLayout<RowEntry>.stride

    private(set) var slots: [RowEntry]
    private(set) var count = 0

    /// - Parameter expected: how many records are likely to come.
    init(expecting expected: Int = 0) {
        var capacity = Self.leastCapacity
        while capacity * 3 < expected * 4 { capacity *= 2 }
        slots = [RowEntry](repeating: .none, count: capacity)
    }

    /// How many bytes the table will have with one entry more.
    var nextBytes: Int {
        (isFull ? slots.count * 2 : slots.count) * MemoryLayout<RowEntry>.stride
    }

    private var isFull: Bool { count * 4 >= slots.count * 3 }

    /// Remembers a record, or counts it as equal to the one that is there.
    mutating func insert(_ entry: RowEntry, into found: inout DuplicateRows) {
        guard let known = insert(entry) else { return }
        let isNewGroup = mark(known)
        found.add(entry.row, original: slots[known].row, isNewGroup: isNewGroup)
    }

    /// Remembers a record; the slot of the one that is there already.
    mutating func insert(_ entry: RowEntry) -> Int? {
        if isFull { grow() }
        let slot = place(of: entry.hash)
        guard slots[slot].isNone else { return slot }
        slots[slot] = entry
        count += 1
        return nil
    }

    /// The slot of a record that is there.
    func slot(of hash: RowHash) -> Int? {
        let slot = place(of: hash)
        return slots[slot].isNone ? nil : slot
    }

    /// Marks the record of a slot; true: it was not marked.
    mutating func mark(_ slot: Int) -> Bool {
        let isNew = !slots[slot].isRepeated
        slots[slot].isRepeated = true
        return isNew
    }

    private func place(of hash: RowHash) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash.low) & mask
        while !slots[slot].isNone, slots[slot].hash != hash { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [RowEntry](repeating: .none, count: old.count * 2)
        for entry in old where !entry.isNone { slots[place(of: entry.hash)] = entry }
    }
}
