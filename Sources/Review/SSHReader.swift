/// Reads the wire format of RFC 4251 section 5 and never past its end.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// How many bytes were taken.
    var position: Int { rest.startIndex }
    var isAtEnd: Bool { rest.isEmpty }

    /// Takes `count` bytes; throws `truncated` when fewer are left.
    mutating func bytes(_ count: Int, _ field: String) throws(ReviewError) -> [UInt8] {
        guard count <= rest.count else { throw .truncated(field: field) }
        let taken = Array(rest.prefix(count))
        rest = rest[(rest.startIndex + count)...]
        return taken
    }

    mutating func byte(_ field: String) throws(ReviewError) -> UInt8 {
        try bytes(1, field)[0]
    }

    /// Takes a number of four bytes, most significant first.
    mutating func uint32(_ field: String) throws(ReviewError) -> UInt32 {
        try bytes(4, field).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Takes a number of eight bytes, most significant first.
    mutating func uint64(_ field: String) throws(ReviewError) -> UInt64 {
        try bytes(8, field).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes a length and that many bytes.
    mutating func string(_ field: String) throws(ReviewError) -> [UInt8] {
        let count = try uint32(field)
        return try bytes(Int(count), field)
    }

    /// Takes a string that must be printable ASCII.
    mutating func text(_ field: String) throws(ReviewError) -> String {
        let taken = try string(field)
        guard taken.allSatisfy({ (32...126).contains($0) }) else { throw .fieldMalformed(field) }
        return String(decoding: taken, as: UTF8.self)
    }

    /// Takes a string that may have any byte but 0, as OpenSSH reads names.
    mutating func name(_ field: String) throws(ReviewError) -> [UInt8] {
        let taken = try string(field)
        guard !taken.contains(0) else { throw .fieldMalformed(field) }
        return taken
    }

    /// Takes a positive `mpint` in its only legal form; returns it without its leading zero.
    mutating func positiveInteger(_ field: String) throws(ReviewError) -> [UInt8] {
        let taken = try string(field)
        guard let first = taken.first, first < 0x80 else { throw .fieldMalformed(field) }
        guard first == 0 else { return taken }
        guard taken.count > 1, taken[1] >= 0x80 else { throw .fieldMalformed(field) }
        return Array(taken.dropFirst())
    }

    /// Throws unless everything was read.
    func end(_ part: String) throws(ReviewError) {
        guard rest.isEmpty else { throw .trailingBytes(after: part) }
    }
}

/// Builds the same wire format.
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ some: [UInt8]) { bytes += some }

    mutating func uint32(_ number: UInt32) {
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    mutating func string(_ some: [UInt8]) {
        uint32(UInt32(some.count))
        bytes += some
    }
}

/// Decodes standard base64 (RFC 4648 section 4) strictly: padding is required, unused bits are
/// zero, nothing else is skipped; nil otherwise.
func decodeBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var digits = Array(text)
    guard !digits.isEmpty, digits.count % 4 == 0 else { return nil }
    var padding = 0
    while padding < 2, digits.last == UInt8(ascii: "=") {
        digits.removeLast()
        padding += 1
    }
    var result: [UInt8] = []
    result.reserveCapacity(digits.count * 3 / 4)
    var pending: UInt32 = 0
    var pendingBits: UInt32 = 0
    for digit in digits {
        guard let value = base64Value(digit) else { return nil }
        pending = pending << 6 | value
        pendingBits += 6
        if pendingBits >= 8 {
            pendingBits -= 8
            result.append(UInt8(truncatingIfNeeded: pending >> pendingBits))
            pending &= (1 << pendingBits) - 1
        }
    }
    return pending == 0 ? result : nil
}

private func base64Value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
