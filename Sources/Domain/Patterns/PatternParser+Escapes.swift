extension PatternParser {
    /// What a backslash makes of what follows it.
    enum Escaped {
        case letter(Unicode.Scalar)
        case form(LetterClass.Form)
        case check(PatternCheck)
        /// One end of a line, of one or two characters.
        case lineEnd
    }

    mutating func escapedNode(from start: Int) throws(PatternError) -> PatternNode {
        switch try escape(from: start, isInClass: false) {
        case .letter(let scalar): return try literal(scalar)
        case .form(let form): return try letter(union([form]))
        case .check(let check): return .check(check)
        case .lineEnd:
            let pair = [try letter(.letter("\r")), try letter(.letter("\n"))]
            return .choice([.sequence(pair), try letter(.kind(.newline))])
        }
    }

    /// Reads what stands behind a backslash.
    mutating func escape(from start: Int, isInClass: Bool) throws(PatternError) -> Escaped {
        guard let scalar = peek else { throw PatternError(start, .openEscape) }
        position += 1
        if let form = try form(scalar, from: start) { return .form(form) }
        if let letter = try letter(scalar, from: start) { return .letter(letter) }
        switch scalar {
        case "b" where isInClass: return .letter("\u{8}")
        case "b": return .check(.wordEdge)
        case "B": return .check(.noWordEdge)
        case "A": return .check(.textStart)
        case "z", "Z": return .check(.textEnd)
        case "R": return .lineEnd
        case "1"..."9", "k", "g": throw PatternError(start, .unsupported(.backReference))
        case "X", "y", "Y": throw PatternError(start, .unsupported(.textSegment))
        case "G", "K": throw PatternError(start, .unsupported(.matchStart))
        case "a"..."z", "A"..."Z": throw PatternError(start, .unknownEscape(written(from: start)))
        default: return .letter(scalar)
        }
    }

    private mutating func form(
        _ scalar: Unicode.Scalar, from start: Int
    ) throws(PatternError) -> LetterClass.Form? {
        switch scalar {
        case "d": return .kind(.digit)
        case "D": return .not(.kind(.digit))
        case "w": return .kind(.word)
        case "W": return .not(.kind(.word))
        case "s": return .kind(.space)
        case "S": return .not(.kind(.space))
        case "h": return .kind(.blank)
        case "H": return .not(.kind(.blank))
        case "v": return .kind(.newline)
        case "V", "N": return .not(.kind(.newline))
        case "p", "P":
            let kind = try property(from: start)
            return scalar == "p" ? .kind(kind) : .not(union([.kind(kind)]))
        default: return nil
        }
    }

    /// `{Lu}` behind `\p`, or one letter.
    private mutating func property(from start: Int) throws(PatternError) -> LetterKind {
        var name: String
        if take("{") {
            guard let end = text[position...].firstIndex(of: "}") else {
                throw PatternError(start, .openName)
            }
            name = string(position..<end)
            position = end + 1
        } else {
            name = peek.map { String($0) } ?? ""
            position = min(position + 1, text.count)
        }
        guard let kind = LetterKind(property: name) else {
            throw PatternError(start, .unknownProperty(name))
        }
        return kind
    }

    /// A character by a letter or by its number.
    private mutating func letter(
        _ scalar: Unicode.Scalar, from start: Int
    ) throws(PatternError) -> Unicode.Scalar? {
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{C}"
        case "a": return "\u{7}"
        case "e": return "\u{1B}"
        case "0": return try numbered(digits: 0...2, radix: 8, from: start)
        case "x":
            if let found = try braced(from: start) { return found }
            return try numbered(digits: 1...2, radix: 16, from: start)
        case "u":
            if let found = try braced(from: start) { return found }
            return try numbered(digits: 4...4, radix: 16, from: start)
        case "U": return try numbered(digits: 8...8, radix: 16, from: start)
        default: return nil
        }
    }

    /// A number in braces; nil: there are none.
    private mutating func braced(from start: Int) throws(PatternError) -> Unicode.Scalar? {
        guard take("{") else { return nil }
        let found = try numbered(digits: 1...8, radix: 16, from: start)
        guard take("}") else { throw PatternError(start, .badNumber) }
        return found
    }

    private mutating func numbered(
        digits: ClosedRange<Int>, radix: Int, from start: Int
    ) throws(PatternError) -> Unicode.Scalar {
        var (value, count): (UInt32, Int) = (0, 0)
        while count < digits.upperBound, let scalar = peek, scalar.isASCII,
            let digit = Character(scalar).hexDigitValue, digit < radix
        {
            value = value << (radix == 8 ? 3 : 4) | UInt32(digit)
            count += 1
            position += 1
        }
        guard count >= digits.lowerBound, let scalar = Unicode.Scalar(value) else {
            throw PatternError(start, .badNumber)
        }
        return scalar
    }
}
