import FoundationEssentials

/// Returns a text as encoded words of RFC 2047, one a line, each of whole characters.
func encodedWords(_ text: String) -> String {
    // Because a line has at most 76 characters: 39 bytes become 52, and 12 stand around them.
    let bytesMax = 39
    var words: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
        let bytes = Array(String(scalar).utf8)
        if words[words.count - 1].count + bytes.count > bytesMax { words.append([]) }
        words[words.count - 1] += bytes
    }
    return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }
        .joined(separator: "\r\n ")
}

/// Returns a text in quoted-printable, RFC 2045 section 6.7; it always ends with a line's end.
///
/// No line begins with a dot or with `From `, which old relays change.
func quotedPrintable(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + text.utf8.count / 16 + 2)
    for line in lines(of: text) {
        append(line, to: &result)
        result += [13, 10]
    }
    return result
}

/// Splits at LF, CR and CRLF; the end of the text ends its last line.
private func lines(of text: String) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    var isAfterReturn = false
    for byte in text.utf8 {
        let isSecondHalf = isAfterReturn && byte == 10
        isAfterReturn = byte == 13
        if isSecondHalf { continue }
        if byte == 10 || byte == 13 {
            lines.append(line)
            line = []
        } else {
            line.append(byte)
        }
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
}

private func append(_ line: [UInt8], to result: inout [UInt8]) {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var column = 0
    for (index, byte) in line.enumerated() {
        let isLast = index == line.count - 1
        // Because a space or a tab at a line's end would be lost.
        var isPlain =
            (byte == 9 || (32...126).contains(byte)) && byte != UInt8(ascii: "=")
            && !(isLast && (byte == 9 || byte == 32))
        // 75 and the sign of the break are 76, the most that a line may have.
        if column + (isPlain ? 1 : 3) > 75 {
            result += Array("=\r\n".utf8)
            column = 0
        }
        if column == 0, byte == UInt8(ascii: ".") || line[index...].starts(with: "From ".utf8) {
            isPlain = false
        }
        if isPlain {
            result.append(byte)
        } else {
            let digits = [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            result += [UInt8(ascii: "=")] + digits
        }
        column += isPlain ? 1 : 3
    }
}
