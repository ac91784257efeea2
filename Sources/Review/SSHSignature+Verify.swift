import Crypto
import CryptoExtras
import FoundationEssentials

extension SSHSignature {
    /// Throws unless the signature is one of `message` by its own key for the namespace `git`.
    ///
    /// It does not say whose key that is: `AllowedSigners` does.
    package func verify(message: [UInt8]) throws(ReviewError) {
        guard namespace == "git" else { throw .namespaceWrong(namespace) }
        let messageHash =
            switch hash {
            case .sha256: Array(SHA256.hash(data: message))
            case .sha512: Array(SHA512.hash(data: message))
            }
        let signed = signedBytes(messageHash: messageHash)
        switch key.material {
        case .ed25519(let point):
            try expectKind(key.type)
            try verifyEd25519(point: point, signed: signed)
        case .securityKey(let point, let application):
            try expectKind(key.type)
            try verifySecurityKey(point: point, application: application, signed: signed)
        case .ecdsa256(let point):
            try expectKind(key.type)
            try verifyP256(point: point, signed: signed)
        case .ecdsa384(let point):
            try expectKind(key.type)
            try verifyP384(point: point, signed: signed)
        case .rsa(let modulus, let exponent):
            try verifyRSA(modulus: modulus, exponent: exponent, signed: signed)
        }
    }

    private func expectKind(_ expected: String) throws(ReviewError) {
        guard kind == expected else { throw .signatureKindWrong(key: key.type, signature: kind) }
    }

    private func verifyEd25519(point: [UInt8], signed: [UInt8]) throws(ReviewError) {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard bytes.count == 64,
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: point),
            publicKey.isValidSignature(bytes, for: signed)
        else { throw .signatureWrong }
    }

    /// OpenSSH's PROTOCOL.u2f: the token signs SHA256(application), flags, counter, SHA256(data).
    private func verifySecurityKey(
        point: [UInt8], application: [UInt8], signed: [UInt8]
    ) throws(ReviewError) {
        guard let presence else { throw .truncated(field: "flags") }
        guard presence.isTouched else { throw .touchMissing }
        var data = Array(SHA256.hash(data: application))
        data.append(presence.flags)
        data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: presence.counter >> $0) }
        data += Array(SHA256.hash(data: signed))
        try verifyEd25519(point: point, signed: data)
    }

    private func verifyP256(point: [UInt8], signed: [UInt8]) throws(ReviewError) {
        let raw = try curveSignature(coordinateBytes: 32)
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard let publicKey = try? P256.Signing.PublicKey(x963Representation: point),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw),
            publicKey.isValidSignature(signature, for: signed)
        else { throw .signatureWrong }
    }

    private func verifyP384(point: [UInt8], signed: [UInt8]) throws(ReviewError) {
        let raw = try curveSignature(coordinateBytes: 48)
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard let publicKey = try? P384.Signing.PublicKey(x963Representation: point),
            let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw),
            publicKey.isValidSignature(signature, for: signed)
        else { throw .signatureWrong }
    }

    /// Returns r and s, which stand as two `mpint`s (RFC 5656 3.1.2), each at its full width.
    private func curveSignature(coordinateBytes: Int) throws(ReviewError) -> [UInt8] {
        var reader = SSHReader(bytes)
        let r = try reader.positiveInteger("signature's r")
        let s = try reader.positiveInteger("signature's s")
        try reader.end("signature's s")
        guard r.count <= coordinateBytes, s.count <= coordinateBytes else {
            throw .fieldMalformed("signature's r or s")
        }
        func padded(_ number: [UInt8]) -> [UInt8] {
            [UInt8](repeating: 0, count: coordinateBytes - number.count) + number
        }
        return padded(r) + padded(s)
    }

    /// RFC 8332: PKCS #1 v1.5 over SHA-256 or SHA-512; SHA-1 (`ssh-rsa`) is refused.
    private func verifyRSA(
        modulus: [UInt8], exponent: [UInt8], signed: [UInt8]
    ) throws(ReviewError) {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard bytes.count == modulus.count,
            let publicKey = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
        else { throw .signatureWrong }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes)
        let isValid =
            switch kind {
            case "rsa-sha2-256":
                publicKey.isValidSignature(
                    signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
            case "rsa-sha2-512":
                publicKey.isValidSignature(
                    signature, for: SHA512.hash(data: signed), padding: .insecurePKCS1v1_5)
            default: throw .signatureKindWrong(key: key.type, signature: kind)
            }
        guard isValid else { throw .signatureWrong }
    }
}
