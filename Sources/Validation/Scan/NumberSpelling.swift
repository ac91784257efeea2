// One spelling for each number, by which cells of columns of numbers are compared: `1`, `1.0`,
// `01`, `+1` and `1e0` are all `1`.
//
// It has a minus where the value is below zero, the digits before the point without needless zeros,
// and a point and the digits behind it where there is a fraction. A number that takes more than 40
// bytes so is written as its digits and a power of ten (`12e50`). No digit is lost: numbers are
// equal as decimals, whatever floating point would make of them.

private let plainLengthMax = 40

/// Whether a cell is no number, or one in its one spelling, as far as a look at its bytes tells;
/// false: it may be spelt in another way.
///
/// - Parameter bytes: with room for eight bytes behind every one.
@inline(__always)
private func isPlainSpelling(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    // In bounds here and below: eight bytes can be read from every byte of a cell.
    let text = unsafe word(bytes)
    // Beside a digit from 1 on, the zero of a fraction is needed.
    guard length <= 8, text & 0xFF &- 0x31 <= 8 || text & 0xFFFF == 0x2E30 else {
        return unsafe isLongPlainSpelling(bytes, length)
    }
    let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let used = text &<< unused
    let other = used ^ 0x2E2E_2E2E_2E2E_2E2E
    let points = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
    // All letters have the one bit, and no digit, sign or point has it.
    if (used & 0x4040_4040_4040_4040) | points == 0 { return true }
    let last = used >> 56
    return used & 0x4040_4040_4040_4040 == 0 && last != 0x30 && last != 0x2E
}

/// As above, of cells that are longer or begin with something else than a digit from 1 on or `0.`.
@inline(never)
private func isLongPlainSpelling(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard length <= plainLengthMax else { return false }
    var (letters, points): (UInt64, UInt64) = (0, 0)
    var offset = 0
    while offset < length {
        let text = unsafe prefix(word(bytes + offset), length &- offset)
        let other = text ^ 0x2E2E_2E2E_2E2E_2E2E
        letters |= text
        points |= (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
        offset &+= 8
    }
    guard letters & 0x4040_4040_4040_4040 == 0 else { return false }
    let last = unsafe bytes[length &- 1]
    if points != 0, last == UInt8(ascii: "0") || last == UInt8(ascii: ".") { return false }
    let isNegative = unsafe bytes[0] == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    let (first, second) = unsafe (bytes[start], bytes[start &+ 1])
    if first == UInt8(ascii: "0") {
        return length == start &+ 1 ? !isNegative : second == UInt8(ascii: ".")
    }
    return first != UInt8(ascii: "+") && first != UInt8(ascii: ".")
}

/// As `trimmedLength`, of up to eight bytes that begin with a digit from 1 on; nil: others decide.
@inline(__always)
private func shortTrimmedLength(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int? {
    let zeros: UInt64 = 0x3030_3030_3030_3030
    // The last byte in front, and zeros behind.
    let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let text = unsafe word(bytes) &<< unused | (unused == 0 ? 0 : zeros &>> (64 &- unused))
    let other = text ^ 0x2E2E_2E2E_2E2E_2E2E
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let point = ~(((other & low) &+ low) | other | low)
    let digits = text ^ (point >> 7) &* 0x1E
    let odd = (digits &+ 0x4646_4646_4646_4646) | (digits &- zeros)
    guard odd & 0x8080_8080_8080_8080 == 0, point.nonzeroBitCount == 1,
        unsafe bytes[0] &- 0x31 <= 8
    else { return nil }
    let kept = length &- (text ^ zeros).leadingZeroBitCount >> 3
    return unsafe bytes[kept &- 1] == UInt8(ascii: ".") ? kept &- 1 : kept
}

/// How many bytes of digits with a point among them are there without zeros at the end; nil: it is
/// something else, or begins with a needless zero.
private func trimmedLength(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int? {
    if length <= 8, let short = unsafe shortTrimmedLength(bytes, length) { return short }
    // In bounds here and below: inside the cell.
    let start = unsafe bytes[0] == UInt8(ascii: "-") ? 1 : 0
    guard length <= plainLengthMax, length > start &+ 1 else { return nil }
    if unsafe bytes[start] == UInt8(ascii: "0") && bytes[start &+ 1] != UInt8(ascii: ".") {
        return nil
    }
    var point = -1
    for index in start..<length {
        let byte = unsafe bytes[index]
        if byte == UInt8(ascii: "."), point < 0, index > start {
            point = index
        } else {
            guard byte &- 48 <= 9 else { return nil }
        }
    }
    guard point > 0 else { return nil }
    var end = length
    while unsafe bytes[end &- 1] == UInt8(ascii: "0") { end &-= 1 }
    if end == point &+ 1 { end = point }
    // Because minus zero is zero.
    return unsafe start == 1 && end == 2 && bytes[1] == UInt8(ascii: "0") ? nil : end
}

/// The one spelling of a number; nil: the text is none.
func numberSpelling(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
    var digits: [UInt8] = []
    var (count, scale) = (0, 0)
    var isFraction = false
    while index < end {
        if text[index] &- 48 <= 9 {
            count += 1
            if !digits.isEmpty || text[index] != UInt8(ascii: "0") { digits.append(text[index]) }
            if isFraction { scale -= 1 }
        } else if text[index] == UInt8(ascii: "."), !isFraction {
            isFraction = true
        } else {
            break
        }
        index += 1
    }
    guard count > 0 else { return nonFiniteSpelling(text, range) }
    if index < end {
        guard text[index] | 0x20 == UInt8(ascii: "e"),
            let exponent = exponent(text, index + 1..<end)
        else { return nil }
        scale += exponent
    }
    while digits.last == UInt8(ascii: "0") {
        digits.removeLast()
        scale += 1
    }
    guard !digits.isEmpty else { return [UInt8(ascii: "0")] }
    return (isNegative ? [UInt8(ascii: "-")] : [])
        + spelling(digits, scale, room: isNegative ? plainLengthMax - 1 : plainLengthMax)
}

/// Digits without zeros at either end, times a power of ten.
private func spelling(_ digits: [UInt8], _ scale: Int, room: Int) -> [UInt8] {
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
        if unsafe length == 0 || isPlainSpelling(bytes, length) {
            unsafe absorb(cell: bytes, length: length)
        } else {
            unsafe absorb(otherwise: bytes, length: length)
        }
    }

    @inline(never)
    private mutating func absorb(otherwise bytes: UnsafePointer<UInt8>, length: Int) {
        if let length = unsafe trimmedLength(bytes, length) {
            return unsafe absorb(cell: bytes, length: length)
        }
        // In bounds: a cell has so many bytes.
        let text = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: length))
        guard let spelling = numberSpelling(text, 0..<length) else {
            return unsafe absorb(cell: bytes, length: length)
        }
        unsafe withPadding(spelling) { unsafe absorb(cell: $0, length: $1) }
    }
}
