/// An identifier that is written as lower-case hexadecimal digits.
package protocol HexIdentifier: Hashable, Comparable, Codable, Sendable, CustomStringConvertible,
    LosslessStringConvertible, CodingKeyRepresentable
{
    var hex: String { get }
    init(checked hex: String)
    /// How many hexadecimal digits are legal.
    static var lengths: Set<Int> { get }
}

extension HexIdentifier {
    /// Returns nil unless `hex` has a legal length and only the digits 0-9 and a-f.
    package init?(_ hex: String) {
        guard Self.lengths.contains(hex.utf8.count),
            hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.init(checked: hex)
    }

    /// Makes the identifier of raw bytes.
    ///
    /// The number of bytes must be legal for the kind; anything else is our own mistake.
    package init(bytes: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        precondition(Self.lengths.contains(text.count), "\(text.count) digits for \(Self.self)")
        self.init(checked: String(decoding: text, as: UTF8.self))
    }

    /// The identifier as raw bytes, half as many as digits.
    package var bytes: [UInt8] {
        func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            value(digits[$0]) << 4 | value(digits[$0 + 1])
        }
    }

    package var description: String { hex }

    package static func < (left: Self, right: Self) -> Bool { left.hex < right.hex }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identifier = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is not a \(Self.self)")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    package var codingKey: any CodingKey { TextKey(hex) }

    package init?<Key: CodingKey>(codingKey: Key) { self.init(codingKey.stringValue) }
}

/// The id of any git object: SHA-1 (40 digits) or SHA-256 (64 digits).
package struct ObjectID: HexIdentifier {
    package let hex: String
    package init(checked hex: String) { self.hex = hex }
    package static var lengths: Set<Int> { [40, 64] }

    /// The first seven digits, as git shows it.
    package var short: String { String(hex.prefix(7)) }

    /// The all-zero id by which git means "no object".
    package static let zero = ObjectID(checked: String(repeating: "0", count: 40))
    package var isZero: Bool { hex.utf8.allSatisfy { $0 == UInt8(ascii: "0") } }
}

/// The id of a git commit.
package typealias CommitID = ObjectID

/// A SHA-256 digest.
package struct Digest: HexIdentifier {
    package let hex: String
    package init(checked hex: String) { self.hex = hex }
    package static var lengths: Set<Int> { [64] }

    /// The first twelve digits, for people.
    package var short: String { String(hex.prefix(12)) }
}

/// The SHA-256 of everything that shapes a model or a step: same inputs, same fingerprint.
package struct Fingerprint: HexIdentifier {
    package let hex: String
    package init(checked hex: String) { self.hex = hex }
    package static var lengths: Set<Int> { [64] }

    /// The first twelve digits, for people.
    package var short: String { String(hex.prefix(12)) }
}

/// What an approval names: the first sixteen digits of the SHA-256 of the evidence record.
package struct EvidenceID: HexIdentifier {
    package let hex: String
    package init(checked hex: String) { self.hex = hex }
    package init(_ digest: Digest) { hex = String(digest.hex.prefix(16)) }
    package static var lengths: Set<Int> { [16] }
}
