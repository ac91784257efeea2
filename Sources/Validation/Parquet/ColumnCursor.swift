/// Reads one column of a row group from its first page to its last, one page at a time.
///
/// Between two visits it holds the page and the dictionary while they are small enough; others it
/// lets go, once it has read ahead, and reads them again when it comes back.
struct ColumnCursor {
    private let leaf: ParquetLeaf
    private let codecs: PageCodecs
    private let codec: PageCodec
    /// What it may hold between visits.
    private let heldBytesMax: Int
    /// Where the next page begins, and where no page can be any more.
    private var position: Int
    private let end: Int
    /// Of pages that are not read yet; with nulls.
    private var valuesLeft: Int
    private var dictionary: PageDictionary?
    private var dictionaryStart: Int?
    private var page: DataPage?
    /// A page that was let go: where it begins, and how many of its values were read.
    private var passed: (start: Int, values: Int)?
    private var lists: ListWriter
    private var queue = CellQueue()

    /// - Parameter end: where the footer begins.
    init(
        _ leaf: ParquetLeaf, _ chunk: ColumnChunk, end: Int, _ codecs: PageCodecs,
        heldBytesMax: Int
    ) throws(BinaryFault) {
        guard chunk.start >= 4, chunk.start <= end else {
            throw .damaged("`\(leaf.name)` begins at byte \(chunk.start)", at: chunk.offset)
        }
        self.leaf = leaf
        self.codecs = codecs
        self.heldBytesMax = heldBytesMax
        position = chunk.start
        self.end = end
        valuesLeft = chunk.values
        codec = chunk.codec
        lists = ListWriter(leaf.column)
    }

    var readyCount: Int { queue.count }
    var readyBytes: Int { queue.bytes }
    /// About how much memory the page and the dictionary take.
    var heldBytes: Int { (page?.sizeBytes ?? 0) + (dictionary?.sizeBytes ?? 0) }

    /// Reads on until so many cells are ready, or cells of so many bytes; at least one.
    ///
    /// - Parameter roomBytes: what its pages may take while they are unpacked.
    mutating func fill(
        _ wanted: Int, bytesMax: Int, roomBytes: Int,
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while readyCount < wanted, readyCount == 0 || readyBytes < bytesMax {
            guard try step(wanted - readyCount, bytesMax, roomBytes, source) else { break }
        }
        if heldBytes > heldBytesMax {
            // Because every way back costs the whole page.
            while page?.left ?? 0 > 0, readyBytes < heldBytesMax / 2 {
                let bytesMax = max(1, heldBytesMax / 2 - readyBytes)
                guard try step(.max, bytesMax, roomBytes, source) else { break }
            }
            letGo()
        }
        guard readyCount > 0 else {
            throw .damaged("`\(leaf.name)` has fewer cells than the row group rows", at: position)
        }
    }

    /// Reads some cells, or the next page; false: there are no more.
    private mutating func step(
        _ wanted: Int, _ bytesMax: Int, _ roomBytes: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Bool {
        if page == nil || page?.left == 0 {
            if let passed {
                try comeBack(to: passed, roomBytes, source)
            } else if valuesLeft > 0 {
                try nextPage(roomBytes, source)
            } else {
                guard leaf.isList else { return false }
                lists.endRow()
                guard let run = lists.take() else { return false }
                queue.add(run)
                return true
            }
        }
        guard var page else { return true }
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
            queue.add(try page.cells(min(count, wanted)))
        }
        self.page = page
        return true
    }

    /// The next cells, which must be ready.
    mutating func take(_ count: Int) -> [CellSlice] { queue.take(count) }

    /// Checks that nothing is left.
    func finish() throws(BinaryFault) {
        guard readyCount == 0, valuesLeft == 0, passed == nil, page.map({ $0.left == 0 }) ?? true
        else {
            throw .damaged("`\(leaf.name)` has more cells than the row group rows", at: position)
        }
    }

    // MARK: Pages that are let go

    private mutating func letGo() {
        if let page, page.left > 0 { passed = (page.offset, page.count - page.left) }
        page = nil
        dictionary = nil
    }

    /// Reads a page once more up to where it was left.
    private mutating func comeBack(
        to passed: (start: Int, values: Int), _ roomBytes: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let (header, first) = try pageHeader(at: passed.start, source)
        // Because a page may be come back to as often as it has values, or nearly so.
        try source.budget.spend(header.uncompressedBytes, of: .unpacked, at: passed.start)
        try source.budget.spend(passed.values, of: .cells, at: passed.start)
        var page = try dataPage(header, first, passed.start, roomBytes, source)
        var left = passed.values
        while left > 0 {
            let count = min(left, 1024, try page.count(within: 1 << 20))
            if leaf.isList { _ = try page.elements(count) } else { _ = try page.cells(count) }
            left -= count
        }
        self.passed = nil
        self.page = page
    }

    // MARK: Pages

