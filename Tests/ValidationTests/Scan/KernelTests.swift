import Domain
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
        "G[0-9]{4}", "[A-Z]{2}\\d+", "a*b+c?", "^ab$", "^a|b$", "(a{2}){20}", "(?i)a", "x{900}",
        "[a--b]", "\\p{L}", "ü", "a$b", "(.*a){3}", "",
    ])
    func `most patterns have an automaton`(pattern: String) throws {
        #expect(CellAutomaton(try TextPattern(pattern).net) != nil)
    }

    @Test(arguments: ["\\bword", "x{1000}", "(a|b)*a(a|b){12}", "(.{0,60}){60}"])
    func `patterns that need too many states have none`(pattern: String) throws {
        #expect(CellAutomaton(try TextPattern(pattern).net) == nil)
    }

    @Test func `cells beyond printable ASCII are left to a walk`() throws {
        let automaton = try #require(CellAutomaton(try TextPattern("\\w+").net))
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
func inRoom<Result>(
    _ text: [UInt8], _ body: (UnsafePointer<UInt8>) -> Result
) -> Result {
    let chunk = ChunkBytes(text, [])
    return unsafe chunk.storage.withUnsafeBufferPointer { storage in
        guard let start = storage.baseAddress else { fatalError("a chunk without room") }
        return unsafe body(start)
    }
}
