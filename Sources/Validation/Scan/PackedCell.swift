/// One cell as a range of a chunk, in eight bytes.
struct PackedCell: Equatable, Sendable {
    private static let escaped: UInt64 = 1 << 62
    private static let quoted: UInt64 = 1 << 63

    /// From the lowest bit: 32 of the start, 30 of the length, escaped, quoted.
    let raw: UInt64

    /// - Parameters:
    ///   - start: below 2^32.
    ///   - length: below 2^30.
    @inline(__always)
    init(start: Int, length: Int) {
        raw = UInt64(truncatingIfNeeded: start) | UInt64(truncatingIfNeeded: length) << 32
    }

    /// A cell that was in quotes; escaped: some quote in it is still written twice.
    init(quotedFrom start: Int, length: Int, isEscaped: Bool) {
        raw =
            PackedCell(start: start, length: length).raw | Self.quoted
            | (isEscaped ? Self.escaped : 0)
    }

    @inline(__always) var start: Int { Int(raw & 0xFFFF_FFFF) }
    @inline(__always) var length: Int { Int(raw >> 32 & 0x3FFF_FFFF) }
    @inline(__always) var range: Range<Int> { start..<start + length }
    /// Some quote in it is still written twice.
    @inline(__always) var isEscaped: Bool { raw & Self.escaped != 0 }
    @inline(__always) var isQuoted: Bool { raw & Self.quoted != 0 }

    /// The length, or more than any length when the cell is escaped: one comparison finds the
    /// short cells whose bytes can be taken as they are.
    @inline(__always) var plainLength: Int { Int(raw >> 32 & 0x7FFF_FFFF) }
}

/// What the checks say of a cell, as later checks and sinks need it.
enum CellState: UInt8, Sendable {
    case valid
    case missing
    /// Not of its column's type.
    case wrong
}
