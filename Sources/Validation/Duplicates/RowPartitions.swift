/// Records apart by eight bits of their hash, in memory while they are few and otherwise on disk:
/// equal records are in the same partition, in the order in which they came.
struct RowPartitions: Sendable {
    private static let bits: UInt64 = 8
    private static let partitions = 1 << Int(bits)
    /// So many of a partition are in memory. No power of two, because then the places where the
    /// partitions go on would all fall into a few sets of the caches.
    static let bufferEntriesMax = 1_000
    private static let bufferEntriesLeast = 16
    /// So few are not written when the list is closed.
    private static let keptEntriesMax = 16_384
    /// Beyond it there are no bits left, and so many equal ones are one table entry each.
    private static let depthMax = 7

    private struct Block: Sendable {
        var offset: Int
        var count: Int
    }

    private let folder: String
    /// nil: nothing was written yet.
    private var file: SpillFile?
    private let bufferEntries: Int
    /// How many there is room for as yet.
    private var room: Int
    /// How many times the records were parted before.
    private let depth: Int
    /// How many records there are.
    private(set) var count = 0
    private var end = 0
    /// Of each partition some records; empty before the first one.
    private var buffer: [RowEntry] = []
    /// Where each partition's are.
    private var starts: [Int] = []
    /// How many there are of each.
    private var taken = [Int](repeating: 0, count: partitions)
    private var isClosed = false
    private var blocks = [[Block]](repeating: [], count: partitions)

    /// - Parameter folder: where what does not fit is written.
    init(in folder: String, depth: Int = 0, bufferEntries: Int = Self.bufferEntriesMax) {
        self.folder = folder
        self.depth = depth
        self.bufferEntries = Swift.max(1, Swift.min(bufferEntries, Self.bufferEntriesMax))
        room = Swift.min(self.bufferEntries, Self.bufferEntriesLeast)
    }

    /// Lists that take as much memory together before they write as a table may.
    static func lists(_ count: Int, bytesMax: Int, in folder: String) -> [RowPartitions] {
        let room = bufferEntries(lists: count, bytesMax: bytesMax)
        return [RowPartitions](
            repeating: RowPartitions(in: folder, bufferEntries: room), count: count)
    }

    /// How much memory lists take together before they write, for lists that share it.
    static func bufferEntries(lists: Int, bytesMax: Int) -> Int {
        bytesMax / (Swift.max(1, lists) * partitions * MemoryLayout<RowEntry>.stride * 2)
    }

    var indices: Range<Int> { blocks.indices }

    /// How many records a partition has.
    func count(_ partition: Int) -> Int {
        blocks[partition].reduce(taken[partition]) { $0 + $1.count }
    }

    mutating func append(_ entry: RowEntry) throws(SpillFault) {
        try append(CollectionOfOne(entry)) { $0 }
    }

    /// Adds the records that are made of some rows.
    @inline(__always)
    mutating func append<Rows: Collection>(
        _ rows: Rows, _ entry: (Rows.Element) -> RowEntry
    ) throws(SpillFault) {
        precondition(!isClosed, "records cannot be added to a closed list")
        if buffer.isEmpty {
            starts = indices.map { $0 * room }
            buffer = [RowEntry](repeating: .none, count: Self.partitions * room)
        }
        count += rows.count
        var next = rows.startIndex
        while next != rows.endIndex {
            guard let full = fill(rows, &next, entry) else { continue }
            if room < bufferEntries { grow() } else { try write(full) }
        }
    }

    /// Makes room for four times as many records in memory.
    private mutating func grow() {
        let wider = Swift.min(bufferEntries, room * 4)
        var grown = [RowEntry](repeating: .none, count: Self.partitions * wider)
        for partition in indices {
            let from = starts[partition]
            starts[partition] = partition * wider
            for index in 0..<taken[partition] {
                grown[partition * wider + index] = buffer[from + index]
            }
        }
        (buffer, room) = (grown, wider)
    }

    /// Adds rows until a partition's buffer is full: which one.
    @inline(__always)
    private mutating func fill<Rows: Collection>(
        _ rows: Rows, _ next: inout Rows.Index, _ entry: (Rows.Element) -> RowEntry
    ) -> Int? {
        let (shift, size) = (64 - Self.bits * UInt64(depth + 1), room)
        return unsafe taken.withUnsafeMutableBufferPointer { taken -> Int? in
            unsafe buffer.withUnsafeMutableBufferPointer { buffer -> Int? in
                while next != rows.endIndex {
                    let record = entry(rows[next])
                    next = rows.index(after: next)
                    // In bounds: eight bits are a partition, and a full one is written at once.
                    let partition = Int(record.hash.high >> shift & (1 << Self.bits - 1))
                    let used = unsafe taken[partition]
                    unsafe buffer[partition * size + used] = record
                    unsafe taken[partition] = used + 1
                    if used + 1 == size { return partition }
                }
                return nil
            }
        }
    }

    private mutating func write(_ partition: Int) throws(SpillFault) {
        let file = try SpillFile.opened(&self.file, in: folder)
        let start = starts[partition]
        let full = buffer[start..<start + taken[partition]]
        try file.write(full, at: end)
        blocks[partition].append(Block(offset: end, count: full.count))
        end += full.count * MemoryLayout<RowEntry>.stride
        taken[partition] = 0
    }

    /// Gives up all memory that records do not need, and writes those in memory if they are many;
    /// nothing can be added any more.
    mutating func close() throws(SpillFault) {
        isClosed = true
        guard !buffer.isEmpty else { return }
        if file != nil || count > Self.keptEntriesMax {
            for partition in indices where taken[partition] > 0 { try write(partition) }
        }
        var packed: [RowEntry] = []
        for partition in indices {
            let first = starts[partition]
            starts[partition] = packed.count
            packed += buffer[first..<first + taken[partition]]
        }
        buffer = packed
    }

    /// Whether a table of so many records is larger than it may become, and parting them once more
    /// can help.
    func mustPart(_ count: Int, bytesMax: Int) -> Bool {
        let bytes = count * MemoryLayout<RowEntry>.stride * 2
        return bytes > Swift.max(bytesMax, RowTable.leastBytes) && depth < Self.depthMax
    }

    /// A partition's records, parted by the next bits.
    func parted(_ partition: Int) throws(SpillFault) -> RowPartitions {
        var finer = RowPartitions(in: folder, depth: depth + 1, bufferEntries: bufferEntries)
        try read(partition) { entries throws(SpillFault) in
            try finer.append(entries) { $0 }
        }
        return finer
    }

    /// Gives a partition's records in the order in which they came, some at a time.
    @inline(__always)
    func read(
        _ partition: Int, _ body: (ArraySlice<RowEntry>) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        for block in blocks[partition] {
            guard let file else { throw .noFolder }
            try body(file.read(block.count, at: block.offset, of: RowEntry.none)[...])
        }
        guard taken[partition] > 0 else { return }
        let start = starts[partition]
        try body(buffer[start..<start + taken[partition]])
    }
}
