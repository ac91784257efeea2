/// A name that people give: validated once at the border, trusted inside.
///
/// The rule is `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`, so that a name is a legal part of a git
/// ref, a DNS label and a GTO artifact name at once.
package protocol Name: Hashable, Comparable, Codable, Sendable, CustomStringConvertible,
    LosslessStringConvertible, CodingKeyRepresentable
{
    var text: String { get }
    /// Only for the protocol's own initialisers, after the rule was checked.
    init(checked text: String)
    /// Names that the rule allows and Slipway keeps for itself.
    static var reserved: Set<String> { get }
}

extension Name {
    package static var reserved: Set<String> { [] }

    /// Returns nil when `text` breaks the rule or is reserved.
    package init?(_ text: String) {
        guard isName(text), !Self.reserved.contains(text) else { return nil }
        self.init(checked: text)
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let name = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is not a \(Self.self)")
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var codingKey: any CodingKey { TextKey(text) }

    package init?<Key: CodingKey>(codingKey: Key) { self.init(codingKey.stringValue) }
}

/// Returns whether `text` matches `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`.
package func isName(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    let hyphen = UInt8(ascii: "-")
    return first != hyphen && last != hyphen
        && bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == hyphen }
}

private func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// A coding key made of any text, so that names can be the keys of JSON objects.
package struct TextKey: CodingKey {
    package let stringValue: String
    package var intValue: Int? { nil }
    package init(_ text: String) { stringValue = text }
    package init?(stringValue: String) { self.stringValue = stringValue }
    package init?(intValue: Int) { nil }
}

/// The name of a model: the folder below `models/`.
package struct ModelName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
    package static var reserved: Set<String> { ["policy"] }
}

/// The name of a dataset: the manifest's file name below `datasets/` without its ending.
package struct DatasetName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
    package static var reserved: Set<String> { ["policy"] }
}

/// The name of a place to serve: the file name below `environments/` without its ending.
package struct EnvironmentName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
    package static var reserved: Set<String> { ["policy"] }
}

/// The name of a step in a model's graph.
package struct StepName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
}

/// What a model calls one of its datasets: `train`, `test`.
package struct RoleName: Name {
    package let text: String
    package init(checked text: String) { self.text = text }
}

/// Who a signing key belongs to: the principal in `allowed_signers`, often a mail address.
package struct Principal: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
    package var description: String { text }
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
