/// Numbers words from 0 in the order in which they first come; a table with open addressing.
struct WordNumbers {
    private static let slotsLeast = 64

    private(set) var words: [UInt64] = []
    /// Numbers from 1, and 0 where there is none; a power of two, half of it free at least.
    private var slots = [UInt32](repeating: 0, count: slotsLeast)

    init() {}

    var count: Int { words.count }

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
        // Because the lowest bits of many numbers are zero.
        var slot = Int(truncatingIfNeeded: mixed(word)) & mask
        while slots[slot] != 0, words[Int(slots[slot]) &- 1] != word { slot = (slot &+ 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, word) in words.enumerated() {
            slots[slot(of: word)] = UInt32(truncatingIfNeeded: number + 1)
        }
    }
}
