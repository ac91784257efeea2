/// Some texts, found by their first and last eight bytes and their length.
struct TextSet: Sendable {
    let texts: [String]
    private let entries: [Entry]
    /// Open addressing: numbers of entries, −1 where there is none; a power of two.
    private let slots: [Int32]
    /// Bit n: some text has n bytes; the highest bit: 63 or more.
    private let lengths: UInt64

    private struct Entry: Sendable {
        var key: Key
        var bytes: [UInt8]
    }

    /// Of texts of up to sixteen bytes, the whole identity.
    struct Key: Equatable, Sendable {
        var first: UInt64
        var last: UInt64
        var length: Int

        /// - Parameter bytes: with room for eight bytes behind every one.
        @inline(__always)
        init(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
            self.length = length
            first = unsafe prefix(word(bytes), length)
            // In bounds: only when there are more than eight bytes.
            last = length > 8 ? unsafe word(bytes + (length &- 8)) : 0
        }

        @inline(__always)
        var hash: UInt64 {
            let product = (first ^ last &* 0xE703_7ED1_A0B4_28DB ^ UInt64(length))
                .multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            return product.high ^ product.low
        }
    }

    init(_ texts: [String]) {
        self.texts = texts
        var slots = [Int32](repeating: -1, count: 8)
        while slots.count < texts.count * 2 { slots += slots }
        var entries: [Entry] = []
        var lengths: UInt64 = 0
        for text in texts {
            let bytes = Array(text.utf8)
            let key = Self.key(bytes.span, bytes.indices)
            var slot = Int(truncatingIfNeeded: key.hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(entries.count)
            entries.append(Entry(key: key, bytes: bytes))
            lengths |= 1 << UInt64(Swift.min(63, bytes.count))
        }
        self.entries = entries
        self.slots = slots
        self.lengths = lengths
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Whether some text has that many bytes; a first sieve.
    @inline(__always)
    func mayHold(length: Int) -> Bool { lengths &>> UInt64(Swift.min(63, length)) & 1 != 0 }

    /// - Parameter bytes: with room for eight bytes behind every one.
    @inline(__always)
    func contains(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        guard mayHold(length: length) else { return false }
        let key = unsafe Key(bytes, length)
        return holds(key) { entry in
            // In bounds: both texts have that many bytes.
            for index in 0..<length where unsafe bytes[index] != entry[index] { return false }
            return true
        }
    }

    func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard mayHold(length: range.count) else { return false }
        return holds(Self.key(bytes, range)) { isEqual(bytes, range, $0) }
    }

    @inline(__always)
    private func holds(_ key: Key, isEqual: ([UInt8]) -> Bool) -> Bool {
        var slot = Int(truncatingIfNeeded: key.hash) & (slots.count &- 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if entries[number].key == key {
                if key.length <= 16 || isEqual(entries[number].bytes) { return true }
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        return false
    }

    private static func key(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Key {
        var room = range.prefix(8).map { bytes[$0] }
        if range.count > 8 { room += range.suffix(8).map { bytes[$0] } }
        let count = room.count
        room += [UInt8](repeating: 0, count: 8)
        var key = unsafe room.withUnsafeBufferPointer { buffer in
            // In bounds: there are eight bytes of room behind the text.
            unsafe buffer.baseAddress.map { unsafe Key($0, count) } ?? Key()
        }
        key.length = range.count
        return key
    }
}

extension TextSet.Key {
    fileprivate init() {
        first = 0
        last = 0
        length = 0
    }
}

/// Whether a range of bytes is equal to a text's bytes.
func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ other: [UInt8]) -> Bool {
    guard range.count == other.count else { return false }
    for offset in other.indices where bytes[range.lowerBound + offset] != other[offset] {
        return false
    }
    return true
}
