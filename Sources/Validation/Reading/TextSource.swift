import Domain

/// The text of a file as UTF-8: its bytes, without their compression and in another encoding.
struct TextSource: ~Copyable {
    private static let blockBytes = 64 << 10

    private var bytes: UnpackedFile
    private var transcoder: Transcoder?
    private var block: [UInt8] = []
    private var isAtEnd = false

    /// - Throws: `ValidationError.encodingMissing`.
    init(
        _ file: consuming RawFile, unpacker: Unpacker? = nil,
        encoding: TableDialect.Encoding = .utf8
    ) throws(ValidationError) {
        transcoder = try Transcoder(encoding, path: file.path)
        bytes = UnpackedFile(file: file, unpacker: unpacker)
        if transcoder != nil { block = [UInt8](repeating: 0, count: Self.blockBytes) }
    }

    /// Of the file as it is on disk.
    var sizeBytes: Int { bytes.file.sizeBytes }

    /// The text ends before it should; a record that is not whole is not one.
    var isCut: Bool { bytes.unpacker?.fault != nil }

    /// The first bytes of the file without its compression, as many as `ForeignFile` looks at; only
    /// before anything is read, and they are given all the same.
    mutating func head() throws(ValidationError) -> ArraySlice<UInt8> { try bytes.look() }

    /// Gives the next bytes of the text to `offset` of the storage and on; returns how many, 0 at
    /// its end.
    mutating func read(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int
    ) throws(ValidationError) -> Int {
        guard transcoder != nil else {
            return try bytes.read(into: &storage, at: offset, atMost: limit)
        }
        while !isAtEnd, transcoder?.isEmpty == true {
            let count = try bytes.read(into: &block, at: 0, atMost: block.count)
            isAtEnd = count == 0
            transcoder?.add(block[0..<count], isEnd: isAtEnd)
        }
        return transcoder?.take(into: &storage, at: offset, atMost: limit) ?? 0
    }

    /// The file as it was found, once its text was read; what is left of it counts in its digests.
    mutating func finish() throws(ValidationError) -> FoundFile { try bytes.finish() }
}

/// The bytes of a file without their compression.
private struct UnpackedFile: ~Copyable {
    var file: RawFile
    /// nil: the file is not compressed.
    var unpacker: Unpacker?
    /// Bytes that were looked at, and are not given yet.
    private var head: ArraySlice<UInt8> = []

    init(file: consuming RawFile, unpacker: Unpacker?) {
        self.file = file
        self.unpacker = unpacker
    }

    mutating func look() throws(ValidationError) -> ArraySlice<UInt8> {
        var found = [UInt8](repeating: 0, count: ForeignFile.headBytes)
        var count = 0
        while count < found.count {
            let more = try next(into: &found, at: count, atMost: found.count - count)
            if more == 0 { break }
            count += more
        }
        head = found[0..<count]
        return head
    }

    mutating func read(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int
    ) throws(ValidationError) -> Int {
        guard !head.isEmpty else { return try next(into: &storage, at: offset, atMost: limit) }
        let taken = head.prefix(limit)
        storage.replaceSubrange(offset..<offset + taken.count, with: taken)
        head = head.dropFirst(taken.count)
        return taken.count
    }

    private mutating func next(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int
    ) throws(ValidationError) -> Int {
        guard unpacker != nil else {
            return try file.read(into: &storage, at: offset, atMost: limit)
        }
        return try unpacker?.read(into: &storage, at: offset, atMost: limit, from: &file) ?? 0
    }

    mutating func finish() throws(ValidationError) -> FoundFile {
        try file.drain()
        return file.finish([unpacker?.fault].compactMap(\.self))
    }
}
