/// Bytes that can be read at any place, and what may be made of them.
protocol ByteSource: ~Copyable {
    var sizeBytes: Int { get }
    var budget: ReadingBudget { get }
    /// The bytes of a range inside the size, and zeros behind them.
    ///
    /// - Parameter room: how many zeros.
    func bytes(_ range: Range<Int>, room: Int) throws(BinaryFault) -> [UInt8]
}

/// Bytes that are in memory.
struct MemoryBytes: ByteSource {
    let all: [UInt8]
    let budget: ReadingBudget

    init(all: [UInt8]) {
        self.all = all
        budget = ReadingBudget(sizeBytes: all.count)
    }

    var sizeBytes: Int { all.count }

    func bytes(_ range: Range<Int>, room: Int) throws(BinaryFault) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= all.count else {
            throw BinaryFault(kind: .cut, offset: range.lowerBound)
        }
        return all[range] + [UInt8](repeating: 0, count: room)
    }
}

/// How many zeros stand behind pages, so that whole words can be read up to their last byte.
let pageRoomBytes = 16

extension Span<UInt8> {
    /// Eight bytes from `offset` on, the first the lowest.
    @inline(__always)
    func littleWord(at offset: Int) -> UInt64 {
        // The call checks its bounds.
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// Four bytes from `offset` on, the first the lowest.
    @inline(__always)
    func littleHalf(at offset: Int) -> UInt32 {
        // The call checks its bounds.
        let half = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return UInt32(littleEndian: half)
    }
}
