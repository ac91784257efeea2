package import Domain

/// Which GPG key is whose: lines `principal fingerprint`, `#` starts a comment line.
///
/// The fingerprint is that of the primary key, 40 or 64 hex digits without spaces, as
/// `gpg --with-colons --fingerprint` prints it. Several keys of one principal are several lines.
package struct GPGSigners: Hashable, Sendable {
    /// By the fingerprint in upper case.
    package private(set) var principals: [String: Principal] = [:]

    package init() {}

    /// Reads the file; a bad line is set aside with a diagnostic, the others count.
    package static func parsing(
        _ text: String, file: String = "gpg_signers"
    ) -> (value: GPGSigners, diagnostics: [Diagnostic]) {
        var value = GPGSigners()
        var names = Lookalikes()
        var diagnostics: [Diagnostic] = []
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == 32 || $0 == 9 || $0 == 13 }
                .map { String(decoding: Array($0), as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let place = Place(file: file, line: index + 1)
            guard diagnostics.count <= diagnosticsMax else { break }
            if diagnostics.count == diagnosticsMax {
                diagnostics.append(Diagnostic(at: place, "from here on nothing is read"))
            } else if let doubt = names.doubt(about: [first]) {
                diagnostics.append(Diagnostic(at: place, doubt.message, hint: doubt.hint))
            } else if let problem = value.add(words) {
                diagnostics.append(
                    Diagnostic(at: place, problem, hint: "gpg --list-keys --with-fingerprint"))
            }
        }
        return (value, diagnostics)
    }

    /// Returns why the line is set aside; nil when it counts.
    private mutating func add(_ words: [String]) -> String? {
        let name = words[0]
        guard words.count == 2, let fingerprint = hexFingerprint(words[1]) else {
            return "the line is not `principal fingerprint` with 40 or 64 hex digits"
        }
        guard PatternList(name).literals.map({ Array($0.utf8) }) == [Array(name.utf8)] else {
            return "the name \(quoted(name)) is a pattern, and one key is one person"
        }
        if let other = principals[fingerprint], other.text != name {
            return "the key belongs to \(quoted(other.text)) already"
        }
        principals[fingerprint] = Principal(name)
        return nil
    }

    var holdings: [People.Holding] {
        principals.map { People.Holding(names: [$0.value.text], key: Array($0.key.utf8)) }
    }
}

/// Whether a GPG signature speaks for somebody.
package enum GPGStanding: Hashable, Sendable {
    /// `fingerprint` is that of the primary key.
    case allowed(Principal, fingerprint: String)
    /// gpg did not find that the bytes and the signature belong together.
    case notGood(GPGResult.Verdict)
    case unknownKey(fingerprint: String)
    /// The keyring says that this key is never to be trusted.
    case neverTrusted
    /// SHA-1 and older hashes, and DSA and Elgamal keys.
    case tooWeak(String)
    /// The text was normalised before it was signed, so that other bytes have the same signature.
    case notOverBytes
}

/// Returns whose signature it is that gpg checked; `trusted` maps the fingerprints of primary keys,
/// in upper case, to their owners.
package func gpgStanding(
    result: GPGResult, trusted: [String: Principal]
) -> GPGStanding {
    guard result.verdict == .good, let fingerprint = result.primaryFingerprint else {
        return .notGood(result.verdict == .good ? .unchecked : result.verdict)
    }
    guard result.signatureClass == 0 else { return .notOverBytes }
    // SHA-256, SHA-384, SHA-512 and SHA-3.
    guard let hash = result.hashAlgorithm, [8, 9, 10, 12, 14].contains(hash) else {
        return .tooWeak("hash \(result.hashAlgorithm ?? 0)")
    }
    // RSA, ECDSA, EdDSA, Ed25519 and Ed448.
    guard let key = result.keyAlgorithm, [1, 3, 19, 22, 27, 28].contains(key) else {
        return .tooWeak("key algorithm \(result.keyAlgorithm ?? 0)")
    }
    guard result.trust != .never else { return .neverTrusted }
    guard let principal = trusted[fingerprint] else { return .unknownKey(fingerprint: fingerprint) }
    return .allowed(principal, fingerprint: fingerprint)
}
