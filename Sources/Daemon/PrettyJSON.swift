import FoundationEssentials

/// The form of files that people read: canonical JSON with line breaks.
package func prettyJSON(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
        preconditionFailure("\(type(of: value)) holds only what JSON can say: \(error)")
    }
}

func decodeJSON<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
}
