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
        throws(ParquetFault.Kind) -> [UInt8]?

    var gzip: Inflate
    var zstd: Inflate

    /// The bytes of a page, `count` of them and no others, with `pageRoomBytes` zeros behind.
    ///
    /// - Parameter offset: where the page begins in the file.
    func inflate(
        _ input: [UInt8], _ range: Range<Int>, _ codec: PageCodec, count: Int, offset: Int
    ) throws(ParquetFault) -> [UInt8] {
        // Because memory is not taken on a file's word alone: no codec gives more from a byte.
        guard count <= (range.count + 1) * codec.gainMax else {
            throw .damaged("\(range.count) bytes cannot give \(count) (\(codec.name))", at: offset)
        }
        let output: [UInt8]?
        do throws(ParquetFault.Kind) {
            output = try inflate(input, range, codec, count)
        } catch {
            throw ParquetFault(kind: error, offset: offset)
        }
        guard let output, output.count == count + pageRoomBytes else {
            throw .damaged("a page does not give its \(count) bytes (\(codec.name))", at: offset)
        }
        return output
    }

    private func inflate(
        _ input: [UInt8], _ range: Range<Int>, _ codec: PageCodec, _ count: Int
    ) throws(ParquetFault.Kind) -> [UInt8]? {
        switch codec {
        case .none:
            guard range.count == count else { return nil }
            return input[range] + [UInt8](repeating: 0, count: pageRoomBytes)
        case .snappy: return snappyInflate(input.span.extracting(range), count: count)
        case .gzip: return try gzip(input, range, count)
        case .zstd: return try zstd(input, range, count)
        case .lzo, .brotli, .lz4, .lz4Raw: return nil
        }
    }

    /// Whether pages of a compression can be read at all.
    func canRead(_ codec: PageCodec) -> Bool {
        switch codec {
        case .none, .snappy, .gzip, .zstd: true
        case .lzo, .brotli, .lz4, .lz4Raw: false
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
        case .lzo, .brotli, .lz4, .lz4Raw, .zstd: 1 << 15
        }
    }
}
