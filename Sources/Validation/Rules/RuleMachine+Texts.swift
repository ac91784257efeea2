import Domain

extension RuleMachine {
    /// Calls `body` with the bytes of each known text of a lane; there is room for a word behind
    /// none of them.
    @inline(__always)
    private mutating func eachText(
        _ lane: Int,
        _ body: (inout RuleMachine, UnsafePointer<UInt8>, _ length: Int, _ index: Int) -> Void
    ) {
        let known = room
        unsafe known.withUnsafeBufferPointer { room in
            for index in lane * rows..<(lane + 1) * rows where flags[index] != Truth.unknown {
                let text = texts[index]
                unsafe body(&self, start(of: text, room), Int(text.length), index)
            }
        }
    }

    /// Where a text begins.
    @inline(__always)
    private func start(
        of text: Text, _ room: UnsafeBufferPointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        // In bounds: texts are ranges of the room as it was when they were made, or of the batch.
        guard text.isInRoom, let base = room.baseAddress else {
            return unsafe batch.bytes + Int(text.start)
        }
        return unsafe base + Int(text.start)
    }

    /// Calls `body` with the bytes of two lanes where both are known; elsewhere the result is
    /// unknown.
    @inline(__always)
    private mutating func eachPair(
        _ left: Int, _ right: Int, _ into: Int,
        _ body: (UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) -> Bool
    ) {
        let known = room
        unsafe known.withUnsafeBufferPointer { room in
            for row in 0..<rows {
                let (left, right) = (left * rows + row, right * rows + row)
                guard (flags[left] | flags[right]) & Truth.unknown == 0 else {
                    flags[into * rows + row] = Truth.unknown
                    continue
                }
                let (a, b) = (texts[left], texts[right])
                let isTrue = unsafe body(
                    start(of: a, room), Int(a.length), start(of: b, room), Int(b.length))
                flags[into * rows + row] = isTrue ? Truth.yes : Truth.no
            }
        }
    }

    mutating func compareTexts(
        _ comparison: RowExpression.Comparison, _ left: Int, _ right: Int, _ into: Int
    ) {
        unsafe eachPair(left, right, into) { a, aLength, b, bLength in
            if !comparison.isOrder, aLength != bLength { return comparison == .unequal }
            return unsafe comparison.holds(textOrder(a, aLength, b, bLength))
        }
    }

    mutating func search(_ function: RowExpression.Function, _ lane: Int) {
        unsafe eachPair(lane, lane + 1, lane) { a, aLength, b, bLength in
            guard aLength >= bLength else { return false }
            // In bounds: the second text is not longer than the first.
            return switch function {
            case .startsWith: unsafe textOrder(a, bLength, b, bLength) == 0
            case .endsWith: unsafe textOrder(a + (aLength - bLength), bLength, b, bLength) == 0
            default: unsafe holds(a, aLength, b, bLength)
            }
        }
    }

    /// Looks for each text in a list that is in the order of the bytes.
    mutating func find(_ list: [[UInt8]], _ lane: Int) {
        unsafe eachText(lane) { machine, text, length, index in
            var (low, high) = (0, list.count)
            while low < high {
                let middle = (low + high) / 2
                if unsafe order(text, length, list[middle]) > 0 {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            let isFound = unsafe low < list.count && order(text, length, list[low]) == 0
            machine.flags[index] = isFound ? Truth.yes : Truth.no
        }
    }

    /// Counts Unicode scalar values.
    mutating func measure(_ lane: Int) {
        unsafe eachText(lane) { machine, text, length, index in
            var count = 0
            // In bounds: inside the text. Each scalar has one byte that continues no other.
            for offset in 0..<length where unsafe text[offset] & 0xC0 != 0x80 { count += 1 }
            machine.set(Double(count), index)
        }
    }

    mutating func changeCase(_ lane: Int, isUpper: Bool) {
        let first = UInt8(ascii: isUpper ? "a" : "A")
        unsafe eachText(lane) { machine, text, length, index in
            let start = machine.room.count
            machine.room.reserveCapacity(start + length)
            var isPlain = true
            for offset in 0..<length {
                // In bounds: inside the text.
                let byte = unsafe text[offset]
                isPlain = isPlain && byte < 0x80
                machine.room.append(byte &- first < 26 ? byte ^ 0x20 : byte)
            }
            if !isPlain {
                machine.room.removeSubrange(start...)
                let whole = unsafe UnsafeBufferPointer(start: text, count: length)
                let string = unsafe String(decoding: whole, as: UTF8.self)
                machine.room += Array((isUpper ? string.uppercased() : string.lowercased()).utf8)
            }
            machine.texts[index] = machine.roomText(from: start)
        }
    }

    mutating func match(_ number: Int, _ pattern: CellPattern, _ lane: Int) {
        unsafe eachText(lane) { machine, text, length, index in
            let isMatch = unsafe pattern.matches(text, length, &machine.walks[number])
            machine.flags[index] = isMatch ? Truth.yes : Truth.no
        }
    }
}

/// Which text comes first in the order of Unicode scalar values, which is that of UTF-8's bytes:
/// below 0, 0 or above.
@inline(__always)
func textOrder(
    _ left: UnsafePointer<UInt8>, _ leftLength: Int, _ right: UnsafePointer<UInt8>,
    _ rightLength: Int
) -> Int {
    for index in 0..<Swift.min(leftLength, rightLength) {
        // In bounds: below both lengths.
        let (a, b) = unsafe (left[index], right[index])
        if a != b { return a < b ? -1 : 1 }
    }
    return leftLength - rightLength
}

@inline(__always)
private func order(_ text: UnsafePointer<UInt8>, _ length: Int, _ other: [UInt8]) -> Int {
    unsafe other.withUnsafeBufferPointer { other in
        guard let start = other.baseAddress else { return length }
        return unsafe textOrder(text, length, start, other.count)
    }
}

/// Whether a text, which is not shorter, holds another.
///
/// A rolling hash finds where the two may be equal (Karp and Rabin 1987), so that the time is that
/// of reading both once, whatever the data repeats.
private func holds(
    _ text: UnsafePointer<UInt8>, _ length: Int, _ part: UnsafePointer<UInt8>, _ partLength: Int
) -> Bool {
    if partLength == 0 { return true }
    let base: UInt64 = 0x100_0000_01B3
    var (wanted, found, highest): (UInt64, UInt64, UInt64) = (0, 0, 1)
    for index in 0..<partLength {
        // In bounds: the text is as long as the part at least.
        wanted = unsafe wanted &* base &+ UInt64(part[index])
        found = unsafe found &* base &+ UInt64(text[index])
        if index > 0 { highest = highest &* base }
    }
    for start in 0...(length - partLength) {
        // In bounds: `start` and the part's length stay inside the text.
        if found == wanted, unsafe textOrder(text + start, partLength, part, partLength) == 0 {
            return true
        }
        guard start + partLength < length else { return false }
        found =
            unsafe (found &- highest &* UInt64(text[start])) &* base
            &+ UInt64(text[start + partLength])
    }
    return false
}
