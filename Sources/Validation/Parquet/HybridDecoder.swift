/// Reads small integers in runs: repeated values, and values packed by their bits.
///
/// Source: parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid". A run begins
/// with a varint; its lowest bit says which kind it is. The bytes are the page's, with room behind
/// them, and are handed in at each call.
struct HybridDecoder {
    /// Bits of one value, 0 to 32.
    let width: Int
    private var position: Int
    private let end: Int
    /// Where the page begins in the file.
    private let offset: Int
    /// Values of the current run that are not read yet.
    private var left = 0
    private var isPacked = false
    private var value: UInt32 = 0
    /// Of a packed run, where the next value begins.
    private var bit = 0
    /// The oldest packing of levels has no runs, and the highest bits first.
    private let isOldest: Bool

    init(
        _ range: Range<Int>, width: Int, offset: Int, isOldest: Bool = false
    ) throws(BinaryFault) {
        guard width <= 32 else { throw .damaged("values of \(width) bits", at: offset) }
        self.width = width
        position = range.lowerBound
        end = range.upperBound
        self.offset = offset
        self.isOldest = isOldest
        bit = range.lowerBound * 8
    }

    /// How many times the next value is repeated at least; only that of a run of one value.
    mutating func repeated(
        _ value: UInt32, in bytes: Span<UInt8>
    ) throws(BinaryFault) -> Int {
        if width == 0 || isOldest { return 0 }
        if left == 0 { try nextRun(bytes) }
        return !isPacked && self.value == value ? left : 0
    }

    /// Passes over values of a run of one value.
    mutating func pass(_ count: Int) { left -= count }

    /// Adds the next values.
    mutating func read(
        _ count: Int, from bytes: Span<UInt8>, into values: inout [UInt32]
    ) throws(BinaryFault) {
        if width == 0 {
            values.append(contentsOf: repeatElement(0, count: count))
            return
        }
        if isOldest { return try readOldest(count, bytes, &values) }
        var wanted = count
        while wanted > 0 {
            if left == 0 { try nextRun(bytes) }
            let taken = min(wanted, left)
            if isPacked {
                unpack(taken, bytes, &values)
            } else {
                values.append(contentsOf: repeatElement(value, count: taken))
            }
            left -= taken
            wanted -= taken
        }
    }

    private mutating func nextRun(_ bytes: Span<UInt8>) throws(BinaryFault) {
        var head: UInt64 = 0
        var shift: UInt64 = 0
        repeat {
            guard position < end, shift < 35 else { throw isCut }
            head |= UInt64(bytes[position] & 0x7F) << shift
            shift += 7
            position += 1
        } while bytes[position - 1] >= 0x80
        isPacked = head & 1 == 1
        let count = Int(head >> 1)
        if isPacked {
            // Some writers leave out the bytes of a last group that hold no value.
            let whole = min(count * width, end - position)
            bit = position * 8
            left = min(count * 8, whole * 8 / width)
            position += whole
        } else {
            let size = (width + 7) / 8
            guard size <= end - position else { throw isCut }
            let mask = (UInt64(1) << UInt64(width)) - 1
            value = UInt32(truncatingIfNeeded: bytes.littleWord(at: position) & mask)
            position += size
            left = count
        }
        guard left > 0 else { throw isCut }
    }

    private mutating func unpack(
        _ count: Int, _ bytes: Span<UInt8>, _ values: inout [UInt32]
    ) {
        let mask = (UInt64(1) << UInt64(width)) - 1
        for _ in 0..<count {
            // Seven bits and 32 lie within eight bytes, and there is room behind the page.
            let word = bytes.littleWord(at: bit >> 3) >> UInt64(bit & 7)
            values.append(UInt32(truncatingIfNeeded: word & mask))
            bit += width
        }
    }

    private mutating func readOldest(
        _ count: Int, _ bytes: Span<UInt8>, _ values: inout [UInt32]
    ) throws(BinaryFault) {
        guard count * width <= end * 8 - bit else { throw isCut }
        for _ in 0..<count {
            var value: UInt32 = 0
            for _ in 0..<width {
                value = value << 1 | UInt32(bytes[bit >> 3] >> UInt8(7 - (bit & 7))) & 1
                bit += 1
            }
            values.append(value)
        }
    }

    private var isCut: BinaryFault { .damaged("a page has fewer values than it says", at: offset) }
}
