/// A text of at most 64 bytes, without memory of its own.
package struct ShortText: Sendable {
    package static let bytesMax = 64

    private var bytes = InlineArray<64, UInt8>(repeating: 0)
    package private(set) var count = 0
    /// More was appended than there is room for.
    package private(set) var isCut = false

    package init() {}

    package subscript(index: Int) -> UInt8 { bytes[index] }

    package mutating func removeAll() { (count, isCut) = (0, false) }

    package mutating func append(_ byte: UInt8) {
        guard count < Self.bytesMax else { return isCut = true }
        bytes[count] = byte
        count += 1
    }

    /// Appends a number that is not negative, with zeros in front.
    mutating func append(_ value: Int, digits: Int) {
        var scale = 1
        for _ in 1..<digits { scale *= 10 }
        while scale > 0 {
            append(UInt8(48 + value / scale % 10))
            scale /= 10
        }
    }

    /// The text as an array of its own.
    package var array: [UInt8] { (0..<count).map { bytes[$0] } }
}
