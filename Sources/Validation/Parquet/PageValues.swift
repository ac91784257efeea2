/// The values of a page, taken a few at a time.
///
/// Source of all encodings: parquet-format, Encodings.md.
struct PageValues {
    private enum State {
        case plain
        case indices(HybridDecoder, PageDictionary)
        case truths(HybridDecoder)
        case deltas(DeltaDecoder)
        /// The lengths, and the texts behind them.
        case deltaLengths(DeltaDecoder)
        /// How much of the last text is repeated, and the lengths of the rest.
        case deltaTexts(prefixes: DeltaDecoder, suffixes: DeltaDecoder, last: [UInt8])
        /// The first bytes of all values, then the second, and so on.
        case split(count: Int, next: Int)
    }

    private let physical: ParquetPhysical
    private let width: Int
    private let end: Int
    private let start: Int
    /// Where the page begins in the file.
    private let offset: Int
    private var position: Int
    /// Of plain truth values.
    private var bit = 0
    private var state: State

    /// - Parameters:
    ///   - range: of the values in the page.
    ///   - most: values that there may be.
    init(
        _ leaf: ParquetLeaf, _ encoding: PageHeader.Encoding, _ dictionary: PageDictionary?,
        _ bytes: Span<UInt8>, _ range: Range<Int>, most: Int, offset: Int
    ) throws(BinaryFault) {
        physical = leaf.physical
        width = leaf.physical.width ?? leaf.width
        start = range.lowerBound
        position = range.lowerBound
        end = range.upperBound
        self.offset = offset
        bit = range.lowerBound * 8
        switch encoding {
        case .plain: state = .plain
        case .plainDictionary, .rleDictionary:
            state = try Self.indices(bytes, range, dictionary, offset)
        case .rle: state = try Self.truths(leaf.physical, bytes, range, offset)
        case .deltaBinaryPacked where physical == .int32 || physical == .int64:
            state = .deltas(try DeltaDecoder(bytes, range, most: most, offset: offset))
        case .deltaLengthByteArray where physical == .byteArray:
            let lengths = try DeltaDecoder(bytes, range, most: most, offset: offset)
            var ahead = lengths
            try ahead.skipAll(bytes)
            position = ahead.position
            state = .deltaLengths(lengths)
        case .deltaByteArray where physical == .byteArray || physical == .fixedBytes:
            let prefixes = try DeltaDecoder(bytes, range, most: most, offset: offset)
            var ahead = prefixes
            try ahead.skipAll(bytes)
            let suffixes = try DeltaDecoder(
                bytes, ahead.position..<end, most: most, offset: offset)
            ahead = suffixes
            try ahead.skipAll(bytes)
            position = ahead.position
            state = .deltaTexts(prefixes: prefixes, suffixes: suffixes, last: [])
        case .byteStreamSplit where physical != .byteArray && physical != .boolean:
            guard range.count % width == 0 else {
                throw .damaged("a page whose values are not whole", at: offset)
            }
            state = .split(count: range.count / width, next: 0)
        case .bitPacked, .deltaBinaryPacked, .deltaLengthByteArray, .deltaByteArray,
            .byteStreamSplit:
            throw .damaged("an encoding that is not for \(physical) values", at: offset)
        }
    }

    private static func indices(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ dictionary: PageDictionary?, _ offset: Int
    ) throws(BinaryFault) -> State {
        guard let dictionary else { throw .damaged("a dictionary is missing", at: offset) }
        // A page of nulls alone may have nothing here.
        guard !range.isEmpty else {
            return .indices(try HybridDecoder(range, width: 1, offset: offset), dictionary)
        }
        let width = Int(bytes[range.lowerBound])
        return .indices(
            try HybridDecoder(
                range.lowerBound + 1..<range.upperBound, width: width, offset: offset), dictionary)
    }

    private static func truths(
        _ physical: ParquetPhysical, _ bytes: Span<UInt8>, _ range: Range<Int>, _ offset: Int
    ) throws(BinaryFault) -> State {
        guard physical == .boolean else {
            throw .damaged("an encoding that is not for \(physical) values", at: offset)
        }
        guard range.count >= 4 else {
            return .truths(
                try HybridDecoder(range.upperBound..<range.upperBound, width: 1, offset: offset))
        }
        let count = Int(bytes.littleHalf(at: range.lowerBound))
        guard count <= range.count - 4 else {
            throw .damaged("a page is cut off inside its values", at: offset)
        }
        let first = range.lowerBound + 4
        return .truths(try HybridDecoder(first..<first + count, width: 1, offset: offset))
    }

