/// Reads one column of a row group from its first page to its last, one page at a time.
struct ColumnCursor {
    private let leaf: ParquetLeaf
    private let codecs: PageCodecs
    /// Where the next page begins, and where no page can be any more.
    private var position: Int
    private let end: Int
    /// Of pages that are not read yet; with nulls.
    private var valuesLeft: Int
    private var dictionary: CellDictionary?
    private var page: DataPage?
    private var lists: ListWriter
    private var queue = CellQueue()

    /// - Parameter end: where the footer begins.
    init(
        _ leaf: ParquetLeaf, _ chunk: ColumnChunk, end: Int, _ codecs: PageCodecs
    ) throws(BinaryFault) {
        guard chunk.start >= 4, chunk.start <= end else {
            throw .damaged("`\(leaf.name)` begins at byte \(chunk.start)", at: chunk.offset)
        }
        self.leaf = leaf
        self.codecs = codecs
        position = chunk.start
        self.end = end
        valuesLeft = chunk.values
        codec = chunk.codec
        lists = ListWriter(leaf.column)
    }

    private let codec: PageCodec

    var readyCount: Int { queue.count }
    var readyBytes: Int { queue.bytes }
    /// About how much memory the page and the dictionary take.
    var heldBytes: Int { (page?.sizeBytes ?? 0) + (dictionary?.sizeBytes ?? 0) }

    /// Reads on until so many cells are ready, or cells of so many bytes; at least one.
    mutating func fill(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while readyCount < wanted, readyCount == 0 || readyBytes < bytesMax {
            if page == nil || page?.left == 0 {
                guard valuesLeft > 0 else {
                    guard leaf.isList else { break }
                    lists.endRow()
                    guard let run = lists.take() else { break }
                    queue.add(run)
                    continue
                }
                try nextPage(source)
            }
            guard var page else { continue }
            self.page = nil
            let count = try page.count(within: bytesMax)
            if count == 0 {
                // A page without values.
            } else if leaf.isList {
                try source.budget.spend(min(count, 1024), of: .cells, at: page.offset)
                let (repetitions, definitions, values) = try page.elements(min(count, 1024))
                try lists.add(repetitions, definitions, values, offset: page.offset)
                if let run = lists.take() { queue.add(run) }
            } else {
                queue.add(try page.cells(min(count, wanted - readyCount)))
            }
            self.page = page
        }
        guard readyCount > 0 else {
            throw .damaged("`\(leaf.name)` has fewer cells than the row group rows", at: position)
        }
    }

    /// The next cells, which must be ready.
    mutating func take(_ count: Int) -> [CellSlice] { queue.take(count) }

    /// Checks that nothing is left.
    func finish() throws(BinaryFault) {
        guard readyCount == 0, valuesLeft == 0, page.map({ $0.left == 0 }) ?? true else {
            throw .damaged("`\(leaf.name)` has more cells than the row group rows", at: position)
        }
    }

    // MARK: Pages

    private mutating func nextPage(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while true {
            let start = position
            let (header, size) = try pageHeader(source)
            let first = start + size
            guard header.uncompressedBytes <= ParquetLimits.pageBytesMax,
                header.compressedBytes <= ParquetLimits.storedPageBytesMax
            else {
                let size = max(header.uncompressedBytes, header.compressedBytes)
                throw BinaryFault(kind: .tooLarge("a page of \(size) bytes"), offset: start)
            }
            guard header.compressedBytes <= end - first else {
                throw .damaged(
                    "a page of \(header.compressedBytes) bytes goes beyond the last", at: start)
            }
            position = first + header.compressedBytes
            // Because any number of columns may say that the same pages are theirs.
            try source.budget.spend(position - start, of: .stored, at: start)
            guard header.isKnown, header.kind != .index else { continue }
            let body = try source.bytes(first..<position, room: pageRoomBytes)
            if codec != .none {
                try source.budget.spend(header.uncompressedBytes, of: .unpacked, at: start)
            }
            if header.kind == .dictionary {
                try readDictionary(header, body, start)
                continue
            }
            guard header.values <= valuesLeft else {
                throw .damaged("`\(leaf.name)` has more values than it says", at: start)
            }
            valuesLeft -= header.values
            page = try dataPage(header, body, start)
            return
        }
    }

    private func pageHeader(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (header: PageHeader, size: Int) {
        var window = 256
        while true {
            let count = min(window, end - position)
            let bytes = try source.bytes(position..<position + count, room: 0)
            var reader = ThriftReader(bytes, count: count, base: position)
            do throws(BinaryFault) {
                let header = try reader.pageHeader()
                return (header, reader.position)
            } catch {
                guard error.kind == .cut, count == window,
                    window < ParquetLimits.pageHeaderBytesMax
                else { throw error }
                window *= 8
            }
        }
    }

    private mutating func readDictionary(
        _ header: PageHeader, _ body: [UInt8], _ start: Int
    ) throws(BinaryFault) {
        guard dictionary == nil, leaf.physical != .boolean,
            header.encoding == .plain || header.encoding == .plainDictionary
        else { throw .damaged("a dictionary that cannot be", at: start) }
        guard header.uncompressedBytes <= CellLimits.dictionaryBytesMax else {
            throw BinaryFault(
                kind: .tooLarge("a dictionary of \(header.uncompressedBytes) bytes"), offset: start)
        }
        try CellDictionary.check(0, header.values, at: start)
        let bytes = try plain(header, body, start)
        var values = try PageValues(
            leaf, .plain, nil, bytes.span, 0..<bytes.count - pageRoomBytes, most: header.values,
            offset: start)
        dictionary = try CellDictionary(
            try values.read(header.values, bytes.span), leaf.form, at: start)
    }

    /// The bytes of a page that is compressed as a whole.
    private func plain(
        _ header: PageHeader, _ body: [UInt8], _ start: Int
    ) throws(BinaryFault) -> [UInt8] {
        guard codec != .none else {
            guard header.uncompressedBytes == header.compressedBytes else {
                throw .damaged("a page without compression of two sizes", at: start)
            }
            return body
        }
        return try codecs.inflate(
            body, 0..<header.compressedBytes, codec, count: header.uncompressedBytes, offset: start)
    }

    private func dataPage(
        _ header: PageHeader, _ body: [UInt8], _ start: Int
    ) throws(BinaryFault) -> DataPage {
        guard header.kind == .data2 else {
            return try DataPage(
                leaf, header, try plain(header, body, start), dictionary, offset: start)
        }
        let levels = header.repetitionBytes + header.definitionBytes
        guard levels <= header.compressedBytes, levels <= header.uncompressedBytes else {
            throw .damaged("a page of fewer bytes than its levels", at: start)
        }
        var values = Array(body[levels...])
        let count = header.uncompressedBytes - levels
        if codec != .none, header.isCompressed, header.compressedBytes > levels {
            values = try codecs.inflate(
                body, levels..<header.compressedBytes, codec, count: count, offset: start)
        }
        return try DataPage(
            leaf, header, levels: body, values: values, dictionary, offset: start)
    }
}
