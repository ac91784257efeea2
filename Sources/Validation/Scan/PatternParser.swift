/// Reads the part of regular expressions that a finite automaton can match.
///
/// Literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ? {n} {n,} {n,m}`,
/// `^` in front and `$` at the end. For anything else (look-around, back references, properties,
/// anchors inside, set operations) it gives up, and the library's engine matches.
/// Letters are the printable ASCII characters only; see `CellAutomaton`.
struct PatternParser {
    /// Which of the characters 0x20 to 0x7E may stand at a place.
    typealias Letters = UInt128

    indirect enum Node {
        case letters(Letters)
        case sequence([Node])
        case choice([Node])
        case times(Node, least: Int, most: Int?)
    }

    private static let repeatsMax = 256
    private static let depthMax = 50

    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    /// The expression as a tree; nil when it has a part that is not known here.
    static func parse(_ pattern: String) -> Node? {
        var text = Array(pattern.utf8)
        guard text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        if text.first == UInt8(ascii: "^") { text.removeFirst() }
        if text.last == UInt8(ascii: "$"), text.dropLast().last != UInt8(ascii: "\\") {
            text.removeLast()
            // Because `^a|b$` anchors each side to one end only.
            if text.contains(UInt8(ascii: "|")) { return nil }
        }
        var parser = PatternParser(text: text)
        guard let node = parser.choice(), parser.position == text.count else { return nil }
        return node
    }

    private init(text: [UInt8]) { self.text = text }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func choice() -> Node? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { return nil }
        var sides: [Node] = []
        repeat {
            guard let side = sequence() else { return nil }
            sides.append(side)
        } while take(UInt8(ascii: "|"))
        return sides.count == 1 ? sides[0] : .choice(sides)
    }

    private mutating func sequence() -> Node? {
        var parts: [Node] = []
        while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            guard let atom = atom(), let part = repeated(atom) else { return nil }
            parts.append(part)
        }
        return .sequence(parts)
    }

    private mutating func repeated(_ atom: Node) -> Node? {
        var node = atom
        switch peek {
        case UInt8(ascii: "*"): node = .times(atom, least: 0, most: nil)
        case UInt8(ascii: "+"): node = .times(atom, least: 1, most: nil)
        case UInt8(ascii: "?"): node = .times(atom, least: 0, most: 1)
        case UInt8(ascii: "{"):
            position += 1
            guard let least = number() else { return nil }
            var most: Int? = least
            if take(UInt8(ascii: ",")) { most = peek == UInt8(ascii: "}") ? nil : number() ?? -1 }
            guard peek == UInt8(ascii: "}"), most ?? least >= least else { return nil }
            node = .times(atom, least: least, most: most)
        default: return atom
        }
        position += 1
        // A lazy quantifier accepts the same texts; a possessive or doubled one may not.
        _ = take(UInt8(ascii: "?"))
        switch peek {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"): return nil
        default: return node
        }
    }

    private mutating func number() -> Int? {
        var value = 0
        let start = position
        while let byte = peek, byte &- 48 <= 9 {
            value = value * 10 + Int(byte - 48)
            guard value <= Self.repeatsMax else { return nil }
            position += 1
        }
        return position > start ? value : nil
    }

    private mutating func atom() -> Node? {
        guard let byte = peek else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "("):
            if take(UInt8(ascii: "?")), !take(UInt8(ascii: ":")) { return nil }
            guard let inside = choice(), take(UInt8(ascii: ")")) else { return nil }
            return inside
        case UInt8(ascii: "["): return group().map(Node.letters)
        case UInt8(ascii: "."): return .letters(Self.all)
        case UInt8(ascii: "\\"): return escape().map(Node.letters)
        case UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "?"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ")"),
            UInt8(ascii: "]"):
            return nil
        default: return .letters(Self.letter(byte))
        }
    }

    /// A class behind its opening bracket.
    private mutating func group() -> Letters? {
        let isNegated = take(UInt8(ascii: "^"))
        var letters: Letters = 0
        var isEmpty = true
        while let byte = peek, byte != UInt8(ascii: "]") {
            position += 1
            isEmpty = false
            guard byte != UInt8(ascii: "["), !isSetOperation(byte) else { return nil }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = escape() else { return nil }
                letters |= escaped
                if peek == UInt8(ascii: "-") { return nil }
                continue
            }
            guard peek == UInt8(ascii: "-"), position + 1 < text.count,
                text[position + 1] != UInt8(ascii: "]")
            else {
                letters |= Self.letter(byte)
                continue
            }
            let last = text[position + 1]
            position += 2
            guard last >= byte, last != UInt8(ascii: "\\"), last != UInt8(ascii: "["),
                last != UInt8(ascii: "-")
            else { return nil }
            for each in byte...last { letters |= Self.letter(each) }
        }
        guard take(UInt8(ascii: "]")), !isEmpty else { return nil }
        return isNegated ? Self.all & ~letters : letters
    }

    /// `&&`, `--` and `~~` are operations on classes.
    private func isSetOperation(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        return byte == UInt8(ascii: "&") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
    }

    /// What stands for a letter or a class behind a backslash.
    private mutating func escape() -> Letters? {
        guard let byte = peek else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "d"): return Self.digit
        case UInt8(ascii: "D"): return Self.all & ~Self.digit
        case UInt8(ascii: "w"): return Self.wordLetter
        case UInt8(ascii: "W"): return Self.all & ~Self.wordLetter
        case UInt8(ascii: "s"): return Self.letter(0x20)
        case UInt8(ascii: "S"): return Self.all & ~Self.letter(0x20)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: " "), UInt8(ascii: "<"),
            UInt8(ascii: ">"):
            return nil
        default: return Self.letter(byte)
        }
    }

    private static func letter(_ byte: UInt8) -> Letters { 1 << Letters(byte - 0x20) }

    private static let all: Letters = (1 << 95) - 1
    private static let digit = range("0", "9")
    private static let wordLetter = digit | range("a", "z") | range("A", "Z") | range("_", "_")

    private static func range(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> Letters {
        (UInt8(ascii: first)...UInt8(ascii: last)).reduce(0) { $0 | letter($1) }
    }
}
