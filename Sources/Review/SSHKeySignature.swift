/// What one key signed, without what it says about the message: a string with the kind, a string
/// with the bytes, and for security keys a byte of flags and a counter (PROTOCOL.u2f).
struct SSHKeySignature: Hashable, Sendable {
    /// What a security key signs beside the message.
    struct Presence: Hashable, Sendable {
        var flags: UInt8
        var counter: UInt32
        /// The key was touched.
        var isTouched: Bool { flags & 1 == 1 }
        /// The key asked for a PIN or a finger.
        var isUserVerified: Bool { flags & 4 == 4 }
    }

    /// The algorithm: `ssh-ed25519`, `rsa-sha2-512` …
    let kind: String
    let bytes: [UInt8]
    let presence: Presence?

    /// Reads the wire format; whether flags must follow is known from the key.
    init(blob: [UInt8], isOfHardwareKey: Bool) throws(ReviewError) {
        var reader = SSHReader(blob)
        kind = try reader.text("signature type")
        bytes = try reader.string("signature bytes")
        if isOfHardwareKey {
            presence = Presence(
                flags: try reader.byte("flags"), counter: try reader.uint32("counter"))
        } else {
            presence = nil
        }
        try reader.end("signature bytes")
    }
}
