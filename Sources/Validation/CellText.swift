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
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return isCut ? "\(shown)…" : shown
}
