import Domain

/// Reads `[+-]?` and digits as a 64-bit integer; nil for anything else.
///
/// A needless zero in front (`007`) and `-0` are refused, because they would be lost.
func integerValue(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var index = range.lowerBound
    guard index < range.upperBound else { return nil }
    let sign = bytes[index]
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { index += 1 }
    let digits = range.upperBound - index
    guard digits > 0, digits <= 19 else { return nil }
    if bytes[index] == UInt8(ascii: "0"), digits > 1 || isNegative { return nil }
    var value: UInt64 = 0
    while index < range.upperBound {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        // Nineteen digits stay below 2^64.
        value = value &* 10 &+ UInt64(digit)
        index += 1
    }
    if isNegative {
        return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil
    }
    return Int64(exactly: value)
}

/// Reads a decimal number as the nearest Double; nil for anything else.
///
/// The form is `[+-]? digits [. digits] [e [+-]? digits]`, where digits before or after the point
/// may be left out but not both. Refused: a needless zero in front, NaN, infinities, hexadecimal,
/// spaces, and what overflows or becomes zero without being zero.
func numberValue(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    var mantissa: UInt64 = 0
    var significant = 0
    var scale = 0
    func take(_ digit: UInt8) {
        if significant > 0 || digit > 0 { significant += 1 }
        if significant <= 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
    }
    let whole = index
    while index < end, bytes[index] &- 48 <= 9 {
        take(bytes[index] &- 48)
        index += 1
    }
    let wholeDigits = index - whole
    if wholeDigits > 1, bytes[whole] == UInt8(ascii: "0") { return nil }
    var fractionDigits = 0
    if index < end, bytes[index] == UInt8(ascii: ".") {
        index += 1
        let fraction = index
        while index < end, bytes[index] &- 48 <= 9 {
            take(bytes[index] &- 48)
            index += 1
        }
        fractionDigits = index - fraction
        scale = -fractionDigits
    }
    guard wholeDigits + fractionDigits > 0 else { return nil }
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
        guard let exponent = exponent(bytes, index + 1..<end) else { return nil }
        scale += exponent
        index = end
    }
    guard index == end else { return nil }
    // Exact where mantissa and power of ten are both exact (Clinger 1990), as data mostly is.
    if significant <= 15, abs(scale) <= 22 {
        let magnitude =
            scale < 0
            ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
        return isNegative ? -magnitude : magnitude
    }
    let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    guard let value = Double(text), value.isFinite, value != 0 || significant == 0 else {
        return nil
    }
    return value
}

/// `[+-]?` and at most six digits.
func exponent(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    guard index < range.upperBound else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < range.upperBound, range.upperBound - index <= 6 else { return nil }
    var value = 0
    while index < range.upperBound {
        let digit = bytes[index] &- 48
        guard digit <= 9 else { return nil }
        value = value * 10 + Int(digit)
        index += 1
    }
    return isNegative ? -value : value
}

/// 10 to the power of 0 to 22, which are all that a Double has exactly.
let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

private let booleanWords =
    ["true", "false", "True", "False", "TRUE", "FALSE"].map { Array($0.utf8) }

/// Whether the cell is `true` or `false`, also with a capital first letter or in capitals.
func isBoolean(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    booleanWords.contains { isEqual(bytes, range, $0) }
}

/// Whether the cell is a day of the Gregorian calendar as `YYYY-MM-DD`.
func isDate(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool { dateValue(bytes, range) != nil }

/// Whether the cell is a time of RFC 3339, as `momentValue` reads it.
func isDateTime(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    momentValue(bytes, range) != nil
}
