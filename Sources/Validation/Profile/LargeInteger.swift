/// Integers beyond 2^53, of which a Double holds no more than a neighbour.
enum LargeInteger {
    /// The least magnitude of a Double that may stand for several integers.
    static let bound = 0x1p53

    /// With the bits of a magnitude from the bound on it gives 2^63 or more.
    static let carry = 1 << 63 - bound.bitPattern

    /// Whether a number of a column of integers is only near to the one that was written.
    @inline(__always)
    static func mayBe(_ value: Double) -> Bool { value.magnitude >= bound && value.isFinite }

    /// What its Double leaves out; at most 1,024 in magnitude.
    static func rest(_ value: Int64) -> Int64 {
        Int64(Int128(value) - Int128(Double(value)))
    }

    static func isLess<Value: FixedWidthInteger & SignedInteger>(
        _ value: Value, _ bound: Double
    ) -> Bool {
        let up = bound.rounded(.up)
        // The greatest value is no Double, and its nearest one is a power of two above it.
        if up >= Double(Value.max) { return true }
        return up < Double(Value.min) ? false : value < Value(up)
    }

    static func isGreater<Value: FixedWidthInteger & SignedInteger>(
        _ value: Value, _ bound: Double
    ) -> Bool {
        let down = bound.rounded(.down)
        if down >= Double(Value.max) { return false }
        return down < Double(Value.min) ? true : value > Value(down)
    }
}

extension RowBatch {
    /// The integer of a valid cell of which the number may be only near to it.
    func largeInteger(_ row: Int, _ column: Int, quote: UInt8) -> Int64 {
        let text = text(row, column, quote: quote)
        let number = number(row, column)
        // Because a cell may be written in another way than this reads.
        return integerValue(text.span, text.indices) ?? Int64(exactly: number)
            ?? (number < 0 ? .min : .max)
    }
}

/// The keys of columns that hold integers alone: one to one for all of 64 bits.
///
/// Up to 2^53 an integer has the code of its Double, as in every other column, and beyond its own
/// 64 bits. Where those are the bits of such a Double, it has the 64 bits of the integer that the
/// Double is, which nothing else has.
extension NumberKey {
    static func key(integer value: Int64) -> UInt64 {
        guard value.magnitude > 1 << 53 else { return key(Double(value)) }
        let bits = UInt64(bitPattern: value)
        return mix(small(bits).map { UInt64(bitPattern: $0) } ?? bits)
    }

    /// The integer whose key this is.
    static func integer(_ key: UInt64) -> Int64 {
        let code = unmix(key)
        if let small = small(code) { return small }
        let value = Int64(bitPattern: code)
        guard value.magnitude <= 1 << 53 else { return value }
        return Int64(bitPattern: Double(value).bitPattern)
    }

    /// The integer up to 2^53 of whose Double these are the bits.
    private static func small(_ bits: UInt64) -> Int64? {
        let value = Double(bitPattern: bits)
        guard value.magnitude <= LargeInteger.bound, value.rounded() == value,
            bits != (-0.0 as Double).bitPattern
        else { return nil }
        return Int64(value)
    }
}
