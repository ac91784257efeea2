extension PatternParser {
    /// What stands behind an opening parenthesis; nil where it only sets flags or says something
    /// to people.
    mutating func group(from start: Int) throws(PatternError) -> PatternNode? {
        let outer = flags
        if take("?") {
            guard try head(from: start) else { return nil }
        }
        let inside = try nested(at: start) { parser throws(PatternError) in
            try parser.choice()
        }
        guard take(")") else { throw PatternError(start, .openGroup) }
        flags = outer
        // Because a condition in parentheses may be repeated, which means nothing.
        if case .check = inside { return .sequence([inside]) }
        return inside
    }

    /// What stands behind `(?`; false: the group ends with it.
    private mutating func head(from start: Int) throws(PatternError) -> Bool {
        if take(":") { return true }
        if let construct = construct { throw PatternError(start, .unsupported(construct)) }
        if take("P<") || take("<") {
            try skip(to: ">", from: start)
            return true
        }
        if take("'") {
            try skip(to: "'", from: start)
            return true
        }
        return try readFlags(from: start)
    }

    /// What no automaton can match.
    private var construct: PatternError.Construct? {
        let next = peek(1)
        let isNumber = next.map(Self.isDigit) ?? false
        switch peek {
        case "=", "!", "*": return .lookahead
        case "<": return next == "=" || next == "!" || next == "*" ? .lookbehind : nil
        case ">": return .atomicGroup
        case "(": return .conditional
        case "P": return next == "=" ? .backReference : next == ">" ? .recursion : nil
        case "R", "&": return .recursion
        case "+", "-": return isNumber ? .recursion : nil
        default: return peek.map(Self.isDigit) == true ? .recursion : nil
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    mutating func skip(
        to end: Unicode.Scalar, from start: Int
    ) throws(PatternError) {
        let first = position
        while let scalar = peek, scalar != end { position += 1 }
        guard take(end), end == ")" || position > first + 1 else {
            throw PatternError(start, .openName)
        }
    }

    /// `i`, `s`, `m`, `x` and `n`, and behind a hyphen those that no longer hold.
    private mutating func readFlags(from start: Int) throws(PatternError) -> Bool {
        var isOn = true
        if take("^") { flags = Flags() }
        while let scalar = peek {
            position += 1
            switch scalar {
            case ":": return true
            case ")": return false
            case "-" where isOn: isOn = false
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotIsAll = isOn
            case "m": flags.isByLine = isOn
            case "x": flags.skipsSpace = isOn
            // Which groups are remembered is nothing to a match of the whole.
            case "n": break
            default: throw PatternError(start, .unknownGroup(String(scalar)))
            }
        }
        throw PatternError(start, .openGroup)
    }
}
