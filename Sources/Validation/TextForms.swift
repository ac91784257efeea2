import Domain

/// Whether a text has the form that `format:` names, read once from the left.
func hasForm(
    _ format: ColumnDeclaration.TextFormat, _ bytes: Span<UInt8>, _ range: Range<Int>
) -> Bool {
    switch format {
    case .email: isEmail(bytes, range)
    case .uuid: isUUID(bytes, range)
    case .uri: isURI(bytes, range)
    case .ipv4: isIPv4(bytes, range)
    case .ipv6: isIPv6(bytes, range)
    case .time: isTimeOfDay(bytes, range)
    }
}

/// Whether the text is a valid e-mail address of the HTML standard: one or more letters, digits
/// and ``.!#$%&'*+/=?^_`{|}~-``, an `@`, and labels of a host joined by points.
///
/// Source: html.spec.whatwg.org, "valid email address". No comments, no quotes, ASCII only.
func isEmail(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, isMailLetter(bytes[index]) { index += 1 }
    guard index > range.lowerBound, index < range.upperBound, bytes[index] == UInt8(ascii: "@")
    else { return false }
    var label = index + 1
    index = label
    while index <= range.upperBound {
        if index == range.upperBound || bytes[index] == UInt8(ascii: ".") {
            guard isLabel(bytes, label..<index) else { return false }
            label = index + 1
        }
        index += 1
    }
    return true
}

/// 1 to 63 letters, digits and hyphens, no hyphen first or last.
private func isLabel(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (1...63).contains(range.count), bytes[range.lowerBound] != UInt8(ascii: "-"),
        bytes[range.upperBound - 1] != UInt8(ascii: "-")
    else { return false }
    return range.allSatisfy {
        isLetter(bytes[$0]) || isDigit(bytes[$0]) || bytes[$0] == UInt8(ascii: "-")
    }
}

private func isMailLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
        UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
        UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^")...UInt8(ascii: "`"),
        UInt8(ascii: "{")...UInt8(ascii: "~"):
        true
    default: isLetter(byte) || isDigit(byte)
    }
}

/// Whether the text is 32 hexadecimal digits of either case, as 8-4-4-4-12 (RFC 9562, section 4).
func isUUID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count == 36 else { return false }
    return range.allSatisfy { index in
        switch index - range.lowerBound {
        case 8, 13, 18, 23: bytes[index] == UInt8(ascii: "-")
        default: isHexadecimal(bytes[index])
        }
    }
}

/// Whether the text is four numbers from 0 to 255 without needless zeros, joined by points
/// (`IPv4address` of RFC 3986).
func isIPv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (7...15).contains(range.count) else { return false }
    var (parts, value, digits) = (0, 0, 0)
    for index in range {
        if bytes[index] == UInt8(ascii: ".") {
            guard digits > 0, parts < 3 else { return false }
            (parts, value, digits) = (parts + 1, 0, 0)
            continue
        }
        // A digit behind a zero in front is needless.
        guard isDigit(bytes[index]), digits == 0 || value > 0 else { return false }
        value = value * 10 + Int(bytes[index] - 48)
        digits += 1
        guard value <= 255 else { return false }
    }
    return parts == 3 && digits > 0
}

/// Whether the text is an address of RFC 4291, section 2.2: eight groups of one to four
/// hexadecimal digits, `::` at most once for one or more groups of zeros, and an IPv4 address in
/// place of the last two. No zone, no brackets.
func isIPv6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (2...45).contains(range.count) else { return false }
    let colon = UInt8(ascii: ":")
    var index = range.lowerBound
    var groups = 0
    var isShort = false
    if bytes[index] == colon {
        guard bytes[index + 1] == colon else { return false }
        isShort = true
        index += 2
    }
    while index < range.upperBound {
        let start = index
        while index < range.upperBound, isHexadecimal(bytes[index]) { index += 1 }
        if index < range.upperBound, bytes[index] == UInt8(ascii: ".") {
            guard isIPv4(bytes, start..<range.upperBound) else { return false }
            groups += 2
            break
        }
        guard (1...4).contains(index - start) else { return false }
        groups += 1
        guard index < range.upperBound else { break }
        guard bytes[index] == colon, index + 1 < range.upperBound else { return false }
        index += 1
        if bytes[index] == colon {
            guard !isShort else { return false }
            isShort = true
            index += 1
        }
    }
    return isShort ? groups <= 7 : groups == 8
}

/// Whether the text is a time of the day as RFC 3339 has it, `hh:mm:ss` with or without a fraction,
/// and without an offset.
func isTimeOfDay(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 8, bytes[range.lowerBound + 2] == UInt8(ascii: ":"),
        bytes[range.lowerBound + 5] == UInt8(ascii: ":")
    else { return false }
    var fields: [3 of Int] = [0, 0, 0]
    for place in 0..<3 {
        let index = range.lowerBound + place * 3
        guard isDigit(bytes[index]), isDigit(bytes[index + 1]) else { return false }
        fields[place] = Int(bytes[index] - 48) * 10 + Int(bytes[index + 1] - 48)
    }
    guard fields[0] <= 23, fields[1] <= 59, fields[2] <= 60 else { return false }
    let fraction = range.lowerBound + 8..<range.upperBound
    guard let point = fraction.first else { return true }
    return bytes[point] == UInt8(ascii: ".") && fraction.count > 1
        && fraction.dropFirst().allSatisfy { isDigit(bytes[$0]) }
}

func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6
}
