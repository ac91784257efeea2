/// How many keys of a dataset are among those of another.
struct KeyJoin: Equatable, Sendable {
    /// Rows with a key.
    var rows = 0
    /// Those whose key the other dataset has.
    var sharedRows = 0
    /// Different keys.
    var keys = 0
    /// Those that the other dataset has.
    var sharedKeys = 0
    /// The first rows whose key it has, and the first whose it lacks, in the order of the files.
    var firstShared = FirstRows()
    var firstLacking = FirstRows()

    /// Compares partition by partition; a partition that is too large is parted again.
    ///
    /// - Parameter bytesMax: how large a table may become.
    init(
        of own: RowPartitions, in theirs: RowPartitions, bytesMax: Int
    ) throws(SpillFault) {
        try add(own, theirs, bytesMax)
    }

    private mutating func add(
        _ own: RowPartitions, _ theirs: RowPartitions, _ bytesMax: Int
    ) throws(SpillFault) {
        for partition in own.indices where own.count(partition) > 0 {
            let count = own.count(partition) + theirs.count(partition)
            if own.mustPart(count, bytesMax: bytesMax) {
                try add(own.parted(partition), theirs.parted(partition), bytesMax)
            } else {
                try compare(own, theirs, partition)
            }
        }
    }

    /// One table has the own keys, each marked when the other dataset has it: it is mostly the
    /// other that is large, and what is not in the table costs one look.
    private mutating func compare(
        _ own: RowPartitions, _ theirs: RowPartitions, _ partition: Int
    ) throws(SpillFault) {
        var table = RowTable(expecting: own.count(partition))
        try own.read(partition) { entries in
            for entry in entries { _ = table.insert(entry) }
        }
        var shared = 0
        try theirs.read(partition) { entries in
            for entry in entries {
                if let slot = table.slot(of: entry.hash), table.mark(slot) { shared += 1 }
            }
        }
        keys += table.count
        sharedKeys += shared
        var join = self
        try own.read(partition) { entries in
            for entry in entries {
                join.rows += 1
                if let slot = table.slot(of: entry.hash), table.slots[slot].isRepeated {
                    join.sharedRows += 1
                    join.firstShared.add(entry.row)
                } else {
                    join.firstLacking.add(entry.row)
                }
            }
        }
        self = join
    }
}

/// The first of some rows that come in any order.
struct FirstRows: Equatable, Sendable {
    private(set) var rows: [RowNumber] = []

    mutating func add(_ row: RowNumber) {
        let index = rows.firstIndex { row.packed < $0.packed } ?? rows.count
        guard index < Violation.occurrencesMax else { return }
        rows.insert(row, at: index)
        if rows.count > Violation.occurrencesMax { rows.removeLast() }
    }
}

/// How many rows have features that occur with more than one label.
struct LabelConflicts: Equatable, Sendable {
    var rows = 0
    var conflicting = 0
    /// The first of them, in the order of the files.
    var first = FirstRows()

    /// - Parameters:
    ///   - labelled: the rows by `RowHash.labelled`.
    ///   - bytesMax: how large a table may become.
    init(of labelled: RowPartitions, bytesMax: Int) throws(SpillFault) {
        try add(labelled, bytesMax)
    }

    private mutating func add(_ labelled: RowPartitions, _ bytesMax: Int) throws(SpillFault) {
        for partition in labelled.indices where labelled.count(partition) > 0 {
            if labelled.mustPart(labelled.count(partition), bytesMax: bytesMax) {
                try add(labelled.parted(partition), bytesMax)
                continue
            }
            var table = RowTable(expecting: labelled.count(partition))
            try labelled.read(partition) { entries in
                for entry in entries {
                    // Because the lowest bit of a mark is always set.
                    let labelled = RowEntry(entry.hash.features, mark: entry.hash.label << 1)
                    if let slot = table.insert(labelled), table.slots[slot].mark != labelled.mark {
                        _ = table.mark(slot)
                    }
                }
            }
            var found = self
            try labelled.read(partition) { entries in
                for entry in entries {
                    found.rows += 1
                    let slot = table.slot(of: entry.hash.features)
                    if let slot, table.slots[slot].isRepeated {
                        found.conflicting += 1
                        found.first.add(entry.row)
                    }
                }
            }
            self = found
        }
    }
}
