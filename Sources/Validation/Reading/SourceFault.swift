/// What keeps the text of a file from being read to its end, or makes it doubtful.
enum SourceFault: Equatable {
    /// The file does not begin as the compression does; the text says as what it begins.
    case foreign(Compression, found: String?)
    /// The bytes are not what the compression writes; the offset is in the file, from 0.
    case damaged(Compression, offset: Int, reason: String)
    /// The file ends inside the compressed stream.
    case cut(Compression, offset: Int)
    /// There is more text than may be; so many bytes of the file were read.
    case tooLarge(Compression, UnpackLimits, offset: Int)
    /// Bytes were added or taken away while the file was read.
    case grew(fromBytes: Int)
    case shrank(fromBytes: Int, toBytes: Int)
    /// Nothing is at the file's path any more, or something that is no file.
    case vanished
    /// Another file is at its path.
    case replaced

    var rule: Rule {
        switch self {
        case .foreign, .damaged, .cut, .tooLarge: .compression
        case .grew, .shrank, .vanished, .replaced: .changedFile
        }
    }

    /// One line of fact.
    func message(_ path: String) -> String {
        switch self {
        case .foreign(let compression, let found):
            "`\(path)` does not begin as \(compression.name) does"
                + (found.map { "; it is \($0)" } ?? "")
        case .damaged(let compression, let offset, let reason):
            "`\(path)` is damaged at byte \(offset): \(compression.name) says \(reason)"
        case .cut(let compression, let offset):
            "`\(path)` ends at byte \(offset) inside its \(compression.name) stream"
        case .tooLarge(_, let limits, let offset):
            "the first \(offset) bytes of `\(path)` hold more text than is read: at most "
                + "\(limits.bytesMax) bytes, and beyond \(limits.freeBytes) at most "
                + "\(limits.ratioMax) times the compressed ones"
        case .grew(let size):
            "`\(path)` grew while it was read; only its first \(size) bytes were"
        case .shrank(let size, let found):
            "`\(path)` shrank from \(size) to \(found) bytes while it was read"
        case .vanished: "`\(path)` was deleted or moved away while it was read"
        case .replaced: "another file was put in the place of `\(path)` while it was read"
        }
    }

    var hint: String {
        switch self {
        case .foreign(let compression, _):
            "compress the file, or take `\(compression.suffix)` off its name"
        case .damaged(.zstd, _, let reason) where reason.contains("too much memory"):
            "compress the file without `--long`, so that it looks back 64 MiB at most"
        case .damaged, .cut: "write or fetch the file again"
        case .tooLarge: "split the file, or leave it uncompressed"
        case .grew, .shrank: "let nobody write the file while it is checked"
        case .vanished: "bring the file back, and let nobody move it while it is checked"
        case .replaced: "check again, and let nobody put files there meanwhile"
        }
    }
}
