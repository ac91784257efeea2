/// Records in memory while they are few, and otherwise on disk, apart by six bits of their hash:
/// equal records are in the same partition, in the order in which they came.
struct RowPartitions: Sendable {
    private static let bits: UInt64 = 6
    /// So many of a partition are in memory.
    static let bufferEntriesMax = 2_048
    /// Beyond it there are no bits left, and so many equal ones are one table entry each.
    private static let depthMax = 8

    private struct Block: Sendable {
        var offset: Int
        var count: Int
    }

    private let folder: String
    /// nil: nothing was written yet.
    private var file: SpillFile?
    private let bufferEntries: Int
    /// How many times the records were parted before.
    private let depth: Int
    /// How many records there are.
    private(set) var count = 0
    private var end = 0
    private var buffers: [[RowEntry]]
    private var blocks: [[Block]]

    /// - Parameter folder: where what does not fit is written.
    init(in folder: String, depth: Int = 0, bufferEntries: Int = Self.bufferEntriesMax) {
        self.folder = folder
        self.depth = depth
        self.bufferEntries = Swift.max(1, Swift.min(bufferEntries, Self.bufferEntriesMax))
        let count = 1 << Int(Self.bits)
        buffers = [[RowEntry]](repeating: [], count: count)
        blocks = [[Block]](repeating: [], count: count)
    }

    var indices: Range<Int> { blocks.indices }

    /// How many records a partition has.
    func count(_ partition: Int) -> Int {
        blocks[partition].reduce(buffers[partition].count) { $0 + $1.count }
    }

    mutating func append(_ entry: RowEntry) throws(SpillFault) {
        let shift = 64 - Self.bits * UInt64(depth + 1)
        let partition = Int(entry.hash.high >> shift & (1 << Self.bits - 1))
        count += 1
        buffers[partition].append(entry)
        if buffers[partition].count >= bufferEntries { try write(partition) }
    }

    private mutating func write(_ partition: Int) throws(SpillFault) {
        let file: SpillFile
        if let known = self.file {
            file = known
        } else {
            file = try SpillFile(in: folder)
            self.file = file
        }
        try file.write(buffers[partition], at: end)
        blocks[partition].append(Block(offset: end, count: buffers[partition].count))
        end += buffers[partition].count * MemoryLayout<RowEntry>.stride
        buffers[partition].removeAll(keepingCapacity: true)
    }

    /// Writes what is in memory, if that is much, because nothing will be added for a while.
    mutating func rest() throws(SpillFault) {
        let held = buffers.reduce(0) { $0 + $1.count }
        for partition in indices where held > Self.bufferEntriesMax || file != nil {
            if !buffers[partition].isEmpty { try write(partition) }
            buffers[partition] = []
        }
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
        try read(partition) { entry throws(SpillFault) in try finer.append(entry) }
        return finer
    }

    /// Gives a partition's records in the order in which they came.
    func read(
        _ partition: Int, _ body: (RowEntry) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        for block in blocks[partition] {
            guard let file else { throw .noFolder }
            for entry in try file.read(block.count, at: block.offset) { try body(entry) }
        }
        for entry in buffers[partition] { try body(entry) }
    }
}
