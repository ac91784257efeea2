/// MinHash signatures of sets of shingles (Broder 1997), cut into bands: two sets that are equal in
/// some band are candidates (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4).
///
/// 128 permutations in 16 bands of 8: a pair with Jaccard similarity s is a candidate with
/// probability 1 − (1 − s⁸)¹⁶: 0.95 at 0.8, 0.61 at 0.7, 0.06 at 0.5.
struct MinHash: Sendable {
    static let bands = 16
    private static let rows = 8
    private static let lanes = 16
    private static let vectors = bands * rows / lanes

    private typealias Lanes = SIMD16<UInt32>

    /// Of each permutation of the 32-bit numbers, an odd factor and a term.
    private let factors: [Lanes]
    private let terms: [Lanes]

    /// The permutations are the same in every run.
    static let standard = MinHash(seed: 0x5EED_0F51_1B9A_4A7D)

    private init(seed: UInt64) {
        var state = seed
        // SplitMix64 (Steele, Lea and Flood 2014).
        func next() -> UInt32 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return UInt32(truncatingIfNeeded: (word ^ word >> 31) >> 32)
        }
        func lanes(_ make: () -> UInt32) -> Lanes {
            var lanes = Lanes()
            for index in 0..<Self.lanes { lanes[index] = make() }
            return lanes
        }
        factors = (0..<Self.vectors).map { _ in lanes { next() | 1 } }
        terms = (0..<Self.vectors).map { _ in lanes(next) }
    }

    /// Adds the keys of the bands of a set that is not empty.
    func appendBands(of shingles: [UInt64], to keys: inout [RowHash]) {
        for vector in 0..<Self.vectors {
            let (factor, term) = (factors[vector], terms[vector])
            var least = Lanes(repeating: .max)
            for shingle in shingles {
                let word = UInt32(truncatingIfNeeded: shingle >> 32)
                // A permutation each: odd factors and shifted exclusive ors can be undone.
                var hash = Lanes(repeating: word) &* factor &+ term
                hash ^= hash &>> 16
                hash = hash &* 0x85EB_CA6B
                hash ^= hash &>> 13
                least = pointwiseMin(least, hash)
            }
            for half in 0..<2 {
                var hasher = RowHasher(key: UInt64(2 * vector + half))
                for pair in 0..<4 {
                    let lane = half * Self.rows + 2 * pair
                    hasher.absorb(UInt64(least[lane]) << 32 | UInt64(least[lane + 1]))
                }
                keys.append(hasher.finish())
            }
        }
    }
}
