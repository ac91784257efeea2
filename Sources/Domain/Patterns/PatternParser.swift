/// Reads a regular expression.
///
/// Literals, `.`, classes, `\d \w \s` and their like, properties, groups, `|`, `* + ? {n} {n,}
/// {n,m}` and `{,m}`, also lazy, anchors, word edges and the flags `i`, `s`, `m` and `x`; see
/// docs/patterns.md. The rest of what engines know is refused by name.
struct PatternParser {
    static let depthMax = 100
    /// How many Unicode scalars a pattern may have. It bounds the parts that are not places: those
    /// of classes, and groups of nothing.
    static let lengthMax = 40_000
    /// More times than a net has places are as good as these.
    private static let timesMax = 1_000_000

    struct Flags {
        var ignoresCase = false
        var dotIsAll = false
        var isByLine = false
        var skipsSpace = false
    }

    let text: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var depth = 0
    private(set) var classes: [LetterClass] = []
    /// The places of `classes`, because most patterns say the same more than once.
    private var numbers: [LetterClass.Form: Int] = [:]
    private var letterCount = 0

    init(_ pattern: String) { text = Array(pattern.unicodeScalars) }

    mutating func parse() throws(PatternError) -> PatternNode {
        guard text.count <= Self.lengthMax else { throw PatternError(Self.lengthMax, .tooLong) }
        let tree = try choice()
        guard position == text.count else { throw PatternError(position, .strayParenthesis) }
        return tree
    }

    // MARK: Characters

    var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }

    /// The character that many behind the next one.
    func peek(_ ahead: Int) -> Unicode.Scalar? {
        position + ahead < text.count ? text[position + ahead] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard self.text[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// One character of a class that has just been read.
    mutating func letter(_ form: LetterClass.Form) throws(PatternError) -> PatternNode {
        letterCount += 1
        // Because each is a place of the net, whose other place is its end.
        guard letterCount < PatternNet.placesMax else {
            throw PatternError(position - 1, .tooLarge)
        }
        if let number = numbers[form] { return .letter(number) }
        numbers[form] = classes.count
        classes.append(LetterClass(form))
        return .letter(classes.count - 1)
    }

    mutating func literal(_ scalar: Unicode.Scalar) throws(PatternError) -> PatternNode {
        try letter(union([.letter(scalar)]))
    }

    /// What is one level deeper than what is read now.
    mutating func nested<Part>(
        at offset: Int, _ body: (inout PatternParser) throws(PatternError) -> Part
    ) throws(PatternError) -> Part {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw PatternError(offset, .tooDeep) }
        return try body(&self)
    }

    // MARK: Grammar

    mutating func choice() throws(PatternError) -> PatternNode {
        var sides = [try sequence()]
        while take("|") { sides.append(try sequence()) }
        return sides.count == 1 ? sides[0] : .choice(sides)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        try skipNotes()
        while let scalar = peek, scalar != "|", scalar != ")" {
            if let part = try atom(&parts) { parts.append(try repeated(part)) }
            try skipNotes()
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// Passes over what says nothing: `(?#note)`, and with the flag `x` white space and what stands
    /// behind `#`.
    private mutating func skipNotes() throws(PatternError) {
        while let scalar = peek {
            if scalar == "(", peek(1) == "?", peek(2) == "#" {
                let start = position
                position += 3
                try skip(to: ")", from: start)
            } else if flags.skipsSpace, scalar == "#" {
                while let scalar = peek, scalar != "\n" { position += 1 }
            } else if flags.skipsSpace, scalar.properties.isWhitespace {
                position += 1
            } else {
                return
            }
        }
    }

    /// What can be repeated; nil where something stands that matches nothing by itself.
    ///
    /// - Parameter parts: gets what stands before the last character of a quotation.
    private mutating func atom(_ parts: inout [PatternNode]) throws(PatternError) -> PatternNode? {
        guard let scalar = peek else { return nil }
        let start = position
        if take("\\Q") { return try quotation(&parts) }
        position += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[":
            let form = try letterClass(from: start)
            return try letter(form)
        case "\\": return try escapedNode(from: start)
        case ".": return try letter(flags.dotIsAll ? .kind(.all) : .not(.kind(.newline)))
        case "^": return .check(flags.isByLine ? .lineStart : .textStart)
        case "$": return .check(flags.isByLine ? .lineEnd : .textEnd)
        case "*", "+", "?": throw PatternError(start, .nothingToRepeat)
        case "{":
            position = start
            guard times() == nil else { throw PatternError(start, .nothingToRepeat) }
            position = start + 1
            return try literal(scalar)
        default: return try literal(scalar)
        }
    }

    /// What stands between `\Q` and `\E` is meant as it is; the last character can be repeated.
    private mutating func quotation(
        _ parts: inout [PatternNode]
    ) throws(PatternError) -> PatternNode? {
        var last: PatternNode?
        while let scalar = peek, !take("\\E") {
            position += 1
            if let last { parts.append(last) }
            last = try literal(scalar)
        }
        return last
    }

    // MARK: Repetition

    private mutating func repeated(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        try skipNotes()
        let start = position
        guard let times = try quantifier() else { return atom }
        if case .check = atom { throw PatternError(start, .nothingToRepeat) }
        try skipNotes()
        if peek == "+" { throw PatternError(position, .unsupported(.possessive)) }
        // A lazy repetition accepts the same texts.
        _ = take("?")
        try skipNotes()
        let end = position
        guard try quantifier() == nil else { throw PatternError(end, .nothingToRepeat) }
        return .times(atom, least: times.least, most: times.most, offset: start)
    }

    private mutating func quantifier() throws(PatternError) -> (least: Int, most: Int?)? {
        let start = position
        switch peek {
        case "*", "+", "?":
            defer { position += 1 }
            return peek == "*" ? (0, nil) : peek == "+" ? (1, nil) : (0, 1)
        case "{":
            guard let times = times() else { return nil }
            if let most = times.most, most < times.least {
                throw PatternError(start, .crossedTimes)
            }
            return times
        default: return nil
        }
    }

    /// `{n}`, `{n,}`, `{n,m}` or `{,m}`; anything else is meant as it is.
    private mutating func times() -> (least: Int, most: Int?)? {
        let start = position
        position += 1
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        guard take("}"), least != nil || most != nil else {
            position = start
            return nil
        }
        return (least ?? 0, most)
    }

    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while let scalar = peek, Self.isDigit(scalar) {
            value = min(value * 10 + Int(scalar.value - 48), Self.timesMax)
            position += 1
        }
        return position > start ? value : nil
    }
}
