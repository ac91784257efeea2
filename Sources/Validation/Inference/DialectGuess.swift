import Domain
import Host

/// How the files of a manifest that nobody has written yet seem to be written.
struct DialectGuess {
    /// So much of a file tells what separates its cells.
    private static let headBytes = 64 << 10

    private let folder: RootFolder
    private let manifest: DatasetManifest
    private let paths: [String]

    init(_ manifest: DatasetManifest, root: String) throws(ValidationError) {
        self.manifest = manifest
        folder = try RootFolder(root)
        var paths: [String] = []
        for file in manifest.files { paths += try folder.paths(of: file) }
        self.paths = paths
    }

    /// What the first bytes tell: text in UTF-16, and what separates cells.
    func ofHead() throws(ValidationError) -> TableDialect {
        var dialect = manifest.dialect
        guard !manifest.knowsTypes || manifest.format == .text, let first = paths.first else {
            return dialect
        }
        if dialect.encoding == .utf8, try isUTF16(first) { dialect.encoding = .utf16 }
        guard manifest.format == .csv else { return dialect }
        let table = try text(first, dialect.encoding, bytesMax: Self.headBytes)
        dialect.delimiter = delimiter(
            of: table, isWhole: table.count < Self.headBytes, dialect.delimiter)
        return dialect
    }

    private func isUTF16(_ path: String) throws(ValidationError) -> Bool {
        let head = try text(path, .utf8, bytesMax: ForeignFile.headBytes)
        return isWide(head[...]) || head.starts(with: [0xFF, 0xFE])
            || head.starts(with: [0xFE, 0xFF])
    }

    /// Of text that is not UTF-8: what it is instead, as all files together tell; nil: something
    /// that is not known here, or UTF-8 with some damage.
    func ofBytes() throws(ValidationError) -> TableDialect.Encoding? {
        var count = ByteCount()
        for path in paths {
            try read(path, .utf8) { count.add($0) }
            count.endFile()
        }
        return count.encoding
    }

    // MARK: Delimiters

    /// The usual one if it gives every row as many cells as the header, otherwise one that does so
    /// for nine rows of ten and gives most cells; of none of which it is so, the usual one.
    private func delimiter(of table: [UInt8], isWhole: Bool, _ usual: String) -> String {
        let others = [",", ";", "\t", "|"].filter { $0 != usual }
        let found = ([usual] + others).map { ($0, widths(table, $0, isWhole: isWhole)) }
        if isEven(found[0].1, share: 1) { return usual }
        let even = found.filter { isEven($0.1, share: 0.9) }
        return even.max { $0.1[0] < $1.1[0] }?.0 ?? usual
    }

    private func isEven(_ widths: [Int], share: Double) -> Bool {
        guard let header = widths.first, header > 1 else { return false }
        let rows = widths.dropFirst()
        return Double(rows.count { $0 == header }) >= share * Double(rows.count)
    }

    /// How many cells the first records have.
    private func widths(_ table: [UInt8], _ delimiter: String, isWhole: Bool) -> [Int] {
        let (mark, quote) = (delimiter.utf8.first, UInt8(ascii: "\""))
        var (widths, cells, isQuoted, isAtStart, bytes) = ([Int](), 1, false, true, 0)
        for byte in table {
            bytes += 1
            if byte == quote, isQuoted || isAtStart {
                isQuoted.toggle()
                // Behind a closing quote another one opens again, as a doubled one does.
                isAtStart = !isQuoted
            } else if !isQuoted, byte == UInt8(ascii: "\n") {
                if bytes > 1 { widths.append(cells) }
                (cells, isAtStart, bytes) = (1, true, 0)
            } else if !isQuoted, byte == mark {
                cells += 1
                isAtStart = true
            } else {
                isAtStart = false
            }
        }
        if isWhole, bytes > 0 { widths.append(cells) }
        return widths
    }

    // MARK: Bytes

    private func text(
        _ path: String, _ encoding: TableDialect.Encoding, bytesMax: Int
    ) throws(ValidationError) -> [UInt8] {
        var found: [UInt8] = []
        try read(path, encoding, bytesMax: bytesMax) { found += $0 }
        return found
    }

