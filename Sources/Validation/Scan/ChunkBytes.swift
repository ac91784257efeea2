/// Some consecutive bytes of a file, with room behind them.
///
/// The room lets the kernel read whole words and blocks up to the last byte; what is read there is
/// never used.
struct ChunkBytes: Sendable {
    /// A block of the structural pass, which is the widest read.
    static let slackBytes = 64

    private(set) var storage: [UInt8]
    /// How many bytes are there; the rest of the storage is room.
    private(set) var count = 0

    /// - Parameter capacity: how many bytes can be read into it.
    init(capacity: Int) {
        storage = [UInt8](repeating: 0, count: capacity + Self.slackBytes)
    }

    /// Both parts after each other.
    init(_ first: [UInt8], _ second: ArraySlice<UInt8>) {
        storage = []
        count = first.count + second.count
        storage.reserveCapacity(count + Self.slackBytes)
        storage += first
        storage += second
        storage += [UInt8](repeating: 0, count: Self.slackBytes)
    }

    var capacity: Int { storage.count - Self.slackBytes }

    /// The bytes of a range, which must lie inside `count`.
    subscript(range: Range<Int>) -> ArraySlice<UInt8> {
        precondition(range.upperBound <= count)
        return storage[range]
    }

    /// Reads the text on until the storage is full or the text ends; returns how many bytes it
    /// has read.
    mutating func fill(from source: inout TextSource) throws(ValidationError) -> Int {
        count = 0
        while count < capacity {
            let found = try source.read(into: &storage, at: count, atMost: capacity - count)
            if found == 0 { break }
            count += found
        }
        return count
    }

    /// The first line feed from `start` on.
    func lineFeed(from start: Int) -> Int? {
        guard start < count else { return nil }
        return storage[start..<count].firstIndex(of: UInt8(ascii: "\n"))
    }
}
