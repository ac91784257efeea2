package import Domain

/// A user certificate (OpenSSH's PROTOCOL.certkeys): an authority says whose key this is.
///
///     string type, string nonce, the fields of the key, uint64 serial, uint32 kind,
///     string key id, string principals, uint64 valid after, uint64 valid before,
///     string critical options, string extensions, string reserved,
///     string authority's key, string signature of everything before it
package struct SSHCertificate: Hashable, Sendable {
    /// Why a certificate does not speak for a principal.
    package enum Defect: Hashable, Sendable {
        /// It is one for hosts, or of a kind that nobody knows.
        case notForUsers
        /// It names these principals only.
        case otherPrincipals([String])
        case notYetValid(from: Instant)
        case expired(at: Instant)
        /// A condition that a signed tag cannot meet, or that is not known.
        case optionRefused(String)
        /// The option `verify-required` stands there, and neither PIN nor finger was asked for.
        case userNotVerified
    }

    /// The key that is certified.
    package let key: SSHPublicKey
    /// 0 when the authority does not count.
    package let serial: UInt64
    /// What the authority calls it; bytes, because nothing says that it is text.
    package let keyID: [UInt8]
    /// Byte for byte.
    package let principals: [String]
    package let authority: SSHPublicKey
    /// 1 for users.
    let kind: UInt32
    /// Seconds since the epoch; valid from the first until before the second.
    let validAfter: UInt64
    let validBefore: UInt64
    let criticalOptions: [String]
    private let signed: [UInt8]
    private let signature: SSHKeySignature

    private static let suffix = "-cert-v01@openssh.com"
    private static let principalsMax = 256

    /// Whether a blob calls itself a certificate, of whatever version.
    static func isCertificate(_ blob: [UInt8]) -> Bool {
        var reader = SSHReader(blob)
        // Because what cannot be read is no certificate, and is refused as a key.
        return (try? reader.text("key type"))?.contains("-cert-v") ?? false
    }

    /// Reads the wire format; throws also when the authority's key is itself a certificate.
    package init(blob: [UInt8]) throws(ReviewError) {
        var reader = SSHReader(blob)
        let type = try reader.text("certificate type")
        guard type.hasSuffix(Self.suffix) else { throw .keyKindUnknown(type) }
        let plain = String(type.dropLast(Self.suffix.count))
        _ = try reader.string("certificate's nonce")
        key = try SSHPublicKey(
            type: plain.hasPrefix("sk-") ? plain + "@openssh.com" : plain, reading: &reader,
            of: blob)
        serial = try reader.uint64("certificate's serial")
        kind = try reader.uint32("certificate's kind")
        keyID = try reader.name("certificate's key id")
        principals = try Self.strings(try reader.string("certificate's principals"))
        validAfter = try reader.uint64("certificate's begin")
        validBefore = try reader.uint64("certificate's end")
        criticalOptions = try Self.options(try reader.string("certificate's critical options"))
        _ = try Self.options(try reader.string("certificate's extensions"))
        _ = try reader.string("certificate's reserved field")
        authority = try SSHPublicKey(blob: try reader.string("certificate's authority"))
        signed = Array(blob[..<reader.position])
        signature = try SSHKeySignature(
            blob: try reader.string("certificate's signature"),
            isOfHardwareKey: authority.isHardwareKey)
        try reader.end("certificate")
    }

    private static func strings(_ packed: [UInt8]) throws(ReviewError) -> [String] {
        var reader = SSHReader(packed)
        var found: [String] = []
        while !reader.isAtEnd {
            let bytes = try reader.name("certificate's principals")
            let text = String(decoding: bytes, as: UTF8.self)
            guard found.count < principalsMax, text.utf8.elementsEqual(bytes) else {
                throw .fieldMalformed("certificate's principals")
            }
            found.append(text)
        }
        return found
    }

    /// The names of pairs of name and value, in order and each once, as the format demands.
    private static func options(_ packed: [UInt8]) throws(ReviewError) -> [String] {
        var reader = SSHReader(packed)
        var names: [String] = []
        while !reader.isAtEnd {
            let name = try reader.text("certificate's options")
            _ = try reader.string("certificate's options")
            if let last = names.last, !last.utf8.lexicographicallyPrecedes(name.utf8) {
                throw .fieldMalformed("order of the certificate's options")
            }
            names.append(name)
        }
        return names
    }

    /// Throws unless the authority that is named signed this certificate.
    func verifyAuthority() throws(ReviewError) {
        do throws(ReviewError) {
            try signature.verify(signed, by: authority)
        } catch .signatureWrong {
            throw .certificateSignatureWrong
        }
    }

    /// Returns what keeps the certificate from speaking for a principal at a moment; nil: nothing.
    ///
    /// Options that bind logins (`force-command`, `source-address`) are refused as well: whoever
    /// set them did not mean the key to approve.
    func defect(
        as principal: String, at moment: Instant, isUserVerified: Bool
    ) -> Defect? {
        guard kind == 1 else { return .notForUsers }
        guard principals.contains(where: { $0.utf8.elementsEqual(principal.utf8) }) else {
            return .otherPrincipals(principals)
        }
        let now = UInt64(max(0, moment.seconds))
        if now < validAfter { return .notYetValid(from: Self.instant(validAfter)) }
        if now >= validBefore { return .expired(at: Self.instant(validBefore)) }
        for option in criticalOptions {
            guard option == "verify-required" else { return .optionRefused(option) }
            guard isUserVerified else { return .userNotVerified }
        }
        return nil
    }

    /// Later years than 9999 are shown as that one.
    private static func instant(_ seconds: UInt64) -> Instant {
        Instant(seconds: Int64(min(seconds, 253_402_300_799)))
    }
}
