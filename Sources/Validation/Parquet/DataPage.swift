/// A page of values whose levels and values are read a few at a time.
struct DataPage {
    /// Of the second kind of page the levels are apart, because they are never compressed.
    private let levelBytes: [UInt8]
    private let valueBytes: [UInt8]
    /// Where the page begins in the file.
    let offset: Int
    /// Of its values and nulls, all, and those that are not read yet.
    let count: Int
    private(set) var left: Int
    private var repetitions: HybridDecoder?
    private var definitions: HybridDecoder?
    private var values: PageValues
    private let definitionMax: Int
    private let repetitionMax: Int

    /// About how much memory it takes.
    let sizeBytes: Int

    /// A page of the first kind: lengths, levels and values compressed together.
    init(
        _ leaf: ParquetLeaf, _ header: PageHeader, _ bytes: [UInt8],
        _ dictionary: PageDictionary?, offset: Int
    ) throws(BinaryFault) {
        let end = bytes.count - pageRoomBytes
        var position = 0
        func levels(
            _ most: Int, _ encoding: PageHeader.Encoding
        ) throws(BinaryFault) -> HybridDecoder? {
            guard most > 0 else { return nil }
            let width = Int.bitWidth - most.leadingZeroBitCount
            let isOldest = encoding == .bitPacked
            var size = (header.values * width + 7) / 8
            if !isOldest {
                guard end - position >= 4 else { throw .damaged("a page is cut off", at: offset) }
                size = Int(bytes.span.littleHalf(at: position))
                position += 4
            }
            guard size <= end - position else { throw .damaged("a page is cut off", at: offset) }
            defer { position += size }
            return try HybridDecoder(
                position..<position + size, width: width, offset: offset, isOldest: isOldest)
        }
        repetitions = try levels(leaf.repetitionMax, header.repetitionEncoding)
        definitions = try levels(leaf.definitionMax, header.definitionEncoding)
        values = try PageValues(
            leaf, header.encoding, dictionary, bytes.span, position..<end, most: header.values,
            offset: offset)
        levelBytes = bytes
        valueBytes = bytes
        sizeBytes = bytes.count
        count = header.values
        left = header.values
        definitionMax = leaf.definitionMax
        repetitionMax = leaf.repetitionMax
        self.offset = offset
    }

    /// A page of the second kind.
    init(
        _ leaf: ParquetLeaf, _ header: PageHeader, levels: [UInt8], values: [UInt8],
        _ dictionary: PageDictionary?, offset: Int
    ) throws(BinaryFault) {
        func decoder(_ most: Int, _ range: Range<Int>) throws(BinaryFault) -> HybridDecoder? {
            guard most > 0 else { return nil }
            return try HybridDecoder(
                range, width: Int.bitWidth - most.leadingZeroBitCount, offset: offset)
        }
        let first = header.repetitionBytes
        repetitions = try decoder(leaf.repetitionMax, 0..<first)
        definitions = try decoder(leaf.definitionMax, first..<first + header.definitionBytes)
        self.values = try PageValues(
            leaf, header.encoding, dictionary, values.span, 0..<values.count - pageRoomBytes,
            most: header.values, offset: offset)
        levelBytes = levels
        valueBytes = values
        sizeBytes = levels.count + values.count
        count = header.values
        left = header.values
        definitionMax = leaf.definitionMax
        repetitionMax = leaf.repetitionMax
        self.offset = offset
    }

    /// How many cells may be taken at once: see `PageValues`.
    func count(within bytesMax: Int) throws(BinaryFault) -> Int {
        min(left, try values.count(within: bytesMax, valueBytes.span))
    }

    /// The next cells of a column that is no list.
    mutating func cells(_ count: Int) throws(BinaryFault) -> CellRun {
        left -= count
        let bytes = valueBytes
        guard let isThere = try presence(count) else {
            return CellRun(
                count: count, isThere: nil, values: try values.read(count, bytes.span))
        }
        let valueCount = isThere.count { $0 }
        return CellRun(
            count: count, isThere: isThere, values: try values.read(valueCount, bytes.span))
    }

    /// nil: all are there.
    private mutating func presence(_ count: Int) throws(BinaryFault) -> [Bool]? {
        guard var decoder = definitions else { return nil }
        let most = UInt32(definitionMax)
        if try decoder.repeated(most, in: levelBytes.span) >= count {
            decoder.pass(count)
            definitions = decoder
            return nil
        }
        var levels: [UInt32] = []
        levels.reserveCapacity(count)
        try decoder.read(count, from: levelBytes.span, into: &levels)
        definitions = decoder
        try check(levels, most: definitionMax)
        return levels.map { $0 == most }
    }

    /// The levels of the next elements of a column of lists, and the values among them.
    mutating func elements(
        _ count: Int
    ) throws(BinaryFault) -> (repetitions: [UInt32], definitions: [UInt32], CellRun.Values) {
        left -= count
        let (levels, bytes) = (levelBytes, valueBytes)
        var (repeated, defined): ([UInt32], [UInt32]) = ([], [])
        try repetitions?.read(count, from: levels.span, into: &repeated)
        try definitions?.read(count, from: levels.span, into: &defined)
        try check(repeated, most: repetitionMax)
        try check(defined, most: definitionMax)
        let valueCount = defined.count { $0 == UInt32(definitionMax) }
        return (repeated, defined, try values.read(valueCount, bytes.span))
    }

    private func check(_ levels: [UInt32], most: Int) throws(BinaryFault) {
        guard levels.allSatisfy({ $0 <= UInt32(most) }) else {
            throw .damaged("a level beyond \(most)", at: offset)
        }
    }
}
