extension PatternError {
    /// One line of fact about a pattern.
    package func message(of pattern: String) -> String {
        let shown = "`\(oneLine(pattern, charactersMax: 60))`"
        switch kind {
        case .unsupported(let construct):
            return "\(shown) has \(construct.noun), which would be tried in ever more ways"
        case .tooLarge:
            return "\(shown) has more than \(PatternNet.placesMax) places with its repetitions "
                + "written out"
        case .tooLong: return "\(shown) has more than \(PatternParser.lengthMax) characters"
        case .tooDeep: return "\(shown) is nested deeper than \(PatternParser.depthMax)"
        default: return "\(shown) is not a regular expression: \(reason)"
        }
    }

    private var reason: String {
        switch kind {
        case .openGroup: "the parenthesis that opens here is not closed"
        case .openClass: "the bracket that opens here is not closed"
        case .openName: "what begins here is not closed"
        case .openEscape: "nothing follows the backslash"
        case .strayParenthesis: "no parenthesis was opened before the one that closes here"
        case .emptyClass: "the brackets are empty here"
        case .nothingToRepeat: "nothing stands before it that can be repeated"
        case .crossedTimes: "the least number of times is above the most"
        case .badRange: "a range goes from one character up to another"
        case .badNumber: "no character has this number"
        case .unknownEscape(let text): "`\(text)` means nothing"
        case .unknownProperty(let name): "there are no characters called `\(shortened(name))`"
        case .unknownGroup(let text): "`(?\(text)` begins nothing"
        case .tooDeep, .tooLarge, .tooLong, .unsupported: ""
        }
    }

    /// How to mend it.
    package var hint: String {
        switch kind {
        case .openGroup, .strayParenthesis, .openEscape, .nothingToRepeat:
            "a backslash before a sign takes it as it is: '\\('"
        case .openClass, .emptyClass: "a backslash takes a bracket as it is: '\\['"
        case .openName: "close it with `>`, `}`, `)` or a quote, as it was opened"
        case .crossedTimes: "{2,5} is two to five times"
        case .badRange: "a hyphen that means itself stands last: [a-z_-]"
        case .badNumber: "\\x41, \\u00e9 or \\u{1F600}"
        case .unknownEscape: "a letter stands for itself without a backslash"
        case .unknownProperty: "\\p{L}, \\p{Lu}, \\p{Nd}, \\p{Greek} or \\p{Alphabetic}"
        case .unknownGroup: "(?:…), (?<name>…) and the flags (?i), (?s), (?m), (?x) are known"
        case .tooDeep: "take groups away"
        case .tooLarge: "bound the length by `max_length:` and repeat with `*` or `+`"
        case .tooLong: "write ranges and `\\p{…}` for characters, and `values:` for whole cells"
        case .unsupported(let construct): construct.hint
        }
    }
}

extension PatternError.Construct {
    fileprivate var noun: String {
        switch self {
        case .backReference: "a reference back to a group"
        case .lookahead: "a look ahead"
        case .lookbehind: "a look behind"
        case .atomicGroup: "an atomic group"
        case .possessive: "a possessive repetition"
        case .conditional: "a conditional group"
        case .recursion: "a group that calls a group"
        case .textSegment: "a segment of a text"
        case .matchStart: "a change of where the match begins"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .backReference: "write out what may stand there, or compare columns in a rule: a = b"
        case .lookahead, .lookbehind, .conditional:
            "say one thing in a pattern, and the rest in a rule: "
                + "x matches \"…\" and x not matches \"…\""
        case .atomicGroup: "write (?:…), which matches the same whole cells or more"
        case .possessive: "leave the last `+` out"
        case .recursion: "write the group out as often as it may be nested"
        case .textSegment, .matchStart: "leave it out: the whole cell is matched, by code points"
        }
    }
}

private func shortened(_ text: String) -> String { oneLine(text, charactersMax: 30) }
