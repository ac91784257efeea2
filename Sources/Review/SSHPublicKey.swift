import Crypto
import FoundationEssentials

/// A public key that may sign: RFC 4253 (RSA), RFC 5656 (ECDSA), RFC 8709 (Ed25519) and
/// OpenSSH's PROTOCOL.u2f (Ed25519 on a security key).
package struct SSHPublicKey: Hashable, Sendable {
    enum Material: Sendable {
        case ed25519(point: [UInt8])
        case securityKey(point: [UInt8], application: [UInt8])
        case ecdsa256(point: [UInt8])
        case ecdsa384(point: [UInt8])
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    /// The key on the wire; two keys are equal when these bytes are.
    package let blob: [UInt8]
    /// As it starts a line of a key file: `ssh-ed25519`.
    package let type: String
    let material: Material

    /// RSA keys below this are refused; the upper bound keeps a verification short.
    package static let modulusBitsMin = 3072
    private static let modulusBitsMax = 8192

    /// Reads the wire format; throws for kinds that are not supported and for short RSA keys.
    package init(blob: [UInt8]) throws(ReviewError) {
        var reader = SSHReader(blob)
        let type = try reader.text("key type")
        switch type {
        case "ssh-ed25519":
            material = .ed25519(point: try Self.ed25519Point(&reader))
        case "sk-ssh-ed25519@openssh.com":
            material = .securityKey(
                point: try Self.ed25519Point(&reader),
                application: try reader.string("key application"))
        case "ecdsa-sha2-nistp256":
            material = .ecdsa256(point: try Self.curvePoint(&reader, "nistp256", bytes: 65))
        case "ecdsa-sha2-nistp384":
            material = .ecdsa384(point: try Self.curvePoint(&reader, "nistp384", bytes: 97))
        case "ssh-rsa":
            material = try Self.rsa(&reader)
        default:
            throw type.contains("-cert-v") ? .certificate(type) : .keyKindUnknown(type)
        }
        try reader.end("public key")
        self.blob = blob
        self.type = type
    }

    /// `SHA256:` and the unpadded base64 of the blob's SHA-256, as `ssh-keygen -l` prints it.
    package var fingerprint: String {
        let base64 = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + base64.prefix { $0 != "=" }
    }

    /// The blob as key files hold it.
    package var base64: String { Data(blob).base64EncodedString() }

    package static func == (left: Self, right: Self) -> Bool { left.blob == right.blob }

    package func hash(into hasher: inout Hasher) { hasher.combine(blob) }

    private static func ed25519Point(_ reader: inout SSHReader) throws(ReviewError) -> [UInt8] {
        let point = try reader.string("public key")
        guard point.count == 32 else { throw .fieldMalformed("public key") }
        return point
    }

    private static func curvePoint(
        _ reader: inout SSHReader, _ curve: String, bytes: Int
    ) throws(ReviewError) -> [UInt8] {
        guard try reader.text("curve name") == curve else { throw .fieldMalformed("curve name") }
        let point = try reader.string("public key")
        guard point.count == bytes, point.first == 4 else { throw .fieldMalformed("public key") }
        return point
    }

    private static func rsa(_ reader: inout SSHReader) throws(ReviewError) -> Material {
        let exponent = try reader.positiveInteger("RSA exponent")
        let modulus = try reader.positiveInteger("RSA modulus")
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= modulusBitsMin else { throw .keyTooShort(bits: bits) }
        guard bits <= modulusBitsMax, exponent.count <= 4 else {
            throw .fieldMalformed("RSA modulus or exponent")
        }
        return .rsa(modulus: modulus, exponent: exponent)
    }
}
