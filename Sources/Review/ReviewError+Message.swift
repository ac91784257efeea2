package import Domain

extension ReviewError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .tagTooLarge(let bytes):
            "the tag has \(bytes) bytes, and at most \(TagObject.bytesMax) are read"
        case .lightweightTag: "it is a lightweight tag, which carries no signature"
        case .tagMalformed(let detail): "the tag object is malformed: \(detail)"
        case .tagOfOther(let kind): "the tag points at a \(quoted(kind)), not at a commit"
        case .unsigned: "the tag is not signed"
        case .otherSignatureFormat: "signatures other than SSH are not yet supported here"
        case .severalSignatures: "the tag contains more than one signature block"
        case .armourMalformed: "the signature block is not well-formed base64 between its markers"
        case .truncated(let field): "the signature or key ends inside its \(field)"
        case .trailingBytes(let part): "there are bytes left after the \(part)"
        case .fieldMalformed(let field): "the \(field) is malformed"
        case .versionUnknown(let version): "the signature has version \(version), not 1"
        case .namespaceWrong(let namespace):
            "the signature is for the namespace \(quoted(namespace)), not for \"git\""
        case .hashUnknown(let name): "the signature's hash is \(quoted(name))"
        case .signatureKindWrong(let key, let signature):
            "a key of type \(quoted(key)) cannot make a signature of type \(quoted(signature))"
        case .touchMissing: "the security key was not touched for this signature"
        case .signatureWrong: "the signature does not belong to these bytes and this key"
        case .certificateSignatureWrong:
            "the certificate was not signed by the authority that it names"
        case .gpgSilent: "gpg gave no verdict that names a key"
        case .certificate(let kind):
            "a certificate (\(quoted(kind))) stands where a key must stand"
        case .keyKindUnknown(let kind): "keys of type \(quoted(kind)) are not supported"
        case .keyTooShort(let bits):
            "the RSA key has \(bits) bits, and at least \(SSHPublicKey.modulusBitsMin) are needed"
        case .listVersionUnknown(let version):
            "the list of revoked keys has version \(version), not 1"
        case .listSectionUnknown(let section):
            "the list of revoked keys has a section \(section), which might revoke and is not known"
        case .evidenceMissing: "the message has no `Evidence:` line"
        case .evidenceOutsideTrailers:
            "the `Evidence:` line does not stand in a last paragraph of `Name: value` lines only"
        case .evidenceMalformed(let value):
            "the `Evidence:` line says \(quoted(value)), which is not 64 lower-case hex digits"
        case .evidenceRepeated: "the message has more than one `Evidence:` line"
        }
    }

    /// A command that mends it, where one fits every tag; nil: sign the tag anew.
    package var hint: String? {
        switch self {
        case .keyKindUnknown, .keyTooShort, .certificate:
            "ssh-keygen -t ed25519 && git config user.signingkey ~/.ssh/id_ed25519.pub"
        case .otherSignatureFormat: "git config gpg.format ssh"
        case .touchMissing: "ssh-keygen -t ed25519-sk, without -O no-touch-required"
        case .tagTooLarge, .lightweightTag, .tagMalformed, .tagOfOther, .unsigned,
            .severalSignatures, .armourMalformed, .truncated, .trailingBytes, .fieldMalformed,
            .versionUnknown, .namespaceWrong, .hashUnknown, .signatureKindWrong, .signatureWrong,
            .certificateSignatureWrong, .gpgSilent, .listVersionUnknown, .listSectionUnknown,
            .evidenceMissing, .evidenceOutsideTrailers, .evidenceMalformed, .evidenceRepeated:
            nil
        }
    }

    /// The error as a stage reports it: nothing changes until somebody signs again.
    package var failure: Failure {
        Failure(description, hint: hint, .wait(for: "a tag that is signed anew"))
    }
}

/// Returns foreign text in quotes, without control characters, cut to 80 characters.
func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(80).map { scalar in
        scalar.isUnprintable ? "\u{FFFD}" : String(scalar)
    }
    return "\"" + shown.joined() + (text.unicodeScalars.count > 80 ? "…\"" : "\"")
}

/// How a review tag is taken away: by anybody who may push, or, where Slipway's pre-receive hook
/// refuses that, by whoever runs the server.
package func removal(of ref: String) -> String {
    "git push --delete origin \(shellWord(ref)), or on the server: "
        + "git update-ref -d \(shellWord(ref))"
}

/// Returns text as one word for a POSIX shell: a ref may contain `$(…)`, and hints are pasted.
package func shellWord(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || "@%+=:,./-_".utf8.contains(byte)
    }
    if plain && !text.isEmpty { return text }
    let escaped = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + escaped.joined(separator: "'\\''") + "'"
}
