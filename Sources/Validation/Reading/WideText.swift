/// Whether it is text in UTF-16 of which that is not said: every other byte is a NUL and only every
/// other, as in Latin text, or all of it is text if it is read so.
func isWide(_ head: ArraySlice<UInt8>) -> Bool {
    var counts = [0, 0]
    for (index, byte) in head.enumerated() where byte == 0 { counts[index & 1] += 1 }
    return counts.max() ?? 0 > head.count / 3 && counts.min() ?? 0 < head.count / 16
        || WideText(head).isText
}

/// What bytes would be as text in UTF-16.
private struct WideText {
    /// One of so many units at least is a character of ASCII: what separates cells and rows, and
    /// digits.
    private static let unitsPerASCII = 32

    private var units = 0
    /// Characters of ASCII: a byte of text with a NUL beside it.
    private var ascii = 0
    /// Units of two bytes that are both ASCII, as nearly all are of text in UTF-8.
    private var pairs = 0
    private var isDamaged = false
    /// The first unit of a pair of surrogates.
    private var lead: UInt16?

    init(_ head: ArraySlice<UInt8>) {
        let isBigEndian = Transcoder.isBigEndian(head)
        for index in stride(from: head.startIndex, to: head.endIndex - 1, by: 2) {
            let unit = UInt16(head[index]) << 8 | UInt16(head[index + 1])
            add(isBigEndian ? unit : unit.byteSwapped)
            // Because most bytes that are none tell it soon.
            if isDamaged { return }
        }
    }

    var isText: Bool {
        !isDamaged && ascii > 0 && ascii * Self.unitsPerASCII >= units && pairs * 4 < units * 3
    }

    private mutating func add(_ unit: UInt16) {
        units += 1
        if let first = lead {
            lead = nil
            guard 0xDC00...0xDFFF ~= unit else { return isDamaged = true }
            let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
            return add(Unicode.Scalar(code))
        }
        if 0xD800...0xDBFF ~= unit {
            lead = unit
        } else {
            if isText(unit >> 8), isText(unit & 0xFF) { pairs += 1 }
            if unit < 0x80 { ascii += 1 }
            add(Unicode.Scalar(unit))
        }
    }

    private func isText(_ byte: UInt16) -> Bool { 0x20...0x7E ~= byte || isSpace(UInt32(byte)) }

    private func isSpace(_ code: UInt32) -> Bool { 0x09...0x0D ~= code }

    /// Characters that no text has: those of control, and those that nobody has given a meaning.
    private mutating func add(_ scalar: Unicode.Scalar?) {
        guard let scalar else { return isDamaged = true }
        switch scalar.properties.generalCategory {
        case .control: isDamaged = !isSpace(scalar.value)
        case .unassigned, .surrogate: isDamaged = true
        default: break
        }
    }
}
