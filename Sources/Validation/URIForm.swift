/// Whether the text is a `URI` of RFC 3986: a scheme, a colon and what follows, in ASCII.
///
/// Relative references are none, and neither is what has a space, a character above ASCII or a
/// percent sign without two hexadecimal digits.
func isURI(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let scheme = schemeEnd(bytes, range) else { return false }
    var index = scheme + 1
    let end = range.upperBound
    if index + 1 < end, bytes[index] == slash, bytes[index + 1] == slash {
        let start = index + 2
        index = start
        while index < end, !isAuthorityEnd(bytes[index]) { index += 1 }
        guard isAuthority(bytes, start..<index) else { return false }
    }
    // The path, the query and the fragment have the same letters, but for the marks between them.
    var mark: UInt8 = 0
    while index < end {
        let byte = bytes[index]
        if byte == UInt8(ascii: "#"), mark != byte {
            mark = byte
        } else if byte == UInt8(ascii: "?") {
            if mark == 0 { mark = byte }
        } else if byte != slash, byte != UInt8(ascii: ":"), byte != UInt8(ascii: "@") {
            guard isName(bytes, &index, end) else { return false }
        }
        index += 1
    }
    return true
}

private let slash = UInt8(ascii: "/")

/// Where the colon behind a scheme stands.
private func schemeEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty, isLetter(bytes[range.lowerBound]) else { return nil }
    for index in range {
        switch bytes[index] {
        case UInt8(ascii: ":"): return index
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
        case let byte where isLetter(byte) || isDigit(byte): continue
        default: return nil
        }
    }
    return nil
}

private func isAuthorityEnd(_ byte: UInt8) -> Bool {
    byte == slash || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
}

/// `[user@]host[:port]`, where the host is a name, an address or an address in brackets.
private func isAuthority(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    if let at = range.last(where: { bytes[$0] == UInt8(ascii: "@") }) {
        guard isNames(bytes, start..<at, allowing: UInt8(ascii: ":")) else { return false }
        start = at + 1
    }
    var end = range.upperBound
    while end > start, isDigit(bytes[end - 1]) { end -= 1 }
    end = end > start && bytes[end - 1] == UInt8(ascii: ":") ? end - 1 : range.upperBound
    guard start < end, bytes[start] == UInt8(ascii: "[") else {
        return isNames(bytes, start..<end, allowing: 0)
    }
    guard end - start > 2, bytes[end - 1] == UInt8(ascii: "]") else { return false }
    let inner = start + 1..<end - 1
    return isIPv6(bytes, inner) || isFutureAddress(bytes, inner)
}

/// `v`, hexadecimal digits, a point, and what a later version of IP may bring.
private func isFutureAddress(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard bytes[range.lowerBound] | 0x20 == UInt8(ascii: "v") else { return false }
    var index = range.lowerBound + 1
    while index < range.upperBound, isHexadecimal(bytes[index]) { index += 1 }
    guard index > range.lowerBound + 1, index + 1 < range.upperBound,
        bytes[index] == UInt8(ascii: ".")
    else { return false }
    let rest = index + 1..<range.upperBound
    return !rest.contains { bytes[$0] == UInt8(ascii: "%") }
        && isNames(bytes, rest, allowing: UInt8(ascii: ":"))
}

private func isNames(_ bytes: Span<UInt8>, _ range: Range<Int>, allowing other: UInt8) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
        if bytes[index] != other || other == 0 {
            guard isName(bytes, &index, range.upperBound) else { return false }
        }
        index += 1
    }
    return true
}

/// Whether a byte may stand in any name; passes over the digits behind a percent sign.
private func isName(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "%"):
        guard index + 2 < end, isHexadecimal(bytes[index + 1]), isHexadecimal(bytes[index + 2])
        else { return false }
        index += 2
        return true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
        UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: ","),
        UInt8(ascii: ";"), UInt8(ascii: "="):
        return true
    case let byte: return isLetter(byte) || isDigit(byte)
    }
}
