import Crypto

/// A parsed SSH signature (OpenSSH's PROTOCOL.sshsig).
///
///     -----BEGIN SSH SIGNATURE-----
///     base64 of: "SSHSIG", uint32 1, string public key or certificate, string namespace,
///                string reserved (empty), string hash name, string signature
///     -----END SSH SIGNATURE-----
///
/// where signature is as `SSHKeySignature` says.
package struct SSHSignature: Sendable {
    enum Hash: String, Sendable { case sha256, sha512 }

    /// The key that signs; with a certificate the one that it certifies.
    package let key: SSHPublicKey
    /// What names the key's owner, when the signature carries one; its own signature is not
    /// checked yet.
    package let certificate: SSHCertificate?
    package let namespace: String
    let hash: Hash
    let signature: SSHKeySignature

    static let magic = Array("SSHSIG".utf8)
    static let beginMarker = Array("-----BEGIN SSH SIGNATURE-----".utf8)
    static let endMarker = Array("-----END SSH SIGNATURE-----".utf8)

    /// Reads an armoured block that starts at its first byte and has nothing but a newline behind.
    package init(armoured: [UInt8]) throws(ReviewError) {
        try self.init(blob: try Self.unarmour(armoured))
    }

    /// Reads the bytes inside the armour.
    package init(blob: [UInt8]) throws(ReviewError) {
        var reader = SSHReader(blob)
        guard try reader.bytes(Self.magic.count, "magic") == Self.magic else {
            throw .fieldMalformed("magic of the signature")
        }
        let version = try reader.uint32("version")
        guard version == 1 else { throw .versionUnknown(version) }
        let signer = try reader.string("public key")
        if SSHCertificate.isCertificate(signer) {
            let found = try SSHCertificate(blob: signer)
            (key, certificate) = (found.key, found)
        } else {
            (key, certificate) = (try SSHPublicKey(blob: signer), nil)
        }
        namespace = try reader.text("namespace")
        guard try reader.string("reserved field").isEmpty else {
            throw .fieldMalformed("reserved field of the signature")
        }
        let hashName = try reader.text("hash name")
        guard let hash = Hash(rawValue: hashName) else { throw .hashUnknown(hashName) }
        self.hash = hash
        signature = try SSHKeySignature(
            blob: try reader.string("signature"), isOfHardwareKey: key.isHardwareKey)
        try reader.end("signature")
    }

    private static func unarmour(_ text: [UInt8]) throws(ReviewError) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var lines = text.split(separator: newline, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count >= 3, lines.first?.elementsEqual(beginMarker) == true,
            lines.last?.elementsEqual(endMarker) == true,
            let blob = decodeBase64(Array(lines.dropFirst().dropLast().joined()))
        else { throw .armourMalformed }
        return blob
    }

    /// A security key asked for a PIN or a finger before it signed.
    package var isUserVerified: Bool { signature.presence?.isUserVerified == true }

    /// Throws unless the signature is one of `message` by its own key for the namespace `git`, and
    /// the certificate, if there is one, is signed by the authority that it names.
    ///
    /// It does not say whose key that is: `AllowedSigners` does.
    package func verify(message: [UInt8]) throws(ReviewError) {
        guard namespace == "git" else { throw .namespaceWrong(namespace) }
        let messageHash =
            switch hash {
            case .sha256: Array(SHA256.hash(data: message))
            case .sha512: Array(SHA512.hash(data: message))
            }
        try signature.verify(signedBytes(messageHash: messageHash), by: key)
        try certificate?.verifyAuthority()
    }

    /// The bytes that the key signed: magic, namespace, reserved, hash name and H(message).
    func signedBytes(messageHash: [UInt8]) -> [UInt8] {
        var writer = SSHWriter()
        writer.raw(Self.magic)
        writer.string(Array(namespace.utf8))
        writer.string([])
        writer.string(Array(hash.rawValue.utf8))
        writer.string(messageHash)
        return writer.bytes
    }
}
