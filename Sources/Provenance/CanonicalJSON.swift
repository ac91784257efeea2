import Crypto
package import Domain
import FoundationEssentials

/// The one form in which records are digested (`docs/formats.md`): one line of JSON without
/// spaces, keys sorted by their bytes, `/` not escaped.
package func canonicalJSON(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
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
