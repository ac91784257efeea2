import Crypto
import FoundationEssentials

/// The public half of an SSH key of the type `ssh-ed25519` (RFC 8709), which signs envelopes raw:
/// without the wrapping by which SSH signs for git.
package struct Ed25519PublicKey: Hashable, Sendable {
    /// 32 bytes.
    package let point: [UInt8]
    private static let type = "ssh-ed25519"

    /// Throws for anything but 32 bytes that are a key.
    package init(point: [UInt8]) throws(ProvenanceError) {
        guard point.count == 32 else { throw .keyMalformed("it has \(point.count) bytes, not 32") }
        self.point = point
    }

    /// Reads `ssh-ed25519 AAAA… comment`, as it stands in `id_ed25519.pub`.
    package init(line: String) throws(ProvenanceError) {
        let words = line.split { $0 == " " || $0 == "\t" || $0.isNewline }
        guard words.count >= 2, words[0] == Self.type else {
            throw .keyMalformed("it is no line of an `ssh-ed25519` key")
        }
        let head = Self.string(Array(Self.type.utf8)) + [0, 0, 0, 32]
        guard let blob = base64Bytes(String(words[1])), blob.count == head.count + 32,
            blob.starts(with: head)
        else { throw .keyMalformed("its base64 does not hold an `ssh-ed25519` key") }
        try self.init(point: Array(blob.dropFirst(head.count)))
    }

    /// `SHA256:` and the unpadded base64 of the key's SHA-256, as `ssh-keygen -l` prints it: the
    /// key id of our envelopes.
    package var fingerprint: String {
        let blob = Self.string(Array(Self.type.utf8)) + Self.string(point)
        let base64 = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + base64.prefix { $0 != "=" }
    }

    /// Whether these 64 bytes are this key's signature of the message (RFC 8032).
    package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: point)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// A string on SSH's wire (RFC 4251 5): four bytes of length, then the bytes.
    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }
}

/// Signs with the secret half that is given as its 32 bytes of seed.
package struct Ed25519Signer: Sendable {
    package let publicKey: Ed25519PublicKey
    private let seed: [UInt8]

    package init(seed: [UInt8]) throws(ProvenanceError) {
        let key: Curve25519.Signing.PrivateKey
        do {
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        } catch {
            throw .keyMalformed("its seed has \(seed.count) bytes, not 32")
        }
        self.seed = seed
        publicKey = try Ed25519PublicKey(point: Array(key.publicKey.rawRepresentation))
    }

    /// What `Envelope(signing:sign:)` asks for.
    package func sign(
        _ message: [UInt8]
    ) throws(ProvenanceError) -> (keyID: String, signature: [UInt8]) {
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
            return (publicKey.fingerprint, Array(try key.signature(for: message)))
        } catch {
            throw .keyMalformed("it does not sign: \(error)")
        }
    }
}
