// Reads short texts eight bytes at a time, as little-endian words whose lowest byte is the first.
// Each function accepts only the plain forms; what it refuses is for the exact readers of
// `LexicalForms`, which decide.

/// The eight bytes at a place; there must be as many.
@inline(__always)
func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
}

/// The first `length` bytes of a word, 0 to 8, and zeros.
@inline(__always)
func prefix(_ word: UInt64, _ length: Int) -> UInt64 {
    length >= 8 ? word : word & (1 &<< UInt64(truncatingIfNeeded: 8 &* length) &- 1)
}

/// Eight digits as a number; nil when a byte is none.
///
/// Source: D. Lemire, "Quickly parsing eight digits" (2022): pairs, then fours, then eight.
@inline(__always)
func eightDigits(_ word: UInt64) -> UInt64? {
    let zeros: UInt64 = 0x3030_3030_3030_3030
    guard
        ((word &+ 0x4646_4646_4646_4646) | (word &- zeros)) & 0x8080_8080_8080_8080 == 0
    else { return nil }
    var value = word &- zeros
    value = (value &* 10) &+ (value >> 8)
    let low = (value & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = ((value >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
}

/// The first 1 to 8 digits of a word as a number; nil when a byte is none.
@inline(__always)
func digits(_ word: UInt64, _ length: Int) -> UInt64? {
    // What is in front is filled with zeros; a shift by 64 cannot happen, as `length` is not 0.
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    return eightDigits(word &<< shift | (shift == 0 ? 0 : zeros &>> (64 &- shift)))
}

/// An integer of 1 to 16 digits without a needless zero, with or without a minus.
@inline(__always)
func plainInteger(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int64? {
    var start = unsafe bytes
    var count = length
    // In bounds here and below: a chunk has room behind its last byte.
    let isNegative = unsafe start.pointee == UInt8(ascii: "-")
    if isNegative {
        unsafe start += 1
        count &-= 1
    }
    guard count &- 1 < 16, count > 0 else { return nil }
    if unsafe start.pointee == UInt8(ascii: "0"), count > 1 || isNegative { return nil }
    var value: UInt64
    if count <= 8 {
        guard let all = unsafe digits(word(start), count) else { return nil }
        value = all
    } else {
        guard let first = unsafe digits(word(start), count &- 8),
            let last = unsafe eightDigits(word(start + (count &- 8)))
        else { return nil }
        value = first &* 100_000_000 &+ last
    }
    let signed = Int64(truncatingIfNeeded: value)
    return isNegative ? 0 &- signed : signed
}

/// A number of at most 15 digits with a point inside or none, with or without a minus.
///
/// Mantissa and power of ten are exact, so that one division rounds right (Clinger 1990).
@inline(__always)
func plainNumber(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Double? {
    var start = unsafe bytes
    var count = length
    let isNegative = unsafe start.pointee == UInt8(ascii: "-")
    if isNegative {
        unsafe start += 1
        count &-= 1
    }
    guard count > 0 else { return nil }
    guard count <= 8 else {
        return unsafe longNumber(start, count).map { isNegative ? -$0 : $0 }
    }
    let text = unsafe prefix(word(start), count)
    let points = text ^ 0x2E2E_2E2E_2E2E_2E2E
    let found = (points &- 0x0101_0101_0101_0101) & ~points & 0x8080_8080_8080_8080
    guard found != 0 else {
        if text & 0xFF == 0x30, count > 1 { return nil }
        guard let value = digits(text, count) else { return nil }
        return isNegative ? -Double(value) : Double(value)
    }
    // The lowest mark is right; higher ones may be wrong, but a second point is no digit.
    let whole = found.trailingZeroBitCount >> 3
    guard whole > 0, whole &+ 1 < count, whole == 1 || text & 0xFF != 0x30 else { return nil }
    let below: UInt64 = 1 &<< UInt64(truncatingIfNeeded: 8 &* whole) &- 1
    let joined = text & below | (text >> 8) & ~below
    guard let value = digits(joined, count &- 1) else { return nil }
    let magnitude = Double(value) / powersOfTen[count &- whole &- 1]
    return isNegative ? -magnitude : magnitude
}

/// As `plainNumber`, of 9 to 16 bytes without a sign.
@inline(never)
private func longNumber(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    guard count <= 16 else { return nil }
    var mantissa: UInt64 = 0
    var point = -1
    for index in 0..<count {
        // In bounds: inside the cell.
        let byte = unsafe bytes[index]
        if byte == UInt8(ascii: "."), point < 0 {
            point = index
        } else {
            guard byte &- 48 <= 9 else { return nil }
            mantissa = mantissa &* 10 &+ UInt64(byte &- 48)
        }
    }
    let whole = point < 0 ? count : point
    let fraction = point < 0 ? 0 : count - point - 1
    guard whole > 0, point < 0 || fraction > 0, whole + fraction <= 15 else { return nil }
    if whole > 1, unsafe bytes[0] == UInt8(ascii: "0") { return nil }
    return Double(mantissa) / powersOfTen[fraction]
}

/// Whether ten bytes are a day as `YYYY-MM-DD`; false also for 29 February.
@inline(__always)
func isPlainDate(_ bytes: UnsafePointer<UInt8>) -> Bool {
    let text = unsafe word(bytes)
    guard text & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 else { return false }
    let day = unsafe word(bytes + 8) & 0xFFFF
    let allDigits = text & 0x00FF_FF00_FFFF_FFFF | 0x3000_0030_0000_0000
    guard isDigits(allDigits), isDigits(day | 0x3030_3030_3030_0000) else { return false }
    let month = ((text >> 40) & 0xF) &* 10 &+ ((text >> 48) & 0xF)
    let number = (day & 0xF) &* 10 &+ (day >> 8 & 0xF)
    guard month &- 1 < 12, number > 0 else { return false }
    // The days beyond 28 of each month, two bits each from January on.
    return number <= 28 &+ ((0b111011_101111_101110_110011 as UInt64) >> ((month &- 1) &* 2) & 3)
}

/// A number by which the ten bytes of days are ordered as days are.
@inline(__always)
func dayKey(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    let text = unsafe word(bytes)
    let day = unsafe word(bytes + 8)
    return text.byteSwapped & ~0xFF | (day & 0xF) &* 10 &+ (day >> 8 & 0xF)
}

/// Seconds from 1970 to the day that `isPlainDate` took ten bytes for.
///
/// Source: as `dayNumber` of Domain, which reads any text.
@inline(__always)
func plainDaySeconds(_ bytes: UnsafePointer<UInt8>) -> Int64 {
    let text = unsafe word(bytes)
    let last = unsafe word(bytes + 8)
    let century = (text & 0xF) &* 10 &+ (text >> 8 & 0xF)
    let ofCentury = (text >> 16 & 0xF) &* 10 &+ (text >> 24 & 0xF)
    let month = (text >> 40 & 0xF) &* 10 &+ (text >> 48 & 0xF)
    let day = (last & 0xF) &* 10 &+ (last >> 8 & 0xF)
    // 400 years more, so that none is negative; they begin in March.
    let isEarly: UInt64 = month <= 2 ? 1 : 0
    let year = century &* 100 &+ ofCentury &+ 400 &- isEarly
    let ofYear = (153 &* (month &+ 12 &* isEarly &- 3) &+ 2) / 5 &+ day &- 1
    let leapDays = year / 4 &- year / 100 &+ year / 400
    let days = year &* 365 &+ leapDays &+ ofYear
    return (Int64(truncatingIfNeeded: days) &- 865_565) &* 86_400
}

/// Seconds from 1970 to the time that `isPlainDateTime` took some bytes for.
@inline(__always)
func plainSeconds(_ bytes: UnsafePointer<UInt8>) -> Int64 {
    let text = unsafe word(bytes + 11)
    let hour = (text & 0xF) &* 10 &+ (text >> 8 & 0xF)
    let minute = (text >> 24 & 0xF) &* 10 &+ (text >> 32 & 0xF)
    let second = (text >> 48 & 0xF) &* 10 &+ (text >> 56 & 0xF)
    let ofDay = hour &* 3600 &+ minute &* 60 &+ second
    return unsafe plainDaySeconds(bytes) &+ Int64(truncatingIfNeeded: ofDay)
}

/// Whether 19 or more bytes are a time of RFC 3339 in whole seconds, local or in UTC.
@inline(__always)
func isPlainDateTime(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let middle = unsafe bytes[10]
    guard unsafe length == 19 || isPlainOffset(bytes + 19, length - 19),
        middle == UInt8(ascii: "T") || middle == UInt8(ascii: " "), unsafe isPlainDate(bytes)
    else { return false }
    let text = unsafe word(bytes + 11)
    guard text & 0x0000_FF00_00FF_0000 == 0x0000_3A00_003A_0000,
        isDigits(text & 0xFFFF_00FF_FF00_FFFF | 0x0000_3000_0030_0000)
    else { return false }
    let hour = (text & 0xF) &* 10 &+ (text >> 8 & 0xF)
    return hour <= 23 && (text >> 24 & 0xF) <= 5 && (text >> 48 & 0xF) <= 5
}

/// Whether this says that a time is UTC, in one of the two ways that programs write it.
@inline(__always)
private func isPlainOffset(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    switch length {
    case 1: unsafe bytes[0] == UInt8(ascii: "Z")
    case 6: unsafe prefix(word(bytes), 6) == 0x3030_3A30_302B  // +00:00
    default: false
    }
}

@inline(__always)
private func isDigits(_ word: UInt64) -> Bool {
    ((word &+ 0x4646_4646_4646_4646) | (word &- 0x3030_3030_3030_3030)) & 0x8080_8080_8080_8080
        == 0
}
