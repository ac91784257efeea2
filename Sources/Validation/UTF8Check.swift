import Domain

/// What is wrong with a range of bytes as text.
struct TextFault {
    var kind: ScanFault.Kind
    /// Where it is, counted as the range is.
    var offset: Int
}

/// Finds a NUL byte or the first byte sequence that is not UTF-8 as RFC 3629 defines it:
/// no overlong forms, no surrogates, nothing above U+10FFFF.
func textFault(_ bytes: Span<UInt8>, _ range: Range<Int>) -> TextFault? {
    var index = range.lowerBound
    while index < range.upperBound {
        if index + 8 <= range.upperBound {
            let eight = UInt64(littleEndian: eightBytes(bytes, index))
            // The highest bit of the first byte that is 0 or above 0x7F, and perhaps of later ones.
            let odd = (eight | (eight &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080
            index += odd.trailingZeroBitCount >> 3
            if odd == 0 { continue }
        }
        let byte = bytes[index]
        if byte == 0 { return TextFault(kind: .nulByte, offset: index) }
        guard byte >= 0x80 else {
            index += 1
            continue
        }
        guard let length = sequenceLength(byte), index + length <= range.upperBound,
            isSecondByte(bytes[index + 1], after: byte)
        else { return TextFault(kind: .invalidUTF8, offset: index) }
        var next = index + 2
        while next < index + length {
            guard bytes[next] & 0xC0 == 0x80 else {
                return TextFault(kind: .invalidUTF8, offset: index)
            }
            next += 1
        }
        index += length
    }
    return nil
}

/// Whether a value of a file that knows its types is UTF-8; NUL is text in those.
func isUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var rest = range
    while let fault = textFault(bytes, rest) {
        guard fault.kind == .nulByte else { return false }
        rest = fault.offset + 1..<rest.upperBound
    }
    return true
}

/// Eight bytes of a range that has as many, as a word.
@inline(__always)
private func eightBytes(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    // In bounds by the caller.
    unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
}

/// How many bytes begin with one; nil: none do.
func sequenceLength(_ lead: UInt8) -> Int? {
    switch lead {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
}

/// Whether a byte may stand behind the first one of a character.
func isSecondByte(_ byte: UInt8, after lead: UInt8) -> Bool {
    switch lead {
    case 0xE0: (0xA0...0xBF).contains(byte)
    case 0xED: (0x80...0x9F).contains(byte)
    case 0xF0: (0x90...0xBF).contains(byte)
    case 0xF4: (0x80...0x8F).contains(byte)
    default: (0x80...0xBF).contains(byte)
    }
}

/// What a text that is not UTF-8 may be; nil: it does not look like text.
///
/// UTF-16 begins with its mark. Text of one byte a character has no control characters, and most of
/// it is ASCII.
func guessedEncoding(_ bytes: Span<UInt8>, _ range: Range<Int>) -> TableDialect.Encoding? {
    if range.lowerBound == 0, range.count >= 2 {
        let mark = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        if mark == 0xFFFE || mark == 0xFEFF { return .utf16 }
    }
    var (high, hasWindows) = (0, false)
    for index in range {
        let byte = bytes[index]
        let isSpace = byte == 0x09 || byte == 0x0A || byte == 0x0D
        guard byte >= 0x20 && byte != 0x7F || isSpace else { return nil }
        if byte >= 0x80 { high += 1 }
        hasWindows = hasWindows || 0x80...0x9F ~= byte
    }
    guard high > 0, high * 2 <= range.count else { return nil }
    return hasWindows ? .windows1252 : .latin1
}
