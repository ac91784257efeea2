import Domain
import Testing

@testable import Validation

/// Whether a pattern matches a text, by a walk and, where it decides, by the automaton.
private func matches(_ cells: CellPattern, _ text: String) -> (walk: Bool, automaton: Bool?) {
    let bytes = Array(text.utf8)
    let net = cells.pattern.net
    var walk = PatternWalk(net)
    let isMatch = walk.matches(bytes.span)
    #expect(walk.visits <= (text.unicodeScalars.count + 1) * net.places.count)
    let answer = cells.automaton.map { automaton in
        unsafe inRoom(bytes) { unsafe automaton.matches($0, bytes.count) }
    }
    switch answer {
    case .matches: return (isMatch, true)
    case .fails: return (isMatch, false)
    case .unknown, nil: return (isMatch, nil)
    }
}

/// Patterns with cells that `re.fullmatch` of Python 3.11 accepts and refuses.
private let cases: [(pattern: String, matches: [String], fails: [String])] = [
    ("\\bfoo\\b", ["foo"], ["foob"]),
    ("a\\b.*", ["a", "a b", "a-"], ["ab", "a\u{E9}"]),
    (".*\\b\u{E9}.*", ["x \u{E9}", "\u{E9}"], ["x\u{E9}"]),
    ("a\\Bb", ["ab"], ["a"]),
    ("a|b|", ["", "a"], ["c"]),
    ("^a|b$", ["a", "b"], ["ab"]),
    ("(a|b)*c{2,3}?", ["cc", "abcc", "abccc"], ["abcccc", "c"]),
    ("(?:a{2}|b){2}", ["aaaa", "aab", "bb"], ["aa"]),
    ("a{,2}", ["", "aa"], ["aaa"]),
    ("x{a}", ["x{a}"], ["x"]),
    ("(?i)stra\u{DF}e", ["STRA\u{DF}E", "Stra\u{DF}e"], ["strase"]),
    ("(?i:a)b", ["Ab"], ["AB"]),
    ("(?i)[k-m]+", ["KLM", "\u{212A}"], []),
    ("(?i)[^k]", ["l"], ["K", "k", "\u{212A}"]),
    ("(?s).+", ["a\u{A}b"], []),
    (".+", ["a b", "\u{E4}\u{1F600}"], []),
    ("\\d+", ["12", "\u{663}"], ["\u{B2}", "a"]),
    ("\\w+", ["a\u{E9}_9", "\u{6F22}\u{5B57}"], ["a-b"]),
    ("\\s+", [" \u{9}", "\u{A0}"], ["\u{200B}"]),
    ("\\D\\W\\S", ["a-b"], ["1-b"]),
    ("[^\\W\\d_]+", ["a\u{E9}"], ["a1", "_"]),
    ("[\\w.-]+@[\\w-]+\\.[a-z]{2,}", ["a.b@c-d.org", "\u{E4}@\u{FC}.de"], ["a@b"]),
    ("[a\\]b]+", ["a]b"], ["["]),
    ("[\\^a]", ["^"], ["b"]),
    ("[a^]", ["^"], []),
    ("(?P<y>\\d{4})-(?P<m>0[1-9]|1[0-2])", ["2024-02"], ["2024-13"]),
    ("(?m)a$\\n^b", ["a\u{A}b"], ["a b"]),
    ("\\Aa\\Z", ["a"], ["b"]),
    ("a(?#no)b", ["ab"], []),
    ("(?x) a b # c", ["ab"], ["a b"]),
    ("(?x) a +", ["aa"], ["", "a "]),
    ("(?x)\\d {4}", ["1234"], ["1", "1 "]),
    ("(?x)(a) # one\n {2} b", ["aab"], ["ab"]),
    ("(?x: a) +", ["a  "], ["aa"]),
    ("a(?#no)+", ["aa"], [""]),
    ("(?x)a (?#no) ?", ["", "a"], ["a "]),
    ("\\x41\\u00e9", ["A\u{E9}"], []),
    ("\\t\\n\\r\\f", ["\u{9}\u{A}\u{D}\u{C}"], []),
    ("((a?)+)+b", ["aab", "b"], ["aa"]),
    ("(a*)*", ["", "aaa"], ["b"]),
    ("(|a)+", ["", "aa"], []),
    ("a{0}", [""], ["a"]),
    ("a{0,0}b", ["b"], ["ab"]),
    ("([ab]|[bc]){3}", ["abc", "cab"], ["abd"]),
    ("\u{E9}", ["\u{E9}"], ["e\u{301}"]),
    ("e.", ["e\u{301}"], []),
    ("$^", [""], ["a"]),
    ("(^a|b)*", ["ab"], ["ba", "aa"]),
    ("(a$|b)*", ["ba"], ["ab"]),
    ("\\$\\(\\)\\{\\}", ["$(){}"], []),
    ("a.{3}\u{1F600}", ["a\u{E4}\u{F6}\u{FC}\u{1F600}"], ["aaa\u{1F600}"]),
    ("(\\d{1,3}\\.){3}\\d{1,3}", ["1.22.333.4"], ["1.2.3"]),
    ("(?-i:A)", ["A"], ["a"]),
    ("[-a]+", ["-a"], []),
    ("[a-]+", ["-a"], ["b"]),
    // Made at random.
    ("(?m:c??\\n?)[^\\s1]{,2}", ["", "."], [" ", ".1\u{A}\u{E9}"]),
    ("[^\\w\u{E9}](?s:[ab]??[a-c1]*|\\n)*", [".bc", "\u{1F600}"], ["", "a"]),
    ("b+|[ab]?(?m:[ab]+c)*", ["", "a"], ["  \u{E9}", "."]),
    ("[a-c1]", ["a", "b"], ["", "\u{A}"]),
    ("\\.+?\\d+|\u{E9}??(?:[ab]*A|\u{E9}){,2}", ["", "A"], ["\u{A}", " "]),
    (".{0,3}.?|\\S{1,2}ca", ["", " .\u{C9}."], ["\u{A}", "\u{A}aca"]),
    ("[^\\w\u{E9}]{1,2}\\s{,2}", [".", "\u{1F600}"], ["", "\u{A}\u{C9}."]),
    ("\\n(?s:\\.{,2}|a?)+|(?:\\d+\\s{2}\\B|b?.{2}|^){0,3}", ["", "\u{A}"], ["a.\u{A}", "aab"]),
    ("\\n|[ab]{,2}", ["", "\u{A}"], ["\u{A}.1 ", " a\u{C9}a"]),
    ("(?s:\\w?A){0,3}\\S*|\\b|[^a]{2}\u{E9}+", ["", ".\u{DF}"], ["\u{A}\u{1F600}", " a\u{A}"]),
    (".+\u{E9}??", [" c", ".."], ["", "\u{A}\u{E9}.c"]),
    ("(?i:\\s??[^\\s1]{1,2})*", ["", " \u{DF}"], ["a.1", "a1\u{A}\u{C9}"]),
    ("(?i:\\S+?\u{E9}*?)+|\\b\u{DF}", [".", ".1"], ["", "\u{A}"]),
    ("(?i:cA){0,3}.+\u{E9}", ["1c\u{E9}", "cc\u{E9}"], ["", "\u{A}."]),
    ("\\b(?i:[a-c1][a-c1]?)", ["Aa", "aa"], ["", " "]),
    ("a+|(?m:.??|\\w+a{2}|[a-c1]{1,2}[^a]??[ab])*?\\b", ["1c", "A"], ["", "\u{A} \u{A}"]),
    ("a|(.*?[^a]+|$|a{,2}A?)\u{DF}{1,2}", [".\u{A}\u{A}\u{DF}", "a"], ["", " 11\u{1F600}"]),
    ("(?:\\w+?)??^a|(?:[^\\w\u{E9}]+)(A|.*?A{0,3}){,2}a", ["a", "\u{1F600}1ca"], ["", "\u{A}"]),
    ("\\b\\s{,2}(?i:.{1,2}\u{DF}{,2})*?", ["Aaa", "A\u{1F600}"], ["", "\u{A}"]),
    ("a*[a-c1]?", ["", "a"], ["\u{A}", "\u{A}\u{E9}a"]),
    ("b{0,3}|\u{E9}+?[ab]??|.??", ["", " "], ["\u{A}c.", "\u{A}\u{DF}a"]),
    ("(?:\\s??\\w)(c{0,3}\\S{2})??", ["A", "A\u{E9}a"], ["", " "]),
    ("\\S+?b*|\\S{2}(?i:^\\w)\\.", ["1\u{1F600}\u{DF}\u{E9}", "aa\u{1F600}1"], ["", " "]),
    ("\u{DF}?\\S??|\\n\\w*", ["", "."], [" ", " \u{DF}"]),
    ("^(?i:[a-c1]$$|\\wA??)??", ["", "A"], ["\u{A}c", "\u{A}\u{DF}"]),
    ("\\.+?[^a]{1,2}|.?(?:\\w??c{2}|c*){0,3}", ["", ". \u{A}"], ["\u{A}a\u{1F600}c", " ."]),
    ("\u{E9}*|(?i:[a-c1]{2})?", ["", "aa"], ["\u{A}", "\u{A}1"]),
    ("[^\\w\u{E9}]\\S{,2}", [" a", ".Aa"], ["", "\u{A}..c"]),
    ("\\s+(?:[ab]*?[^a]{1,2}|.Ab*?|c\\n)c??", ["\u{A}A", " 1"], ["", " "]),
    ("\\n*\\w?\\s+", [" ", "c\u{A}"], ["", "\u{A}a"]),
    ("(a+\\w?[^\\w\u{E9}]|A?\\.??){1,2}\\d?", ["", "A"], ["\u{A} \u{C9}", "\u{A}1"]),
    ("([^\\w\u{E9}]*?|\\S*|b){,2}\\B\u{E9}{0,3}", [".\u{A}", "11\u{1F600}"], ["\u{A}A"]),
    ("(?i:\\n[^\\w\u{E9}]*a|[^\\w\u{E9}]{1,2})??A*?[a-c1]+?", ["\u{A}a", "a"], ["", "\u{A} "]),
    ("[^a][^\\s1]{,2}(?i:ba{2}){0,3}", [" \u{1F600}b", "A"], ["", "\u{A} \u{1F600}"]),
    ("[a-c1]\\S?", ["1c", "a"], ["\u{A}A"]),
    ("$(\u{E9}+?\\d+|\\d+a\\d*?)|[^a]{,2}\\S+", [" b", " \u{1F600}\u{DF}a"], ["", "\u{A}"]),
    ("A{0,3}\u{E9}+|c{1,2}(?s:\\B\\d*){0,3}", ["c", "\u{E9}"], ["", "\u{A}\u{C9}"]),
    (".{0,3}(?:\u{E9}?\\.{0,3}|[ab]+?\\s)+?c+", [".c", "\u{E9}Ac"], ["", "\u{A}"]),
    (".{0,3}[a-c1]{1,2}$", ["  b", ". \u{E9}1"], ["", "\u{A}a1"]),
    ("b?\u{DF}*", ["", "\u{DF}"], ["\u{A}", "\u{A}1"]),
    ("(?s:\\bb+\\S|$){,2}(?m:\\d{0,3}c??\\S+|\\n??){1,2}", ["", "\u{A}A1\u{C9}"], [" ", " 1aa"]),
    ("(?:\\n+b*|b{0,3}\\B)?(?s:b{2}[^\\s1][^a]|[a-c1]*?$){0,3}", ["", "\u{A}"], ["\u{A} .", "."]),
    ("\\n|A{,2}c{0,3}c{0,3}", ["", "c"], [" \u{DF}a\u{1F600}", ". "]),
    ("\u{E9}a?|\u{E9}*(a??[^a]?)", ["", "\u{A}"], ["\u{A}c", " 1 "]),
    ("\\S", ["a", "b"], ["", "\u{A}"]),
    ("[a-c1]{1,2}(?m:A|\\S+?[^\\s1]*?)*?", ["a", "aA\u{1F600}"], ["", " a"]),
    ("\\s*[ab]{,2}(?m:[ab][^\\w\u{E9}]{0,3}\\d?)??", ["", "\u{A}"], ["\u{A}\u{E9}", " ."]),
    ("\\w?[ab]b|[^\\s1]+", ["..\u{C9}", ".\u{1F600}b"], ["", "\u{A}b1A"]),
    ("\u{DF}?", ["", "\u{DF}"], ["\u{A}", "\u{A}a\u{DF}\u{1F600}"]),
    ("^(?m:b[^\\w\u{E9}]{,2}){1,2}|\u{E9}*?", ["", "\u{E9}"], ["\u{A}", "\u{A}\u{1F600}"]),
    ("[^\\w\u{E9}]+", [" ", "  \u{1F600}."], ["\u{A}A"]),
    ("[a-c1]+\\w??|.{,2}\\w??|\\d??[^a]{,2}", ["", "\u{A}\u{A}"], [".b\u{1F600}", ".\u{C9}."]),
    ("[^\\w\u{E9}]*?", ["", ".."], ["\u{A}b ", " .a"]),
    ("\\w+?(?i:a*\\n{,2})", ["1", "1b"], ["", "\u{A}c."]),
    ("\\S+?(?m:[a-c1]c*){0,3}", ["1", "1.\u{E9}"], ["", "\u{A}b."]),
    ("\\S{,2}", ["", "1"], ["\u{A}", " "]),
    ("(?s:[^\\s1]*?|\u{DF}??|\\b\\B)??a", ["aba", "a\u{C9}aa"], ["", "\u{A}"]),
    ("(?i:b[^\\s1]{2})(?:\\n?\\S??)|(?i:c+?\\w{,2}){,2}", ["", "bAbb"], [" aa", " b "]),
    ("(?s:[a-c1]{0,3}.{,2}|b\\S??)?[ab]+?", ["aa", "a\u{DF} a"], ["", "\u{A}\u{A}1a"]),
    ("(?i:$b\\s{,2}|a??)", ["", "A"], [" \u{A}b\u{E9}", " \u{DF}\u{C9}"]),
]

