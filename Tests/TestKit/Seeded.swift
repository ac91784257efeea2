/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed.
package struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    /// Makes the generator of a seed.
    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Changes bytes in one to three places.
    package mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &self) where !bytes.isEmpty {
            mutateOnce(&bytes)
        }
        return bytes
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8]) {
        let at = Int.random(in: 0..<bytes.count, using: &self)
        switch Int.random(in: 0..<8, using: &self) {
        case 0, 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 2: bytes.remove(at: at)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &self), at: at)
        case 4: bytes.removeLast(Int.random(in: 1...(bytes.count - at), using: &self))
        case 5:
            let end = min(bytes.count, at + Int.random(in: 1...64, using: &self))
            bytes.insert(contentsOf: Array(bytes[at..<end]), at: end)
        case 6:
            // Lengths and counts are four bytes each: the ends of what they can say.
            let ends: [UInt8] = [0, 0x7F, 0x80, 0xFF]
            let value = ends[Int.random(in: 0..<4, using: &self)]
            for index in at..<min(bytes.count, at + 4) { bytes[index] = value }
        default: bytes[at] = UInt8.random(in: 0...255, using: &self)
        }
    }
}
