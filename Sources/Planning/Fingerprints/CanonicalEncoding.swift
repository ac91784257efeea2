import Crypto
import Domain

/// The encoding below every fingerprint: one value of JSON's data model, one sequence of bytes.
///
/// An item is a tag (one ASCII letter), the number of payload bytes (eight bytes, big-endian) and
/// the payload: `n` null, none; `b` `true` or `false`; `i` an integer in decimal; `d` a double as
/// its shortest round-trip digits, see `canonicalNumber`; `s` a text in UTF-8; `l` the items of a
/// list; `m` the keys (as `s`) and values of a mapping in turn, ordered by the keys' UTF-8 bytes.
/// `docs/formats.md` holds the same for people who check it with other tools.
struct CanonicalEncoding {
    private(set) var bytes: [UInt8] = []

    init(_ value: JSONValue) { append(value) }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append("n", [UInt8]())
        case .bool(let flag): append("b", (flag ? "true" : "false").utf8)
        case .integer(let integer): append("i", String(integer).utf8)
        case .number(let number): append("d", canonicalNumber(number).utf8)
        case .string(let text): append("s", text.utf8)
        case .array(let items):
            nest("l") { encoding in
                for item in items { encoding.append(item) }
            }
        case .object(let members):
            nest("m") { encoding in
                for (key, value) in members.sorted(by: { isBefore($0.key, $1.key) }) {
                    encoding.append("s", key.utf8)
                    encoding.append(value)
                }
            }
        }
    }

    private mutating func append(_ tag: Unicode.Scalar, _ payload: some Collection<UInt8>) {
        bytes.append(UInt8(ascii: tag))
        bytes.append(contentsOf: lengthBytes(payload.count))
        bytes.append(contentsOf: payload)
    }

    /// Writes the items first and their length afterwards, in the room kept for it.
    private mutating func nest(
        _ tag: Unicode.Scalar, _ items: (inout CanonicalEncoding) -> Void
    ) {
        bytes.append(UInt8(ascii: tag))
        let start = bytes.count
        bytes.append(contentsOf: lengthBytes(0))
        items(&self)
        bytes.replaceSubrange(
            start..<start + 8, with: lengthBytes(bytes.count - start - 8))
    }
}

private func lengthBytes(_ count: Int) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
}

/// Whether `left` comes first in the order of UTF-8 bytes, which is git's order of paths.
func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Returns `[-]<digits>e<exponent>`: the fewest decimal digits that read back as `number`, without
/// a point and without zeros at either end, times ten to the exponent: 0.001 is `1e-3`, 1437.5 is
/// `14375e-1`, zero is `0e0`.
func canonicalNumber(_ number: Double) -> String {
    // Because Swift prints the shortest digits that read back (SE-0210), only the form is changed.
    var mantissa = "\(number.magnitude)"[...]
    var exponent = 0
    if let mark = mantissa.firstIndex(of: "e") {
        exponent = Int(mantissa[mantissa.index(after: mark)...]) ?? 0
        mantissa = mantissa[..<mark]
    }
    if let point = mantissa.firstIndex(of: ".") {
        exponent -= mantissa[mantissa.index(after: point)...].count
        mantissa.remove(at: point)
    }
    var digits = mantissa.drop { $0 == "0" }
    while digits.last == "0" {
        digits.removeLast()
        exponent += 1
    }
    let sign = number.sign == .minus ? "-" : ""
    return digits.isEmpty ? "\(sign)0e0" : "\(sign)\(digits)e\(exponent)"
}

/// Returns the SHA-256 of `version`, a line feed and the canonical encoding of `value`.
func sha256(_ version: String, _ value: JSONValue) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(data: Array(version.utf8) + [0x0A])
    hasher.update(data: CanonicalEncoding(value).bytes)
    return Array(hasher.finalize())
}
