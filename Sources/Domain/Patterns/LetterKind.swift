/// Characters that have a name in patterns.
///
/// Source: Unicode Technical Standard 18, annex C, for `\d`, `\w`, `\s` and the POSIX names.
enum LetterKind: Hashable, Sendable {
    case digit, word, space, blank, newline
    case alphabetic, alphanumeric, uppercase, lowercase, graphic, printable, hexadecimal
    case ascii, all
    case categories([Unicode.GeneralCategory])
    case script(LetterScript)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return switch self {
        case .digit: properties.generalCategory == .decimalNumber
        case .word: isWord(scalar)
        case .space: properties.isWhitespace
        case .blank: scalar == "\t" || properties.generalCategory == .spaceSeparator
        case .newline: isNewline(scalar)
        case .alphabetic: properties.isAlphabetic
        case .alphanumeric:
            properties.isAlphabetic || properties.generalCategory == .decimalNumber
        case .uppercase: properties.isUppercase
        case .lowercase: properties.isLowercase
        case .graphic: isGraphic(scalar)
        case .printable: isGraphic(scalar) || properties.generalCategory == .spaceSeparator
        case .hexadecimal: properties.isASCIIHexDigit
        case .ascii: scalar.value < 0x80
        case .all: true
        case .categories(let categories): categories.contains(properties.generalCategory)
        case .script(let script): script.contains(scalar)
        }
    }

    /// Whether a letter may belong to it and one of its other cases not.
    var isCased: Bool {
        switch self {
        case .uppercase, .lowercase, .ascii, .categories, .script: true
        case .digit, .word, .space, .blank, .newline, .alphabetic, .alphanumeric, .graphic,
            .printable, .hexadecimal, .all:
            false
        }
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark:
            return true
        default: return false
        }
    }

    private func isNewline(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private func isGraphic(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .unassigned: false
        default: !scalar.properties.isWhitespace
        }
    }
}

extension LetterKind {
    /// By the name behind `\p`; nil: no characters are called so.
    ///
    /// Case, spaces, hyphens and underscores do not count, nor does `Is` in front.
    init?(property name: String) {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { plainName($0) }
        guard let last = parts.last, !last.isEmpty else { return nil }
        // Which other scripts use a letter (`scx`) is not known here.
        let isScript = parts.count == 2 && ["script", "sc"].contains(parts[0])
        if parts.count == 2, !isScript, !["generalcategory", "gc"].contains(parts[0]) {
            return nil
        }
        if !isScript, let found = Self.named(last) ?? Self.named(last, without: "is") {
            self = found
        } else if let script = LetterScript(name: last) ?? LetterScript(name: last, without: "is") {
            self = .script(script)
        } else {
            return nil
        }
    }

    /// By the name of a class of POSIX.
    init?(posix name: String) {
        switch name {
        case "alpha": self = .alphabetic
        case "digit": self = .digit
        case "alnum": self = .alphanumeric
        case "upper": self = .uppercase
        case "lower": self = .lowercase
        case "space": self = .space
        case "blank": self = .blank
        case "punct": self = .categories(punctuation)
        case "cntrl": self = .categories([.control])
        case "graph": self = .graphic
        case "print": self = .printable
        case "word": self = .word
        case "xdigit": self = .hexadecimal
        case "ascii": self = .ascii
        default: return nil
        }
    }

    private static func named(_ name: String, without prefix: String) -> LetterKind? {
        name.hasPrefix(prefix) ? named(String(name.dropFirst(prefix.count))) : nil
    }

    private static func named(_ name: String) -> LetterKind? {
        if let categories = categories[name] { return .categories(categories) }
        return switch name {
        case "alphabetic", "alpha": .alphabetic
        case "uppercase", "upper": .uppercase
        case "lowercase", "lower": .lowercase
        case "whitespace", "space": .space
        case "asciihexdigit", "ahex": .hexadecimal
        case "ascii": .ascii
        case "any": .all
        default: nil
        }
    }

    /// The general categories, by their short and long names.
    private static let categories: [String: [Unicode.GeneralCategory]] = {
        var all: [String: [Unicode.GeneralCategory]] = [:]
        for (names, categories) in categoryNames {
            for name in names.split(separator: " ") { all[String(name)] = categories }
        }
        return all
    }()
}

private let punctuation: [Unicode.GeneralCategory] = [
    .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
    .initialPunctuation, .finalPunctuation, .otherPunctuation,
]

private let letters: [Unicode.GeneralCategory] = [
    .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
]

private let categoryNames: [(String, [Unicode.GeneralCategory])] = [
    ("l letter", letters), ("lc casedletter l&", Array(letters.prefix(3))),
    ("lu uppercaseletter", [.uppercaseLetter]), ("ll lowercaseletter", [.lowercaseLetter]),
    ("lt titlecaseletter", [.titlecaseLetter]), ("lm modifierletter", [.modifierLetter]),
    ("lo otherletter", [.otherLetter]),
    ("m mark", [.nonspacingMark, .spacingMark, .enclosingMark]),
    ("mn nonspacingmark", [.nonspacingMark]), ("mc spacingmark", [.spacingMark]),
    ("me enclosingmark", [.enclosingMark]),
    ("n number", [.decimalNumber, .letterNumber, .otherNumber]),
    ("nd decimalnumber digit", [.decimalNumber]), ("nl letternumber", [.letterNumber]),
    ("no othernumber", [.otherNumber]),
    ("p punctuation punct", punctuation), ("pc connectorpunctuation", [.connectorPunctuation]),
    ("pd dashpunctuation", [.dashPunctuation]), ("ps openpunctuation", [.openPunctuation]),
    ("pe closepunctuation", [.closePunctuation]), ("pi initialpunctuation", [.initialPunctuation]),
    ("pf finalpunctuation", [.finalPunctuation]), ("po otherpunctuation", [.otherPunctuation]),
    ("s symbol", [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]),
    ("sm mathsymbol", [.mathSymbol]), ("sc currencysymbol", [.currencySymbol]),
    ("sk modifiersymbol", [.modifierSymbol]), ("so othersymbol", [.otherSymbol]),
    ("z separator", [.spaceSeparator, .lineSeparator, .paragraphSeparator]),
    ("zs spaceseparator", [.spaceSeparator]), ("zl lineseparator", [.lineSeparator]),
    ("zp paragraphseparator", [.paragraphSeparator]),
    ("c other", [.control, .format, .surrogate, .privateUse, .unassigned]),
    ("cc control cntrl", [.control]), ("cf format", [.format]), ("cs surrogate", [.surrogate]),
    ("co privateuse", [.privateUse]), ("cn unassigned", [.unassigned]),
]

private func plainName(_ name: Substring) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
}