    /// How many values may be taken at once, at least one, so that all but the last are not more
    /// than so many bytes.
    func count(within bytesMax: Int, _ bytes: Span<UInt8>) throws(BinaryFault) -> Int {
        switch state {
        case .plain where physical == .byteArray: return plainCount(bytesMax, bytes)
        case .plain, .split: return max(1, bytesMax / width)
        case .indices(_, let dictionary): return max(1, bytesMax / max(8, dictionary.longest))
        case .truths, .deltas: return max(1, bytesMax / 8)
        case .deltaLengths(let lengths):
            return try Self.count(bytesMax, bytes, [lengths])
        case .deltaTexts(let prefixes, let suffixes, _):
            return try Self.count(bytesMax, bytes, [prefixes, suffixes])
        }
    }

    private func plainCount(_ bytesMax: Int, _ bytes: Span<UInt8>) -> Int {
        var (count, place) = (1, position)
        while count < 1024, end - place >= 4, place - position <= bytesMax {
            place += 4 + Int(bytes.littleHalf(at: place))
            count += 1
        }
        return count
    }

    /// Of texts whose length is the sum of a number of each decoder.
    private static func count(
        _ bytesMax: Int, _ bytes: Span<UInt8>, _ decoders: [DeltaDecoder]
    ) throws(BinaryFault) -> Int {
        var sums = [UInt64](repeating: 0, count: min(256, decoders.map(\.left).min() ?? 0))
        for decoder in decoders {
            var ahead = decoder
            var sizes: [UInt64] = []
            try ahead.read(sums.count, from: bytes, into: &sizes)
            for index in sums.indices { sums[index] &+= sizes[index] }
        }
        var total: UInt64 = 0
        for (index, size) in sums.enumerated() {
            // A size that cannot be is found when it is read.
            total += min(size, 1 << 40)
            if total > UInt64(bytesMax) { return max(1, index) }
        }
        return max(1, sums.count)
    }

    /// The next values.
    mutating func read(_ count: Int, _ bytes: Span<UInt8>) throws(BinaryFault) -> CellRun.Values {
        switch state {
        case .plain: return try plain(count, bytes)
        case .indices(var decoder, let dictionary):
            var indices: [UInt32] = []
            indices.reserveCapacity(count)
            try decoder.read(count, from: bytes, into: &indices)
            state = .indices(decoder, dictionary)
            if let most = indices.max(), most >= dictionary.count {
                throw .damaged("an index beyond the dictionary", at: offset)
            }
            return dictionary.values(indices)
        case .truths(var decoder):
            var values: [UInt32] = []
            try decoder.read(count, from: bytes, into: &values)
            state = .truths(decoder)
            return .words(values.map(UInt64.init))
        case .deltas(var decoder):
            var values: [UInt64] = []
            values.reserveCapacity(count)
            try decoder.read(count, from: bytes, into: &values)
            state = .deltas(decoder)
            if physical == .int32 {
                for index in values.indices { values[index] = extended(values[index]) }
            }
            return .words(values)
        case .deltaLengths(let decoder): return try texts(count, bytes, decoder)
        case .deltaTexts(let prefixes, let suffixes, let last):
            return try texts(count, bytes, prefixes, suffixes, last)
        case .split(let all, let next): return try split(count, bytes, all, next)
        }
    }

    // MARK: Plain

    private mutating func plain(
        _ count: Int, _ bytes: Span<UInt8>
    ) throws(BinaryFault) -> CellRun.Values {
        var words: [UInt64] = []
        switch physical {
        case .boolean:
            guard count <= end * 8 - bit else { throw isCut }
            words.reserveCapacity(count)
            for _ in 0..<count {
                words.append(UInt64(bytes[bit >> 3] >> UInt8(bit & 7) & 1))
                bit += 1
            }
        case .int32, .float:
            try need(count, of: 4)
            words.reserveCapacity(count)
            for _ in 0..<count {
                words.append(extended(UInt64(bytes.littleHalf(at: position))))
                position += 4
            }
        case .int64, .double:
            try need(count, of: 8)
            words.reserveCapacity(count)
            for _ in 0..<count {
                words.append(bytes.littleWord(at: position))
                position += 8
            }
        case .int96, .fixedBytes:
            try need(count, of: width)
            var texts = PackedBytes()
            for _ in 0..<count {
                texts.append(bytes, position..<position + width)
                position += width
            }
            return .bytes(texts)
        case .byteArray:
            var texts = PackedBytes()
            for _ in 0..<count {
                try need(1, of: 4)
                let length = Int(bytes.littleHalf(at: position))
                position += 4
                try take(length, bytes, &texts)
            }
            return .bytes(texts)
        }
        return .words(words)
    }

