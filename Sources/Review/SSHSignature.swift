/// A parsed SSH signature (OpenSSH's PROTOCOL.sshsig).
///
///     -----BEGIN SSH SIGNATURE-----
///     base64 of: "SSHSIG", uint32 1, string public key, string namespace,
///                string reserved (empty), string hash name, string signature
///     -----END SSH SIGNATURE-----
///
/// where signature is: string kind, string bytes, and for security keys byte flags, uint32 counter.
package struct SSHSignature: Sendable {
    enum Hash: String, Sendable { case sha256, sha512 }

    /// What a security key signs beside the message.
    struct Presence: Sendable {
        var flags: UInt8
        var counter: UInt32
        /// The key was touched.
        var isTouched: Bool { flags & 1 == 1 }
    }

    package let key: SSHPublicKey
    package let namespace: String
    let hash: Hash
    /// The algorithm: `ssh-ed25519`, `rsa-sha2-512` …
    let kind: String
    let bytes: [UInt8]
    let presence: Presence?

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
        key = try SSHPublicKey(blob: try reader.string("public key"))
        namespace = try reader.text("namespace")
        guard try reader.string("reserved field").isEmpty else {
            throw .fieldMalformed("reserved field of the signature")
        }
        let hashName = try reader.text("hash name")
        guard let hash = Hash(rawValue: hashName) else { throw .hashUnknown(hashName) }
        self.hash = hash
        var inner = SSHReader(try reader.string("signature"))
        try reader.end("signature")
        kind = try inner.text("signature type")
        bytes = try inner.string("signature bytes")
        if case .securityKey = key.material {
            presence = Presence(
                flags: try inner.byte("flags"), counter: try inner.uint32("counter"))
        } else {
            presence = nil
        }
        try inner.end("signature bytes")
    }

    private static func unarmour(_ text: [UInt8]) throws(ReviewError) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var lines = text.split(separator: newline, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count >= 3, lines.first.map(Array.init) == beginMarker,
            lines.last.map(Array.init) == endMarker,
            let blob = decodeBase64(lines.dropFirst().dropLast().joined())
        else { throw .armourMalformed }
        return blob
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
