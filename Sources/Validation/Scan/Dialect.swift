/// The two bytes in which files of cells differ.
struct Dialect: Sendable, Equatable {
    /// An ASCII byte that is neither a quote nor the end of a line.
    var delimiter = UInt8(ascii: ",")
    var quote = UInt8(ascii: "\"")
}
