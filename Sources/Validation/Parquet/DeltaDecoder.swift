/// Reads integers that are stored as differences, in blocks.
///
/// Source: parquet-format, Encodings.md, "Delta Encoding". A head of four varints: values of a
/// block, parts of a block, values in all, the first value. A block is the least difference, a byte
/// of the bits for each part, and the parts: differences beyond the least, packed by their bits.
struct DeltaDecoder {
    /// Values that are not read yet.
    private(set) var left: Int
    /// Behind the last byte that was read; of all values once `skipAll` was called.
    private(set) var position: Int
    private let end: Int
    private let offset: Int
    private let parts: Int
    private let partValues: Int
    /// The next value.
    private var value: Int64
    /// Of the current block.
    private var least: Int64 = 0
    private var widths: [UInt8] = []
    private var part: Int
    /// Of the current part.
    private var partLeft = 0
    private var width = 0
    private var bit = 0

    /// - Parameters:
    ///   - most: values that there may be.
    ///   - offset: where the page begins in the file.
    init(
        _ bytes: Span<UInt8>, _ range: Range<Int>, most: Int, offset: Int
    ) throws(BinaryFault) {
        position = range.lowerBound
        end = range.upperBound
        self.offset = offset
        var head: [UInt64] = []
        for _ in 0..<4 {
            head.append(try varint(bytes, &position, end: range.upperBound, offset: offset))
        }
        let (blockValues, parts, count) = (head[0], head[1], head[2])
        guard blockValues > 0, blockValues < 1 << 24, parts > 0, parts <= blockValues,
            parts <= 1 << 12, blockValues % parts == 0, blockValues / parts % 8 == 0,
            count <= UInt64(most)
        else { throw .damaged("a head of differences that cannot be", at: offset) }
        self.parts = Int(parts)
        partValues = Int(blockValues / parts)
        left = Int(count)
        value = zigzag(head[3])
        part = self.parts
    }

    /// Adds the next values.
    mutating func read(
        _ count: Int, from bytes: Span<UInt8>, into values: inout [UInt64]
    ) throws(BinaryFault) {
        guard count <= left else { throw isCut }
        for _ in 0..<count {
            values.append(UInt64(bitPattern: value))
            left -= 1
            if left > 0 { try advance(bytes) }
        }
    }

    /// Moves the place behind the last block, without the values.
    mutating func skipAll(_ bytes: Span<UInt8>) throws(BinaryFault) {
        left = max(0, left - 1 - partLeft)
        while left > 0 {
            try nextPart(bytes)
            left = max(0, left - partValues)
        }
    }

    private mutating func advance(_ bytes: Span<UInt8>) throws(BinaryFault) {
        if partLeft == 0 { try nextPart(bytes) }
        var packed: UInt64 = 0
        if width > 0 {
            let place = bit >> 3
            let shift = UInt64(bit & 7)
            packed = bytes.littleWord(at: place) >> shift
            // There is room behind the page for the ninth byte.
            if shift > 0 { packed |= UInt64(bytes[place + 8]) << (64 - shift) }
            if width < 64 { packed &= (1 << UInt64(width)) - 1 }
            bit += width
        }
        partLeft -= 1
        value = value &+ least &+ Int64(bitPattern: packed)
    }

    private mutating func nextPart(_ bytes: Span<UInt8>) throws(BinaryFault) {
        if part == parts {
            least = zigzag(try varint(bytes, &position, end: end, offset: offset))
            guard parts <= end - position else { throw isCut }
            widths.removeAll(keepingCapacity: true)
            for index in 0..<parts { widths.append(bytes[position + index]) }
            position += parts
            part = 0
        }
        width = Int(widths[part])
        part += 1
        guard width <= 64 else { throw .damaged("differences of \(width) bits", at: offset) }
        bit = position * 8
        let size = partValues / 8 * width
        guard size <= end - position else { throw isCut }
        position += size
        partLeft = partValues
    }

    private var isCut: BinaryFault { .damaged("a page has fewer values than it says", at: offset) }
}

private func zigzag(_ raw: UInt64) -> Int64 {
    Int64(bitPattern: raw >> 1 ^ (0 &- (raw & 1)))
}

private func varint(
    _ bytes: Span<UInt8>, _ position: inout Int, end: Int, offset: Int
) throws(BinaryFault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) as StrideTo<UInt64> {
        guard position < end else { break }
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) &<< shift
        if byte < 0x80 { return value }
    }
    throw .damaged("a page is cut off inside a number", at: offset)
}
