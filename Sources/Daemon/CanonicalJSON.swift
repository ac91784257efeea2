import Crypto
package import Domain
import FoundationEssentials

/// The one form in which records are digested and noted: one line, keys sorted by their bytes.
package func canonicalJSON(_ value: some Encodable) -> [UInt8] {
    encoded(value, [.sortedKeys, .withoutEscapingSlashes])
}

/// The same for files that people read.
package func prettyJSON(_ value: some Encodable) -> [UInt8] {
    encoded(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + [UInt8(ascii: "\n")]
}

private func encoded(
    _ value: some Encodable, _ format: JSONEncoder.OutputFormatting
) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    do {
        return [UInt8](try encoder.encode(value))
    } catch {
        preconditionFailure("\(type(of: value)) holds only what JSON can say: \(error)")
    }
}

/// The SHA-256 of some bytes.
package func sha256(_ bytes: [UInt8]) -> Domain.Digest {
    Domain.Digest(bytes: SHA256.hash(data: bytes))
}

func decodeJSON<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
}
