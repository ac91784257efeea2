/// Entries of rows in their order: in memory while they are few, and otherwise on disk.
struct EntrySpool: Sendable {
    private let folder: String
    private let entriesMax: Int
    /// nil: nothing was written yet.
    private var file: SpillFile?
    /// How many entries of the file come before.
    private var start = 0
    private var written = 0
    private var buffer: [RowEntry] = []

    /// - Parameters:
    ///   - folder: where what does not fit is written.
    ///   - bytesMax: how much is kept in memory.
    init(in folder: String, bytesMax: Int) {
        self.folder = folder
        entriesMax = Swift.max(1, bytesMax / MemoryLayout<RowEntry>.stride)
    }

    /// What was written before, and to which nothing is added.
    ///
    /// - Parameter start: how many entries of the file come before.
    init(_ file: SpillFile, from start: Int, count: Int) {
        (folder, entriesMax) = ("", 1)
        self.file = file
        self.start = start
        written = count
    }

    /// One without entries.
    static let empty = EntrySpool(in: "", bytesMax: 0)

    var count: Int { written + buffer.count }

    /// Adds the entries that are made of some rows.
    mutating func append<Rows: Collection>(
        _ rows: Rows, _ entry: (Rows.Element) -> RowEntry
    ) throws(SpillFault) {
        var rest = rows[...]
        while !rest.isEmpty {
            let next = rest.prefix(entriesMax - buffer.count)
            // Because one by one each would ask whose the buffer is.
            buffer.append(contentsOf: next.map(entry))
            rest = rest.dropFirst(next.count)
            if buffer.count == entriesMax { try write() }
        }
    }

    private mutating func write() throws(SpillFault) {
        let file = try SpillFile.opened(&self.file, in: folder)
        try file.write(buffer[...], at: written * MemoryLayout<RowEntry>.stride)
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Gives all entries in their order, some at a time.
    func read(
        _ body: (ArraySlice<RowEntry>) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        var done = 0
        while let file, done < written {
            let count = Swift.min(Self.blockEntries, written - done)
            let offset = (start + done) * MemoryLayout<RowEntry>.stride
            try body(file.read(count, at: offset, of: RowEntry.none)[...])
            done += count
        }
        if !buffer.isEmpty { try body(buffer[...]) }
    }

    /// The entries of a range.
    func read(_ range: Range<Int>) throws(SpillFault) -> [RowEntry] {
        precondition(range.upperBound <= count)
        let (stored, rest) = (range.clamped(to: 0..<written), range.clamped(to: written..<count))
        var entries: [RowEntry] = []
        if let file, !stored.isEmpty {
            let offset = (start + stored.lowerBound) * MemoryLayout<RowEntry>.stride
            entries = try file.read(stored.count, at: offset, of: RowEntry.none)
        }
        if !rest.isEmpty {
            entries += buffer[rest.lowerBound - written..<rest.upperBound - written]
        }
        return entries
    }

    private static let blockEntries = 16_384
}
