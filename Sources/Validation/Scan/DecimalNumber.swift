// By what numbers are compared in cells of columns of numbers, so that `1`, `1.0`, `01`, `+1` and
// `1e0` are all one.
//
// A number of at most 15 digits is told by the nearest Double, because no two such numbers share
// one (IEEE 754; 15 is C's DBL_DIG). Each other has one spelling: a minus where the value is below
// zero, the digits before the point without needless zeros, and a point and the digits behind it
// where there is a fraction; one that takes more than 40 bytes so is written as its digits and a
// power of ten (`12e50`). No digit is lost: numbers are equal as decimals, whatever floating point
// would make of them.

private let plainLengthMax = 40

/// A number as a decimal: its digits without zeros at either end, times a power of ten; of zero
/// there are none.
struct DecimalNumber {
    private var isNegative: Bool
    private var digits: [UInt8] = []
    private var scale = 0

    /// nil: the text is no finite number.
    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        let end = range.upperBound
        guard index < end else { return nil }
        isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        let zero = UInt8(ascii: "0")
        var count = 0
        var isFraction = false
        while index < end {
            if text[index] &- zero <= 9 {
                count += 1
                if !digits.isEmpty || text[index] != zero { digits.append(text[index]) }
                if isFraction { scale -= 1 }
            } else if text[index] == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        guard count > 0 else { return nil }
        if index < end {
            guard text[index] | 0x20 == UInt8(ascii: "e"),
                let exponent = exponent(text, index + 1..<end)
            else { return nil }
            scale += exponent
        }
        while digits.last == zero {
            digits.removeLast()
            scale += 1
        }
    }

    /// The nearest Double; nil: there are so many digits that others are as near to it, or it is
    /// zero without the number being zero.
    var value: Double? {
        guard digits.count <= RowHasher.exactDigitsMax else { return nil }
        guard !digits.isEmpty else { return 0 }
        let text = String(decoding: digits, as: UTF8.self)
        let value = Double("\(isNegative ? "-" : "")\(text)e\(scale)")
        return value == 0 ? nil : value
    }

    /// The one spelling.
    var spelling: [UInt8] {
        guard !digits.isEmpty else { return [UInt8(ascii: "0")] }
        return (isNegative ? [UInt8(ascii: "-")] : [])
            + plainSpelling(room: isNegative ? plainLengthMax - 1 : plainLengthMax)
    }

    private func plainSpelling(room: Int) -> [UInt8] {
        let zero = UInt8(ascii: "0")
        let whole = digits.count + scale
        if scale >= 0, whole <= room {
            return digits + [UInt8](repeating: zero, count: scale)
        }
        if scale < 0, whole > 0, digits.count < room {
            return digits[..<whole] + [UInt8(ascii: ".")] + digits[whole...]
        }
        if scale < 0, whole <= 0, 2 - scale <= room {
            return Array("0.".utf8) + [UInt8](repeating: zero, count: -whole) + digits
        }
        return digits + Array("e\(scale)".utf8)
    }
}

/// Whether a cell counts as it stands, as far as a look at eight bytes at a time tells: it is no
/// number, or one of more than 15 digits, without an exponent or a zero at either end, as floats
/// and large integers are mostly written.
private func isLongAndPlain(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard length <= plainLengthMax else { return false }
    // In bounds here and below: eight bytes can be read from every byte of a cell.
    let start = unsafe bytes[0] == UInt8(ascii: "-") ? 1 : 0
    let isBelowOne = unsafe prefix(word(bytes + start), 2) == 0x2E30  // 0.
    let first = isBelowOne ? start + 2 : start
    // Of what begins with a digit that counts, one byte may be the point.
    guard length - first >= (isBelowOne ? 16 : 17), unsafe bytes[first] &- 0x31 <= 8,
        unsafe bytes[length - 1] &- 0x31 <= 8
    else { return false }
    var letters: UInt64 = 0
    for offset in stride(from: 0, to: length, by: 8) {
        letters |= unsafe prefix(word(bytes + offset), length - offset)
    }
    // All letters have the one bit, and no digit, sign or point has it.
    return letters & 0x4040_4040_4040_4040 == 0
}

