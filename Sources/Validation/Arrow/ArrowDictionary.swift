/// Values that are stored once and named by their places: a dictionary, or the values of runs.
struct ArrowDictionary: Sendable {
    private(set) var cells: CellDictionary
    /// nil: every value is there.
    private var isThere: [Bool]?

    /// One without values, as long as none has come.
    init() { cells = CellDictionary(texts: PackedBytes(), values: [], longest: 0) }

    /// Reads all values of an array.
    init(
        _ leaf: inout ArrowLeaf, _ form: ValueForm,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        self.init()
        var there: [Bool] = []
        while leaf.left > 0 {
            let count = try leaf.count(CellLimits.rowsMax, within: 1 << 20, from: source)
            var part = try leaf.presence(count, from: source)
            there += part ?? [Bool](repeating: true, count: count)
            // With an empty text for those that are not there, so that the places count.
            let values = try CellDictionary(
                try leaf.take(count, &part, from: source), form, at: leaf.offset)
            if let part {
                cells.append(values.spread(over: part))
            } else {
                cells.append(values)
            }
            guard cells.sizeBytes <= CellLimits.dictionaryBytesMax else {
                throw BinaryFault(
                    kind: .tooLarge("a dictionary of more than \(cells.sizeBytes >> 20) MiB"),
                    offset: leaf.offset)
            }
        }
        isThere = there.contains(false) ? there : nil
    }

    /// Adds the values of another behind those that are there.
    mutating func append(_ other: ArrowDictionary) {
        let known = cells.count
        cells.append(other.cells)
        guard isThere != nil || other.isThere != nil else { return }
        isThere =
            (isThere ?? [Bool](repeating: true, count: known))
            + (other.isThere ?? [Bool](repeating: true, count: other.cells.count))
    }

    /// The values that places name.
    ///
    /// - Parameters:
    ///   - places: of those of `count` cells that are there.
    ///   - present: changed where the value itself is not there.
    func values(
        _ places: [UInt64], _ present: inout [Bool]?, _ count: Int, at offset: Int
    ) throws(BinaryFault) -> CellRun.Values {
        var indices: [UInt32] = []
        indices.reserveCapacity(places.count)
        for place in places {
            guard place < UInt64(cells.count) else {
                throw .damaged(
                    "value \(Int64(bitPattern: place)) of a dictionary of \(cells.count)",
                    at: offset)
            }
            indices.append(UInt32(truncatingIfNeeded: place))
        }
        guard let isThere, indices.contains(where: { !isThere[Int($0)] }) else {
            return .indices(indices, cells)
        }
        var cellsThere = present ?? [Bool](repeating: true, count: count)
        var next = 0
        for cell in 0..<count where cellsThere[cell] {
            cellsThere[cell] = isThere[Int(indices[next])]
            next += 1
        }
        present = cellsThere
        return .indices(indices.filter { isThere[Int($0)] }, cells)
    }
}

extension CellDictionary {
    /// With an empty text in each place that is not there.
    fileprivate func spread(over isThere: [Bool]) -> CellDictionary {
        var spread = PackedBytes()
        var written: [WrittenValue] = []
        var next = 0
        for there in isThere {
            if there, next < count {
                spread.append(texts.bytes.span, texts.range(next))
                written.append(values[next])
                next += 1
            } else {
                spread.append([UInt8]())
                written.append(WrittenValue())
            }
        }
        return CellDictionary(texts: spread, values: written, longest: longest)
    }
}

/// The dictionaries that have come so far, by their numbers.
struct ArrowDictionaries {
    let isBigEndian: Bool
    private var all: [Int: ArrowDictionary] = [:]
    /// Of all of them, about.
    private var bytes = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// Without values when it has not come, as may be while all indices are null.
    subscript(number: Int) -> ArrowDictionary { all[number] ?? ArrowDictionary() }

    /// Takes a dictionary, which replaces the one of its number or goes on with it.
    mutating func read(
        _ message: ArrowMessage, _ schema: ArrowSchema,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let number = try message.header.long(0)
        guard var field = schema.dictionaries[number] else {
            throw .damaged("dictionary \(number) is of no column", at: message.offset)
        }
        guard let table = try message.header.table(1) else {
            throw .damaged("a dictionary without values", at: message.offset)
        }
        field.index = nil
        var batch = try ArrowBatch(table, body: message.body)
        var leaf = try ArrowLeaf(field, in: &batch, self, from: source)
        try batch.finish()
        guard leaf.left == batch.rows else {
            throw .damaged("a dictionary of \(leaf.left) values", at: message.offset)
        }
        let values = try ArrowDictionary(&leaf, field.form ?? .nothing, from: source)
        bytes -= all[number]?.cells.sizeBytes ?? 0
        var known = ArrowDictionary()
        if try message.header.flag(2) { known = all.removeValue(forKey: number) ?? known }
        known.append(values)
        bytes += known.cells.sizeBytes
        all[number] = known
        guard bytes <= ArrowLimits.dictionariesBytesMax else {
            throw BinaryFault(
                kind: .tooLarge("dictionaries of more than \(bytes >> 20) MiB"),
                offset: message.offset)
        }
    }
}

/// Reads where runs of equal values end.
struct RunReader {
    private static let blockCount = 1024

    let offset: Int
    private var buffer: BodyBuffer
    private let bytes: Int
    private let isBigEndian: Bool
    /// Runs whose ends are not read.
    private var left: Int
    /// Ends that are read, and how many of them are of runs that have begun.
    private var ends: [UInt64] = []
    private var begun = 0
    private var run = -1
    private var position: UInt64 = 0
    private var end: UInt64 = 0

    init(
        _ field: ArrowField, in batch: inout ArrowBatch, isBigEndian: Bool,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let node = try batch.node()
        left = node.length
        _ = try batch.validity(node, source)
        buffer = try batch.buffer(source)
        offset = buffer.offset
        bytes = if case .word(let bytes, _, _, _) = field.type { bytes } else { 4 }
        self.isBigEndian = isBigEndian
    }

    /// Adds the runs that the next values are in.
    mutating func take(
        _ count: Int, into places: inout [UInt64],
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        places.reserveCapacity(count)
        while places.count < count {
            try begin(source)
            let more = min(end - position, UInt64(count - places.count))
            places.append(contentsOf: repeatElement(UInt64(run), count: Int(more)))
            position += more
        }
    }

    /// Passes over values, whole runs at once: there may be any number in one.
    mutating func skip(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        var rest = UInt64(count)
        while rest > 0 {
            try begin(source)
            let more = min(end - position, rest)
            position += more
            rest -= more
        }
    }

    /// Sees to it that the next value is in the run.
    private mutating func begin(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while position == end {
            if begun == ends.count { try readEnds(source) }
            let next = ends[begun]
            begun += 1
            run += 1
            guard next >= end else { throw .damaged("a run ends before the last", at: offset) }
            end = next
        }
    }

    private mutating func readEnds(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard left > 0 else { throw .damaged("runs end too early", at: offset) }
        try source.budget.checkCancelled(at: offset)
        let count = min(left, Self.blockCount)
        left -= count
        let stored = try buffer.read(count * bytes, from: source)
        let shift = UInt64(64 - 8 * bytes)
        // There are eight bytes behind each, as the buffer has room.
        ends = (0..<count).map { index in
            let word = stored.span.littleWord(at: index * bytes)
            return isBigEndian ? word.byteSwapped >> shift : (word << shift) >> shift
        }
        begun = 0
    }
}
