/// What keeps a file that knows its types from being read, and the byte of the file at which it is.
struct BinaryFault: Error, Equatable {
    enum Kind: Error, Equatable {
        /// The file does not begin and end as its format does; the text says what that is.
        case foreign(String)
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
        /// Nobody waits for the file any more.
        case cancelled
    }

    var kind: Kind
    /// Of a page that is compressed, where the page begins.
    var offset: Int

    static func damaged(_ what: String, at offset: Int) -> BinaryFault {
        BinaryFault(kind: .damaged(what), offset: offset)
    }
}

/// What is read at most of any file that knows its types.
enum CellLimits {
    static let cellBytesMax = 32 << 20
    /// Of all texts of a dictionary, and what is known of each.
    static let dictionaryBytesMax = 32 << 20
    /// Rows that are taken at once, at most.
    static let rowsMax = 8192
    /// Of the rows that are taken at once, which is one at least.
    static let rowsBytesMax = 64 << 20
    static let depthMax = 64
    static let decimalDigitsMax = 76
}
