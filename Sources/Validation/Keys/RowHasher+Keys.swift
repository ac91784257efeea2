extension RowHasher {
    /// A number by its value, in two words, so that equal numbers are equal however they are
    /// written and of whatever type their column is.
    ///
    /// - Parameter bytes: with room for eight bytes behind every one.
    @inline(__always)
    mutating func absorb(number bytes: UnsafePointer<UInt8>, length: Int, isInteger: Bool) {
        // In bounds: a cell has so many bytes, and room behind them.
        if isInteger {
            if length <= 17, let value = unsafe plainInteger(bytes, length) {
                return absorb(integer: value)
            }
            let text = unsafe Span(
                _unsafeElements: UnsafeBufferPointer(start: bytes, count: length))
            if let value = integerValue(text, 0..<length) { return absorb(integer: value) }
        } else {
            let text = unsafe Span(
                _unsafeElements: UnsafeBufferPointer(start: bytes, count: length))
            if let value = numberValue(text, 0..<length) { return absorb(double: value) }
        }
        unsafe absorb(cell: bytes, length: length)
    }

    @inline(__always)
    private mutating func absorb(integer: Int64) {
        absorb(UInt64(bitPattern: integer))
        absorb(0)
    }

    private mutating func absorb(double: Double) {
        if let integer = Int64(exactly: double) { return absorb(integer: integer) }
        absorb(double.bitPattern)
        absorb(1)
    }
}

extension RowHash {
    /// How many lists of keys can be told apart by tags.
    static let tagsMax = 1 << 16

    /// The hash with the number of a list of keys in sixteen of its bits, so that one table can
    /// hold many lists; the other 112 bits still tell 10^9 keys apart.
    func tagged(_ tag: Int) -> RowHash {
        RowHash(high: high, low: low & 0xFFFF_FFFF_FFFF | UInt64(truncatingIfNeeded: tag) << 48)
    }

    var tag: Int { Int(low >> 48) }
}
