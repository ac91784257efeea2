/// Where in a chunk the bytes stand that can end a cell, and where it must be looked at as text.
///
/// Blocks of 64 bytes are compared four times sixteen bytes at a time. Each comparison gives bytes
/// of all ones or none; byte 8k+j of a block keeps only bit k, so that or-ing the eight words of a
/// block puts its 64 answers into one word as an 8×8 matrix of bits, which is then transposed
/// (Warren, Hacker's Delight, 2nd edition, section 7–3). This needs nothing beyond SSE2 or NEON.
@safe
struct StructuralIndex: ~Copyable {
    private static let blockBytes = ChunkBytes.slackBytes

    /// Offsets of delimiters, quotes, line feeds and carriage returns, rising.
    let events: UnsafeMutablePointer<UInt32>
    private(set) var eventCount = 0
    /// Offsets of blocks that hold a NUL or a byte above ASCII, rising.
    let suspects: UnsafeMutablePointer<UInt32>
    private(set) var suspectCount = 0

    /// - Parameters:
    ///   - bytes: at least `count` and another block can be read from here.
    ///   - count: below 2^32.
    init(_ bytes: UnsafePointer<UInt8>, count: Int, dialect: Dialect) {
        let blocks = (count + Self.blockBytes - 1) / Self.blockBytes
        // In bounds: every byte is at most one event, and what is written beyond the events of a
        // block is at most one block more.
        unsafe events = .allocate(capacity: (blocks + 1) * Self.blockBytes)
        unsafe suspects = .allocate(capacity: blocks + 1)
        let marks = Marks(dialect)
        for block in 0..<blocks {
            let offset = block * Self.blockBytes
            // In bounds: the last block begins before `count`, and there is a block of room.
            var (bits, isSuspect) = unsafe marks.found(UnsafeRawPointer(bytes + offset))
            if count - offset < Self.blockBytes {
                bits &= 1 << UInt64(count - offset) &- 1
            }
            unsafe suspects[suspectCount] = UInt32(truncatingIfNeeded: offset)
            suspectCount += isSuspect ? 1 : 0
            append(bits, UInt32(truncatingIfNeeded: offset))
        }
    }

    deinit {
        unsafe events.deallocate()
        unsafe suspects.deallocate()
    }

    /// Writes eight offsets at a time, because a branch for each would be guessed wrongly.
    @inline(__always)
    private mutating func append(_ mask: UInt64, _ offset: UInt32) {
        var bits = mask
        let total = bits.nonzeroBitCount
        var written = 0
        repeat {
            let target = unsafe events + (eventCount + written)
            for index in 0..<8 {
                let place = UInt32(truncatingIfNeeded: bits.trailingZeroBitCount)
                unsafe target[index] = offset &+ place
                bits &= bits &- 1
            }
            written += 8
        } while written < total
        eventCount += total
    }
}

/// The bytes that are looked for, each sixteen times.
private struct Marks {
    private let delimiter: SIMD16<UInt8>
    private let quote: SIMD16<UInt8>

    init(_ dialect: Dialect) {
        delimiter = SIMD16(repeating: dialect.delimiter)
        quote = SIMD16(repeating: dialect.quote)
    }

    /// One bit for each of 64 bytes, the first lowest, and whether any is NUL or above ASCII.
    @inline(__always)
    func found(_ block: UnsafeRawPointer) -> (bits: UInt64, isSuspect: Bool) {
        let first = unsafe block.loadUnaligned(as: SIMD16<UInt8>.self)
        let second = unsafe block.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
        let third = unsafe block.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self)
        let fourth = unsafe block.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)
        let places = SIMD2<UInt64>(0x0101_0101_0101_0101, 0x0202_0202_0202_0202)
        var rows = special(first) & places
        rows |= special(second) & (places &<< 2)
        rows |= special(third) & (places &<< 4)
        rows |= special(fourth) & (places &<< 6)
        let suspect = odd(first) | odd(second) | odd(third) | odd(fourth)
        return (transposed(rows[0] | rows[1]), suspect[0] | suspect[1] != 0)
    }

    @inline(__always)
    private func special(_ bytes: SIMD16<UInt8>) -> SIMD2<UInt64> {
        let lineFeed = SIMD16<UInt8>(repeating: 10)
        let carriageReturn = SIMD16<UInt8>(repeating: 13)
        let mask =
            (bytes .== delimiter) .| (bytes .== quote) .| (bytes .== lineFeed)
            .| (bytes .== carriageReturn)
        // A mask of sixteen lanes is sixteen bytes.
        return unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    /// As signed bytes, NUL and what is above ASCII are below one.
    @inline(__always)
    private func odd(_ bytes: SIMD16<UInt8>) -> SIMD2<UInt64> {
        let mask = SIMD16<Int8>(truncatingIfNeeded: bytes) .< SIMD16<Int8>(repeating: 1)
        return unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    @inline(__always)
    private func transposed(_ matrix: UInt64) -> UInt64 {
        var bits = matrix
        var swap = (bits ^ (bits >> 7)) & 0x00AA_00AA_00AA_00AA
        bits ^= swap ^ (swap << 7)
        swap = (bits ^ (bits >> 14)) & 0x0000_CCCC_0000_CCCC
        bits ^= swap ^ (swap << 14)
        swap = (bits ^ (bits >> 28)) & 0x0000_0000_F0F0_F0F0
        return bits ^ swap ^ (swap << 28)
    }
}
