import Testing

@testable import Domain

struct PatternClassTests {
    /// Which of some characters a pattern of one class has.
    private func found(_ text: String, in letters: String) throws -> String {
        let net = try TextPattern(text).net
        let only = try #require(net.classes.first)
        #expect(net.classes.count == 1, "\(text)")
        // Both ways to ask answer the same.
        for scalar in letters.unicodeScalars {
            var letter = CasedLetter(scalar)
            let isIn = only.contains(&letter)
            #expect(isIn == only.contains(scalar), "\(text) on \(scalar)")
        }
        return String(String.UnicodeScalarView(letters.unicodeScalars.filter(only.contains)))
    }

    // MARK: Operators

    @Test(.timeLimit(.minutes(10)), arguments: ["~~", "&&", "--"])
    func `a class is read in a time that grows with its operators`(sign: String) throws {
        func chain(_ count: Int) -> String {
            "[" + Array(repeating: "\\w", count: count).joined(separator: sign) + "]"
        }
        // What is in one of an even number of equal sets is in none.
        let isOdd = ["~~": "aé", "&&": "aé", "--": ""][sign]
        let isEven = ["~~": "", "&&": "aé", "--": ""][sign]
        for count in [41, 9_999] { #expect(try found(chain(count), in: "a-é") == isOdd) }
        for count in [40, 9_998] { #expect(try found(chain(count), in: "a-é") == isEven) }
    }

    @Test(arguments: ["&&", "--", "~~"])
    func `more operators than a pattern may have are refused`(sign: String) {
        let text = "[a" + String(repeating: sign + "b", count: 100_000) + "]"
        #expect(throws: PatternError(40_000, .tooLong)) { try TextPattern(text) }
        #expect(
            PatternError(40_000, .tooLong).message(of: text).hasSuffix(
                " has more than 40000 characters"))
    }

    @Test(arguments: [
        ("[a-f&&c-h--d]", "cef"), ("[a-f--c-h~~g]", "abg"), ("[abc~~bcd~~c]", "acd"),
        ("[^a-f&&c-h]", "abgh"), ("[a-h&&[^b-g]]", "ah"), ("[ab-[b]]", "a"),
    ])
    func `operators are applied from left to right`(text: String, matching: String) throws {
        #expect(try found(text, in: "abcdefgh") == matching)
    }

    // MARK: Case

    /// As Perl 5.36, `regex` of Python and the flag `v` of JavaScript have it, but for `Lt` and
    /// `ASCII`, of which they think differently.
    @Test(arguments: [
        ("\\p{Lu}", "aAKÇçǆǅµ"), ("\\P{Lu}", "1_"), ("\\p{Ll}", "aAKÇçǆǅµ"), ("\\P{Ll}", "1_"),
        ("[^\\p{Lu}]", "1_"), ("[^\\P{Lu}]", "aAKÇçǆǅµ"), ("[\\P{Lu}\\d]", "1_"),
        ("[[^\\p{Lu}]&&\\w]", "1_"), ("[\\p{L}--\\p{Lu}]", ""), ("[\\w&&\\p{Lu}]", "aAKÇçǆǅµ"),
        ("\\p{Lt}", "ǆǅ"), ("[[:upper:]]", "aAKÇçǆǅµ"), ("[[:^upper:]]", "1_"),
        ("[^[:^lower:]]", "aAKÇçǆǅµ"), ("\\p{ASCII}", "aA1_K"), ("\\P{ASCII}", "Ççǆǅµ"),
        ("\\d", "1"), ("\\D", "aA_KÇçǆǅµ"), ("[K]", "K"), ("[^k]", "aA1_Ççǆǅµ"), ("[a]", "aA"),
        ("Ç", "Çç"), ("[Ç]", "Çç"), ("[à-ï]", "Çç"), ("ǅ", "ǆǅ"),
    ])
    func `without regard to case a class has all cases of its letters`(
        text: String, matching: String
    ) throws {
        // The sign of kelvin is equal to the K of the table.
        let letters = "aA1_\u{212A}Ççǆǅµ"
        #expect(try found("(?i)\(text)", in: letters) == matching)
        #expect(try found("(?i)[\(text)]", in: letters) == matching)
        #expect(try found("(?i)[^[^\(text)]]", in: letters) == matching)
        #expect(try found("(?i:[\(text)])", in: letters) == matching)
    }

    @Test func `letters that only another case ties together are one`() throws {
        for text in ["ſ", "[ſ]", "s", "[s]", "S"] {
            #expect(try found("(?i)\(text)", in: "sSſß") == "sSſ", "\(text)")
        }
        for text in ["ς", "[Σ]", "σ"] {
            #expect(try found("(?i)\(text)", in: "sΣσς") == "Σσς", "\(text)")
        }
        #expect(try found("(?i)[k-m]", in: "\u{212A}Kz") == "\u{212A}K")
        #expect(try found("(?-i)\\p{Lu}", in: "aAç") == "A")
    }

    // MARK: Names

    @Test(arguments: [
        "scx=Greek", "ScriptExtensions=Greek", "sc=", "script=", "gc=", "=L", "=", "", "L=L",
        "sc=Lu",
    ])
    func `a property that is not known or has no value is refused`(name: String) {
        #expect(throws: PatternError(1, .unknownProperty(name))) {
            try TextPattern("a\\p{\(name)}")
        }
    }

    @Test(arguments: [
        ("gc=Lu", "A"), ("General_Category=Sc", "€"), ("sc=Greek", "α"), ("Script=greek", "α"),
        ("Is_Greek", "α"), ("sc", "€"),
    ])
    func `a property is named by itself or with its kind`(name: String, matching: String) throws {
        #expect(try found("\\p{\(name)}", in: "aAα€") == matching)
    }
}
