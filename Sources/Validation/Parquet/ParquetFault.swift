/// What keeps a Parquet file from being read, and the byte of the file at which it is.
struct ParquetFault: Error, Equatable {
    enum Kind: Error, Equatable {
        /// The file does not begin and end as Parquet does.
        case notParquet
        case encrypted
        /// A structure goes on behind the bytes that are there.
        case cut
        /// The text says what is wrong.
        case damaged(String)
        /// The format has it and this reader has not; the text says what.
        case unsupported(String)
        /// A size is beyond what is read; the text says which.
        case tooLarge(String)
        /// The system's errno.
        case unreadable(Int32)
    }

    var kind: Kind
    /// Of a page that is compressed, where the page begins.
    var offset: Int

    static func damaged(_ what: String, at offset: Int) -> ParquetFault {
        ParquetFault(kind: .damaged(what), offset: offset)
    }
}

/// What is read at most; what a file says of its sizes is never trusted beyond this.
enum ParquetLimits {
    static let footerBytesMax = 64 << 20
    static let pageHeaderBytesMax = 1 << 20
    /// Of a page without compression.
    static let pageBytesMax = 128 << 20
    static let dictionaryBytesMax = 32 << 20
    /// Of all pages that are held at the same time, one of each column.
    static let pagesBytesMax = 1 << 30
    /// Of the rows that are taken at once, which is one at least.
    static let rowsBytesMax = 256 << 20
    static let cellBytesMax = 32 << 20
    static let depthMax = 64
    /// Of elements of the schema, and of row groups.
    static let elementsMax = 100_000
    /// A file that says it has more has been made to keep its reader busy.
    static let rowsPerByteMax = 65_536
}
