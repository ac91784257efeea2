/// Undoes the compression of frames of LZ4, a block at a time.
///
/// Source: lz4/doc/lz4_Frame_format.md. A frame is a magic number, a header of three bytes or more,
/// blocks behind their lengths, and a length of 0. Blocks may refer to the 64 KiB before them.
/// Checksums are passed over, as the file's SHA-256 is compared.
struct LZ4Frame {
    private static let historyBytes = 64 << 10
    private static let inputBytes = 64 << 10
    private static let magic: UInt64 = 0x184D_2204

    /// Where the frames are in the file, as far as they are not read.
    private var stored: Range<Int>
    /// What all frames give together.
    private let sizeBytes: Int
    /// What was read of them, and how much of it is taken.
    private var input: [UInt8] = []
    private var inputTaken = 0
    /// What came before, and the bytes of the last block that are not taken.
    private var bytes: [UInt8] = []
    private var untaken = 0..<0
    /// 0: the next is a header.
    private var blockBytesMax = 0
    private var isLinked = false
    private var hasBlockSums = false
    private var hasSum = false

    init(_ stored: Range<Int>, sizeBytes: Int) {
        self.stored = stored
        self.sizeBytes = sizeBytes
    }

    /// Gives the next bytes, one at least; nil: there are no more.
    mutating func next(
        _ most: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArraySlice<UInt8>? {
        while untaken.isEmpty {
            if blockBytesMax == 0 {
                if stored.isEmpty { return nil }
                try readHeader(source)
            }
            try readBlock(source)
        }
        let end = untaken.lowerBound + min(most, untaken.count)
        defer { untaken = end..<untaken.upperBound }
        return bytes[untaken.lowerBound..<end]
    }

    private mutating func readHeader(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let head = Array(try take(6, source))
        guard head.span.littleHalf(at: 0) == Self.magic, head[4] >> 6 == 1 else {
            throw .damaged("a buffer is not LZ4 frames", at: stored.lowerBound)
        }
        let flags = head[4]
        isLinked = flags & 0x20 == 0
        hasBlockSums = flags & 0x10 != 0
        hasSum = flags & 0x04 != 0
        let code = Int(head[5] >> 4 & 7)
        guard code >= 4, flags & 1 == 0 else {
            throw .damaged("an LZ4 frame of an unknown kind", at: stored.lowerBound)
        }
        // The size of the content, if it is there, and a checksum.
        _ = try take(flags & 0x08 != 0 ? 9 : 1, source)
        blockBytesMax = 1 << (8 + 2 * code)
        bytes = []
        untaken = 0..<0
    }

    private mutating func readBlock(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let head = Array(try take(4, source))
        let length = Int(head.span.littleHalf(at: 0) & 0x7FFF_FFFF)
        if length == 0 {
            if hasSum { _ = try take(4, source) }
            return blockBytesMax = 0
        }
        let place = stored.lowerBound
        guard length <= blockBytesMax else {
            throw .damaged("an LZ4 block of \(length) bytes", at: place)
        }
        let block = try take(length, source)
        if hasBlockSums { _ = try take(4, source) }
        makeRoom()
        let start = bytes.count
        if head[3] >= 0x80 {
            bytes += block
        } else {
            // No block gives more; a small one may not cost as much as a large one.
            let room = min(blockBytesMax, sizeBytes, 255 * length + 64)
            bytes += [UInt8](repeating: 0, count: room)
            guard
                let end = lz4Inflate(
                    block.span, into: &bytes, at: start, limit: start + room), end > start
            else { throw .damaged("an LZ4 block is damaged", at: place) }
            bytes.removeLast(start + room - end)
        }
        untaken = start..<bytes.count
    }

    /// Forgets what no block can refer to, as soon as that is much.
    private mutating func makeRoom() {
        guard isLinked else { return bytes.removeAll(keepingCapacity: true) }
        guard bytes.count > Self.historyBytes + blockBytesMax else { return }
        bytes.removeFirst(bytes.count - Self.historyBytes)
    }

    private mutating func take(
        _ count: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArraySlice<UInt8> {
        guard count <= stored.count else {
            throw .damaged("LZ4 frames are cut off", at: stored.lowerBound)
        }
        let start = stored.lowerBound
        if count > input.count - inputTaken {
            try source.budget.checkCancelled(at: start)
            let size = min(stored.count, max(count, Self.inputBytes))
            input = try source.bytes(start..<start + size, room: 0)
            inputTaken = 0
        }
        stored = start + count..<stored.upperBound
        inputTaken += count
        return input[inputTaken - count..<inputTaken]
    }

    /// How large blocks are at most, as the first bytes of a frame say.
    static func blockBytes(_ head: [UInt8]) -> Int {
        head.count > 5 ? 1 << (8 + 2 * Int(head[5] >> 4 & 7)) : 4 << 20
    }
}
