/// Finds equal records by their hashes, in memory up to a limit and beyond it on disk.
///
/// Past the limit all entries go to partitions by the first bits of their hash, and each partition
/// is put through a table of its own at the end; one that is too large is parted again. The
/// numbers are the same either way.
struct DuplicateTable: Sendable {
    private let bytesMax: Int
    private let folder: String?
    private var table = RowTable()
    private var partitions: RowPartitions?
    private var found = DuplicateRows()
    private var fault: SpillFault?

    /// - Parameters:
    ///   - bytesMax: how large the table may become; half as much again is needed as it grows.
    ///   - folder: where what does not fit is written; nil: then the numbers are not known.
    init(bytesMax: Int = 32 << 20, folder: String?) {
        self.bytesMax = bytesMax
        self.folder = folder
    }

    var isSpilled: Bool { partitions != nil }

    /// Adds a record; must be called in the order of the files.
    mutating func insert(_ hash: RowHash, row: RowNumber) {
        guard fault == nil else { return }
        found.rows += 1
        do throws(SpillFault) {
            if partitions == nil {
                guard table.nextBytes > bytesMax else {
                    return table.insert(RowEntry(hash, row), into: &found)
                }
                try spill()
            }
            try partitions?.append(RowEntry(hash, row))
        } catch {
            fault = error
            table = RowTable()
        }
    }

    private mutating func spill() throws(SpillFault) {
        guard let folder else { throw .noFolder }
        var parted = try RowPartitions(in: folder)
        for entry in table.slots where !entry.isNone { try parted.append(entry) }
        table = RowTable()
        partitions = parted
    }

    /// The numbers of all records; an error when something could not be written or read.
    mutating func finish() throws(SpillFault) -> DuplicateRows {
        if let fault { throw fault }
        if let partitions { try count(partitions) }
        partitions = nil
        table = RowTable()
        return found
    }

    private mutating func count(_ partitions: RowPartitions) throws(SpillFault) {
        guard let folder else { throw .noFolder }
        for partition in partitions.indices {
            let bytes = partitions.count(partition) * MemoryLayout<RowEntry>.stride * 2
            if bytes > Swift.max(bytesMax, RowTable.leastBytes),
                partitions.depth < RowPartitions.depthMax
            {
                var finer = try RowPartitions(in: folder, depth: partitions.depth + 1)
                try partitions.read(partition) { entry throws(SpillFault) in
                    try finer.append(entry)
                }
                try count(finer)
            } else {
                var table = RowTable()
                try partitions.read(partition) { table.insert($0, into: &found) }
            }
        }
    }
}
