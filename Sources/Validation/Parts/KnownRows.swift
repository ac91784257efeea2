import Domain

/// The rows of a file that is known, where they are kept.
struct KnownRows: Sendable {
    let store: PartStore
    let part: PartRows
    /// The number of the file in its dataset.
    let file: Int

    /// Gives the entries of a list in their order, some at a time; their file is the first.
    func read(
        _ list: Int,
        _ body: (ArraySlice<RowEntry>) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        guard part.lists[list].count > 0 else { return }
        var found = RowsChecksum()
        do throws(SpillFault) {
            try store.spool(part, list).read { entries throws(SpillFault) in
                for entry in entries { found.add(entry) }
                try body(entries)
            }
        } catch {
            // Because whatever it is, the files can be read instead.
            throw .lost
        }
        guard found.value == part.lists[list].checksum else { throw .lost }
    }
}

extension DuplicateRows {
    /// Adds the rows of further files to what is known of those before, whose rows are looked at
    /// one after the other and never put together.
    ///
    /// - Parameters:
    ///   - list: the rows of the further files; they fit into a table.
    ///   - known: the files before, in their order.
    ///   - projection: which of their rows.
    mutating func add(
        _ list: RowPartitions, behind known: [KnownRows], _ projection: Int
    ) throws(SpillFault) {
        guard list.count > 0 else { return }
        var table = RowTable(expecting: list.count)
        var filter = HashFilter(expecting: list.count)
        for partition in list.indices {
            try list.read(partition) { entries in
                for entry in entries {
                    filter.add(entry.hash)
                    _ = table.insert(entry)
                }
            }
        }
        // By slot: the first equal row of the files before, and whether there is another one.
        var before = [RowEntry](repeating: .none, count: table.slots.count)
        for file in known {
            try file.read(projection) { entries in
                for entry in entries where filter.mayHave(entry.hash) {
                    guard let slot = table.slot(of: entry.hash) else { continue }
                    if before[slot].isNone {
                        before[slot] = entry.behind(files: file.file)
                    } else {
                        before[slot].isRepeated = true
                    }
                }
            }
        }
        var found = self
        found.rows += list.count
        for partition in list.indices {
            try list.read(partition) { entries in
                for entry in entries {
                    guard let slot = table.slot(of: entry.hash) else { continue }
                    if !before[slot].isNone {
                        let isNew = table.mark(slot) && !before[slot].isRepeated
                        found.add(entry.row, original: before[slot].row, isNewGroup: isNew)
                    } else if table.slots[slot].row != entry.row {
                        let original = table.slots[slot].row
                        found.add(entry.row, original: original, isNewGroup: table.mark(slot))
                    }
                }
            }
        }
        self = found
    }
}

/// Says of most hashes that are not among some others that they are not.
private struct HashFilter {
    private var words: [UInt64]
    private let mask: UInt64

    /// - Parameter count: how many hashes are added.
    init(expecting count: Int) {
        var bits = 1 << 16
        while bits < 8 * count { bits *= 2 }
        words = [UInt64](repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
    }

    mutating func add(_ hash: RowHash) {
        let bit = hash.low >> 20 & mask
        words[Int(bit >> 6)] |= 1 << (bit & 63)
    }

    @inline(__always)
    func mayHave(_ hash: RowHash) -> Bool {
        let bit = hash.low >> 20 & mask
        return words[Int(bit >> 6)] >> (bit & 63) & 1 == 1
    }
}
