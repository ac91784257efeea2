/// How pages are compressed, with parquet.thrift's numbers.
enum PageCodec: Int, Sendable {
    case none, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw

    var name: String {
        switch self {
        case .none: "uncompressed"
        case .snappy: "Snappy"
        case .gzip: "gzip"
        case .lzo: "LZO"
        case .brotli: "Brotli"
        case .lz4, .lz4Raw: "LZ4"
        case .zstd: "Zstandard"
        }
    }
}

/// Undoes the compression of pages.
///
/// What needs a library of the system is handed in.
struct PageCodecs: Sendable {
    /// The bytes that a range of the input gives, `count` of them and `pageRoomBytes` zeros; nil:
    /// it gives fewer or more, or is damaged.
    typealias Inflate =
        @Sendable (_ input: [UInt8], _ range: Range<Int>, _ count: Int)
        throws(BinaryFault.Kind) -> [UInt8]?

    var gzip: Inflate
    var zstd: Inflate

    /// The bytes of a page, `count` of them and no others, with `pageRoomBytes` zeros behind.
    ///
    /// - Parameter offset: where the page begins in the file.
    func inflate(
        _ input: [UInt8], _ range: Range<Int>, _ codec: PageCodec, count: Int, offset: Int
    ) throws(BinaryFault) -> [UInt8] {
        // Because memory is not taken on a file's word alone: no codec gives more from a byte.
        guard count <= (range.count + 1) * codec.gainMax else {
            throw .damaged("\(range.count) bytes cannot give \(count) (\(codec.name))", at: offset)
        }
        let output: [UInt8]?
        do throws(BinaryFault.Kind) {
            output = try inflate(input, range, codec, count)
        } catch {
            throw BinaryFault(kind: error, offset: offset)
        }
        guard let output, output.count == count + pageRoomBytes else {
            throw .damaged("a page does not give its \(count) bytes (\(codec.name))", at: offset)
        }
        return output
    }

    private func inflate(
        _ input: [UInt8], _ range: Range<Int>, _ codec: PageCodec, _ count: Int
    ) throws(BinaryFault.Kind) -> [UInt8]? {
        switch codec {
        case .none:
            guard range.count == count else { return nil }
            return input[range] + [UInt8](repeating: 0, count: pageRoomBytes)
        case .snappy: return snappyInflate(input.span.extracting(range), count: count)
        case .gzip: return try gzip(input, range, count)
        case .zstd: return try zstd(input, range, count)
        case .lz4Raw: return lz4Inflate(input.span.extracting(range), count: count)
        case .lz4:
            return hadoopInflate(input.span.extracting(range), count: count)
                ?? lz4Inflate(input.span.extracting(range), count: count)
        case .lzo, .brotli: return nil
        }
    }

    /// Whether pages of a compression can be read at all.
    func canRead(_ codec: PageCodec) -> Bool {
        switch codec {
        case .none, .snappy, .gzip, .zstd, .lz4, .lz4Raw: true
        case .lzo, .brotli: false
        }
    }
}

extension PageCodec {
    /// Bytes that one byte of input gives at most, about.
    fileprivate var gainMax: Int {
        switch self {
        case .none: 1
        case .snappy: 64
        case .gzip: 1100
        // A copy of any length takes a byte for each 255 bytes.
        case .lz4, .lz4Raw: 256
        case .lzo, .brotli, .zstd: 1 << 15
        }
    }
}

/// Undoes what Hadoop writes for LZ4; nil: it is something else.
///
/// Source: apache/arrow, cpp/src/arrow/util/compression_lz4.cc, `Lz4HadoopCodec`. Blocks of LZ4,
/// each behind two numbers of four bytes, the highest first: how much it gives, and how long it is.
private func hadoopInflate(_ input: Span<UInt8>, count: Int) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: count + pageRoomBytes)
    var (at, filled) = (0, 0)
    while at < input.count {
        guard input.count - at >= 8 else { return nil }
        let gives = Int(input.littleHalf(at: at).byteSwapped)
        let length = Int(input.littleHalf(at: at + 4).byteSwapped)
        at += 8
        guard length <= input.count - at, gives <= count - filled else { return nil }
        // Because each block stands for itself, it may not refer to those before it.
        guard let part = lz4Inflate(input.extracting(at..<at + length), count: gives) else {
            return nil
        }
        output.replaceSubrange(filled..<filled + gives, with: part[..<gives])
        at += length
        filled += gives
    }
    return filled == count ? output : nil
}
