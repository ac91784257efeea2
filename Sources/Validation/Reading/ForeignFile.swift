import Domain

/// What a file is that should be text, as its first bytes tell.
///
/// Sources: the formats' own specifications, and the database of file(1) for their signatures.
struct ForeignFile: Equatable, Sendable {
    /// How much of a file is looked at.
    static let headBytes = 4096
    /// So few control characters may stand in any text.
    private static let controlsMin = 16
    /// Because text in UTF-16 of which it is not sure has some too.
    private static let hintOfNUL =
        "write the file as text, or take it out of `files:`; text in UTF-16 is declared with "
        + "`dialect: {encoding: utf-16}`, or `slipway dataset init --encoding utf-16`"

    /// With its article: "a PNG image".
    var name: String
    /// nil: that of the rule will do.
    var hint: String?

    /// nil: it looks like text, or like something that nobody knows.
    init?(signature head: ArraySlice<UInt8>) {
        guard let found = Self.signatures.first(where: { $0.matches(head) }) else { return nil }
        self.init(name: found.name, hint: found.hint)
    }

    /// Judges what should be a table or JSON lines; nil: it may be one.
    ///
    /// - Parameters:
    ///   - head: the first bytes of the file without its compression.
    ///   - plain: control characters that mean something in the file.
    init?(ofText head: ArraySlice<UInt8>, _ encoding: TableDialect.Encoding, plain: [UInt8]) {
        if let found = ForeignFile(signature: head) {
            self = found
            return
        }
        guard encoding != .utf16, !isWide(head) else { return nil }
        let controls = head.indices.filter { isControl(head[$0]) && !plain.contains(head[$0]) }
        guard controls.count >= Self.controlsMin, controls.count * 20 > head.count,
            let first = controls.first
        else { return nil }
        let found = "\(controls.count) of its first \(head.count) bytes are control characters"
        self.init(
            name: "binary data: \(found), the first at byte \(first - head.startIndex)",
            hint: head.contains(0) ? Self.hintOfNUL : nil)
    }

    private init(name: String, hint: String?) {
        self.name = name
        self.hint = hint
    }

    private struct Signature: Sendable {
        var name: String
        var bytes: [UInt8]
        var offset = 0
        /// The bytes could begin a text, so that a control character must follow.
        var isText = false
        var hint: String?

        func matches(_ head: ArraySlice<UInt8>) -> Bool {
            head.dropFirst(offset).starts(with: bytes)
                && (!isText || head.contains(where: isControl))
        }
    }

    private static let signatures = [
        Signature(name: "gzip", bytes: [0x1F, 0x8B], hint: renamed(".gz")),
        Signature(name: "zstd", bytes: [0x28, 0xB5, 0x2F, 0xFD], hint: renamed(".zst")),
        Signature(
            name: "bzip2", bytes: Array("BZh".utf8), isText: true,
            hint: "write the file uncompressed, or with gzip or zstd"),
        Signature(
            name: "xz", bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0],
            hint: "write the file uncompressed, or with gzip or zstd"),
        Signature(
            name: "a zip archive, as Excel's .xlsx files are", bytes: [0x50, 0x4B, 3, 4],
            hint: "unpack it, or save the sheet as CSV"),
        Signature(
            name: "an old Excel workbook or another OLE document",
            bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
            hint: "save the sheet as CSV"),
        Signature(name: "a 7z archive", bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Signature(name: "a tar archive", bytes: Array("ustar".utf8), offset: 257, isText: true),
        Signature(
            name: "a Parquet file", bytes: Array("PAR1".utf8), isText: true,
            hint: "declare `format: parquet`"),
        Signature(
            name: "an Arrow file", bytes: Array("ARROW1".utf8), isText: true,
            hint: "declare `format: arrow`"),
        Signature(name: "an Avro file", bytes: Array("Obj\u{1}".utf8)),
        Signature(name: "an ORC file", bytes: Array("ORC".utf8), isText: true),
        Signature(name: "an HDF5 file", bytes: [0x89] + Array("HDF\r\n\u{1A}\n".utf8)),
        Signature(name: "a NumPy array", bytes: [0x93] + Array("NUMPY".utf8)),
        Signature(name: "an SQLite database", bytes: Array("SQLite format 3\0".utf8)),
        Signature(name: "a PNG image", bytes: [0x89] + Array("PNG\r\n\u{1A}\n".utf8)),
        Signature(name: "a JPEG image", bytes: [0xFF, 0xD8, 0xFF]),
        Signature(name: "a GIF image", bytes: Array("GIF8".utf8), isText: true),
        Signature(name: "a PDF document", bytes: Array("%PDF-".utf8)),
        Signature(name: "a program", bytes: [0x7F] + Array("ELF".utf8)),
        Signature(
            name: "a pointer of git LFS, and the data is elsewhere",
            bytes: Array("version https://git-lfs.github.com/spec/".utf8), hint: "git lfs pull"),
        Signature(
            name: "a web page", bytes: Array("<!DOCTYPE html".utf8),
            hint: "download the file itself: a page to sign in often stands in its place"),
        Signature(
            name: "a web page", bytes: Array("<html".utf8),
            hint: "download the file itself: a page to sign in often stands in its place"),
    ]

    private static func renamed(_ ending: String) -> String {
        "let the file's name end in `\(ending)`, so that it is unpacked"
    }
}

/// A control character that no text has.
private func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B
}
