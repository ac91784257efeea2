/// The bytes that a scanner has taken and not yet given on, and what is suspect in them.
struct ScanBuffer {
    /// A record may not be longer than this.
    static let recordBytesMax = 8 << 20

    var bytes: [UInt8] = []
    /// Where the current record begins.
    var recordStart = 0
    /// The next byte to look at.
    var position = 0
    /// Some byte since `recordStart` is NUL or not ASCII, so that records must be looked at.
    private(set) var isSuspect = false
    private var isStarted = false

    /// Adds a chunk; false while it is too short to tell a byte order mark.
    mutating func append(_ chunk: ArraySlice<UInt8>, isEnd: Bool = false) -> Bool {
        bytes.append(contentsOf: chunk)
        isSuspect = isSuspect || hasSuspectByte(chunk)
        guard !isStarted else { return true }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if !isEnd, bytes.count < 3, mark.starts(with: bytes) { return false }
        isStarted = true
        if bytes.starts(with: mark) {
            recordStart = 3
            position = 3
        }
        return true
    }

    /// Drops the records that were given on; returns by how much positions have moved.
    mutating func compact() -> Int {
        let dropped = recordStart
        bytes.removeSubrange(0..<dropped)
        position -= dropped
        recordStart = 0
        if bytes.isEmpty { isSuspect = false }
        return dropped
    }

    mutating func drop() {
        bytes = []
        position = 0
        recordStart = 0
    }
}

/// Whether a byte is NUL or above ASCII; written so that it becomes vector code.
private func hasSuspectByte(_ chunk: ArraySlice<UInt8>) -> Bool {
    let span = chunk.span
    var high: UInt8 = 0
    var least: UInt8 = 255
    for index in span.indices {
        high |= span[index]
        least = Swift.min(least, span[index])
    }
    return high >= 0x80 || least == 0
}
