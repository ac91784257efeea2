/// Reads a day of the Gregorian calendar as `YYYY-MM-DD`; nil for anything else.
///
/// The value is year × 10,000 + month × 100 + day, which orders days.
package func dateValue(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count == 10 else { return nil }
    let start = range.lowerBound
    guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
        let year = digits(bytes, start, 4), let month = digits(bytes, start + 5, 2),
        let day = digits(bytes, start + 8, 2), (1...12).contains(month), day >= 1,
        day <= daysOf(month, year)
    else { return nil }
    return year * 10_000 + month * 100 + day
}

/// Reads a time of RFC 3339, `YYYY-MM-DDThh:mm:ss[.fraction][Z|±hh:mm]`; nil for anything else.
///
/// A space may stand for the T. Without an offset it counts as UTC; a second may be 60 where a
/// leap second can be, at the end of a month in UTC, and is the first of the next month. The value
/// is in units of 10^-18 seconds since the first of March of the year 0; further digits of the
/// fraction do not count.
package func momentValue(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int128? {
    guard range.count >= 19 else { return nil }
    let start = range.lowerBound
    let middle = bytes[start + 10]
    guard let date = dateValue(bytes, start..<start + 10),
        middle | 0x20 == UInt8(ascii: "t") || middle == UInt8(ascii: " "),
        bytes[start + 13] == UInt8(ascii: ":"), bytes[start + 16] == UInt8(ascii: ":"),
        let hour = digits(bytes, start + 11, 2), let minute = digits(bytes, start + 14, 2),
        let second = digits(bytes, start + 17, 2), hour <= 23, minute <= 59, second <= 60
    else { return nil }
    var index = start + 19
    var fraction: UInt64 = 0
    if index < range.upperBound, bytes[index] == UInt8(ascii: ".") {
        index += 1
        let first = index
        var scale = fractionDigits
        while index < range.upperBound, bytes[index] &- 48 <= 9 {
            if scale > 0 {
                fraction = fraction * 10 + UInt64(bytes[index] &- 48)
                scale -= 1
            }
            index += 1
        }
        guard index > first else { return nil }
        while scale > 0 {
            fraction *= 10
            scale -= 1
        }
    }
    guard let offset = offsetSeconds(bytes, index..<range.upperBound) else { return nil }
    let seconds = dayNumber(date) * 86_400 + hour * 3600 + minute * 60 + second - offset
    if second == 60, !beginsMonth(seconds, near: date) { return nil }
    return Int128(seconds) * Int128(1_000_000_000_000_000_000) + Int128(fraction)
}

/// Whether a month begins with a second, which is at most a day from the date's own day.
private func beginsMonth(_ seconds: Int, near date: Int) -> Bool {
    let (year, month) = (date / 10_000, date / 100 % 100)
    let next = month == 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1
    return [date / 100 * 100 + 1, next].contains { dayNumber($0) * 86_400 == seconds }
}

/// The first moment of a day, in UTC, as `momentValue` has moments.
package func firstMoment(ofDate date: Int) -> Int128 {
    Int128(dayNumber(date) * 86_400) * Int128(1_000_000_000_000_000_000)
}

/// Seconds from 1970-01-01T00:00:00Z to a moment, as the nearest number: up to the year 2242 within
/// a microsecond.
package func secondsSince1970(_ moment: Int128) -> Double {
    let (whole, rest) = (moment - epoch).quotientAndRemainder(
        dividingBy: Int128(1_000_000_000_000_000_000))
    // In range, because years have four digits.
    let seconds = Double(Int64(truncatingIfNeeded: whole))
    return seconds + Double(Int64(truncatingIfNeeded: rest)) * 1e-18
}

private let epoch = firstMoment(ofDate: 1970_01_01)

/// Ten to this power of the units of a moment are a second.
private let fractionDigits = 18

/// How many days a month of the Gregorian calendar has.
func daysOf(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

/// Days since the first of March of the year 0.
///
/// Years begin in March, so that the day that may be missing is the last; the lengths of the months
/// from there on are those of the line (153 · m + 2) / 5. Source: H. Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms".
private func dayNumber(_ date: Int) -> Int {
    let month = date / 100 % 100
    // 400 years more, which are 146,097 days, so that no year is negative.
    let year = date / 10_000 + 400 - (month <= 2 ? 1 : 0)
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date % 100 - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + ofYear - 146_097
}

/// Nothing, `Z`, or `±hh:mm`; nil for anything else.
private func offsetSeconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    if range.isEmpty { return 0 }
    let start = range.lowerBound
    if range.count == 1 { return bytes[start] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
    guard range.count == 6,
        bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-"),
        bytes[start + 3] == UInt8(ascii: ":"), let hour = digits(bytes, start + 1, 2),
        let minute = digits(bytes, start + 4, 2), hour <= 23, minute <= 59
    else { return nil }
    let seconds = hour * 3600 + minute * 60
    return bytes[start] == UInt8(ascii: "-") ? -seconds : seconds
}

private func digits(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<start + count {
        let digit = bytes[index] &- 48
        guard digit <= 9 else { return nil }
        value = value * 10 + Int(digit)
    }
    return value
}

/// The moment of a day, which is its first, or of a time of RFC 3339; nil for any other text.
package func boundMoment(_ text: String) -> Int128? {
    let bytes = Array(text.utf8)
    if let day = dateValue(bytes.span, bytes.indices) { return firstMoment(ofDate: day) }
    return momentValue(bytes.span, bytes.indices)
}