    /// Gives the text of a file on, block by block; nothing of one that cannot be opened.
    private func read(
        _ path: String, _ encoding: TableDialect.Encoding, bytesMax: Int = .max,
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(ValidationError) {
        guard case .success(let descriptor) = folder.open(path) else { return }
        let unpacker = try Compression(path: path).map { kind throws(ValidationError) in
            try Unpacker(kind, path: path, limits: UnpackLimits())
        }
        let file = RawFile(FileReader(descriptor: descriptor, progress: nil), path: path, pin: nil)
        var source = try TextSource(file, unpacker: unpacker, encoding: encoding)
        var block = [UInt8](repeating: 0, count: Self.headBytes)
        var left = bytesMax
        while left > 0 {
            guard !Task.isCancelled else { throw .cancelled }
            let count = try source.read(into: &block, at: 0, atMost: Swift.min(left, block.count))
            if count == 0 { return }
            left -= count
            body(block[..<count])
        }
    }
}

/// What the bytes of a text are that is not UTF-8.
private struct ByteCount {
    private var bytes = 0
    private var high = 0
    /// 0x80 to 0x9F, which ISO 8859-1 has for control characters, and those of them that
    /// windows-1252 leaves open.
    private var (windows, open) = (0, 0)
    private var hasControls = false
    /// Sequences of UTF-8 of several bytes, and bytes of none.
    private var (sequences, stray) = (0, 0)
    /// How many bytes the sequence needs that has begun.
    private var wanted = 0
    private var shiftJIS = ShiftJISCount()

    mutating func add(_ block: ArraySlice<UInt8>) {
        bytes += block.count
        for byte in block {
            if byte >= 0x80 || wanted > 0 { add(high: byte) }
            hasControls = hasControls || byte < 0x09 || byte == 0x7F
            shiftJIS.add(byte)
        }
    }

    mutating func endFile() {
        interrupt()
        shiftJIS.endFile()
    }

    private mutating func add(high byte: UInt8) {
        if wanted > 0, 0x80...0xBF ~= byte {
            wanted -= 1
            if wanted == 0 { sequences += 1 }
        } else {
            interrupt()
            switch byte {
            case 0xC2...0xDF: wanted = 1
            case 0xE0...0xEF: wanted = 2
            case 0xF0...0xF4: wanted = 3
            case 0x80...: stray += 1
            default: return
            }
        }
        high += 1
        if 0x80...0x9F ~= byte { windows += 1 }
        if [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(byte) { open += 1 }
    }

    private mutating func interrupt() {
        if wanted > 0 { stray += 1 }
        wanted = 0
    }

    /// Hardly any of such a text looks like UTF-8 by chance, and most of a Latin one is ASCII.
    var encoding: TableDialect.Encoding? {
        guard !hasControls, stray > sequences else { return nil }
        if shiftJIS.isShiftJIS, TableDialect.Encoding.shiftJIS.isKnownHere { return .shiftJIS }
        guard high * 2 <= bytes, open == 0 else { return nil }
        return windows > 0 ? .windows1252 : .latin1
    }
}

extension TableDialect.Encoding {
    /// Whether this machine has what reads it.
    fileprivate var isKnownHere: Bool { codecName.map { CharacterCodec($0) != nil } ?? true }
}

extension RootFolder {
    /// The files that an entry of a manifest stands for; none where they cannot be listed, which
    /// whoever reads them says.
    fileprivate func paths(of file: DatasetFile) throws(ValidationError) -> [String] {
        guard let below = file.folder else { return [file.path] }
        guard case .success(let path) = resolve(below) else { return [] }
        let entries: [FileEntry]
        do throws(HostError) {
            entries = try walk(path).filter { $0.kind == .file || $0.kind == .link }
        } catch {
            throw .unlisted(below, reason: error.failure.what)
        }
        let holds = file.holds
        return entries.map { "\(below)/\($0.path)" }.filter(holds)
    }
}