    private mutating func nextPage(
        _ roomBytes: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        while true {
            let start = position
            let (header, first) = try pageHeader(at: start, source)
            position = first + header.compressedBytes
            // Because any number of columns may say that the same pages are theirs.
            try source.budget.spend(position - start, of: .stored, at: start)
            guard header.isKnown, header.kind != .index else { continue }
            if codec != .none {
                try source.budget.spend(header.uncompressedBytes, of: .unpacked, at: start)
            }
            if header.kind == .dictionary {
                guard dictionaryStart == nil else { throw .damaged(noDictionary, at: start) }
                dictionaryStart = start
                try readDictionary(header, first, start, roomBytes, source)
                continue
            }
            guard header.values <= valuesLeft else {
                throw .damaged("`\(leaf.name)` has more values than it says", at: start)
            }
            valuesLeft -= header.values
            page = nil
            page = try dataPage(header, first, start, roomBytes, source)
            return
        }
    }

    /// What a page says of itself, held against what can be, and where its bytes begin.
    private func pageHeader(
        at start: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (header: PageHeader, first: Int) {
        let (header, size) = try anyHeader(at: start, source)
        guard header.uncompressedBytes <= ParquetLimits.pageBytesMax,
            header.compressedBytes <= ParquetLimits.storedPageBytesMax
        else {
            let size = max(header.uncompressedBytes, header.compressedBytes)
            throw BinaryFault(kind: .tooLarge("a page of \(size) bytes"), offset: start)
        }
        guard header.compressedBytes <= end - start - size else {
            throw .damaged(
                "a page of \(header.compressedBytes) bytes goes beyond the last", at: start)
        }
        return (header, start + size)
    }

    private func anyHeader(
        at start: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (header: PageHeader, size: Int) {
        var window = 256
        while true {
            let count = min(window, end - start)
            let bytes = try source.bytes(start..<start + count, room: 0)
            var reader = ThriftReader(bytes, count: count, base: start)
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

    /// A page as it is stored from a byte on, where there is room for it and for what it gives.
    private func stored(
        _ header: PageHeader, _ first: Int, _ start: Int, _ roomBytes: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> [UInt8] {
        let size =
            header.uncompressedBytes + (codec == .none ? 0 : header.compressedBytes)
            + (dictionary?.sizeBytes ?? 0)
        guard size <= roomBytes else {
            let all = ParquetLimits.besideBytesMax - roomBytes + size
            throw BinaryFault(
                kind: .tooLarge("pages of \(all >> 20) MiB side by side"), offset: start)
        }
        return try source.bytes(first..<first + header.compressedBytes, room: pageRoomBytes)
    }

    private mutating func readDictionary(
        _ header: PageHeader, _ first: Int, _ start: Int, _ roomBytes: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard leaf.physical != .boolean,
            header.encoding == .plain || header.encoding == .plainDictionary
        else { throw .damaged(noDictionary, at: start) }
        guard header.uncompressedBytes <= CellLimits.dictionaryBytesMax else {
            throw BinaryFault(
                kind: .tooLarge("a dictionary of \(header.uncompressedBytes) bytes"), offset: start)
        }
        try CellDictionary.check(0, header.values, at: start)
        let body = try stored(header, first, start, roomBytes, source)
        let bytes = try plain(header, body, start)
        var values = try PageValues(
            leaf, .plain, nil, bytes.span, 0..<bytes.count - pageRoomBytes, most: header.values,
            offset: start)
        dictionary = try PageDictionary(
            try values.read(header.values, bytes.span), leaf.form,
            roomBytes: heldBytesMax / 2, at: start)
    }

    private var noDictionary: String { "a dictionary that cannot be" }

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

    private mutating func dataPage(
        _ header: PageHeader, _ first: Int, _ start: Int, _ roomBytes: Int,
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> DataPage {
        let isNamed = header.encoding == .plainDictionary || header.encoding == .rleDictionary
        if isNamed, dictionary == nil, let place = dictionaryStart {
            let (own, first) = try pageHeader(at: place, source)
            try source.budget.spend(own.uncompressedBytes, of: .unpacked, at: place)
            try readDictionary(own, first, place, roomBytes, source)
        }
        let body = try stored(header, first, start, roomBytes, source)
        guard header.kind == .data2 else {
            return try DataPage(
                leaf, header, try plain(header, body, start), dictionary, offset: start)
        }
        let levels = header.repetitionBytes + header.definitionBytes
        guard levels <= header.compressedBytes, levels <= header.uncompressedBytes else {
            throw .damaged("a page of fewer bytes than its levels", at: start)
        }
        let isPlain =
            codec == .none || !header.isCompressed || header.compressedBytes == levels
        let values =
            isPlain
            ? Array(body[levels...])
            : try codecs.inflate(
                body, levels..<header.compressedBytes, codec,
                count: header.uncompressedBytes - levels, offset: start)
        return try DataPage(
            leaf, header, levels: Array(body[..<min(body.count, levels + pageRoomBytes)]),
            values: values, dictionary, offset: start)
    }
}
