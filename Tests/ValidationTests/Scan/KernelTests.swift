import Testing

@testable import Validation

struct KernelTests {
    @Test func `what the fast readers accept, the exact ones read the same`() {
        let alphabet = Array("0123456789012345.-+eE: TZ".utf8)
        var (integers, numbers, times) = (0, 0, 0)
        for seed in 0..<60_000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var text = (0..<1 + random.below(18)).map { _ in
                alphabet[random.below(random.below(3) == 0 ? alphabet.count : 16)]
            }
            if seed % 4 == 0 {
                text = Array("2024-0\(random.below(9))-\(random.below(4))\(random.below(9))".utf8)
                if seed % 8 == 0 {
                    let (hour, second) = (random.below(3), random.below(9))
                    text += Array("T\(hour)\(random.below(9)):59:\(second)9Z".utf8)
                }
                if random.below(3) == 0 {
                    text[random.below(text.count)] = alphabet[random.below(alphabet.count)]
                }
            }
            let exactInteger = integerValue(text.span, text.indices)
            let exactNumber = numberValue(text.span, text.indices)
            let (isDay, isTime) = (
                isDate(text.span, text.indices), isDateTime(text.span, text.indices)
            )
            let fast = FastForms(text)
            if let value = fast.integer {
                #expect(exactInteger == value, "seed \(seed)")
                integers += 1
            }
            if let value = fast.number {
                #expect(exactNumber == value, "seed \(seed)")
                numbers += 1
            }
            if fast.isDate { #expect(isDay, "seed \(seed)") }
            if fast.isDateTime {
                #expect(isTime, "seed \(seed)")
                times += 1
            }
        }
        #expect(integers > 3000 && numbers > 5000 && times > 500, "\(integers) \(numbers) \(times)")
    }

    @Test func `plain days are those of the calendar, but for 29 February`() {
        for year in 1999...2004 {
            for month in 0...13 {
                for day in 0...32 {
                    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
                    let text = Array("\(year)-\(two(month))-\(two(day))".utf8)
                    let isDay = isDate(text.span, text.indices)
                    let isExpected = isDay && !(month == 2 && day == 29)
                    #expect(FastForms(text).isDate == isExpected)
                }
            }
        }
    }

    @Test func `sets of texts hold what they were made of`() {
        var random = SeededRandom(seed: 1)
        func text() -> String {
            (0..<random.below(30)).map { _ in random.below(2) == 0 ? "a" : "b" }.joined()
        }
        let texts = Set((0..<300).map { _ in text() })
        let set = TextSet(Array(texts))
        for candidate in texts.union((0..<2000).map { _ in text() }) {
            let bytes = Array(candidate.utf8)
            let isExact = set.contains(bytes.span, bytes.indices)
            #expect(isExact == texts.contains(candidate))
            let isFast = unsafe inRoom(bytes) { unsafe set.contains($0, bytes.count) }
            #expect(isFast == texts.contains(candidate))
        }
    }

    @Test(arguments: [
        "G[0-9]{4}", "[A-Z]{2}\\d+", "a*b+c?", "(ab|c)*d{2,3}", "[^a-c]x", "(?:a|ab)(c|bcd)", "a.c",
        "\\w+@\\w+\\.com", "^ab$", "[-a]+", "[a-]b", "x{0}a", "(a|)b", "((a*)*)*", "\\S\\s\\D\\W",
        "a{2,}?", "",
    ])
    func `an automaton accepts what the library's engine does`(pattern: String) throws {
        let automaton = try #require(CellAutomaton(pattern))
        let engine = try #require(CellPattern(pattern))
        let alphabet = Array("aabbccdx G019.@m-Z_!".utf8)
        for seed in 0..<1500 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var text = (0..<random.below(9)).map { _ in alphabet[random.below(alphabet.count)] }
            if seed % 5 == 0 { text = Array("G\(1000 + random.below(9000))".utf8) }
            if seed % 7 == 0 { text = Array("ab\(random.below(99))@c.com".utf8) }
            let isMatch = engine.matches(text.span, text.indices)
            let answer = unsafe inRoom(text) { unsafe automaton.matches($0, text.count) }
            #expect(
                answer == (isMatch ? .matches : .fails),
                "\(pattern) on \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        "(a)\\1", "(?=a)b", "\\bword", "\\p{L}", "a++", "[a--b]", "[a&&b]", "a|^b", "ü", "(?i)a",
        "a$b", "[[:alpha:]]", "x{999}", "(a{200}){200}",
    ])
    func `what an automaton cannot have is left to the library's engine`(pattern: String) {
        #expect(CellAutomaton(pattern) == nil)
    }

    @Test func `cells beyond printable ASCII are left to the library's engine`() throws {
        let automaton = try #require(CellAutomaton("\\w+"))
        for text in ["é", "a\t", "a\u{7F}"] {
            let bytes = Array(text.utf8)
            let answer = unsafe inRoom(bytes) { unsafe automaton.matches($0, bytes.count) }
            #expect(answer == .unknown)
        }
    }
}

/// What the fast readers say of a text.
private struct FastForms {
    var integer: Int64?
    var number: Double?
    var isDate = false
    var isDateTime = false

    init(_ text: [UInt8]) {
        (integer, number, isDate, isDateTime) = unsafe inRoom(text) { bytes in
            unsafe (
                plainInteger(bytes, text.count), plainNumber(bytes, text.count),
                text.count == 10 && isPlainDate(bytes), isPlainDateTime(bytes, text.count)
            )
        }
    }
}

/// Calls `body` with a text behind which there is room, as in a chunk.
private func inRoom<Result>(
    _ text: [UInt8], _ body: (UnsafePointer<UInt8>) -> Result
) -> Result {
    let chunk = ChunkBytes(text, [])
    return unsafe chunk.storage.withUnsafeBufferPointer { storage in
        guard let start = storage.baseAddress else { fatalError("a chunk without room") }
        return unsafe body(start)
    }
}
