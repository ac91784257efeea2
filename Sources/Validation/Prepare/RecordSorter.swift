/// Sorts any number of records by their bytes, within a bound of memory; what does not fit goes to
/// the disk as sorted runs, which are merged in the end.
///
/// Records that must keep their order end in a number. Equal records are all kept.
struct RecordSorter {
    /// Runs of one level that are merged into one of the next.
    private static let runsMax = 32

    private struct Item {
        /// The first eight bytes, which decide nearly always.
        var prefix: UInt64
        var start: Int
        var length: Int
    }

    /// One sorted run: records with their lengths before them.
    struct Run {
        var file: SpillFile
        var offset: Int
        var bytes: Int
    }

    private let bytesMax: Int
    private let mergeBytesMax: Int
    private let folder: String
    private var bytes: [UInt8] = []
    private var items: [Item] = []
    private var levels: [[Run]] = []
    private var ends: [Int] = []
    private var files: [SpillFile] = []
    /// How many records there are.
    private(set) var count = 0
    /// Bytes of the longest record.
    private var longest = 0

    /// - Parameters:
    ///   - bytesMax: of the records that are in memory.
    ///   - mergeBytesMax: of the records, one of each run, that are in memory while runs are
    ///     merged; two in any case.
    init(bytesMax: Int, folder: String, mergeBytesMax: Int = 32 << 20) {
        self.bytesMax = bytesMax
        self.folder = folder
        self.mergeBytesMax = mergeBytesMax
    }

    /// Runs that are merged at the same time.
    private var fanIn: Int { max(2, min(Self.runsMax, mergeBytesMax / max(1, longest))) }

    mutating func add(_ record: [UInt8]) throws(PreparationError) {
        let needed = bytes.count + record.count + (items.count + 1) * MemoryLayout<Item>.stride
        if needed > bytesMax, !items.isEmpty { try spill() }
        var prefix: UInt64 = 0
        for index in 0..<8 {
            prefix = prefix << 8 | (index < record.count ? UInt64(record[index]) : 0)
        }
        longest = max(longest, record.count)
        items.append(Item(prefix: prefix, start: bytes.count, length: record.count))
        bytes.append(contentsOf: record)
        count += 1
    }

    private mutating func sort() {
        let bytes = bytes
        items.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return isBefore(
                bytes[left.start..<left.start + left.length],
                bytes[right.start..<right.start + right.length])
        }
    }

    private mutating func spill() throws(PreparationError) {
        sort()
        var run = RunWriter()
        let target = try file(level: 0)
        let start = ends[0]
        for item in items {
            run.append(bytes[item.start..<item.start + item.length])
            try spilling { () throws(SpillFault) in try run.flush(to: target, at: &ends[0]) }
        }
        try spilling { () throws(SpillFault) in
            try run.flush(to: target, at: &ends[0], isLast: true)
        }
        levels[0].append(Run(file: target, offset: start, bytes: ends[0] - start))
        items.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        try settle(level: 0)
    }

    /// Merges the runs of a level once there are many.
    private mutating func settle(level: Int) throws(PreparationError) {
        guard levels[level].count >= fanIn else { return }
        try merge(level: level)
        try settle(level: level + 1)
    }

    /// Makes the runs of a level one of the next, and frees their file.
    private mutating func merge(level: Int) throws(PreparationError) {
        var merge = try RunMerge(levels[level])
        let target = try file(level: level + 1)
        let start = ends[level + 1]
        var run = RunWriter()
        while let record = try merge.next() {
            run.append(record[...])
            try spilling { () throws(SpillFault) in
                try run.flush(to: target, at: &ends[level + 1])
            }
        }
        try spilling { () throws(SpillFault) in
            try run.flush(to: target, at: &ends[level + 1], isLast: true)
        }
        levels[level + 1].append(
            Run(file: target, offset: start, bytes: ends[level + 1] - start))
        levels[level] = []
        ends[level] = 0
        files[level] = try spilling { () throws(SpillFault) in try SpillFile(in: folder) }
    }

    private mutating func file(level: Int) throws(PreparationError) -> SpillFile {
        while files.count <= level {
            files.append(try spilling { () throws(SpillFault) in try SpillFile(in: folder) })
            levels.append([])
            ends.append(0)
        }
        return files[level]
    }

    /// The records in order; nothing may be added afterwards.
    mutating func sorted() throws(PreparationError) -> SortedRecords {
        if levels.isEmpty {
            sort()
            let found = SortedRecords(
                bytes: bytes, ranges: items.map { $0.start..<$0.start + $0.length })
            items = []
            bytes = []
            return found
        }
        if !items.isEmpty { try spill() }
        bytes = []
        items = []
        var level = 0
        while levels.reduce(0, { $0 + $1.count }) > fanIn {
            if !levels[level].isEmpty { try merge(level: level) }
            level += 1
        }
        return SortedRecords(merge: try RunMerge(levels.flatMap(\.self)))
    }
}

/// Records in order, one after the other.
struct SortedRecords {
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>] = []
    private var index = 0
    private var merge: RunMerge?

    init(bytes: [UInt8], ranges: [Range<Int>]) {
        self.bytes = bytes
        self.ranges = ranges
    }

    init(merge: RunMerge) { self.merge = merge }

    mutating func next() throws(PreparationError) -> [UInt8]? {
        if merge != nil { return try merge?.next() }
        guard index < ranges.count else { return nil }
        index += 1
        return Array(bytes[ranges[index - 1]])
    }
}

/// Bytes ordered as unsigned numbers; the shorter first where they are equal so far.
func isBefore(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    var (one, two) = (left.startIndex, right.startIndex)
    while one < left.endIndex, two < right.endIndex {
        if left[one] != right[two] { return left[one] < right[two] }
        one += 1
        two += 1
    }
    return one == left.endIndex && two < right.endIndex
}

/// What waits to be written of a run.
private struct RunWriter {
    private static let bytesMax = 1 << 18
    private var bytes: [UInt8] = []

    mutating func append(_ record: ArraySlice<UInt8>) {
        bytes.append(varint: record.count)
        bytes.append(contentsOf: record)
    }

    mutating func flush(
        to file: SpillFile, at end: inout Int, isLast: Bool = false
    ) throws(SpillFault) {
        guard isLast || bytes.count >= Self.bytesMax else { return }
        try file.write(bytes: bytes, at: end)
        end += bytes.count
        bytes.removeAll(keepingCapacity: true)
    }
}
