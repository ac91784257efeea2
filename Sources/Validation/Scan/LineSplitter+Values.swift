/// Reads values strictly as RFC 8259 has them: no comments, no trailing commas, no NaN.
///
/// No place needs a comparison with the end of the line: the byte behind it is a carriage return,
/// a line feed or a zero, which goes on with nothing.
extension LineSplitter {
    private static let quote = UInt8(ascii: "\"")

    @inline(__always)
    mutating func fail(_ what: StaticString) -> Bool {
        expected = what
        return false
    }

    @inline(__always)
    mutating func skipSpace() {
        while byte(position) <= 0x20,
            byte(position) == 0x20 || byte(position) == 0x09
                || byte(position) == 0x0D
        {
            position += 1
        }
    }

    // MARK: Objects with columns

    /// Reads an object behind its bracket.
    mutating func object(_ node: Int, depth: Int) -> Bool {
        skipSpace()
        if byte(position) == UInt8(ascii: "}") {
            position += 1
            return true
        }
        var last = -1
        while true {
            skipSpace()
            let start = position
            guard byte(start) == Self.quote else { return fail("`\"`") }
            var entry = keys.guess(behind: last, in: node)
            // In bounds: behind the line there is room in the chunk.
            if entry >= 0, unsafe keys.matches(entry, bytes + start + 1, limit: stop - start - 1) {
                position = start + keys.entries[entry].key.length + 2
            } else {
                guard let found = key(node) else { return false }
                keys.learn(found, behind: last, in: node)
                entry = found
            }
            last = entry
            let (column, below) = (keys.entries[entry].column, keys.entries[entry].below)
            var extra: Int?
            if column >= 0 {
                note(column: Int(column), at: start)
            } else if below < 0 {
                extra = note(extra: entry, at: start)
            }
            skipSpace()
            guard byte(position) == UInt8(ascii: ":") else { return fail("`:`") }
            position += 1
            skipSpace()
            if column >= 0, below < 0 {
                guard let cell = value(depth: depth) else { return false }
                // In bounds: the column is below the batch's width, the row below `rowsMax`.
                unsafe batch.cells[Int(column) * batch.rowsMax + batch.rows] = cell
            } else {
                guard member(entry, extra, at: start, depth) else { return false }
            }
            skipSpace()
            let mark = byte(position)
            guard mark == UInt8(ascii: ",") || mark == UInt8(ascii: "}") else {
                return fail("`,` or the closing bracket")
            }
            position += 1
            if mark == UInt8(ascii: "}") { return true }
        }
    }

    private mutating func key(_ node: Int) -> Int? {
        guard let cell = string() else { return nil }
        let name = text(cell).prefix(columnNameBytesMax + 1)
        return keys.insert(Array(name), Int32(node))
    }

    /// Reads the value of a key that is none of a column alone.
    ///
    /// - Parameter noted: the key's number when it has no column and nothing below.
    private mutating func member(
        _ entry: Int, _ noted: Int?, at key: Int, _ depth: Int
    ) -> Bool {
        let column = Int(keys.entries[entry].column)
        let below = Int(keys.entries[entry].below)
        let mark = byte(position)
        let isBelow = below >= 0 && mark == UInt8(ascii: "{")
        var extra = noted
        // Where an object is meant, anything else is a key that nobody declared.
        if column < 0, below >= 0, !isBelow, mark != UInt8(ascii: "n") {
            extra = note(extra: entry, at: key)
        }
        if let extra {
            guard !isTooWide, let cell = value(depth: depth) else { return false }
            findings.extras[extra].isFilled = !isMissing(cell)
            return true
        }
        let start = position
        var cell = PackedCell(start: start, length: 0)
        if isBelow {
            guard depth < Self.depthMax else { return failDepth() }
            position += 1
            guard object(below, depth: depth + 1) else { return false }
            cell = PackedCell(start: start, length: position - start)
        } else {
            guard let found = value(depth: depth) else { return false }
            cell = found
        }
        guard column >= 0 else { return true }
        // In bounds: the column is below the batch's width, and the row below `rowsMax`.
        unsafe batch.cells[column * batch.rowsMax + batch.rows] = cell
        return true
    }

    private func isMissing(_ cell: PackedCell) -> Bool {
        guard cell.isQuoted else { return byte(cell.start) == UInt8(ascii: "n") }
        guard cell.length > 0, !missing.isEmpty else { return cell.length == 0 }
        let text = text(cell)
        return missing.contains(text.span, text.indices)
    }

    /// What a string says, without escapes.
    private func text(_ cell: PackedCell) -> [UInt8] {
        batch.withBytes { unescapedString($0, cell) }
    }

    // MARK: Any values

