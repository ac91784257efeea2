/// A keyed 64-bit hash of a cell's bytes, for counting; well mixed in every bit.
///
/// The construction is that of wyhash, final version 4 (Wang Yi, public domain): words are read
/// eight bytes at a time, and two of them are folded by one 64 × 64 → 128-bit multiplication. Not
/// a cryptographic hash: who knows the key can make two cells collide.
struct CellHash {
    /// The key of stored profiles, version 1: two profiles can be merged only under equal keys.
    static let standard = CellHash(key: 0x51_6C_69_70_77_61_79_31)

    let key: UInt64

    init(key: UInt64) { self.key = key }

    /// Hashes the bytes of a range, which must lie inside the span.
    @inline(__always)
    func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        let raw = unsafe bytes.bytes
        let length = range.count
        var seed = key ^ fold(key ^ secret0, secret1)
        var left: UInt64 = 0
        var right: UInt64 = 0
        if length >= 17 {
            var index = range.lowerBound
            let last = range.upperBound - 16
            while index < last {
                seed = fold(word(raw, index) ^ secret1, word(raw, index + 8) ^ seed)
                index += 16
            }
            left = word(raw, last)
            right = word(raw, last + 8)
        } else if length >= 4 {
            let step = (length >> 3) << 2
            let end = range.upperBound - 4
            left = half(raw, range.lowerBound) << 32 | half(raw, range.lowerBound + step)
            right = half(raw, end) << 32 | half(raw, end - step)
        } else if length > 0 {
            let middle = bytes[range.lowerBound + length >> 1]
            left =
                UInt64(bytes[range.lowerBound]) << 16 | UInt64(middle) << 8
                | UInt64(bytes[range.upperBound - 1])
        }
        let product = (left ^ secret1).multipliedFullWidth(by: right ^ seed)
        return fold(product.low ^ secret0 ^ UInt64(length), product.high ^ secret1)
    }

    /// Hashes a text, as `hash(_:_:)` hashes its UTF-8.
    func hash(_ text: String) -> UInt64 {
        let bytes = Array(text.utf8)
        return hash(bytes.span, bytes.indices)
    }
}

/// A cell with its hash, as columns of text take them in batches.
struct HashedCell {
    /// By `CellHash.standard`.
    var hash: UInt64
    /// Where its bytes are in the buffer.
    var start: UInt32
    var end: UInt32
    /// Unicode scalar values.
    var length: UInt32

    init(hash: UInt64, start: UInt32, end: UInt32, length: UInt32) {
        self.hash = hash
        self.start = start
        self.end = end
        self.length = length
    }

    /// Hashes the cell and counts its scalars.
    /// - Parameter isASCII: the caller knows that no byte of it is above 127.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>, isASCII: Bool = false) {
        let hash = CellHash.standard.hash(bytes, range)
        self.init(hash: hash, bytes, range, isASCII: isASCII)
    }

    /// Counts the scalars of a cell whose hash is known.
    init(hash: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>, isASCII: Bool) {
        self.hash = hash
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
        length = UInt32(
            truncatingIfNeeded: isASCII ? range.count : scalarCount(bytes, range))
    }
}

/// How many Unicode scalar values valid UTF-8 holds: the bytes that do not continue one.
func scalarCount(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    let raw = unsafe bytes.bytes
    var continued = 0
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
        continued += continuing(word(raw, index))
        index += 8
    }
    let rest = range.upperBound - index
    guard rest > 0 else { return range.count - continued }
    if range.count >= 8 {
        // The last eight bytes without those that were counted.
        continued += continuing(word(raw, range.upperBound - 8) >> UInt64(8 * (8 - rest)))
    } else {
        for index in index..<range.upperBound where bytes[index] & 0xC0 == 0x80 { continued += 1 }
    }
    return range.count - continued
}

/// How many of eight bytes continue a character.
@inline(__always)
private func continuing(_ eight: UInt64) -> Int {
    // A one for each byte whose highest two bits are 10; their sum lands in the top byte.
    let ones = (eight >> 7) & ~(eight >> 6) & 0x0101_0101_0101_0101
    return Int(truncatingIfNeeded: (ones &* 0x0101_0101_0101_0101) >> 56)
}

private let secret0: UInt64 = 0x2D35_8DCC_AA6C_78A5
private let secret1: UInt64 = 0x8BB8_4B93_962E_ACC9

@inline(__always)
private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
}

@inline(__always)
private func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    // Because the caller has checked the range, and an eight-byte read is what makes it fast.
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

@inline(__always)
private func half(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    // Because the caller has checked the range.
    let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return UInt64(UInt32(littleEndian: value))
}