struct PatternTests {
    @Test(arguments: cases.indices)
    func `a pattern accepts what Python's engine does`(index: Int) throws {
        let (text, accepted, refused) = cases[index]
        let pattern = CellPattern(try TextPattern(text))
        // Because texts that are canonically equal are different ones here.
        let wanted = accepted.map { ($0, true) } + refused.map { ($0, false) }
        for (cell, isMatch) in wanted {
            let found = matches(pattern, cell)
            #expect(found.walk == isMatch, "\(text) on \(cell.debugDescription)")
            #expect(found.automaton ?? isMatch == isMatch)
        }
    }

    /// Patterns that differ from Python's, or that it does not have.
    @Test(arguments: [
        ("\\p{L}+", "Aé漢", "1"), ("\\p{Lu}\\P{Lu}", "Éa", "éa"), ("\\p{Greek}+", "αβ", "ab"),
        ("\\p{Script=Han}", "漢", "a"), ("\\pN", "٣", "a"), ("[\\p{L}&&[^a-z]]", "É", "a"),
        ("[a-z--[aeiou]]", "b", "a"), ("[a-z-[aeiou]]", "b", "a"), ("[ab~~bc]", "c", "b"),
        ("[[:alpha:][:^digit:]]", "é", "1"), ("\\Qa.b\\E+", "a.bb", "aab"), ("\\R", "\r\n", "a"),
        ("a\\hb", "a\u{A0}b", "a\nb"), ("\\u{1F600}", "😀", "a"), ("(?<name>a)", "a", "name"),
        ("(?i)ς", "Σ", "s"), ("a{,}", "a{,}", "a"), (".", "é", "\u{85}"), ("\\07", "\u{7}", "7"),
        ("(?x)a + ?b", "aab", "b"), ("(?i)\\p{Lu}+", "aÉ", "1"), ("(?i)\\P{Lu}+", "1", "É"),
        ("(?i)[^é]+", "a漢", "É"),
    ])
    func `what only some engines have is matched too`(
        pattern: String, matching: String, failing: String
    ) throws {
        let pattern = CellPattern(try TextPattern(pattern))
        #expect(matches(pattern, matching).walk)
        #expect(!matches(pattern, failing).walk)
    }

