/// Reads one column of a record batch from its first row to its last.
struct ArrowColumn {
    private let levels: Int
    private var path: [ArrowLevel]
    private var leaf: ArrowLeaf
    private let name: String
    /// Rows that are not begun.
    private var rowsLeft: Int
    private var queue = CellQueue()
    // Of lists only.
    private let hasLists: Bool
    private var lists: ListWriter
    private var pending = ListLevels()

    var readyCount: Int { queue.count }
    var readyBytes: Int { queue.bytes }

    init(_ column: TypedColumn, _ path: [ArrowLevel], _ leaf: ArrowLeaf, rows: Int) {
        name = column.name
        self.path = path
        levels = path.count
        self.leaf = leaf
        rowsLeft = rows
        hasLists = column.isList
        lists = ListWriter(column)
    }

    mutating func take(_ count: Int) -> [CellSlice] { queue.take(count) }

    /// Reads on until so many cells are ready, or cells of so many bytes; at least one.
    mutating func fill(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while queue.count < wanted, queue.count == 0 || queue.bytes < bytesMax, rowsLeft > 0 {
            if hasLists {
                try readLists(min(rowsLeft, wanted - queue.count), source)
            } else {
                try readCells(min(rowsLeft, wanted - queue.count), bytesMax, source)
            }
        }
        guard queue.count > 0 else { throw .tooFew(name, at: leaf.offset) }
    }

    private mutating func readCells(
        _ wanted: Int, _ bytesMax: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let count = try leaf.count(wanted, within: bytesMax, from: source)
        guard count > 0 else { throw .tooFew(name, at: leaf.offset) }
        var isThere = try leaf.presence(count, from: source)
        for level in path.indices {
            guard let around = try path[level].presence(count, from: source) else { continue }
            isThere = isThere.map { zip($0, around).map { $0 && $1 } } ?? around
        }
        let values = try leaf.take(count, &isThere, from: source)
        queue.add(CellRun(count: count, isThere: isThere, values: values))
        rowsLeft -= count
    }

    // MARK: Lists

    private mutating func readLists(
        _ rows: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        for _ in 0..<rows {
            try read(0, repetition: 0, definition: 0, depth: 0, source)
            rowsLeft -= 1
            if pending.count >= ListLevels.countMax { break }
        }
        try flush(source)
        lists.endRow()
        if let run = lists.take() { queue.add(run) }
    }

    /// Reads one value of the level, with all that is in it.
    ///
    /// - Parameters:
    ///   - repetition: which list goes on, from without; 0: a new row.
    ///   - definition: how much of the way is there.
    ///   - depth: how many lists are around.
    private mutating func read(
        _ level: Int, repetition: Int, definition: Int, depth: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard level < levels else { return try readValue(repetition, definition, source) }
        let isThere = try path[level].presence(1, from: source)?[0] ?? true
        guard path[level].isList else {
            if isThere {
                return try read(
                    level + 1, repetition: repetition, definition: definition + 1, depth: depth,
                    source)
            }
            try skip(level + 1, 1, source)
            return try add(repetition, definition, source)
        }
        let (first, length) = try path[level].list(from: source)
        if first > 0 { try skip(level + 1, first, source) }
        guard isThere, length > 0 else {
            // A list that is not there may have elements all the same.
            if length > 0 { try skip(level + 1, length, source) }
            return try add(repetition, isThere ? definition + 1 : definition, source)
        }
        for index in 0..<length {
            try read(
                level + 1, repetition: index == 0 ? repetition : depth + 1,
                definition: definition + 2, depth: depth + 1, source)
        }
    }

    private mutating func readValue(
        _ repetition: Int, _ definition: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        var bytes = try leaf.bytes(ofValue: pending.slots.count, from: source)
        guard bytes <= CellLimits.cellBytesMax else {
            throw BinaryFault(
                kind: .tooLarge("a value of \(bytes) bytes in `\(shownName(name))`"),
                offset: leaf.offset)
        }
        if pending.bytes + bytes > ListLevels.bytesMax {
            try flush(source)
            bytes = try leaf.bytes(ofValue: 0, from: source)
        }
        pending.bytes += bytes
        pending.slots.append(pending.count)
        // Whether it is there is only asked when the values are taken.
        try add(repetition, definition, source, isValue: true)
    }

