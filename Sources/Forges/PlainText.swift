import Domain

/// Returns foreign text on one line of at most `limit` UTF-16 units; what was cut ends in `…`.
///
/// UTF-16 units are never fewer than what any forge counts as characters.
func oneLine(_ text: String, max limit: Int) -> String {
    var words: [String] = []
    for part in readable(text).split(whereSeparator: \.isWhitespace) { words.append(String(part)) }
    return shortened(words.joined(separator: " "), max: limit)
}

/// Returns foreign text with its line breaks and without other characters that do not show.
func readable(_ text: String) -> String {
    // By scalars, because CR and LF are one character.
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { oneLine(String($0)) }.joined(separator: "\n")
}

/// Returns at most `limit` UTF-16 units of the text; what was cut ends in `…`.
func shortened(_ text: String, max limit: Int) -> String {
    guard text.utf16.count > limit else { return text }
    var result = String.UnicodeScalarView()
    var count = 1
    for scalar in text.unicodeScalars {
        count += scalar.value > 0xFFFF ? 2 : 1
        guard count <= limit else { break }
        result.append(scalar)
    }
    return String(result) + "…"
}

/// Returns the address when it is one that people may click on; nil otherwise.
func webAddress(_ text: String?) -> String? {
    guard let text, text.hasPrefix("https://") || text.hasPrefix("http://"),
        text.utf8.count <= 2000,
        text.utf8.allSatisfy({ (33...126).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) })
    else { return nil }
    return text
}

/// Returns the text as one segment of a path or one value of a query (RFC 3986, section 2.1).
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.append(byte)
        default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: result, as: UTF8.self)
}
