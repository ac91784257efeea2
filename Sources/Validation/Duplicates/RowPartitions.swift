/// Records on disk, apart by six bits of their hash: equal records are in the same partition, in
/// the order in which they came.
struct RowPartitions: Sendable {
    private static let bits: UInt64 = 6
    private static let bufferEntries = 2_048
    /// Beyond it there are no bits left, and so many equal ones are one table entry each.
    static let depthMax = 8

    private struct Block: Sendable {
        var offset: Int
        var count: Int
    }

    private let file: SpillFile
    /// How many times the records were parted before.
    let depth: Int
    private var end = 0
    private var buffers: [[RowEntry]]
    private var blocks: [[Block]]

    init(in folder: String, depth: Int = 0) throws(SpillFault) {
        file = try SpillFile(in: folder)
        self.depth = depth
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
        buffers[partition].append(entry)
        guard buffers[partition].count == Self.bufferEntries else { return }
        try file.write(buffers[partition], at: end)
        blocks[partition].append(Block(offset: end, count: Self.bufferEntries))
        end += Self.bufferEntries * MemoryLayout<RowEntry>.stride
        buffers[partition].removeAll(keepingCapacity: true)
    }

    /// Gives a partition's records in the order in which they came.
    func read(
        _ partition: Int, _ body: (RowEntry) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        for block in blocks[partition] {
            for entry in try file.read(block.count, at: block.offset) { try body(entry) }
        }
        for entry in buffers[partition] { try body(entry) }
    }
}
