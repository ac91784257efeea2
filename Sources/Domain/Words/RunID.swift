/// One attempt to take a candidate through the steps, numbered per model: `digits/17`.
package struct RunID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible,
    LosslessStringConvertible
{
    package let model: ModelName
    /// Counts from 1.
    package let number: Int

    package init(model: ModelName, number: Int) {
        self.model = model
        self.number = number
    }

    /// Parses `digits/17`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let model = ModelName(String(parts[0])),
            let number = Int(parts[1]), number > 0
        else { return nil }
        self.init(model: model, number: number)
    }

    package var description: String { "\(model)/\(number)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.model, left.number) < (right.model, right.number)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = RunID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is not a run")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
