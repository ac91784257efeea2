/// Remembers the cells of `unique` columns by a 128-bit hash, with the row where each was first.
///
/// Open addressing with linear probing. Two different cells of equal hash would be reported as
/// repeated: at ten million cells a chance of about 10^-25.
package struct UniqueTable {
    /// How many cells all `unique` columns of a dataset can hold together: about 150 MB at most.
    package static let cellsMax = 3_000_000

    private struct Slot {
        var hash: RowHash
        /// 0: the slot is free. A row's line is never 0.
        var row: UInt64
    }

    private var slots = [Slot](repeating: Slot(hash: RowHash(high: 0, low: 0), row: 0), count: 64)
    private(set) var count = 0

    /// Remembers a cell; returns the row where it was before.
    mutating func insert(_ hash: RowHash, row: RowNumber) -> RowNumber? {
        if count * 4 >= slots.count * 3 { grow() }
        let slot = place(of: hash)
        if slots[slot].row != 0 { return RowNumber(packed: slots[slot].row) }
        slots[slot] = Slot(hash: hash, row: row.packed)
        count += 1
        return nil
    }

    private func place(of hash: RowHash) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash.low) & mask
        while slots[slot].row != 0, slots[slot].hash != hash { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](
            repeating: Slot(hash: RowHash(high: 0, low: 0), row: 0), count: old.count * 2)
        for slot in old where slot.row != 0 { slots[place(of: slot.hash)] = slot }
    }
}

/// A row of a dataset: which file, and the line on which it begins.
struct RowNumber: Equatable {
    var file: Int
    var line: Int

    init(file: Int, line: Int) {
        self.file = file
        self.line = line
    }

    /// The line in the lower forty bits.
    init(packed: UInt64) {
        file = Int(packed >> 40)
        line = Int(packed & (1 << 40 - 1))
    }

    var packed: UInt64 { UInt64(file) << 40 | UInt64(line) & (1 << 40 - 1) }
}
