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
