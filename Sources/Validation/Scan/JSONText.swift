extension PackedCell {
    /// What a cell of a JSON line is; `first` is its first byte, if it has one.
    func kind(first: UInt8) -> CellKind {
        if isQuoted { return .string }
        if length == 0 { return .absent }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .container
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: return .number
        }
    }
}

/// A copy of a cell of a JSON line, of a string what its escapes mean; they must be right.
func unescapedString(_ bytes: Span<UInt8>, _ cell: PackedCell) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(cell.length + paddingBytes)
    let end = cell.range.upperBound
    var (start, index) = (cell.range.lowerBound, cell.range.lowerBound)
    while cell.isEscaped {
        while index < end, bytes[index] != UInt8(ascii: "\\") { index += 1 }
        guard index < end else { break }
        text.append(bytes, start..<index)
        let kind = bytes[index + 1]
        index += 2
        switch kind {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(
                contentsOf: UTF8.encode(scalar(bytes, &index)) ?? UTF8.encodedReplacementCharacter)
        default: text.append(kind)
        }
        start = index
    }
    text.append(bytes, start..<end)
    return text
}

/// Reads the digits of an escape, and those of the second one of a pair.
private func scalar(_ bytes: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar {
    let first = unit(bytes, &index)
    guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    index += 2
    let second = unit(bytes, &index)
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
}

private func unit(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
        unit = unit << 4 | UInt32(hexadecimalValue(bytes[index]) ?? 0)
        index += 1
    }
    return unit
}

/// What a hexadecimal digit of either case counts.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    if byte &- UInt8(ascii: "0") < 10 { return byte &- UInt8(ascii: "0") }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
}