    /// Integers keep their sign; of floating-point numbers only the lower half is looked at.
    @inline(__always)
    private func extended(_ word: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: word)))
    }

    private func need(_ count: Int, of size: Int) throws(BinaryFault) {
        guard count <= (end - position) / size else { throw isCut }
    }

    private mutating func take(
        _ length: Int, _ bytes: Span<UInt8>, _ texts: inout PackedBytes
    ) throws(BinaryFault) {
        guard length >= 0, length <= end - position else { throw isCut }
        try checkLength(length)
        texts.append(bytes, position..<position + length)
        position += length
    }

    private func checkLength(_ length: Int) throws(BinaryFault) {
        guard length <= CellLimits.cellBytesMax else {
            throw BinaryFault(kind: .tooLarge("a cell of \(length) bytes"), offset: offset)
        }
    }

    // MARK: Differences

    private mutating func texts(
        _ count: Int, _ bytes: Span<UInt8>, _ lengths: DeltaDecoder
    ) throws(BinaryFault) -> CellRun.Values {
        var decoder = lengths
        var sizes: [UInt64] = []
        try decoder.read(count, from: bytes, into: &sizes)
        var texts = PackedBytes()
        for size in sizes { try take(Int(truncatingIfNeeded: size), bytes, &texts) }
        state = .deltaLengths(decoder)
        return .bytes(texts)
    }

    private mutating func texts(
        _ count: Int, _ bytes: Span<UInt8>, _ prefixes: DeltaDecoder, _ suffixes: DeltaDecoder,
        _ last: [UInt8]
    ) throws(BinaryFault) -> CellRun.Values {
        var (prefixes, suffixes, last) = (prefixes, suffixes, last)
        var (kept, sizes): ([UInt64], [UInt64]) = ([], [])
        try prefixes.read(count, from: bytes, into: &kept)
        try suffixes.read(count, from: bytes, into: &sizes)
        var texts = PackedBytes()
        for (prefix, size) in zip(kept, sizes) {
            guard prefix <= UInt64(last.count), size <= UInt64(end - position) else { throw isCut }
            last.removeLast(last.count - Int(prefix))
            for index in 0..<Int(size) { last.append(bytes[position + index]) }
            position += Int(size)
            try checkLength(last.count)
            if physical == .fixedBytes, last.count != width {
                throw .damaged("a value of \(last.count) bytes in place of \(width)", at: offset)
            }
            texts.append(last)
        }
        state = .deltaTexts(prefixes: prefixes, suffixes: suffixes, last: last)
        return .bytes(texts)
    }

    // MARK: Split bytes

    private mutating func split(
        _ count: Int, _ bytes: Span<UInt8>, _ all: Int, _ next: Int
    ) throws(BinaryFault) -> CellRun.Values {
        guard count <= all - next else { throw isCut }
        state = .split(count: all, next: next + count)
        guard physical == .int96 || physical == .fixedBytes else {
            var words = [UInt64](repeating: 0, count: count)
            for part in 0..<width {
                let first = start + part * all + next
                for index in 0..<count {
                    words[index] |= UInt64(bytes[first + index]) << UInt64(8 * part)
                }
            }
            return .words(width == 4 ? words.map(extended) : words)
        }
        var texts = PackedBytes()
        for index in 0..<count {
            texts.append((0..<width).map { bytes[start + $0 * all + next + index] })
        }
        return .bytes(texts)
    }

    private var isCut: BinaryFault { .damaged("a page has fewer values than it says", at: offset) }
}

extension ParquetPhysical {
    /// Bytes of one value; nil where the schema or the value says it.
    var width: Int? {
        switch self {
        case .boolean: 1
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .byteArray: 1
        case .fixedBytes: nil
        }
    }
}
