/// A finite number as a well-mixed 64-bit key, and back: one to one, so that counting keys counts
/// numbers exactly. Minus zero is zero.
///
/// The mixing is the finaliser of MurmurHash3 (Appleby, public domain), which can be undone.
enum NumberKey {
    @inline(__always)
    static func key(_ value: Double) -> UInt64 { mix((value + 0).bitPattern) }

    /// The keys of numbers, in their order.
    static func keys(_ values: Span<Double>) -> [UInt64] {
        var keys = [UInt64](repeating: 0, count: values.count)
        var target = keys.mutableSpan
        for index in values.indices { target[index] = key(values[index]) }
        return keys
    }

    /// The number whose key this is.
    static func value(_ key: UInt64) -> Double { Double(bitPattern: unmix(key)) }

    @inline(__always)
    static func mix(_ code: UInt64) -> UInt64 {
        var bits = code ^ salt
        bits = (bits ^ bits >> 33) &* first
        bits = (bits ^ bits >> 33) &* second
        return bits ^ bits >> 33
    }

    static func unmix(_ key: UInt64) -> UInt64 {
        var bits = key ^ key >> 33
        bits = bits &* secondInverse
        bits = bits ^ bits >> 33
        bits = bits &* firstInverse
        bits = bits ^ bits >> 33
        return bits ^ salt
    }

    private static let salt: UInt64 = 0x736C_6970_7761_7931
    private static let first: UInt64 = 0xFF51_AFD7_ED55_8CCD
    private static let second: UInt64 = 0xC4CE_B9FE_1A85_EC53
    private static let firstInverse = inverse(first)
    private static let secondInverse = inverse(second)

    /// Modulo 2^64, by Newton's iteration, which doubles the right bits each time.
    private static func inverse(_ odd: UInt64) -> UInt64 {
        var inverse = odd
        for _ in 0..<6 { inverse = inverse &* (2 &- odd &* inverse) }
        return inverse
    }
}

/// Mixes a 64-bit value, as SplitMix64 does (Steele, Lea and Flood 2014).
func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
