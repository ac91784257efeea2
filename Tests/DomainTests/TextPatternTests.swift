import Testing

@testable import Domain

struct TextPatternTests {
    private func problem(_ text: String) -> PatternError? {
        do throws(PatternError) {
            _ = try TextPattern(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("a\\1", 1, PatternError.Construct.backReference), ("(?<n>a)\\k<n>", 7, .backReference),
        ("(?P=n)", 0, .backReference), ("\\g{1}", 0, .backReference), ("x(?=a)", 1, .lookahead),
        ("(?!a)b", 0, .lookahead), ("(?<=a)b", 0, .lookbehind), ("é(?<!a)b", 1, .lookbehind),
        ("(?>a|ab)c", 0, .atomicGroup), ("a*+", 2, .possessive), ("[ab]{2}+c", 7, .possessive),
        ("(a)(?(1)b|c)", 3, .conditional), ("\\((?R)*\\)", 2, .recursion), ("(?1)", 0, .recursion),
        ("(?&n)", 0, .recursion), ("\\X", 0, .textSegment), ("a\\Kb", 1, .matchStart),
        ("\\Ga", 0, .matchStart),
    ])
    func `what no automaton can match is refused by its name`(
        text: String, offset: Int, construct: PatternError.Construct
    ) {
        #expect(problem(text) == PatternError(offset, .unsupported(construct)))
    }

    @Test(arguments: [
        ("(a", 0, PatternError.Kind.openGroup), ("a)", 1, .strayParenthesis),
        ("a[b", 1, .openClass),
        ("[]", 1, .emptyClass), ("[a&&]", 4, .emptyClass), ("*a", 0, .nothingToRepeat),
        ("a**", 2, .nothingToRepeat), ("a|{2}", 2, .nothingToRepeat), ("^*", 1, .nothingToRepeat),
        ("a{3,2}", 1, .crossedTimes), ("[z-a]", 2, .badRange), ("[\\w-x]", 3, .badRange),
        ("\\x{110000}", 0, .badNumber), ("\\uD800", 0, .badNumber), ("\\u12", 0, .badNumber),
        ("a\\", 1, .openEscape), ("\\i", 0, .unknownEscape("\\i")),
        ("\\p{Foo}", 0, .unknownProperty("Foo")),
        ("[[:foo:]]", 1, .unknownProperty("foo")), ("\\p{L", 0, .openName), ("(?<n", 0, .openName),
        ("(?#a", 0, .openName), ("(?q:a)", 0, .unknownGroup("q")), ("(?i", 0, .openGroup),
        ("x(a{200}){200}", 9, .tooLarge), ("a{99999999999999999999}", 1, .tooLarge),
        ("(){9999}()(((){9999}){9999}){9999}", 28, .tooLarge),
        ("(?x)a + *", 8, .nothingToRepeat), ("(?x) | +", 7, .nothingToRepeat),
        ("(?x)a + +", 8, .unsupported(.possessive)), ("a(?i)+", 5, .nothingToRepeat),
        ("a +*", 3, .nothingToRepeat),
    ])
    func `what is wrong is named at its place`(
        text: String, offset: Int, kind: PatternError.Kind
    ) {
        #expect(problem(text) == PatternError(offset, kind))
    }

    @Test func `a pattern may be nested so deep and no deeper`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(problem(nested(100)) == nil)
        #expect(problem(nested(101)) == PatternError(100, .tooDeep))
        #expect(problem(String(repeating: "[", count: 5_000))?.kind == .tooDeep)
    }

    @Test(.timeLimit(.minutes(10)), arguments: ["", "(?i)", "(?i)é"])
    func `a pattern with too many characters is refused where they begin`(flags: String) {
        // Each with a class of its own.
        let values: Range<UInt32> = 0x4E00..<0x4E00 + 20_000
        let letters = String(String.UnicodeScalarView(values.compactMap { Unicode.Scalar($0) }))
        let places = flags.unicodeScalars.count + 9_999 - (flags.hasSuffix("é") ? 1 : 0)
        #expect(problem(flags + letters) == PatternError(places, .tooLarge))
        #expect(problem(flags + letters.prefix(9_998)) == nil)
        let long = flags + String(repeating: "é", count: 1_000_000)
        #expect(problem(long) == PatternError(40_000, .tooLong))
        for part in ["()", "|", "(?i)", "^", "(?#n)", "[a]", "\\p{Han}", "a{0}", "(?:a|b)?"] {
            let count = 40_000 / part.unicodeScalars.count
            // Read or refused, and soon.
            _ = problem(String(repeating: part, count: count))
        }
    }

    @Test func `a pattern shares the classes that it writes more than once`() throws {
        let dates = try TextPattern("\\d{4}-\\d\\d-\\d\\d|[0-9a-f]+-[0-9a-f]")
        #expect(dates.net.classes.count == 3)
        #expect(try TextPattern("(?i)a(?-i)a").net.classes.count == 2)
    }

    @Test func `whatever is written is read or refused`() {
        let pieces = [
            "(", ")", "[", "]", "{", "}", "?", "*", "+", "|", "\\", "^", "$", "-", ":", "&", "a",
            "0", "2,", "(?", "<n>", "\\Q", "\\E", "\\p{", "#", "(?x)", " ", "\u{301}", "P", "=",
            "😀",
        ]
        for seed in 0..<3_000 as Range<UInt64> {
            var state = seed
            let text = (0..<Int(seed % 9) + 1).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return pieces[Int(state >> 33) % pieces.count]
            }.joined()
            guard let problem = problem(text) else { continue }
            #expect((0...text.unicodeScalars.count).contains(problem.offset), "\(text)")
            #expect(!problem.message(of: text).isEmpty && !problem.hint.isEmpty)
        }
    }
}
