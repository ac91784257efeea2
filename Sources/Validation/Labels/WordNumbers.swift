/// Numbers words from 0 in the order in which they first come; a table with open addressing.
///
/// Where a word stands in the table depends on a key of the run, so that nobody can write cells
/// that all want one place; the numbers do not depend on it.
struct WordNumbers {
    private static let slotsLeast = 64
    static let keyOfRun = UInt64.random(in: .min ... .max)

    private(set) var words: [UInt64] = []
    /// Numbers from 1, and 0 where there is none; a power of two, half of it free at least.
    private var slots = [UInt32](repeating: 0, count: slotsLeast)

    private let key: UInt64

    init(key: UInt64 = Self.keyOfRun) { self.key = key }

    var count: Int { words.count }

    /// How many slots lie at most between a word and the one that it wants.
    var distanceMax: Int {
        let mask = slots.count - 1
        let all = words.map { (slot(of: $0) - home(of: $0)) & mask }
        return all.max() ?? 0
    }

    /// The number of a word, which it has from now on.
    @inline(__always)
    mutating func insert(_ word: UInt64) -> Int {
        let slot = slot(of: word)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        words.append(word)
        slots[slot] = UInt32(truncatingIfNeeded: words.count)
        if words.count * 2 > slots.count { grow() }
        return words.count - 1
    }

    /// nil: it has none.
    @inline(__always)
    func number(of word: UInt64) -> Int? {
        let number = slots[slot(of: word)]
        return number == 0 ? nil : Int(number) - 1
    }

    @inline(__always)
    private func slot(of word: UInt64) -> Int {
        let mask = slots.count &- 1
        var slot = home(of: word)
        while slots[slot] != 0, words[Int(slots[slot]) &- 1] != word { slot = (slot &+ 1) & mask }
        return slot
    }

    @inline(__always)
    private func home(of word: UInt64) -> Int {
        // Because the lowest bits of many numbers are zero.
        Int(truncatingIfNeeded: mixed(word ^ key)) & (slots.count &- 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, word) in words.enumerated() {
            slots[slot(of: word)] = UInt32(truncatingIfNeeded: number + 1)
        }
    }
}
