/// The text of a cell for people: cut to 40 characters, control characters as escapes.
func shownText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    // Because a character may be long, but not so long that 40 of them need more than this.
    let bounded = range.prefix(400).map { bytes[$0] }
    let text = String(decoding: bounded, as: UTF8.self)
    let isCut = range.count > 400 || text.count > 40
    var shown = ""
    for scalar in text.prefix(isCut ? 39 : 40).unicodeScalars {
        switch scalar {
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): shown += "·"
        default: shown += visibleText(scalar)
        }
    }
    return isCut ? "\(shown)…" : shown
}

/// The beginning of a column's name for people, with the marks in it that do not show.
func shownName(_ name: String) -> String {
    name.unicodeScalars.prefix(40).reduce(into: "") { $0 += visibleText($1) }
}

/// The same of several columns.
func shownNames(_ names: [String]) -> String {
    names.map(shownName).joined(separator: ", ")
}

/// A character, or the number of one that does not show, such as a byte order mark: `U+FEFF`.
///
/// Joiners are let be, because scripts and emoji need them.
private func visibleText(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .format where !(0x200C...0x200D).contains(scalar.value): break
    case .lineSeparator, .paragraphSeparator: break
    default: return String(scalar)
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
}
