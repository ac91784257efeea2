/// Words of 64 bits that are only ever added: in memory up to a limit, and beyond it on disk.
struct WordFile: Sendable {
    private let folder: String
    private let wordsMax: Int
    /// nil: nothing was written yet.
    private var file: SpillFile?
    private var written = 0
    private var buffer: [UInt64] = []

    /// - Parameters:
    ///   - folder: where what does not fit is written.
    ///   - bytesMax: how much is kept in memory.
    init(in folder: String, bytesMax: Int) {
        self.folder = folder
        wordsMax = Swift.max(1, bytesMax / 8)
    }

    /// How many words there are.
    var count: Int { written + buffer.count }

    /// Adds words that will be read together.
    mutating func append(_ words: [UInt64]) throws(SpillFault) {
        buffer += words
        if buffer.count > wordsMax { try flush() }
    }

    /// Keeps little in memory, if there was much, because nothing will be added.
    mutating func close() throws(SpillFault) {
        if file != nil, !buffer.isEmpty { try flush() }
        buffer = Array(buffer)
    }

    private mutating func flush() throws(SpillFault) {
        let file = try SpillFile.opened(&self.file, in: folder)
        try file.write(buffer[...], at: written * 8)
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// The words of a range that were added together.
    func read(_ range: Range<Int>) throws(SpillFault) -> [UInt64] {
        guard range.lowerBound < written else {
            return Array(buffer[range.lowerBound - written..<range.upperBound - written])
        }
        guard let file else { throw .noFolder }
        return try file.read(range.count, at: range.lowerBound * 8, of: UInt64(0))
    }
}
