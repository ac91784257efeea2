/// A sum of numbers with all of its digits, so that no order and no split of the addends changes
/// it: fixed point in base 2^32, sign in the digits.
///
/// The idea is Neal's ("Fast exact summation using small and large superaccumulators", 2015). Digit
/// `i` has the weight 2^(32·(first + i) − 1075·scale): `scale` is 1 for sums of numbers and 2 for
/// sums of squares.
struct ExactSum: Hashable, Codable {
    private(set) var scale: Int
    /// The place of the lowest digit that is not zero; 0 for an empty sum.
    private(set) var first = 0
    /// Each from 0 to 2^32 − 1, except that the last carries the sign; none at either end is zero.
    private(set) var digits: [Int64] = []

    init(scale: Int) { self.scale = scale }

    /// Whether a sum that was read can be one.
    func isSound(scale: Int) -> Bool {
        self.scale == scale && (0...200).contains(first) && digits.count <= 200
            && digits.allSatisfy { $0.magnitude <= 1 << 32 }
            && digits.dropLast().allSatisfy { $0 >= 0 }
    }

    /// Adds `value` · 2^(bit − 1075·scale).
    mutating func add(_ value: Int128, at bit: Int) {
        guard value != 0 else { return }
        let place = bit >> 5
        // 96 bits and the sign, then the rest, so that the shift loses nothing.
        let low = (value & 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF) << Int128(bit & 31)
        let high = (value >> 96) << Int128(bit & 31)
        let mask: Int128 = 0xFFFF_FFFF
        reserve(place, 5)
        for offset in 0..<4 {
            // The top piece must not be read as signed: `low` is below 2^127.
            let piece = low >> Int128(32 * offset) & mask
            digits[place - first + offset] += Int64(piece)
        }
        digits[place - first + 3] += Int64(high & mask)
        digits[place - first + 4] += Int64(high >> 32)
        normalise()
    }

    mutating func add(_ other: ExactSum) {
        guard !other.digits.isEmpty else { return }
        reserve(other.first, other.digits.count)
        for (offset, digit) in other.digits.enumerated() {
            digits[other.first - first + offset] += digit
        }
        normalise()
    }

    /// The sum times a count.
    func times(_ count: Int) -> ExactSum {
        var result = ExactSum(scale: scale)
        for (offset, digit) in digits.enumerated() {
            result.add(Int128(digit) * Int128(count), at: 32 * (first + offset))
        }
        return result
    }

    var negated: ExactSum {
        var result = self
        for index in digits.indices { result.digits[index] = -digits[index] }
        result.normalise()
        return result
    }

    /// The square of a sum of numbers, in the scale of squares.
    var squared: ExactSum {
        let magnitude = isNegative ? negated : self
        var result = ExactSum(scale: 2 * scale)
        for (one, left) in magnitude.digits.enumerated() {
            for (two, right) in magnitude.digits.enumerated() {
                result.add(Int128(left) * Int128(right), at: 32 * (2 * first + one + two))
            }
        }
        return result
    }

    var isNegative: Bool { (digits.last ?? 0) < 0 }

    /// The nearest number; infinite beyond the range.
    var rounded: Double {
        let (value, exponent) = leading
        return scaled(value, by: exponent)
    }

    /// The sum of numbers, where it is an integer below 2^120; nil: it is not.
    var integer: Int128? {
        guard scale == 1 else { return nil }
        var sum: Int128 = 0
        for (offset, digit) in digits.enumerated() where digit != 0 {
            let shift = 32 * (first + offset) - 1075
            guard shift > -32, shift < 88 else { return nil }
            guard shift < 0 else {
                sum += Int128(digit) << Int128(shift)
                continue
            }
            guard digit & (1 << Int64(-shift) - 1) == 0 else { return nil }
            sum += Int128(digit >> Int64(-shift))
        }
        return sum
    }

    /// Its leading digits: `value` · 2^`exponent`, which can be beyond the range of numbers.
    var leading: (value: Double, exponent: Int) {
        if isNegative {
            let (value, exponent) = negated.leading
            return (-value, exponent)
        }
        guard let last = digits.last else { return (0, 0) }
        // The top 128 bits hold more than the 64 that are kept; what is below only breaks ties.
        var window = UInt128(last)
        var place = digits.count - 1
        while place > 0, window.leadingZeroBitCount > 32 {
            place -= 1
            window = window << 32 | UInt128(digits[place])
        }
        var isInexact = place > 0
        let excess = Swift.max(0, 64 - window.leadingZeroBitCount)
        if window & (1 << UInt128(excess) - 1) != 0 { isInexact = true }
        let kept = UInt64(truncatingIfNeeded: window >> UInt128(excess)) | (isInexact ? 1 : 0)
        let exponent = 32 * (first + place) + excess - 1075 * scale
        return (Double(kept), exponent)
    }

    private mutating func reserve(_ place: Int, _ count: Int) {
        if digits.isEmpty { first = place }
        if place < first {
            digits.insert(contentsOf: repeatElement(0, count: first - place), at: 0)
            first = place
        }
        let missing = place + count - first - digits.count
        if missing > 0 { digits.append(contentsOf: repeatElement(0, count: missing)) }
    }

    private mutating func normalise() {
        var carry: Int64 = 0
        for index in digits.indices {
            let sum = digits[index] + carry
            carry = sum >> 32
            digits[index] = sum & 0xFFFF_FFFF
        }
        while carry != 0, carry != -1 {
            digits.append(carry & 0xFFFF_FFFF)
            carry >>= 32
        }
        if carry == -1 { digits.append(-1) }
        // −1 above a digit d is d − 2^32: one form for each sum.
        while digits.count > 1, digits[digits.count - 1] == -1, digits[digits.count - 2] > 0 {
            digits.removeLast()
            digits[digits.count - 1] -= 1 << 32
        }
        while digits.last == 0 { digits.removeLast() }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        first = digits.isEmpty ? 0 : first + zeros
    }
}

/// `value` · 2^exponent; in two steps, because 2^exponent alone can be out of range.
func scaled(_ value: Double, by exponent: Int) -> Double {
    let half = exponent / 2
    return scaledOnce(scaledOnce(value, by: half), by: exponent - half)
}

private func scaledOnce(_ value: Double, by exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: value)
}

extension ExactSum: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(scale)
        writer.write(first)
        writer.write(digits)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        scale = try reader.int()
        first = try reader.int()
        digits = try reader.array(of: Int64(0))
        guard isSound(scale: scale) else { throw PartDamage() }
    }
}
