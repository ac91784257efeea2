/// Reads the values of one array from the first to the last.
struct ArrowLeaf {
    /// How the values are found.
    private enum Layout {
        case nothing, bits, texts, views, runs
        case words(bytes: Int, isSigned: Bool, divisor: Int64)
        case fixed(bytes: Int, isReversed: Bool)
        case indices(bytes: Int, isSigned: Bool)
    }

    /// Values that are not read yet.
    private(set) var left: Int
    private var validity = BitReader(nil)
    private var layout = Layout.nothing
    // As the layout needs them; apart, because what has two owners is copied when it changes.
    private var data = BodyBuffer()
    private var bits = BitReader(nil)
    private var offsets: OffsetReader?
    private var views: ViewReader?
    private var runs: RunReader?
    private var dictionary: ArrowDictionary?
    /// The text before the first offset is passed over.
    private var isBegun = false
    private let isBigEndian: Bool
    private let name: String

    /// Opens the arrays of a field, which must be a leaf.
    init(
        _ field: ArrowField, in batch: inout ArrowBatch, _ known: ArrowDictionaries,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        isBigEndian = known.isBigEndian
        name = field.name
        let node = try batch.node()
        left = node.length
        if let index = field.index {
            validity = try batch.validity(node, source)
            layout = .indices(bytes: index.bytes, isSigned: index.isSigned)
            data = try batch.buffer(source)
            dictionary = known[index.dictionary]
            return
        }
        if field.type == .runEnds {
            layout = .runs
            runs = try RunReader(
                field.children[0], in: &batch, isBigEndian: isBigEndian, from: source)
            var values = try ArrowLeaf(field.children[1], in: &batch, known, from: source)
            dictionary = try ArrowDictionary(
                &values, field.children[1].form ?? .nothing, from: source)
            return
        }
        guard field.type != .nothing else { return }
        validity = try batch.validity(node, source)
        try open(field.type, in: &batch, source)
    }

    private mutating func open(
        _ type: ArrowType, in batch: inout ArrowBatch,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let first = try batch.buffer(source)
        switch type {
        case .boolean:
            layout = .bits
            bits = BitReader(first)
        case .word(let bytes, let isSigned, _, let divisor):
            layout = .words(bytes: bytes, isSigned: isSigned, divisor: divisor)
            data = first
        case .fixed(let bytes, let form, let isNumber):
            // Halves are written from their lowest byte, decimals from their highest.
            layout = .fixed(
                bytes: bytes, isReversed: isNumber && (form == .half) == isBigEndian)
            data = first
        case .texts(let offsetBytes, _):
            layout = .texts
            offsets = OffsetReader(
                first, bytes: offsetBytes, count: left, isBigEndian: isBigEndian)
            data = try batch.buffer(source)
        case .views:
            layout = .views
            views = ViewReader(first, try batch.viewBuffers(source), isBigEndian: isBigEndian)
        case .nothing, .structure, .list, .fixedList, .runEnds: break
        }
    }

    /// Where its values are in the file.
    var offset: Int { data.offset }

