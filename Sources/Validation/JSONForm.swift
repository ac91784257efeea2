/// Whether the cell is one array or object of JSON (RFC 8259) with that bracket in front, with
/// brackets at most as deep in each other as in JSON lines.
func isJSON(_ bytes: Span<UInt8>, _ range: Range<Int>, opening: UInt8) -> Bool {
    guard !range.isEmpty, bytes[range.lowerBound] == opening else { return false }
    var form = JSONForm(at: range.lowerBound, end: range.upperBound)
    return form.value(bytes, depth: 0) && form.at == range.upperBound
}

/// Reads JSON strictly, for its form alone.
private struct JSONForm {
    private(set) var at: Int
    let end: Int

    init(at start: Int, end: Int) {
        at = start
        self.end = end
    }

    /// The byte where reading is; 0 behind the last one.
    private func byte(_ bytes: Span<UInt8>) -> UInt8 { at < end ? bytes[at] : 0 }

    private mutating func take(_ bytes: Span<UInt8>, _ wanted: UInt8) -> Bool {
        guard byte(bytes) == wanted else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while [0x20, 0x09, 0x0A, 0x0D].contains(byte(bytes)) { at += 1 }
    }

    mutating func value(_ bytes: Span<UInt8>, depth: Int) -> Bool {
        switch byte(bytes) {
        case UInt8(ascii: "\""): string(bytes)
        case UInt8(ascii: "t"): word(bytes, "true")
        case UInt8(ascii: "f"): word(bytes, "false")
        case UInt8(ascii: "n"): word(bytes, "null")
        case UInt8(ascii: "["): container(bytes, depth: depth + 1, closing: UInt8(ascii: "]"))
        case UInt8(ascii: "{"): container(bytes, depth: depth + 1, closing: UInt8(ascii: "}"))
        default: number(bytes)
        }
    }

    private mutating func container(_ bytes: Span<UInt8>, depth: Int, closing: UInt8) -> Bool {
        guard depth <= LineSplitter.depthMax else { return false }
        at += 1
        skipSpace(bytes)
        if take(bytes, closing) { return true }
        while true {
            skipSpace(bytes)
            if closing == UInt8(ascii: "}") {
                guard byte(bytes) == UInt8(ascii: "\""), string(bytes) else { return false }
                skipSpace(bytes)
                guard take(bytes, UInt8(ascii: ":")) else { return false }
                skipSpace(bytes)
            }
            guard value(bytes, depth: depth) else { return false }
            skipSpace(bytes)
            if take(bytes, closing) { return true }
            guard take(bytes, UInt8(ascii: ",")) else { return false }
        }
    }

    private mutating func word(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        // In bounds: the text has as many bytes.
        for index in 0..<text.utf8CodeUnitCount {
            guard unsafe take(bytes, text.utf8Start[index]) else { return false }
        }
        return true
    }

    private mutating func number(_ bytes: Span<UInt8>) -> Bool {
        _ = take(bytes, UInt8(ascii: "-"))
        guard take(bytes, UInt8(ascii: "0")) || digits(bytes) else { return false }
        if take(bytes, UInt8(ascii: ".")), !digits(bytes) { return false }
        guard byte(bytes) | 0x20 == UInt8(ascii: "e") else { return true }
        at += 1
        if !take(bytes, UInt8(ascii: "+")) { _ = take(bytes, UInt8(ascii: "-")) }
        return digits(bytes)
    }

    private mutating func digits(_ bytes: Span<UInt8>) -> Bool {
        let start = at
        while byte(bytes) &- UInt8(ascii: "0") <= 9 { at += 1 }
        return at > start
    }

    private mutating func string(_ bytes: Span<UInt8>) -> Bool {
        at += 1
        while at < end, bytes[at] >= 0x20 {
            let mark = bytes[at]
            at += 1
            if mark == UInt8(ascii: "\"") { return true }
            if mark == UInt8(ascii: "\\"), !escape(bytes) { return false }
        }
        return false
    }

    private mutating func escape(_ bytes: Span<UInt8>) -> Bool {
        let kind = byte(bytes)
        at += 1
        guard kind == UInt8(ascii: "u") else { return Array("\"\\/bfnrt".utf8).contains(kind) }
        for _ in 0..<4 {
            guard hexadecimalValue(byte(bytes)) != nil else { return false }
            at += 1
        }
        return true
    }
}