    private mutating func failDepth() -> Bool { fail("at most 64 levels of brackets") }

    @inline(__always)
    private mutating func value(depth: Int) -> PackedCell? {
        let start = position
        switch byte(start) {
        case Self.quote: return string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard number() else { return nil }
        case UInt8(ascii: "t"): guard literal("true", "`true`") else { return nil }
        case UInt8(ascii: "f"): guard literal("false", "`false`") else { return nil }
        case UInt8(ascii: "n"): guard literal("null", "`null`") else { return nil }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard container(depth: depth + 1) else { return nil }
        default:
            _ = fail("a value")
            return nil
        }
        return PackedCell(start: start, length: position - start)
    }

    private mutating func container(depth: Int) -> Bool {
        guard depth <= Self.depthMax else { return failDepth() }
        let isObject = byte(position) == UInt8(ascii: "{")
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        position += 1
        skipSpace()
        if byte(position) == closing {
            position += 1
            return true
        }
        while true {
            skipSpace()
            if isObject {
                guard byte(position) == Self.quote else { return fail("`\"`") }
                guard string() != nil else { return false }
                skipSpace()
                guard byte(position) == UInt8(ascii: ":") else { return fail("`:`") }
                position += 1
                skipSpace()
            }
            guard value(depth: depth) != nil else { return false }
            skipSpace()
            let mark = byte(position)
            guard mark == UInt8(ascii: ",") || mark == closing else {
                return fail("`,` or the closing bracket")
            }
            position += 1
            if mark == closing { return true }
        }
    }

    private mutating func literal(_ text: StaticString, _ name: StaticString) -> Bool {
        for index in 0..<text.utf8CodeUnitCount {
            // In bounds: the text has as many bytes.
            guard unsafe byte(position) == text.utf8Start[index] else { return fail(name) }
            position += 1
        }
        return true
    }

    private mutating func number() -> Bool {
        if byte(position) == UInt8(ascii: "-") { position += 1 }
        if byte(position) == UInt8(ascii: "0") {
            position += 1
        } else {
            guard digits() else { return false }
        }
        if byte(position) == UInt8(ascii: ".") {
            position += 1
            guard digits() else { return false }
        }
        if byte(position) | 0x20 == UInt8(ascii: "e") {
            position += 1
            if byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") {
                position += 1
            }
            return digits()
        }
        return true
    }

    @inline(__always)
    private mutating func digits() -> Bool {
        let start = position
        while byte(position) &- UInt8(ascii: "0") < 10 { position += 1 }
        return position > start || fail("a digit")
    }

    // MARK: Strings

    /// Reads a string from its quote on, eight bytes at a time.
    mutating func string() -> PackedCell? {
        let start = position + 1
        var at = start
        var isEscaped = false
        while true {
            // In bounds: the string's line ends before the chunk does, and that has room.
            let eight = unsafe word(bytes + at)
            seenBits |= eight
            let found = marks(eight)
            guard found != 0 else {
                at += 8
                continue
            }
            at += found.trailingZeroBitCount >> 3
            position = at
            let mark = byte(at)
            if mark == Self.quote {
                position += 1
                return PackedCell(quotedFrom: start, length: at - start, isEscaped: isEscaped)
            }
            guard mark == UInt8(ascii: "\\") else {
                _ = fail("the end of the string")
                return nil
            }
            isEscaped = true
            position += 1
            guard escape() else { return nil }
            at = position
        }
    }

    /// The lowest bit that is set is in the first byte that is a quote, a backslash or a control
    /// character.
    @inline(__always)
    private func marks(_ eight: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = eight ^ ones &* UInt64(Self.quote)
        let slashes = eight ^ ones &* UInt64(UInt8(ascii: "\\"))
        let found =
            (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            | (eight &- ones &* 0x20) & ~eight
        return found & (ones &* 0x80)
    }

    /// Passes over an escape behind its backslash.
    private mutating func escape() -> Bool {
        let kind = byte(position)
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        case UInt8(ascii: "u"): return unicode()
        default: return fail("an escape")
        }
    }

    private mutating func unicode() -> Bool {
        guard let first = unit() else { return false }
        switch first {
        case 0xD800...0xDBFF:
            for mark in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
                guard byte(position) == mark else { return failPair() }
                position += 1
            }
            guard let second = unit() else { return false }
            return 0xDC00...0xDFFF ~= second || failPair()
        case 0xDC00...0xDFFF: return fail("the first half of a surrogate pair")
        default: return true
        }
    }

    private mutating func failPair() -> Bool { fail("the second half of a surrogate pair") }

    private mutating func unit() -> UInt16? {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = hexadecimalValue(byte(position)) else {
                _ = fail("four hexadecimal digits")
                return nil
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
