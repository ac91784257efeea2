import Domain

/// Finds where a character of a YAML scalar stands in the file.
///
/// What a scalar says and how it is written differ: quotes, escapes, folded and indented lines. So
/// both are walked over side by side, and white space counts as one on either side.
struct RulePlaces {
    private let file: String
    private let source: [Unicode.Scalar]

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        source = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    private enum Style { case plain, single, double }

    /// The place of the character with `offset` Unicode scalars of `text` before it; `start` is
    /// that of the scalar, which is also the answer when the two do not fit.
    func place(of offset: Int, in text: String, from start: Place) -> Place {
        guard var index = index(of: start) else { return start }
        var style = Style.plain
        switch source[index] {
        case "\"": style = .double
        case "'": style = .single
        case "|", ">":
            while index < source.count, !isLineEnd(source[index]) { index += 1 }
        default: break
        }
        if style != .plain { index += 1 }
        let scalars = Array(text.unicodeScalars)
        for scalar in scalars.prefix(offset) where !scalar.properties.isWhitespace {
            skipSpace(&index, style)
            guard let length = length(of: scalar, at: index, style) else { return start }
            index += length
        }
        // Behind the end of the text stands nothing that a person would point at.
        if offset < scalars.count { skipSpace(&index, style) }
        return place(at: index)
    }

    /// How many characters of the file stand for one of the text; nil: they do not.
    private func length(of scalar: Unicode.Scalar, at index: Int, _ style: Style) -> Int? {
        guard index < source.count else { return nil }
        switch (style, source[index]) {
        case (.double, "\\"):
            guard index + 1 < source.count else { return nil }
            switch source[index + 1] {
            case "x": return 4
            case "u": return 6
            case "U": return 10
            default: return 2
            }
        case (.single, "'"): return 2
        case (_, scalar): return 1
        default: return nil
        }
    }

    private func skipSpace(_ index: inout Int, _ style: Style) {
        while index < source.count {
            if source[index].properties.isWhitespace {
                index += 1
            } else if style == .double, source[index] == "\\", index + 1 < source.count,
                "ntr \n\r\t".unicodeScalars.contains(source[index + 1])
            {
                index += 2
            } else {
                return
            }
        }
    }

    private func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

    /// Whether a line ends behind the character.
    private func endsLine(_ index: Int) -> Bool {
        guard source[index] == "\r" else { return source[index] == "\n" }
        return index + 1 >= source.count || source[index + 1] != "\n"
    }

    private func index(of place: Place) -> Int? {
        guard let line = place.line, let column = place.column else { return nil }
        var (index, current) = (0, 1)
        while current < line, index < source.count {
            if endsLine(index) { current += 1 }
            index += 1
        }
        index += column - 1
        return index < source.count ? index : nil
    }

    private func place(at index: Int) -> Place {
        var (line, column) = (1, 1)
        for before in 0..<index {
            column += 1
            if endsLine(before) { (line, column) = (line + 1, 1) }
        }
        return Place(file: file, line: line, column: column)
    }
}
