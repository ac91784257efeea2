/// What `gpg --status-fd 1 --verify` said about one signature, from the lines that programs read
/// (GnuPG's doc/DETAILS, "Format of the --status-fd output").
package struct GPGResult: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        case good = "GOODSIG"
        case expiredSignature = "EXPSIG"
        case expiredKey = "EXPKEYSIG"
        case revokedKey = "REVKEYSIG"
        case bad = "BADSIG"
        /// The key is missing, or gpg cannot check this kind.
        case unchecked = "ERRSIG"
    }

    /// How far the keyring's owner trusts the key; who counts is said by `GPGSigners` instead.
    package enum Trust: String, Hashable, Sendable {
        case undefined = "TRUST_UNDEFINED"
        case never = "TRUST_NEVER"
        case marginal = "TRUST_MARGINAL"
        case full = "TRUST_FULLY"
        case ultimate = "TRUST_ULTIMATE"
    }

    package var verdict: Verdict
    /// The key that signed: 40 or 64 upper-case hex digits; nil when gpg did not verify.
    package var fingerprint: String?
    /// The key that the signing key belongs to, itself as a rule; the one that is trusted.
    package var primaryFingerprint: String?
    /// RFC 9580 9.1 and 9.5: which kind of key, and which hash.
    package var keyAlgorithm: Int?
    package var hashAlgorithm: Int?
    /// 0 when the bytes were signed as they are.
    package var signatureClass: Int?
    package var trust: Trust?

    private static let prefix = "[GNUPG:] "

    /// Reads the status lines; other lines are passed over.
    ///
    /// There must be exactly one verdict about exactly one signature: gpg says several when it was
    /// given several, and then nobody can tell which one counts.
    package init(statusLines text: String) throws(ReviewError) {
        var verdicts: [(Verdict, String)] = []
        var valid: [[String]] = []
        var signatures = 0
        for line in text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            let line = String(decoding: Array(line), as: UTF8.self)
            guard line.hasPrefix(Self.prefix) else { continue }
            let words = line.dropFirst(Self.prefix.count).split(separator: " ").map(String.init)
            guard let word = words.first else { continue }
            if let verdict = Verdict(rawValue: word) {
                verdicts.append((verdict, words.count > 1 ? words[1] : ""))
            }
            if let level = Trust(rawValue: word) { trust = level }
            if word == "VALIDSIG" { valid.append(words) }
            if word == "NEWSIG" { signatures += 1 }
        }
        guard let first = verdicts.first else { throw .gpgSilent }
        guard verdicts.count == 1, valid.count <= 1, signatures <= 1 else {
            throw .severalSignatures
        }
        verdict = first.0
        if let words = valid.first { try read(valid: words, keyID: first.1) }
        guard verdict != .good || primaryFingerprint != nil else { throw .gpgSilent }
    }

    /// `VALIDSIG fingerprint date timestamp expiry version reserved key-algorithm hash-algorithm
    /// class primary-fingerprint`.
    private mutating func read(valid words: [String], keyID: String) throws(ReviewError) {
        guard words.count >= 11, let signer = hexFingerprint(words[1]),
            let primary = hexFingerprint(words[10]), let key = Int(words[7]),
            let hash = Int(words[8]), let kind = Int(words[9], radix: 16),
            // Version 4 keys are named by the end of their fingerprint, later ones by its begin.
            signer.hasSuffix(keyID.uppercased()) || signer.hasPrefix(keyID.uppercased())
        else { throw .gpgSilent }
        fingerprint = signer
        primaryFingerprint = primary
        keyAlgorithm = key
        hashAlgorithm = hash
        signatureClass = kind
    }
}

/// Returns a fingerprint in upper case; nil when it is not 40 or 64 hex digits.
func hexFingerprint(_ text: String) -> String? {
    let isHex = text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
    return isHex && [40, 64].contains(text.utf8.count) ? text.uppercased() : nil
}

/// A GPG signature that somebody with a keyring can check.
package struct GPGQuestion: Hashable, Sendable {
    /// The armoured block.
    package let signature: [UInt8]
    /// The bytes that are signed: the tag object before the block.
    package let signed: [UInt8]

    init(signature: [UInt8], signed: [UInt8]) {
        self.signature = signature
        self.signed = signed
    }

    /// Returns what gpg has to be asked about a tag; nil when the tag has no GPG signature or is
    /// refused without gpg.
    package init?(tag raw: [UInt8]) {
        // Because `check` says what is wrong with such a tag.
        guard let tag = try? TagObject(raw: raw), tag.signatureFormat == .openPGP else {
            return nil
        }
        self.init(signature: tag.signature, signed: tag.signedBytes)
    }
}

/// What gpg said about one question, so that no answer counts for another tag.
package struct GPGAnswer: Hashable, Sendable {
    package let question: GPGQuestion
    package let result: GPGResult

    package init(to question: GPGQuestion, _ result: GPGResult) {
        self.question = question
        self.result = result
    }
}
