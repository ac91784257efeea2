/// What the values of a column mean.
enum ValueForm: Equatable, Sendable {
    enum Unit: Int, Sendable {
        case seconds = 1
        case millis = 1000
        case micros = 1_000_000
        case nanos = 1_000_000_000

        /// Units of a second.
        var perSecond: Int64 { Int64(rawValue) }
    }

    case boolean
    case integer
    /// Of 32 or 64 bits.
    case unsigned(bits: Int)
    case half, float, double
    /// The number times 10 to the power of the scale is an integer.
    case decimal(scale: Int)
    /// Days since 1970-01-01.
    case date
    /// Time of day.
    case time(Unit)
    /// Since 1970-01-01T00:00; UTC or nowhere in particular.
    case timestamp(Unit, isUTC: Bool)
    /// INT96: nanoseconds of a Julian day.
    case julian
    case text
    /// Bytes that nobody says are text; most writers meant text.
    case bytes
    case uuid
    /// Bytes of one length, shown as hexadecimal digits.
    case hexadecimal
    /// Only nulls.
    case nothing

    /// Values stand in quotes in JSON.
    var isQuoted: Bool {
        switch self {
        case .boolean, .integer, .unsigned, .half, .float, .double, .decimal: false
        case .date, .time, .timestamp, .julian, .text, .bytes, .uuid, .hexadecimal, .nothing: true
        }
    }

    /// What people call it.
    var noun: String {
        switch self {
        case .boolean: "booleans"
        case .integer, .unsigned: "integers"
        case .half, .float, .double: "floating-point numbers"
        case .decimal(let scale): scale == 0 ? "whole decimals" : "decimals"
        case .date: "dates"
        case .time: "times of day"
        case .timestamp, .julian: "timestamps"
        case .text, .bytes, .hexadecimal: "texts"
        case .uuid: "UUIDs"
        case .nothing: "nulls"
        }
    }
}
