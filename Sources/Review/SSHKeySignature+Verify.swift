import Crypto
import CryptoExtras
import FoundationEssentials

extension SSHKeySignature {
    /// Throws unless `key` made this signature of `signed`, touched if it is a security key.
    func verify(_ signed: [UInt8], by key: SSHPublicKey) throws(ReviewError) {
        let data = try key.application.map { application throws(ReviewError) in
            try presenceBytes(application: application, signed: signed)
        }
        switch key.material {
        case .ed25519(let point):
            try expectKind(of: key)
            try verifyEd25519(point: point, signed: data ?? signed)
        case .ecdsa(let curve, let point):
            try expectKind(of: key)
            try verifyECDSA(curve, point: point, signed: data ?? signed)
        case .rsa(let modulus, let exponent):
            try verifyRSA(modulus: modulus, exponent: exponent, signed: signed, key: key)
        }
    }

    private func expectKind(of key: SSHPublicKey) throws(ReviewError) {
        guard kind == key.type else {
            throw .signatureKindWrong(key: key.type, signature: kind)
        }
    }

    /// OpenSSH's PROTOCOL.u2f: the token signs SHA256(application), flags, counter, SHA256(data).
    private func presenceBytes(
        application: [UInt8], signed: [UInt8]
    ) throws(ReviewError) -> [UInt8] {
        guard let presence else { throw .truncated(field: "flags") }
        guard presence.isTouched else { throw .touchMissing }
        var data = Array(SHA256.hash(data: application))
        data.append(presence.flags)
        data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: presence.counter >> $0) }
        return data + Array(SHA256.hash(data: signed))
    }

    private func verifyEd25519(point: [UInt8], signed: [UInt8]) throws(ReviewError) {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard bytes.count == 64,
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: point),
            publicKey.isValidSignature(bytes, for: signed)
        else { throw .signatureWrong }
    }

    private func verifyECDSA(
        _ curve: SSHPublicKey.Curve, point: [UInt8], signed: [UInt8]
    ) throws(ReviewError) {
        let raw = try curveSignature(coordinateBytes: curve.coordinateBytes)
        let isValid =
            switch curve {
            case .p256: isValidP256(raw, point, signed)
            case .p384: isValidP384(raw, point, signed)
            case .p521: isValidP521(raw, point, signed)
            }
        guard isValid else { throw .signatureWrong }
    }

    private func isValidP256(_ raw: [UInt8], _ point: [UInt8], _ signed: [UInt8]) -> Bool {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard let publicKey = try? P256.Signing.PublicKey(x963Representation: point),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return publicKey.isValidSignature(signature, for: signed)
    }

    private func isValidP384(_ raw: [UInt8], _ point: [UInt8], _ signed: [UInt8]) -> Bool {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard let publicKey = try? P384.Signing.PublicKey(x963Representation: point),
            let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return publicKey.isValidSignature(signature, for: signed)
    }

    private func isValidP521(_ raw: [UInt8], _ point: [UInt8], _ signed: [UInt8]) -> Bool {
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard let publicKey = try? P521.Signing.PublicKey(x963Representation: point),
            let signature = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return publicKey.isValidSignature(signature, for: signed)
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
        modulus: [UInt8], exponent: [UInt8], signed: [UInt8], key: SSHPublicKey
    ) throws(ReviewError) {
        guard ["rsa-sha2-256", "rsa-sha2-512"].contains(kind) else {
            throw .signatureKindWrong(key: key.type, signature: kind)
        }
        // Because a key that cannot be loaded and a signature that does not fit mean the same.
        guard bytes.count == modulus.count,
            let publicKey = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
        else { throw .signatureWrong }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes)
        let isValid =
            if kind == "rsa-sha2-256" {
                publicKey.isValidSignature(
                    signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
            } else {
                publicKey.isValidSignature(
                    signature, for: SHA512.hash(data: signed), padding: .insecurePKCS1v1_5)
            }
        guard isValid else { throw .signatureWrong }
    }
}
