import FoundationEssentials

/// A DSSE envelope: a payload of a known type and signatures over both.
///
///     {"payload": "<base64>", "payloadType": "…",
///      "signatures": [{"keyid": "…", "sig": "<base64>"}]}
///
/// Source: secure-systems-lab/dsse, `envelope.md` and `protocol.md`, version 1. What is signed is
/// `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes and decimal digits.
package struct Envelope: Hashable, Sendable {
    package struct Signature: Hashable, Sendable {
        /// A hint of which key signed, which decides nothing; ours is `SHA256:…`.
        package var keyID: String?
        package var bytes: [UInt8]

        package init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    package static let statementType = "application/vnd.in-toto+json"
    /// Longer envelopes are refused unread.
    package static let bytesMax = 16 << 20
    /// More signatures than this are refused, so that a check has a bound.
    package static let signaturesMax = 64

    package var payload: [UInt8]
    package var payloadType: String
    package var signatures: [Signature]

    package init(payload: [UInt8], payloadType: String, signatures: [Signature] = []) {
        self.payload = payload
        self.payloadType = payloadType
        self.signatures = signatures
    }

    /// Wraps a payload and signs it; `sign` gets the bytes to be signed.
    package init<Failed: Error>(
        signing payload: [UInt8], payloadType: String = Envelope.statementType,
        sign: ([UInt8]) throws(Failed) -> (keyID: String, signature: [UInt8])
    ) throws(Failed) {
        self.init(payload: payload, payloadType: payloadType)
        let (keyID, signature) = try sign(signedBytes)
        signatures = [Signature(keyID: keyID, bytes: signature)]
    }

    /// The pre-authentication encoding, which is what keys sign.
    package var signedBytes: [UInt8] {
        let type = Array(payloadType.utf8)
        return Array("DSSEv1 \(type.count) ".utf8) + type + Array(" \(payload.count) ".utf8)
            + payload
    }
}

extension Envelope: Codable {
    private enum Key: String, CodingKey { case payload, payloadType, signatures }
    private enum SignatureKey: String, CodingKey { case keyid, sig }

    /// Reads an envelope; what is empty may be left out, and both alphabets of base64 are read.
    package init(parsing bytes: [UInt8]) throws(ProvenanceError) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge(bytes: bytes.count) }
        do {
            self = try JSONDecoder().decode(Envelope.self, from: Data(bytes))
        } catch {
            throw .envelopeMalformed("it is not the JSON of a DSSE envelope")
        }
        guard signatures.count <= Self.signaturesMax else {
            throw .envelopeMalformed("it has \(signatures.count) signatures")
        }
    }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        func bytes(_ text: String) throws -> [UInt8] {
            guard let bytes = base64Bytes(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "not base64"))
            }
            return bytes
        }
        payload = try bytes(object.decodeIfPresent(String.self, forKey: .payload) ?? "")
        payloadType = try object.decodeIfPresent(String.self, forKey: .payloadType) ?? ""
        signatures = []
        guard object.contains(.signatures) else { return }
        var list = try object.nestedUnkeyedContainer(forKey: .signatures)
        while !list.isAtEnd {
            let entry = try list.nestedContainer(keyedBy: SignatureKey.self)
            signatures.append(
                Signature(
                    keyID: try entry.decodeIfPresent(String.self, forKey: .keyid),
                    bytes: try bytes(entry.decode(String.self, forKey: .sig))))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(Data(payload).base64EncodedString(), forKey: .payload)
        try object.encode(payloadType, forKey: .payloadType)
        var list = object.nestedUnkeyedContainer(forKey: .signatures)
        for signature in signatures {
            var entry = list.nestedContainer(keyedBy: SignatureKey.self)
            try entry.encodeIfPresent(signature.keyID, forKey: .keyid)
            try entry.encode(Data(signature.bytes).base64EncodedString(), forKey: .sig)
        }
    }

    /// The envelope as one line of JSON without a final newline: lines of it are a bundle.
    package var json: [UInt8] { canonicalJSON(self) }
}

/// Reads padded base64 in the standard or in the URL-safe alphabet; nil for anything else.
func base64Bytes(_ text: String) -> [UInt8]? {
    let standard = text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
    }
    return Data(base64Encoded: Data(standard)).map { [UInt8]($0) }
}
