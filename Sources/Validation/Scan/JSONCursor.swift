/// Walks over JSON that is known to be right.
struct JSONCursor {
    private(set) var position: Int

    init(at position: Int) { self.position = position }

    /// Passes over white space; returns the byte behind it.
    @inline(__always)
    mutating func mark(_ bytes: Span<UInt8>) -> UInt8 {
        while bytes[position] <= 0x20 { position += 1 }
        return bytes[position]
    }

    /// Passes over white space and the mark behind it: a bracket, a colon or a comma.
    mutating func pass(_ bytes: Span<UInt8>) {
        _ = mark(bytes)
        position += 1
    }

    /// Reads a string from its quote on.
    mutating func string(_ bytes: Span<UInt8>) -> PackedCell {
        let start = position + 1
        var isEscaped = false
        position = start
        while bytes[position] != UInt8(ascii: "\"") {
            let isMark = bytes[position] == UInt8(ascii: "\\")
            isEscaped = isEscaped || isMark
            position += isMark ? 2 : 1
        }
        position += 1
        return PackedCell(
            quotedFrom: start, length: position - 1 - start, isEscaped: isEscaped)
    }

    /// Reads a number or a word.
    mutating func word(_ bytes: Span<UInt8>) -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.isEnd(bytes[position]) { position += 1 }
        return start..<position
    }

    /// Passes over an array or object from its bracket on.
    mutating func container(_ bytes: Span<UInt8>) {
        var depth = 0
        repeat {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                _ = string(bytes)
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            position += 1
        } while depth > 0
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
            || byte == UInt8(ascii: "}")
    }
}
