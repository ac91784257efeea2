/// Randomness that a seed repeats: SplitMix64.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return mixed(state)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func chance(percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[below(choices.count)]
    }
}

/// The finaliser of SplitMix64.
func mixed(_ value: UInt64) -> UInt64 {
    var mix = value
    mix = (mix ^ (mix >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mix = (mix ^ (mix >> 27)) &* 0x94d0_49bb_1331_11eb
    return mix ^ (mix >> 31)
}

/// A number that stands for `text` and never changes: FNV-1a, then mixed.
func number(for text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return mixed(hash)
}

/// Hexadecimal digits that stand for `text`, in place of a real hash.
func hexadecimal(for text: String, digits: Int) -> String {
    var result = ""
    var value = number(for: text)
    while result.utf8.count < digits {
        let part = String(value, radix: 16)
        result += String(repeating: "0", count: 16 - part.utf8.count) + part
        value = mixed(value &+ 1)
    }
    return String(result.prefix(digits))
}
