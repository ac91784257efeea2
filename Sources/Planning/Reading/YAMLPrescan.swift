import Domain

/// Returns why `text` must not be given to the YAML parser at all; nil when it may.
///
/// Control characters are named with their place. Aliases are refused altogether, by the look of
/// the text: a few lines of them can stand for billions of values, and libYAML's events, which
/// would say it exactly, are not public. An alias is one only if its anchor is there too.
func prescan(_ text: String, file: String) -> Diagnostic? {
    var anchors: Set<String> = []
    var aliases: [(name: String, line: Int, column: Int)] = []
    var line = 1
    var column = 1
    var before: Unicode.Scalar = "\n"
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
        let scalar = scalars[index]
        let next = scalars.index(after: index)
        if isForbidden(scalar) {
            return Diagnostic(
                at: Place(file: file, line: line, column: column),
                "the control character U+\(hex(scalar.value)) does not belong in a declaration")
        }
        if scalar == "&" || scalar == "*", !isAnchorPart(before) {
            let name = String(Substring(scalars[next...].prefix(while: isAnchorPart)))
            if scalar == "&" {
                anchors.insert(name)
            } else if !name.isEmpty {
                aliases.append((name, line, column))
            }
        }
        if scalar == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        before = scalar
        index = next
    }
    guard let alias = aliases.first(where: { anchors.contains($0.name) }) else { return nil }
    return Diagnostic(
        at: Place(file: file, line: alias.line, column: alias.column),
        "anchors and aliases are not supported: `*\(quoted(alias.name))`",
        hint: "write the value out where it is needed")
}

/// What libYAML's reader refuses as well, and NEL, which editors do not count as a line.
private func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFFFE, 0xFFFF: true
    default: false
    }
}

/// Letters, digits, `-` and `_`: what libYAML takes as the name of an anchor.
private func isAnchorPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
    default: false
    }
}

private func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
