/// Reads one buffer of a record batch from its beginning to its end, whatever its size.
struct BodyBuffer {
    private static let blockBytes = 64 << 10
    /// Of bytes that are passed over.
    private static let skipBytesMax = 1 << 20

    /// Where the buffer is in the file, for reports.
    let offset: Int
    /// Without compression.
    let sizeBytes: Int
    /// Bytes that are not given yet.
    private(set) var left: Int
    /// About how much memory it takes while it is read.
    private(set) var heldBytes = 0
    /// Stored bytes that are not read.
    private var stored: Range<Int>
    private var packing = Packing.none
    private var frame: LZ4Frame?
    private var stream: UnpackStream?
    private var input: [UInt8] = []
    private var inputTaken = 0

    private enum Packing { case none, lz4, zstd }

    /// One without bytes.
    init() {
        offset = 0
        sizeBytes = 0
        left = 0
        stored = 0..<0
    }

    /// - Parameters:
    ///   - range: of the file.
    ///   - codec: nil: the batch is not compressed.
    init(
        _ range: Range<Int>, _ codec: ArrowCodec?,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        offset = range.lowerBound
        stored = range
        guard let codec, !range.isEmpty else {
            sizeBytes = range.count
            left = sizeBytes
            return
        }
        guard range.count >= 8 else {
            throw .damaged("a compressed buffer of \(range.count) bytes", at: range.lowerBound)
        }
        let head = try source.bytes(offset..<offset + min(26, range.count), room: 0)
        let size = Int(Int64(bitPattern: head.span.littleWord(at: 0)))
        stored = offset + 8..<range.upperBound
        sizeBytes = size == -1 ? stored.count : size
        left = sizeBytes
        if size == -1 { return }
        guard size >= 0 else { throw .damaged("a buffer of \(size) bytes", at: offset) }
        switch codec {
        case .lz4:
            packing = .lz4
            frame = LZ4Frame(stored, sizeBytes: size)
            heldBytes = min(size, 3 * LZ4Frame.blockBytes(Array(head[8...]))) + (64 << 10)
        case .zstd:
            packing = .zstd
            heldBytes = min(size, zstdWindow(Array(head[8...]))) + (256 << 10)
        }
    }

    /// The next bytes, and `pageRoomBytes` zeros.
    mutating func read(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [UInt8] {
        guard count <= left else { throw tooShort }
        left -= count
        if packing == .none {
            let start = stored.lowerBound
            stored = start + count..<stored.upperBound
            return try source.bytes(start..<start + count, room: pageRoomBytes)
        }
        try source.budget.spend(count, of: .unpacked, at: offset)
        var output = [UInt8](repeating: 0, count: count + pageRoomBytes)
        var filled = 0
        while filled < count {
            let written =
                packing == .lz4
                ? try unpackFrame(into: &output, filled..<count, from: source)
                : try unpackStream(into: &output, filled..<count, from: source)
            guard written > 0 else {
                throw .damaged("a buffer gives fewer bytes than it says", at: offset)
            }
            filled += written
        }
        if left == 0 {
            (frame, stream) = (nil, nil)
            input = []
        }
        return output
    }

    /// Passes over bytes.
    mutating func skip(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard count <= left else { throw tooShort }
        if packing == .none {
            left -= count
            stored = stored.lowerBound + count..<stored.upperBound
            return
        }
        var rest = count
        while rest > 0 {
            let part = min(rest, Self.skipBytesMax)
            _ = try read(part, from: source)
            rest -= part
        }
    }

    /// All bytes of a buffer of which nothing was read.
    mutating func readAll(
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [UInt8] {
        try read(left, from: source)
    }

    /// Where a range of the buffer is in the file; nil: it is compressed, or not in the buffer.
    func place(_ range: Range<Int>) -> Range<Int>? {
        guard packing == .none, range.lowerBound >= 0, range.upperBound <= left else { return nil }
        return stored.lowerBound + range.lowerBound..<stored.lowerBound + range.upperBound
    }

    private var tooShort: BinaryFault {
        .damaged("a buffer has fewer bytes than the column needs", at: offset)
    }

    // MARK: Compression

    private mutating func unpackFrame(
        into output: inout [UInt8], _ range: Range<Int>,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Int {
        guard let part = try frame?.next(range.count, from: source) else { return 0 }
        output.replaceSubrange(range.lowerBound..<range.lowerBound + part.count, with: part)
        return part.count
    }

    private mutating func unpackStream(
        into output: inout [UInt8], _ range: Range<Int>,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Int {
        let open: UnpackStream
        if let stream { open = stream } else { open = try Self.zstd(offset) }
        stream = open
        while true {
            if inputTaken == input.count, !stored.isEmpty {
                let end = stored.lowerBound + min(Self.blockBytes, stored.count)
                input = try source.bytes(stored.lowerBound..<end, room: 0)
                stored = end..<stored.upperBound
                inputTaken = 0
            }
            let step = open.step(input, inputTaken..<input.count, &output, range)
            inputTaken += step.read
            if case .damaged(let reason) = step.state {
                throw .damaged("zstd says \(reason)", at: offset)
            }
            if step.written > 0 { return step.written }
            if step.read == 0, stored.isEmpty { return 0 }
        }
    }

    private static func zstd(_ offset: Int) throws(BinaryFault) -> UnpackStream {
        do throws(UnpackLibrary.Missing) {
            if let stream = try UnpackLibrary.shared(.zstd).stream() { return stream }
        } catch {
            throw BinaryFault(
                kind: .unsupported("buffers need a library that is not there: \(error.reason)"),
                offset: offset)
        }
        throw BinaryFault(kind: .tooLarge("there is no memory for zstd"), offset: offset)
    }
}

/// How far a frame of zstd may look back, as its header says; the most where it cannot be told.
///
/// Source: RFC 8878, 3.1.1.1.
private func zstdWindow(_ head: [UInt8]) -> Int {
    let most = 1 << UnpackStream.windowBitsMax
    guard head.count > 6 else { return most }
    if head[4] & 0x20 == 0 {
        let exponent = Int(head[5] >> 3)
        guard exponent <= UnpackStream.windowBitsMax - 10 else { return most }
        let base = 1 << (10 + exponent)
        return base + base / 8 * Int(head[5] & 7)
    }
    // One segment: the window is the content, which is what the batch says at most.
    return most
}

/// How the buffers of a batch are compressed, with the numbers of Message.fbs.
enum ArrowCodec: Int {
    case lz4, zstd
}
