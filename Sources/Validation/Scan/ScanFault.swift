import Domain

/// What breaks the format, and where.
struct ScanFault: Equatable {
    enum Kind: Equatable {
        /// The file ends, or the record grows beyond its bound, inside quotes.
        case unbalancedQuote
        /// A quote inside an unquoted cell, or text after a closing quote.
        case strayQuote
        /// A carriage return that no line feed follows, outside quotes.
        case strayCarriageReturn
        case blankRow
        case invalidUTF8
        case nulByte
        /// A record of more bytes than may be held; reading goes on at a line end behind them.
        case recordTooLong(maxBytes: Int)
        /// JSONL: a line has more keys that no column was made for than may be held.
        case tooManyKeys(max: Int)
        /// JSONL: the line is no JSON object; the text says what was expected.
        case notAnObject(expected: String)
        /// JSONL: a key stands twice in one object.
        case duplicateKey
    }

    var kind: Kind
    var line: Int
    /// CSV: the number of the cell; JSONL: the byte of the line; both from 1.
    var column: Int
    /// Of a fault of a byte, where the byte is, from 0.
    var offset: Int?
    /// Of text that is not UTF-8, what it may be.
    var guess: TableDialect.Encoding?
}
