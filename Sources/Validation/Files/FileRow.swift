import Domain

/// A file of a dataset in which every file is a row.
struct FileRow: Sendable {
    enum Cell: Sendable {
        case text([UInt8])
        case number(Int)
        case missing
    }

    /// As many as the format has columns.
    var cells: [Cell]
    /// What is wrong with the file.
    var faults: [(rule: Rule, message: String, hint: String?)] = []
    var found: FoundFile

    /// Its cells as a table of one row.
    var columns: [[CellSlice]] {
        cells.map { cell in
            var run = CellRun(count: 1, isThere: [true], values: .words([]))
            switch cell {
            case .text(let text):
                var packed = PackedBytes()
                packed.append(text)
                run.values = .bytes(packed)
            case .number(let number): run.values = .words([UInt64(number)])
            case .missing: run.isThere = [false]
            }
            return [CellSlice(run: run, cells: 0..<1, firstValue: 0)]
        }
    }
}

extension DatasetManifest {
    /// Every file is a row.
    var isOfFiles: Bool { format == .images || format == .text && unit == .file }

    /// The columns of a format that has the same for all files.
    var fixedColumns: [TypedColumn] {
        ownColumns.map { TypedColumn(name: $0.name, form: $0.type == .integer ? .integer : .text) }
    }
}

/// What tells the rows of files apart from how they are read.
struct FileReading: Sendable {
    let manifest: DatasetManifest
    let limits: UnpackLimits

    /// Reads a file whole, as far as it is read at all.
    ///
    /// - Parameter label: the folder that it is in; nil: it is in none of the dataset's.
    func row(
        _ reader: consuming FileReader, path: String, label: String?, pin: DVCPin?
    ) throws(ValidationError) -> FileRow {
        manifest.format == .images
            ? try image(reader, path, label, pin) : try text(reader, path, pin)
    }

    private func image(
        _ reader: consuming FileReader, _ path: String, _ label: String?, _ pin: DVCPin?
    ) throws(ValidationError) -> FileRow {
        let size = reader.sizeBytes
        var file = RawFile(reader, path: path, pin: pin)
        var bytes: [UInt8] = []
        let isRead = size <= ImageLimits.fileBytesMax
        if isRead {
            bytes = [UInt8](repeating: 0, count: size)
            var count = 0
            while count < size {
                let more = try file.read(into: &bytes, at: count, atMost: size - count)
                if more == 0 { break }
                count += more
            }
            bytes.removeLast(size - count)
        }
        try file.drain()
        let found = file.finish([])
        var row = FileRow(cells: [], found: found)
        var facts: ImageFacts?
        if !isRead {
            row.faults.append(
                (
                    .image,
                    "the file has \(size) bytes, at most \(ImageLimits.fileBytesMax) are read",
                    "make the picture smaller, or take it out"
                ))
        } else if found.bytes > 0 {
            let reading = ImageReading(bytes)
            guard !Task.isCancelled else { throw .cancelled }
            if let missing = reading.missing {
                let library = Compression.gzip.library
                throw .libraryMissing(
                    library.name, package: library.package, path: path, reason: missing.reason)
            }
            facts = reading.facts
            if let fault = reading.fault {
                row.faults.append(
                    (.image, "damaged at byte \(fault.offset): \(fault.reason)", nil))
            }
        }
        row.cells = [
            .text(Array(path.utf8)), label.map { .text(Array($0.utf8)) } ?? .missing,
            facts.map { .number($0.width) } ?? .missing,
            facts.map { .number($0.height) } ?? .missing,
            facts.map { .text(Array($0.mode.utf8)) } ?? .missing,
            facts.map { .text(Array($0.format.rawValue.utf8)) } ?? .missing,
            .number(found.bytes), .text(Array(found.sha256.hex.utf8)),
        ]
        return row
    }

    private func text(
        _ reader: consuming FileReader, _ path: String, _ pin: DVCPin?
    ) throws(ValidationError) -> FileRow {
        let unpacker = try Compression(path: path).map { kind throws(ValidationError) in
            try Unpacker(kind, path: path, limits: limits)
        }
        let size = reader.sizeBytes
        var source = try TextSource(
            RawFile(reader, path: path, pin: pin), unpacker: unpacker,
            encoding: manifest.dialect.encoding)
        var text: [UInt8] = []
        text.reserveCapacity(min(size, CellLimits.cellBytesMax))
        var isTooLong = false
        var block = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = try source.read(into: &block, at: 0, atMost: block.count)
            if count == 0 { break }
            guard !Task.isCancelled else { throw .cancelled }
            isTooLong = isTooLong || text.count + count > CellLimits.cellBytesMax
            if isTooLong { text = [] } else { text += block[..<count] }
        }
        var row = FileRow(cells: [], found: try source.finish())
        row.cells = [.text(Array(path.utf8)), .missing, .missing, .missing]
        guard !isTooLong else {
            row.faults.append(
                (
                    .recordSize,
                    "a text of more than \(CellLimits.cellBytesMax >> 20) MiB, which was "
                        + "not checked", "split the file, or read its lines: `unit: line`"
                ))
            return row
        }
        if text.starts(with: TextCounts.mark) { text.removeFirst(TextCounts.mark.count) }
        let counts = TextCounts(text[...])
        row.cells[1] = .text(text)
        row.cells[2] = .number(counts.characters)
        row.cells[3] = .number(counts.words)
        return row
    }
}

/// How long a text is.
struct TextCounts {
    /// The byte order mark of UTF-8.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Unicode scalar values, as `min_length:` counts them.
    private(set) var characters = 0
    /// Runs of anything between white space of ASCII.
    private(set) var words = 0

    init(_ text: ArraySlice<UInt8>) {
        var isInside = false
        for byte in text {
            if byte & 0xC0 != 0x80 { characters += 1 }
            let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
            if !isSpace, !isInside { words += 1 }
            isInside = !isSpace
        }
    }
}
