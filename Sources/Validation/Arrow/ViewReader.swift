/// Reads texts of which each says where it is.
///
/// Source: docs/source/format/Columnar.rst, "Variable-size Binary View Layout". A view has 16
/// bytes: the length, and a text of up to 12 bytes; or the length, the first four bytes, the number
/// of a buffer and the place in it.
struct ViewReader {
    private static let viewBytes = 16

    private var buffer: BodyBuffer
    private var texts: [BodyBuffer]
    /// Of compressed buffers, what they hold, by their number.
    private var unpacked: [Int: [UInt8]] = [:]
    private let isBigEndian: Bool
    /// Views that are read and not taken.
    private var views: [UInt8] = []
    private var lengths: [Int] = []

    var offset: Int { buffer.offset }

    init(_ views: BodyBuffer, _ texts: [BodyBuffer], isBigEndian: Bool) {
        buffer = views
        self.texts = texts
        self.isBigEndian = isBigEndian
    }

    /// The lengths of the next texts, without taking them; there must be as many.
    mutating func peek(
        _ count: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArraySlice<Int> {
        let more = count - lengths.count
        if more > 0 {
            let size = more * Self.viewBytes
            views += try buffer.read(size, from: source)[..<size]
            for index in lengths.count..<count {
                lengths.append(length(at: index * Self.viewBytes))
            }
        }
        return lengths[..<count]
    }

    /// Of a text that is not there the view may be anything, so it is held against the buffer.
    private func length(at place: Int) -> Int {
        let length = max(0, number(at: place))
        guard length > 12 else { return length }
        let number = number(at: place + 8)
        return texts.indices.contains(number) ? min(length, texts[number].sizeBytes) : 0
    }

    /// Takes the next texts; only those that are there are given.
    mutating func take(
        _ count: Int, _ isThere: [Bool]?, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> PackedBytes {
        _ = try peek(count, from: source)
        var packed = PackedBytes()
        for index in 0..<count where isThere?[index] ?? true {
            let start = index * Self.viewBytes
            let length = number(at: start)
            if length <= 12 {
                guard length >= 0 else { throw .damaged("a text of \(length) bytes", at: offset) }
                packed.append(views.span, start + 4..<start + 4 + length)
            } else {
                let (number, first) = (number(at: start + 8), number(at: start + 12))
                try add(number, first, length, to: &packed, source)
            }
        }
        views.removeFirst(count * Self.viewBytes)
        lengths.removeFirst(count)
        return packed
    }

    private mutating func add(
        _ number: Int, _ first: Int, _ length: Int, to packed: inout PackedBytes,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard texts.indices.contains(number), first >= 0 else {
            throw .damaged("a text in a buffer that is not there", at: offset)
        }
        if let place = texts[number].place(first..<first + length) {
            return packed.append(try source.bytes(place, room: 0))
        }
        if unpacked[number] == nil {
            // One sum for all columns of the batch, which are read side by side.
            try source.budget.spend(
                texts[number].sizeBytes, of: .views, at: texts[number].offset)
            unpacked[number] = try texts[number].readAll(from: source)
        }
        guard let bytes = unpacked[number], first + length <= bytes.count - pageRoomBytes else {
            throw .damaged("a text goes beyond its buffer", at: offset)
        }
        packed.append(bytes.span, first..<first + length)
    }

    private func number(at place: Int) -> Int {
        let half = views.span.littleHalf(at: place)
        return Int(Int32(bitPattern: isBigEndian ? half.byteSwapped : half))
    }
}