    private mutating func add(
        _ repetition: Int, _ definition: Int, _ source: borrowing some ByteSource & ~Copyable,
        isValue: Bool = false
    ) throws(BinaryFault) {
        pending.repetitions.append(UInt32(repetition))
        pending.definitions.append(UInt32(definition))
        if !isValue, pending.count >= ListLevels.countMax { try flush(source) }
        if isValue, pending.count >= ListLevels.countMax { try flush(source) }
    }

    /// Gives what is pending to the writer.
    private mutating func flush(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let slots = pending.slots
        try source.budget.spend(pending.count, of: .cells, at: leaf.offset)
        var isThere = try leaf.presence(slots.count, from: source)
        let values = try leaf.take(slots.count, &isThere, from: source)
        for (index, slot) in slots.enumerated() where isThere?[index] ?? true {
            pending.definitions[slot] += 1
        }
        try lists.add(
            pending.repetitions, pending.definitions, values, offset: leaf.offset)
        pending = ListLevels()
    }

    private mutating func skip(
        _ level: Int, _ count: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard level < levels else {
            // Because the values are taken in their order.
            try flush(source)
            return try leaf.skip(count, from: source)
        }
        let inside = try path[level].skip(count, from: source)
        if inside > 0 { try skip(level + 1, inside, source) }
    }
}

/// The levels of elements that the writer has not got, as of a page of Parquet.
private struct ListLevels {
    static let countMax = 1024
    static let bytesMax = 1 << 20

    var repetitions: [UInt32] = []
    var definitions: [UInt32] = []
    /// Which of them have a value, or could have.
    var slots: [Int] = []
    /// Of the values.
    var bytes = 0

    var count: Int { definitions.count }
}

/// A structure or a list around the values of a column.
struct ArrowLevel {
    private enum Kind {
        case structure
        case list
        case fixed(Int)
    }

    private let kind: Kind
    private let name: String
    private let offset: Int
    private var validity: BitReader
    /// Of lists of any length.
    private var offsets: OffsetReader?
    /// The elements before the first offset are passed over.
    private var isBegun = false
    private var left: Int

    var isList: Bool { if case .structure = kind { false } else { true } }

    init(
        _ field: ArrowField, in batch: inout ArrowBatch, isBigEndian: Bool,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let node = try batch.node()
        name = field.name
        offset = batch.offset
        left = node.length
        validity = try batch.validity(node, source)
        switch field.type {
        case .list(let bytes):
            kind = .list
            offsets = OffsetReader(
                try batch.buffer(source), bytes: bytes, count: left, isBigEndian: isBigEndian)
        case .fixedList(let count): kind = .fixed(count)
        default: kind = .structure
        }
    }

    /// Which of the next are there; nil: all.
    mutating func presence(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [Bool]? {
        guard count <= left else { throw .tooFew(name, at: offset) }
        left -= count
        return try validity.read(count, from: source)
    }

    /// How many elements the next list has, and of the first one those that stand before it.
    mutating func list(
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (before: Int, count: Int) {
        if case .fixed(let count) = kind { return (0, count) }
        let count = try offsets?.peek(1, from: source).first ?? 0
        offsets?.take(1)
        defer { isBegun = true }
        return (isBegun ? 0 : offsets?.first ?? 0, count)
    }

    /// Passes over values; returns how many are in them.
    mutating func skip(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Int {
        guard count <= left else { throw .tooFew(name, at: offset) }
        left -= count
        try validity.skip(count, from: source)
        switch kind {
        case .structure: return count
        case .fixed(let size):
            let (all, isOver) = count.multipliedReportingOverflow(by: size)
            guard !isOver else { throw .tooFew(name, at: offset) }
            return all
        case .list:
            var (rest, all) = (count, 0)
            while rest > 0 {
                try source.budget.checkCancelled(at: offset)
                let part = min(rest, 1024)
                let lengths = try offsets?.peek(part, from: source) ?? []
                // In range: their sum is the difference of two offsets.
                all += lengths.reduce(0, +)
                if !isBegun { all += offsets?.first ?? 0 }
                isBegun = true
                offsets?.take(part)
                rest -= part
            }
            return all
        }
    }
}