    /// Which of the next values are there; nil: all. Before they are taken.
    mutating func presence(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [Bool]? {
        if case .nothing = layout { return [Bool](repeating: false, count: count) }
        return try validity.read(count, from: source)
    }

    /// How many bytes the value has that stands so many places behind the next one.
    mutating func bytes(
        ofValue place: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Int {
        guard place < left else { throw .tooFew(name, at: data.offset) }
        switch layout {
        case .nothing, .bits, .words: return 8
        case .fixed(let bytes, _): return bytes
        case .indices, .runs: return dictionary?.cells.longest ?? 0
        case .texts: return try offsets?.peek(place + 1, from: source).last ?? 0
        case .views: return try views?.peek(place + 1, from: source).last ?? 0
        }
    }

    /// How many of the next values have so many bytes together; one at least, if there are any.
    mutating func count(
        _ wanted: Int, within bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Int {
        let most = min(wanted, left)
        switch layout {
        case .nothing, .bits, .words: return most
        case .fixed(let bytes, _): return min(most, max(1, bytesMax / max(1, bytes)))
        case .indices, .runs:
            return min(most, max(1, bytesMax / max(1, dictionary?.cells.longest ?? 0)))
        case .texts:
            let lengths = try offsets?.peek(most, from: source) ?? []
            return try fitting(lengths, bytesMax, at: data.offset)
        case .views:
            let lengths = try views?.peek(most, from: source) ?? []
            return try fitting(lengths, bytesMax, at: views?.offset ?? 0)
        }
    }

    private func fitting(
        _ lengths: ArraySlice<Int>, _ bytesMax: Int, at offset: Int
    ) throws(BinaryFault) -> Int {
        var (count, bytes) = (0, 0)
        for length in lengths {
            guard length <= CellLimits.cellBytesMax else {
                throw BinaryFault(
                    kind: .tooLarge("a cell of \(length) bytes in `\(shownName(name))`"),
                    offset: offset)
            }
            if count > 0, length > bytesMax - bytes { break }
            bytes += length
            count += 1
        }
        return count
    }

    /// Takes the next values, of which only those that are there are given.
    ///
    /// - Parameter isThere: changed where a dictionary has nulls.
    mutating func take(
        _ count: Int, _ isThere: inout [Bool]?, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> CellRun.Values {
        guard count <= left else { throw .tooFew(name, at: data.offset) }
        left -= count
        switch layout {
        case .nothing: return .words([])
        case .bits:
            let values = try bits.read(count, from: source) ?? []
            return .words(kept(count, isThere) { values[$0] ? 1 : 0 })
        case .words(let bytes, let isSigned, let divisor):
            var words = try words(count, isThere, bytes, isSigned, source)
            if divisor > 1 {
                for index in words.indices {
                    words[index] = UInt64(
                        bitPattern: floorDivide(Int64(bitPattern: words[index]), divisor).quotient)
                }
            }
            return .words(words)
        case .fixed(let bytes, let isReversed):
            let all = try data.read(count * bytes, from: source)
            return .bytes(packed(all, count, isThere, bytes, isReversed))
        case .texts: return .bytes(try texts(count, isThere, source))
        case .views: return .bytes(try views?.take(count, isThere, from: source) ?? PackedBytes())
        case .indices(let bytes, let isSigned):
            let words = try words(count, isThere, bytes, isSigned, source)
            return try indices(words, &isThere, count)
        case .runs:
            var words: [UInt64] = []
            try runs?.take(count, into: &words, from: source)
            return try indices(words, &isThere, count)
        }
    }

    private func indices(
        _ words: [UInt64], _ isThere: inout [Bool]?, _ count: Int
    ) throws(BinaryFault) -> CellRun.Values {
        guard let dictionary else { throw .damaged("no dictionary of `\(name)`", at: data.offset) }
        return try dictionary.values(words, &isThere, count, at: data.offset)
    }

    /// Passes over values.
    mutating func skip(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard count <= left else { throw .tooFew(name, at: data.offset) }
        try validity.skip(count, from: source)
        switch layout {
        // Those take no bytes, or may be any number in one run.
        case .nothing, .fixed(bytes: 0, isReversed: _): return left -= count
        case .runs:
            try runs?.skip(count, from: source)
            return left -= count
        case .bits, .texts, .views, .words, .fixed, .indices: break
        }
        var rest = count
        while rest > 0 {
            try source.budget.checkCancelled(at: data.offset)
            let part = try self.count(min(rest, 8192), within: 1 << 20, from: source)
            var isThere: [Bool]? = [Bool](repeating: false, count: part)
            _ = try take(part, &isThere, from: source)
            rest -= part
        }
    }

    // MARK: Values

    private func kept(
        _ count: Int, _ isThere: [Bool]?, _ value: (Int) -> UInt64
    ) -> [UInt64] {
        var words: [UInt64] = []
        words.reserveCapacity(count)
        if let isThere {
            for index in 0..<count where isThere[index] { words.append(value(index)) }
        } else {
            for index in 0..<count { words.append(value(index)) }
        }
        return words
    }

    private mutating func words(
        _ count: Int, _ isThere: [Bool]?, _ bytes: Int, _ isSigned: Bool,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [UInt64] {
        let all = try data.read(count * bytes, from: source)
        let isBig = isBigEndian
        let shift = UInt64(64 - 8 * bytes)
        // There are eight bytes behind each, as the buffer has room.
        return kept(count, isThere) { index in
            var word = all.span.littleWord(at: index * bytes)
            word = isBig ? word.byteSwapped >> shift : (word << shift) >> shift
            guard isSigned, shift > 0 else { return word }
            return UInt64(bitPattern: Int64(bitPattern: word << shift) >> Int64(shift))
        }
    }

    private func packed(
        _ all: [UInt8], _ count: Int, _ isThere: [Bool]?, _ bytes: Int, _ isReversed: Bool
    ) -> PackedBytes {
        var packed = PackedBytes()
        for index in 0..<count where isThere?[index] ?? true {
            let range = index * bytes..<(index + 1) * bytes
            if isReversed {
                packed.append(Array(all[range].reversed()))
            } else {
                packed.append(all.span, range)
            }
        }
        return packed
    }

    private mutating func texts(
        _ count: Int, _ isThere: [Bool]?, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> PackedBytes {
        guard count > 0 else { return PackedBytes() }
        let lengths = Array(try offsets?.peek(count, from: source) ?? [])
        if !isBegun {
            isBegun = true
            try data.skip(offsets?.first ?? 0, from: source)
        }
        offsets?.take(count)
        // With texts that are not there, because they may have bytes all the same.
        let all = try data.read(lengths.reduce(0, +), from: source)
        var packed = PackedBytes()
        var start = 0
        for (index, length) in lengths.enumerated() {
            if isThere?[index] ?? true { packed.append(all.span, start..<start + length) }
            start += length
        }
        return packed
    }
}

extension BinaryFault {
    static func tooFew(_ name: String, at offset: Int) -> BinaryFault {
        .damaged("`\(shownName(name))` has fewer values than rows", at: offset)
    }
}
