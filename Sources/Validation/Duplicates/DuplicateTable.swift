/// Finds equal records by their hashes, in memory up to a limit and beyond it on disk.
///
/// Past the limit all entries go to partitions by the first bits of their hash, and each partition
/// is put through a table of its own at the end; one that is too large is parted again. The
/// numbers are the same either way.
///
/// A table of several lists of keys tells them apart by the tags of the hashes.
struct DuplicateTable: Sendable {
    private let bytesMax: Int
    private let folder: String?
    private var table = RowTable()
    private var partitions: RowPartitions?
    private var found: [DuplicateRows]
    private let bufferEntries: Int
    private var fault: SpillFault?

    /// - Parameters:
    ///   - bytesMax: how large the table may become; half as much again is needed as it grows.
    ///   - folder: where what does not fit is written; nil: then the numbers are not known.
    ///   - lists: how many lists of keys; of more than one every hash must be tagged.
    init(
        bytesMax: Int = 32 << 20, folder: String?, lists: Int = 1,
        bufferEntries: Int = RowPartitions.bufferEntriesMax
    ) {
        self.bytesMax = bytesMax
        self.folder = folder
        self.bufferEntries = bufferEntries
        found = [DuplicateRows](repeating: DuplicateRows(), count: lists)
    }

    var isSpilled: Bool { partitions != nil }

    /// Adds a record; must be called in the order of the files.
    mutating func insert(_ hash: RowHash, row: RowNumber) {
        guard fault == nil else { return }
        let list = list(hash)
        found[list].rows += 1
        do throws(SpillFault) {
            if partitions == nil {
                guard table.nextBytes > bytesMax else {
                    return table.insert(RowEntry(hash, row), into: &found[list])
                }
                try spill()
            }
            try partitions?.append(RowEntry(hash, row))
        } catch {
            fault = error
            table = RowTable()
        }
    }

    private func list(_ hash: RowHash) -> Int { found.count == 1 ? 0 : hash.tag }

    private mutating func spill() throws(SpillFault) {
        guard let folder else { throw .noFolder }
        var parted = RowPartitions(in: folder, bufferEntries: bufferEntries)
        for entry in table.slots where !entry.isNone { try parted.append(entry) }
        table = RowTable()
        partitions = parted
    }

    /// The numbers of all records; an error when something could not be written or read.
    mutating func finish() throws(SpillFault) -> DuplicateRows { try finishLists()[0] }

    /// As `finish`, of each list.
    mutating func finishLists() throws(SpillFault) -> [DuplicateRows] {
        if let fault { throw fault }
        if let partitions { try count(partitions) }
        partitions = nil
        table = RowTable()
        return found
    }

    private mutating func count(_ partitions: RowPartitions) throws(SpillFault) {
        for partition in partitions.indices {
            if partitions.mustPart(partitions.count(partition), bytesMax: bytesMax) {
                try count(partitions.parted(partition))
            } else {
                var table = RowTable()
                try partitions.read(partition) { entries in
                    for entry in entries {
                        table.insert(entry, into: &found[list(entry.hash)])
                    }
                }
            }
        }
    }
}