/// A number without an exponent, as one look at its bytes tells it: one that is short or has zeros
/// at an end, so that no list of its digits is made.
private struct PlainDecimal {
    /// The digits without zeros at either end; cut where there are more than 19.
    private var mantissa: UInt64 = 0
    /// How many they are, and the power of ten that they are taken times.
    private var significant = 0
    private var scale = 0
    private var isNegative: Bool
    /// Of more than 15 digits: it is spelt as `DecimalNumber.spelling` has it.
    let isOneSpelling: Bool

    /// nil: it is something else, or longer than 40 bytes.
    init?(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        guard length <= plainLengthMax, length > 0 else { return nil }
        let zero = UInt8(ascii: "0")
        let point = UInt8(ascii: ".")
        // In bounds here and below: inside the cell, behind which there is room.
        let sign = unsafe bytes[0]
        isNegative = sign == UInt8(ascii: "-")
        let start = isNegative || sign == UInt8(ascii: "+") ? 1 : 0
        var (digits, zeros, whole, last) = (0, 0, length, start)
        for index in start..<length {
            let byte = unsafe bytes[index]
            if byte == point, whole == length {
                whole = index
                continue
            }
            guard byte &- zero <= 9 else { return nil }
            digits += 1
            guard byte != zero else {
                if significant > 0 { zeros += 1 }
                continue
            }
            for _ in 0...zeros { mantissa = mantissa &* 10 }
            mantissa = mantissa &+ UInt64(byte &- zero)
            significant += zeros + 1
            (zeros, last) = (0, index)
        }
        guard digits > 0 else { return nil }
        scale = last < whole ? whole - 1 - last : whole - last
        let first = unsafe bytes[start]
        let isNeeded = unsafe first != zero || bytes[start + 1] == point
        isOneSpelling =
            significant > RowHasher.exactDigitsMax && sign != UInt8(ascii: "+") && first != point
            && isNeeded && (whole == length || last == length - 1)
    }

    /// The nearest Double where one division or product has it; nil: see `DecimalNumber.value`.
    var value: Double? {
        guard significant <= RowHasher.exactDigitsMax, abs(scale) < powersOfTen.count else {
            return nil
        }
        // Exact as in `numberValue`.
        let magnitude =
            scale < 0
            ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
        return isNegative ? -magnitude : magnitude
    }
}

/// nil: the text is none of the words for what is beyond all numbers.
private func nonFiniteSpelling(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    guard NonFiniteWords.mayBe(range.count),
        let value = NonFiniteWords.value(range.map { text[$0] })
    else { return nil }
    return Array((value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf").utf8)
}

extension RowHasher {
    /// A cell of a column of numbers: by its value where it is one, so that equal numbers are equal
    /// however they are written and of whatever type their column is; else by its text.
    ///
    /// - Parameter bytes: with room for eight bytes behind every one.
    @inline(__always)
    mutating func absorb(number bytes: UnsafePointer<UInt8>, length: Int) {
        if length <= Self.exactDigitsMax, let value = unsafe plainNumber(bytes, length),
            absorb(exact: value)
        {
            return
        }
        unsafe absorb(otherwise: bytes, length: length)
    }

    @inline(never)
    private mutating func absorb(otherwise bytes: UnsafePointer<UInt8>, length: Int) {
        if unsafe isLongAndPlain(bytes, length) {
            return unsafe absorb(cell: bytes, length: length)
        }
        if let number = unsafe PlainDecimal(bytes, length) {
            if let value = number.value, absorb(exact: value) { return }
            if number.isOneSpelling { return unsafe absorb(cell: bytes, length: length) }
        }
        // In bounds: a cell has so many bytes.
        let text = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: length))
        let number = DecimalNumber(text, 0..<length)
        if let value = number?.value, absorb(exact: value) { return }
        guard let spelling = number?.spelling ?? nonFiniteSpelling(text, 0..<length) else {
            return unsafe absorb(cell: bytes, length: length)
        }
        unsafe withPadding(spelling) { unsafe absorb(cell: $0, length: $1) }
    }
}
