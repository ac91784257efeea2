import Domain

/// Splits the bytes of one file of JSON lines into records of cells.
///
/// The bytes arrive in chunks of any size; what the sink hears must not depend on where they are
/// cut.
protocol RecordScanner {
    /// Takes the next bytes of the file.
    mutating func scan(_ chunk: ArraySlice<UInt8>, into sink: inout some RecordSink)
    /// Takes the end of the file.
    mutating func finish(into sink: inout some RecordSink)
}

/// Hears what a scanner finds, in the order of the file.
protocol RecordSink {
    /// One record. `cells` are ranges of `bytes`; `line` is where the record begins, from 1.
    ///
    /// Cells by the number that `key` gave out, `absent` where the object lacks the key.
    mutating func record(_ bytes: Span<UInt8>, cells: Span<Cell>, line: Int)
    /// The number for a key that occurs for the first time, counted from 0 without
    /// gaps; nil when there are too many keys.
    mutating func key(_ name: String, line: Int, column: Int) -> Int?
    /// Something that breaks the format; the record that it is in may or may not follow.
    mutating func fault(_ fault: ScanFault)
}

/// One cell as a range of the scanner's bytes, without quotes and escapes.
struct Cell: Equatable {
    enum Kind: UInt8 {
        /// CSV.
        case text
        /// JSON values; `container` is an array or an object.
        case string, number, boolean, null, container
        /// JSON: the key is not there.
        case absent
    }

    var start: Int
    var end: Int
    var kind: Kind
    /// JSON: the byte of the line at which the value begins, from 1.
    var column = 0

    static let absent = Cell(start: 0, end: 0, kind: .absent)
}

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