    /// The library's engine tries one way after the other, so patterns and cells are small; and it
    /// does not find all ways where lazy parts or anchors are repeated.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func `random patterns accept what the library's engine does`(seed: UInt64) throws {
        for round in 0..<60 as Range<UInt64> {
            var random = RandomPattern(seed: seed << 16 | round)
            let text = random.choice(1)
            let regex = try Regex(text).matchingSemantics(.unicodeScalar)
            let pattern = CellPattern(try TextPattern(text))
            for _ in 0..<25 {
                let cell = random.cell()
                let wanted = try regex.wholeMatch(in: cell) != nil
                let found = matches(pattern, cell)
                #expect(found.walk == wanted, "\(text) on \(cell.debugDescription)")
                if let automaton = found.automaton { #expect(automaton == wanted, "\(text)") }
            }
        }
    }

    @Test(arguments: ["(a+)+$", "(a|aa)*b", "^(\\w+\\s?)*$", "(a|a|a?)*c", "(.*)*,(.*)*x"])
    func `the time of a pattern grows with the cell and no faster`(text: String) throws {
        let pattern = CellPattern(try TextPattern(text))
        let long = String(repeating: "a", count: 100_000)
        #expect(!matches(pattern, long + "ü!").walk)
        // So large that no automaton is made of it.
        let plain = text.filter { $0 != "^" && $0 != "$" }
        let wide = CellPattern(try TextPattern("(\(plain)|.{900}){4}q"))
        #expect(wide.automaton == nil)
        #expect(!matches(wide, String(long.prefix(100))).walk)
    }

