import FoundationEssentials

/// A key that webhooks are signed with in the form of Standard Webhooks 1.0.
///
/// The secret is `whsec_` and base64, or any other bytes as they are.
package struct SigningKey: Hashable, Sendable {
    static let prefix = Array("whsec_".utf8)
    let bytes: [UInt8]

    /// Throws `signingKeyWrong` when there is nothing in the secret, or no base64 after `whsec_`.
    package init(secret: [UInt8]) throws(ForgesError) {
        guard secret.starts(with: Self.prefix) else {
            guard isUsableKey(secret) else { throw .signingKeyWrong }
            bytes = secret
            return
        }
        let text = String(decoding: secret.dropFirst(Self.prefix.count), as: UTF8.self)
        guard let data = Data(base64Encoded: text), isUsableKey(Array(data)) else {
            throw .signingKeyWrong
        }
        bytes = Array(data)
    }

    /// Returns `v1,` and the base64 of the HMAC-SHA256 over `id.timestamp.body`.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let content = standardContent(id: id, timestamp: "\(timestamp)", body: body)
        return "v1," + Data(keyedHash(content, key: bytes)).base64EncodedString()
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// Never the key.
    package var description: String { "‹signing key›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The bytes that Standard Webhooks signs.
func standardContent(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
    Array("\(id).\(timestamp).".utf8) + body
}
