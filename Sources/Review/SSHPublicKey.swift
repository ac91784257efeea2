import Crypto
import FoundationEssentials

/// A public key that may sign: RFC 4253 (RSA), RFC 5656 (ECDSA), RFC 8709 (Ed25519) and
/// OpenSSH's PROTOCOL.u2f (Ed25519 and ECDSA on a security key).
package struct SSHPublicKey: Hashable, Sendable {
    enum Curve: String, Sendable {
        case p256 = "nistp256"
        case p384 = "nistp384"
        case p521 = "nistp521"

        var coordinateBytes: Int {
            switch self {
            case .p256: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    enum Material: Sendable {
        case ed25519(point: [UInt8])
        case ecdsa(Curve, point: [UInt8])
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    /// The key on the wire; two keys are equal when these bytes are.
    package let blob: [UInt8]
    /// As it starts a line of a key file: `ssh-ed25519`.
    package let type: String
    let material: Material
    /// What a security key is bound to, `ssh:` as a rule; nil: the private key can be copied.
    let application: [UInt8]?

    /// The private key cannot leave a security key.
    package var isHardwareKey: Bool { application != nil }

    /// RSA keys below this are refused; the upper bound keeps a verification short.
    package static let modulusBitsMin = 3072
    private static let modulusBitsMax = 8192

    /// Reads the wire format; throws for certificates, kinds that are not supported and short RSA
    /// keys.
    package init(blob: [UInt8]) throws(ReviewError) {
        var reader = SSHReader(blob)
        let type = try reader.text("key type")
        guard !type.contains("-cert-v") else { throw .certificate(type) }
        try self.init(type: type, reading: &reader, of: blob)
        try reader.end("public key")
    }

    /// Reads the fields behind the type, and behind the nonce of a certificate.
    init(
        type: String, reading reader: inout SSHReader, of whole: [UInt8]
    ) throws(ReviewError) {
        let start = reader.position
        switch type {
        case "ssh-ed25519", "sk-ssh-ed25519@openssh.com":
            material = .ed25519(point: try Self.ed25519Point(&reader))
        case "ecdsa-sha2-nistp256", "sk-ecdsa-sha2-nistp256@openssh.com":
            material = try Self.curvePoint(&reader, .p256)
        case "ecdsa-sha2-nistp384":
            material = try Self.curvePoint(&reader, .p384)
        case "ecdsa-sha2-nistp521":
            material = try Self.curvePoint(&reader, .p521)
        case "ssh-rsa":
            material = try Self.rsa(&reader)
        default:
            throw .keyKindUnknown(type)
        }
        application = type.hasPrefix("sk-") ? try reader.string("key application") : nil
        var writer = SSHWriter()
        writer.string(Array(type.utf8))
        writer.raw(Array(whole[start..<reader.position]))
        blob = writer.bytes
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
        _ reader: inout SSHReader, _ curve: Curve
    ) throws(ReviewError) -> Material {
        guard try reader.text("curve name") == curve.rawValue else {
            throw .fieldMalformed("curve name")
        }
        let point = try reader.string("public key")
        guard point.count == 1 + 2 * curve.coordinateBytes, point.first == 4 else {
            throw .fieldMalformed("public key")
        }
        return .ecdsa(curve, point: point)
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
