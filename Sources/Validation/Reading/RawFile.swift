import Domain

/// The bytes of a file as they are on disk, each of them counted in its digests as it is read.
struct RawFile: ~Copyable {
    private let reader: FileReader
    let path: String
    private var digests: FileDigests
    private var bytes = 0
    /// The file became longer or shorter since it was opened.
    private(set) var change: SourceFault?

    init(_ reader: consuming FileReader, path: String, pin: DVCPin?) {
        self.reader = reader
        self.path = path
        digests = FileDigests(pin)
    }

    /// How long the file was when it was opened.
    var sizeBytes: Int { reader.sizeBytes }

    /// Reads the next bytes to `offset` of the storage and on; returns how many, 0 at the end.
    ///
    /// The end is where it was when the file was opened, because a file that somebody goes on
    /// writing might have none.
    mutating func read(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int
    ) throws(ValidationError) -> Int {
        let left = reader.sizeBytes - bytes
        guard left > 0 else {
            if change == nil, reader.hasMore(behind: bytes) { change = .grew(fromBytes: bytes) }
            return 0
        }
        let count = reader.read(into: &storage, at: offset, atMost: Swift.min(limit, left))
        guard count >= 0 else { throw .unreadable(path, code: Int32(truncatingIfNeeded: -count)) }
        if count == 0 { change = .shrank(fromBytes: reader.sizeBytes, toBytes: bytes) }
        digests.update(storage[offset..<offset + count])
        bytes += count
        return count
    }

    /// Reads what is left for the digests alone.
    mutating func drain() throws(ValidationError) {
        var block = [UInt8](repeating: 0, count: 256 << 10)
        while try read(into: &block, at: 0, atMost: block.count) > 0 {
            guard !Task.isCancelled else { throw .cancelled }
        }
    }

    /// The file as it was found; `faults` are those of its text.
    mutating func finish(_ faults: [SourceFault]) -> FoundFile {
        var found = digests.finish()
        found.faults = faults + [change].compactMap(\.self)
        return found
    }
}
