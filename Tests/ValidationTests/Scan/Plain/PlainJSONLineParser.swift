@testable import Validation

/// Reads one line as a JSON object, and its top-level values as cells.
///
/// Strict RFC 8259: no comments, no trailing commas, no NaN. Strings are unescaped in place, which
/// only ever makes them shorter. Containers are checked for syntax to a depth of 64.
struct JSONLineParser {
    private static let depthMax = 64

    var bytes: [UInt8]
    var position: Int
    let range: Range<Int>
    let line: Int

    /// What was expected where the parser stopped.
    private struct Unexpected: Error {
        var expected: String
    }

    /// Fills `cells` by key number; returns what is wrong with the line.
    mutating func parse(
        keys: inout PlainJSONKeys, cells: inout [Cell], sink: inout some RecordSink
    ) -> ScanFault? {
        do throws(Unexpected) {
            return try parseLine(keys: &keys, cells: &cells, sink: &sink)
        } catch {
            return ScanFault(
                kind: .notAnObject(expected: error.expected), line: line, column: column(position))
        }
    }

    private mutating func parseLine(
        keys: inout PlainJSONKeys, cells: inout [Cell], sink: inout some RecordSink
    ) throws(Unexpected) -> ScanFault? {
        var duplicate: ScanFault?
        skipSpace()
        try expect(UInt8(ascii: "{"), "`{`")
        skipSpace()
        var count = 0
        var isOpen = peek != UInt8(ascii: "}")
        if !isOpen { position += 1 }
        while isOpen {
            skipSpace()
            let keyColumn = column(position)
            let key = try string()
            let line = line
            let number = keys.number(bytes.span, key, expected: count) {
                sink.key($0, line: line, column: keyColumn)
            }
            skipSpace()
            try expect(UInt8(ascii: ":"), "`:`")
            skipSpace()
            let cell = try value(depth: 0)
            if let number {
                while cells.count <= number { cells.append(.absent) }
                if cells[number].kind != .absent {
                    duplicate = ScanFault(kind: .duplicateKey, line: line, column: keyColumn)
                }
                cells[number] = cell
            }
            count += 1
            skipSpace()
            isOpen = try continues(closing: UInt8(ascii: "}"))
        }
        skipSpace()
        guard position == range.upperBound else {
            throw Unexpected(expected: "the end of the line")
        }
        return duplicate
    }

    private func column(_ index: Int) -> Int { index - range.lowerBound + 1 }

    private var peek: UInt8? { position < range.upperBound ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(Unexpected) {
        guard peek == byte else { throw Unexpected(expected: name) }
        position += 1
    }

    /// Whether a comma follows; false after the closing bracket.
    private mutating func continues(closing: UInt8) throws(Unexpected) -> Bool {
        guard let byte = peek, byte == UInt8(ascii: ",") || byte == closing else {
            throw Unexpected(expected: "`,` or the closing bracket")
        }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    private mutating func value(depth: Int) throws(Unexpected) -> Cell {
        let start = position
        let column = column(start)
        func cell(_ kind: CellKind, _ end: Int) -> Cell {
            Cell(start: start, end: end, kind: kind, column: column)
        }
        switch peek {
        case UInt8(ascii: "\""):
            let text = try string()
            return Cell(
                start: text.lowerBound, end: text.upperBound, kind: .string, column: column)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try container(depth: depth + 1)
            return cell(.container, position)
        case UInt8(ascii: "t"):
            try word("true")
            return cell(.boolean, position)
        case UInt8(ascii: "f"):
            try word("false")
            return cell(.boolean, position)
        case UInt8(ascii: "n"):
            try word("null")
            return cell(.null, position)
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
            try number()
            return cell(.number, position)
        default: throw Unexpected(expected: "a value")
        }
    }

    private mutating func container(depth: Int) throws(Unexpected) {
        guard depth <= Self.depthMax else {
            throw Unexpected(expected: "at most \(Self.depthMax) levels of brackets")
        }
        let isObject = peek == UInt8(ascii: "{")
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        position += 1
        skipSpace()
        if peek == closing {
            position += 1
            return
        }
        repeat {
            skipSpace()
            if isObject {
                _ = try string()
                skipSpace()
                try expect(UInt8(ascii: ":"), "`:`")
                skipSpace()
            }
            _ = try value(depth: depth)
            skipSpace()
        } while try continues(closing: closing)
    }

    private mutating func word(_ text: StaticString) throws(Unexpected) {
        let name = "\(text)"
        for byte in name.utf8 { try expect(byte, "`\(name)`") }
    }

    private mutating func number() throws(Unexpected) {
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if peek == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(Unexpected) {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard position > start else { throw Unexpected(expected: "a digit") }
    }

    /// Reads a string; returns where its text now stands.
    private mutating func string() throws(Unexpected) -> Range<Int> {
        try expect(UInt8(ascii: "\""), "`\"`")
        let start = position
        var to = position
        while let byte = peek {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<to
            }
            guard byte >= 0x20 else { break }
            if byte == UInt8(ascii: "\\") {
                position += 1
                try escape(&to)
            } else {
                bytes[to] = byte
                to += 1
                position += 1
            }
        }
        throw Unexpected(expected: "the end of the string")
    }

    private mutating func escape(_ to: inout Int) throws(Unexpected) {
        guard let byte = peek else { throw Unexpected(expected: "an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): put(byte, &to)
        case UInt8(ascii: "b"): put(0x08, &to)
        case UInt8(ascii: "f"): put(0x0C, &to)
        case UInt8(ascii: "n"): put(0x0A, &to)
        case UInt8(ascii: "r"): put(0x0D, &to)
        case UInt8(ascii: "t"): put(0x09, &to)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800...0xDBFF).contains(code) {
                try expect(UInt8(ascii: "\\"), "the second half of a surrogate pair")
                try expect(UInt8(ascii: "u"), "the second half of a surrogate pair")
                let low = try hexadecimal()
                guard (0xDC00...0xDFFF).contains(low) else {
                    throw Unexpected(expected: "the second half of a surrogate pair")
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw Unexpected(expected: "the first half of a surrogate pair")
            }
            for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { put(unit, &to) }
        default: throw Unexpected(expected: "an escape")
        }
    }

    private mutating func put(_ byte: UInt8, _ to: inout Int) {
        bytes[to] = byte
        to += 1
    }

    private mutating func hexadecimal() throws(Unexpected) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw Unexpected(expected: "four hexadecimal digits") }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): code = code << 4 | UInt32(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): code = code << 4 | UInt32(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): code = code << 4 | UInt32(byte - 55)
            default: throw Unexpected(expected: "four hexadecimal digits")
            }
            position += 1
        }
        return code
    }
}
