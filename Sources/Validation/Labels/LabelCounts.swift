/// A column counted against the label, over all rows.
struct LabelCounts {
    /// Of rows that have both.
    private(set) var sums: LabelSums
    /// By class of the label: rows in which the column's cell is there, and in which it is missing.
    private(set) var presence: ContingencyTable
    /// How many times rows were put apart, because they had too many different pairs.
    private(set) var partings = 0

    /// - Parameters:
    ///   - bytesMax: about how much memory is taken.
    ///   - folder: where values are put apart that are too many for it.
    init(
        _ column: Int, _ label: LabelClasses, in cells: CellSpool, bytesMax: Int, folder: String
    ) throws(SpillFault) {
        let classes = try CellClasses(of: column, in: cells)
        let pairsMax = Swift.max(Self.pairsLeast, bytesMax / Self.bytesOfPair)
        var table = LabelTable()
        var (there, missing) = (
            [Int](repeating: 0, count: label.count), [Int](repeating: 0, count: label.count)
        )
        try cells.read(column, beside: label.column) { words, labels in
            for (word, labelWord) in zip(classes.words(words), label.classes.words(labels)) {
                guard let number = label.number(labelWord) else { continue }
                guard word != CellWord.missing else {
                    missing[number] += 1
                    continue
                }
                there[number] += 1
                if table.count <= pairsMax { table.add(word, number) }
            }
        }
        presence = ContingencyTable(counts: [there, missing])
        sums = LabelSums(classes: label.count)
        if table.count <= pairsMax {
            table.add(to: &sums)
        } else {
            table = LabelTable()
            let list = try Self.parted(column, label, classes, cells, folder)
            try add(list, bytesMax: bytesMax)
        }
    }

    /// Smaller tables are never parted.
    private static let pairsLeast = 256
    /// What a pair takes while the table grows, when it is the only one of its value.
    private static let bytesOfPair = 128

    /// All rows that have both, with equal values together.
    private static func parted(
        _ column: Int, _ label: LabelClasses, _ classes: CellClasses, _ cells: CellSpool,
        _ folder: String
    ) throws(SpillFault) -> RowPartitions {
        var list = RowPartitions(in: folder)
        var entries: [RowEntry] = []
        try cells.read(column, beside: label.column) { words, labels throws(SpillFault) in
            entries.removeAll(keepingCapacity: true)
            let pairs = zip(classes.words(words), label.classes.words(labels))
            for (value, labelWord) in pairs where value != CellWord.missing {
                guard let number = label.number(labelWord) else { continue }
                // Mixed, because equal ones are put together by the highest bits.
                let hash = RowHash(high: mixed(value ^ WordNumbers.keyOfRun), low: value)
                // Because the lowest bit of a mark is lost.
                entries.append(RowEntry(hash, mark: UInt64(number) << 1))
            }
            try list.append(entries) { $0 }
        }
        try list.close()
        return list
    }

    /// Counts partition after partition.
    private mutating func add(_ list: RowPartitions, bytesMax: Int) throws(SpillFault) {
        partings += 1
        for partition in list.indices where list.count(partition) > 0 {
            if let table = try Self.table(list, partition, bytesMax: bytesMax) {
                table.add(to: &sums)
            } else {
                try add(list.parted(partition), bytesMax: bytesMax)
            }
        }
    }

    /// The pairs of a partition; nil: they are too many, and must be put apart.
    ///
    /// It is they that take memory, and not the rows: however many have one value, they stay
    /// together when they are put apart.
    private static func table(
        _ list: RowPartitions, _ partition: Int, bytesMax: Int
    ) throws(SpillFault) -> LabelTable? {
        var table = LabelTable()
        var isOver = false
        try list.read(partition) { entries in
            for entry in entries where !isOver {
                table.add(entry.hash.low, Int(entry.mark >> 1))
                isOver =
                    table.valueCount > 1 && list.mustPart(table.count, bytesMax: bytesMax / 4)
            }
        }
        return isOver ? nil : table
    }
}
