/// The arrays of a record batch, taken in the order in which the fields have them.
///
/// Source: format/Message.fbs. Every array has a node, of its length and number of nulls; its
/// buffers follow from its type: where values may be missing, bits that say which are there come
/// first.
struct ArrowBatch {
    struct Node {
        var length: Int
        var nulls: Int
    }

    let rows: Int
    /// Where the batch is described in the file.
    let offset: Int
    private let nodes: [Int]
    private let buffers: [Int]
    private let viewCounts: [Int]
    private let body: Range<Int>
    private let codec: ArrowCodec?
    private var nextNode = 0
    private var nextBuffer = 0
    private var nextViewCount = 0
    /// About how much memory the buffers take that were opened.
    private var heldBytes = 0

    init(_ table: FlatTable, body: Range<Int>) throws(BinaryFault) {
        rows = try table.long(0)
        offset = table.offset
        nodes = try table.longs(1, words: 2)
        buffers = try table.longs(2, words: 2)
        viewCounts = try table.longs(4)
        self.body = body
        guard let compression = try table.table(3) else {
            codec = nil
            return
        }
        let number = try compression.byte(0)
        guard let codec = ArrowCodec(rawValue: number), try compression.byte(1) == 0 else {
            throw BinaryFault(
                kind: .unsupported("compression \(number) is not read"),
                offset: compression.offset)
        }
        self.codec = codec
    }

    mutating func node() throws(BinaryFault) -> Node {
        guard nextNode < nodes.count else {
            throw .damaged("a batch has too few arrays", at: offset)
        }
        let node = Node(length: nodes[nextNode], nulls: nodes[nextNode + 1])
        nextNode += 2
        guard node.length >= 0, node.nulls >= 0, node.nulls <= node.length else {
            throw .damaged(
                "an array of \(node.length) values and \(node.nulls) nulls", at: offset)
        }
        return node
    }

    mutating func buffer(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> BodyBuffer {
        let buffer = try BodyBuffer(try range(), codec, from: source)
        heldBytes += buffer.heldBytes
        guard heldBytes <= ArrowLimits.buffersBytesMax else {
            throw BinaryFault(
                kind: .tooLarge("compressed buffers of \(heldBytes >> 20) MiB side by side"),
                offset: offset)
        }
        return buffer
    }

    /// The bits that say which values are there.
    mutating func validity(
        _ node: Node, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> BitReader {
        let buffer = try buffer(source)
        guard node.nulls > 0 else { return BitReader(nil) }
        return BitReader(buffer)
    }

    mutating func viewBuffers(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [BodyBuffer] {
        guard nextViewCount < viewCounts.count, viewCounts[nextViewCount] >= 0,
            viewCounts[nextViewCount] <= buffers.count
        else { throw .damaged("a batch has too few buffers of views", at: offset) }
        var found: [BodyBuffer] = []
        for _ in 0..<viewCounts[nextViewCount] { found.append(try buffer(source)) }
        nextViewCount += 1
        return found
    }

    private mutating func range() throws(BinaryFault) -> Range<Int> {
        guard nextBuffer < buffers.count else {
            throw .damaged("a batch has too few buffers", at: offset)
        }
        let (start, length) = (buffers[nextBuffer], buffers[nextBuffer + 1])
        nextBuffer += 2
        guard start >= 0, length >= 0, start <= body.count, length <= body.count - start else {
            throw .damaged("a buffer goes beyond its batch", at: offset)
        }
        return body.lowerBound + start..<body.lowerBound + start + length
    }

    /// Checks that the fields have taken all arrays.
    func finish() throws(BinaryFault) {
        guard nextNode == nodes.count, nextBuffer == buffers.count else {
            throw .damaged("a batch has more arrays than the schema", at: offset)
        }
    }
}

/// Reads bits, the lowest of each byte first.
struct BitReader {
    /// nil: all bits are set.
    private var buffer: BodyBuffer?
    private var byte: UInt8 = 0
    private var bitsLeft = 0

    init(_ buffer: BodyBuffer?) { self.buffer = buffer }

    /// The next bits; nil: all are set.
    mutating func read(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [Bool]? {
        guard var buffer else { return nil }
        self.buffer = nil
        defer { self.buffer = buffer }
        let more = max(0, count - bitsLeft + 7) / 8
        let bytes = try buffer.read(more, from: source)
        var bits: [Bool] = []
        bits.reserveCapacity(count)
        var next = 0
        while bits.count < count {
            if bitsLeft == 0 {
                byte = bytes[next]
                next += 1
                bitsLeft = 8
            }
            let wanted = min(bitsLeft, count - bits.count)
            for _ in 0..<wanted {
                bits.append(byte & 1 == 1)
                byte >>= 1
            }
            bitsLeft -= wanted
        }
        return bits
    }

    mutating func skip(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard buffer != nil else { return }
        let begun = min(count, bitsLeft)
        byte >>= UInt8(begun)
        bitsLeft -= begun
        try buffer?.skip((count - begun) / 8, from: source)
        _ = try read((count - begun) % 8, from: source)
    }
}

/// Reads how long the values of an array are from the offsets between which they lie.
struct OffsetReader {
    private static let blockCount = 1024

    /// Where the first value begins; nil: nothing was read yet.
    private(set) var first: Int?
    private var buffer: BodyBuffer
    private let bytes: Int
    private let isBigEndian: Bool
    /// Values whose length is not read; behind them a buffer may be filled up with anything.
    private var unread: Int
    private var last = 0
    private var lengths: [Int] = []
    private var taken = 0

    init(_ buffer: BodyBuffer, bytes: Int, count: Int, isBigEndian: Bool) {
        self.buffer = buffer
        unread = count
        self.bytes = bytes
        self.isBigEndian = isBigEndian
    }

    /// The lengths of the next values, without taking them; there must be as many.
    mutating func peek(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArraySlice<Int> {
        if lengths.count - taken < count { try fill(count, source) }
        return lengths[taken..<taken + count]
    }

    mutating func take(_ count: Int) { taken += count }

    private mutating func fill(
        _ count: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        lengths.removeFirst(taken)
        taken = 0
        let isFirst = first == nil
        let more = max(count - lengths.count, min(Self.blockCount, unread))
        unread -= more
        let all = try buffer.read((more + (isFirst ? 1 : 0)) * bytes, from: source)
        var place = 0
        if isFirst {
            last = number(all, at: 0)
            guard last >= 0 else { throw .damaged("an offset of \(last)", at: buffer.offset) }
            first = last
            place = bytes
        }
        for _ in 0..<more {
            let end = number(all, at: place)
            guard end >= last else {
                throw .damaged("an offset of \(end) behind one of \(last)", at: buffer.offset)
            }
            lengths.append(end - last)
            last = end
            place += bytes
        }
    }

    private func number(_ all: [UInt8], at place: Int) -> Int {
        if bytes == 4 {
            let half = all.span.littleHalf(at: place)
            return Int(Int32(bitPattern: isBigEndian ? half.byteSwapped : half))
        }
        let word = all.span.littleWord(at: place)
        return Int(Int64(bitPattern: isBigEndian ? word.byteSwapped : word))
    }
}