    @Test func `a check ends whatever the pattern repeats`() async throws {
        let folder = try Folder()
        let long = String(repeating: "a", count: 100_000)
        let file = try folder.add("d.csv", "x,y\n\(long)ü!,b\n\(long)ü,\(long)b\n")
        var declared = manifest([file], [column("x", pattern: "(\\w+)+"), column("y")])
        declared.rules = [
            RowRule(
                name: "r", expression: "x matches '(a|aa|ü)*' or y not matches '(a|aa)*b'",
                place: Place(file: "datasets/d.yaml", line: 9, column: 5))
        ]
        let report = try await validate(declared, root: folder.path)
        let found = report.violations.map { "\($0.rule.rawValue) \($0.total)" }
        #expect(found == ["pattern 1", "row_rule 1"])
    }

    @Test(.timeLimit(.minutes(10)))
    func `a class is asked once about a character, however often it is repeated`() throws {
        let values = stride(from: 0x4E00 as UInt32, to: 0x8000, by: 2)
        let han = String(String.UnicodeScalarView(values.compactMap { Unicode.Scalar($0) }))
        let pattern = CellPattern(try TextPattern("(?i).*[\(han)]{900}"))
        let cell = String(repeating: String(han.suffix(1)), count: 1_200)
        #expect(matches(pattern, cell).walk)
        #expect(!matches(pattern, cell + "é").walk)
    }

