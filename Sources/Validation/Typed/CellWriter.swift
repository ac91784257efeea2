/// Writes values as the texts that a table of cells would have.
struct CellWriter {
    /// What was written; behind `count` is room.
    private(set) var storage: [UInt8]
    private(set) var count = 0

    init(capacity: Int) { storage = [UInt8](repeating: 0, count: max(64, capacity)) }

    /// Forgets what was written.
    mutating func clear() { count = 0 }

    /// The storage with at least so much room behind the text.
    consuming func finish(room: Int) -> [UInt8] {
        var whole = self
        whole.reserve(room)
        return whole.storage
    }

    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if count + size > storage.count { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        let more = max(storage.count, count + size - storage.count)
        storage.append(contentsOf: repeatElement(0, count: more))
    }

    // MARK: Texts

    @inline(__always)
    mutating func write(byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func write(_ source: Span<UInt8>, _ range: Range<Int>) {
        let size = range.count
        reserve(size)
        unsafe source.extracting(range).withUnsafeBufferPointer { from in
            unsafe storage.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                // In bounds: the range is of the source, and the room was reserved.
                unsafe (to + count).update(from: from, count: size)
            }
        }
        count += size
    }

    mutating func write(_ text: some Sequence<UInt8>) {
        for byte in text { write(byte: byte) }
    }

    mutating func write(_ text: StaticString) {
        // In bounds: the text is a part of the program, and ASCII.
        for index in 0..<text.utf8CodeUnitCount { write(byte: unsafe text.utf8Start[index]) }
    }

    // MARK: Numbers

    mutating func write(_ value: Int64) {
        if value < 0 { write(byte: UInt8(ascii: "-")) }
        write(value.magnitude, digitsMin: 1)
    }

    /// Digits with zeros in front up to a number of them.
    mutating func write(_ value: UInt64, digitsMin: Int) {
        let digits = max(digitsMin, digitCount(value))
        reserve(digits)
        var rest = value
        var at = count + digits
        let start = count
        var room = storage.mutableSpan
        while at > start {
            at -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            room[at] = UInt8(truncatingIfNeeded: digit) + UInt8(ascii: "0")
            rest = quotient
        }
        count += digits
    }

    /// The shortest decimal that gives the number back.
    mutating func write(_ value: Double) {
        guard value.isFinite else { return write(special: value) }
        if writeShort(value) { return }
        write(value.description.utf8)
    }

    mutating func write(_ value: Float) {
        guard value.isFinite else { return write(special: Double(value)) }
        write(value.description.utf8)
    }

    private mutating func write(special value: Double) {
        if value.isNaN {
            write("NaN")
        } else {
            write(value < 0 ? "-inf" : "inf")
        }
    }

    /// Writes a number that has at most six digits behind the point and fifteen in all; false: it
    /// has more, and nothing was written.
    ///
    /// An integer below 2^53 divided by a power of ten rounds to the nearest number, as reading the
    /// decimal does (Clinger 1990); with at most fifteen digits no shorter decimal gives it.
    private mutating func writeShort(_ value: Double) -> Bool {
        let magnitude = value.magnitude
        guard magnitude < 1e9, magnitude >= 1e-3 || magnitude == 0 else { return false }
        var (power, scale) = (100.0, 2)
        while scale <= 6 {
            let whole = (magnitude * power).rounded()
            if whole / power == magnitude {
                writeDecimal(UInt64(whole), UInt64(power), scale, isNegative: value.sign == .minus)
                return true
            }
            power *= 100
            scale += 2
        }
        return false
    }

    private mutating func writeDecimal(
        _ digits: UInt64, _ power: UInt64, _ scale: Int, isNegative: Bool
    ) {
        if isNegative { write(byte: UInt8(ascii: "-")) }
        var (whole, rest) = digits.quotientAndRemainder(dividingBy: power)
        write(whole, digitsMin: 1)
        write(byte: UInt8(ascii: "."))
        var places = scale
        while places > 1 {
            (whole, _) = rest.quotientAndRemainder(dividingBy: 10)
            guard whole * 10 == rest else { break }
            rest = whole
            places -= 1
        }
        write(rest, digitsMin: places)
    }

    /// Puts a point before the last digits of what was written from `start` on, which are digits
    /// after a sign or none.
    mutating func point(before scale: Int, from start: Int) {
        guard scale > 0 else { return }
        write(byte: 0)
        var at = count - 1
        let end = count - 1 - scale
        precondition(end > start, "there are more digits than the scale")
        while at > end {
            storage[at] = storage[at - 1]
            at -= 1
        }
        storage[end] = UInt8(ascii: ".")
    }
}

@inline(__always)
private func digitCount(_ value: UInt64) -> Int {
    var (count, limit): (Int, UInt64) = (1, 10)
    while value >= limit {
        count += 1
        let (next, isOver) = limit.multipliedReportingOverflow(by: 10)
        if isOver { return count }
        limit = next
    }
    return count
}
