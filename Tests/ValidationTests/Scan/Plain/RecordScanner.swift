@testable import Validation

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
    var start: Int
    var end: Int
    var kind: CellKind
    /// JSON: the byte of the line at which the value begins, from 1.
    var column = 0

    static let absent = Cell(start: 0, end: 0, kind: .absent)
}