    @Test func `bytes that are no text match as one character each`() throws {
        let pattern = try TextPattern("a\\x{FFFD}{2}b")
        let bytes: [UInt8] = [0x61, 0xC3, 0xFF, 0x62]
        var walk = PatternWalk(pattern.net)
        let isMatch = walk.matches(bytes.span)
        #expect(isMatch)
    }

    @Test func `automata share a bound, and patterns beyond it are walked`() throws {
        let pattern = try TextPattern("[01]*1[01]{3}")
        // Each has 18.
        let room = AutomatonRoom(states: 40)
        let cells = (0..<4).map { _ in CellPattern(pattern, in: room) }
        #expect(cells.map { $0.automaton != nil } == [true, true, false, false])
        for (text, isMatch) in [("1000", true), ("01", false), ("0011011", true), ("100", false)] {
            for one in cells {
                let found = matches(one, text)
                #expect(found.walk == isMatch && found.automaton ?? isMatch == isMatch)
            }
        }
        let short = AutomatonRoom(visits: 30)
        #expect(CellPattern(pattern, in: short).automaton == nil)
        #expect(CellPattern(try TextPattern("a"), in: short).automaton == nil)
    }
}

/// Small patterns and cells that have a chance to match them.
private struct RandomPattern {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private mutating func one(_ texts: [String]) -> String { texts[random.below(texts.count)] }

    mutating func choice(_ depth: Int) -> String {
        (0...random.below(2)).map { _ in sequence(depth) }.joined(separator: "|")
    }

    private mutating func sequence(_ depth: Int) -> String {
        (0...random.below(2)).map { _ in part(depth) }.joined()
    }

    private mutating func part(_ depth: Int) -> String {
        if depth > 0, random.below(3) == 0 {
            return one(["(", "(?:", "(?<g\(random.below(1 << 30))>"]) + choice(depth - 1)
                + ")" + times()
        }
        return one([
            "a", "b", "c", "A", "é", ".", "\\d", "\\w", "\\s", "\\S", "[ab]", "[^a]", "[a-c1]",
            "[^aé]", "\\p{L}", "[[:digit:]é]", "\\.", "ß",
        ]) + times()
    }

    private mutating func times() -> String {
        one(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "{,2}"])
    }

    mutating func cell() -> String {
        let letters = ["a", "a", "b", "c", "A", "é", "É", "1", " ", ".", "\n", "ß", "😀"]
        return (0..<random.below(6)).map { _ in one(letters) }.joined()
    }
}
