import Domain

/// What keeps a signer from counting, in words, with what mends it.
extension ApprovalJudge {
    func refusal(
        _ standing: AllowedSigners.Standing, of signature: SSHSignature, _ tag: TagObject
    ) -> Refusal {
        let owner = "the key \(signature.key.fingerprint)"
        switch standing {
        case .allowed(let number):
            return Refusal(reason: "line \(number) allows \(owner)", hint: signCommand(tag))
        case .unknownKey:
            return Refusal(
                reason: "\(owner) is not in the trusted allowed_signers",
                hint: addCommand(signature.key))
        case .otherPrincipal(let names):
            return otherOwner(owner, names, tag)
        case .onlyByPattern(let number):
            return Refusal(
                reason: "line \(number) of allowed_signers covers \(quoted(name.reviewer)) by a "
                    + "wildcard only, which does not say whose key it is",
                hint: addCommand(signature.key))
        case .namespaceNotAllowed(let number):
            return Refusal(
                reason: "line \(number) of allowed_signers does not let \(owner) sign for \"git\"",
                hint: "add `git` to namespaces=\"…\" in that line of trust/allowed_signers in the "
                    + "state folder, restart the daemon, and tag anew")
        case .notYetValid(let number, let from):
            return untimely("\(owner) is valid from \(from)", number, tag)
        case .expired(let number, let end):
            return untimely("\(owner) was valid until \(end)", number, tag)
        case .unknownAuthority:
            let authority = signature.certificate?.authority.fingerprint ?? "?"
            return Refusal(
                reason: "the certificate is signed by \(authority), which is no trusted "
                    + "cert-authority",
                hint: otherKeyCommand(tag))
        case .authorityOfOthers:
            return Refusal(
                reason: "the authority of the certificate is not trusted to name "
                    + spelled(name.reviewer),
                hint: otherKeyCommand(tag))
        case .certificate(let number, let defect):
            return refusal(defect, line: number, tag)
        }
    }

    private func otherOwner(_ owner: String, _ names: [String], _ tag: TagObject) -> Refusal {
        Refusal(
            reason: "\(owner) belongs to \(names.map(spelled).joined(separator: ", ")), and the "
                + "tag's name says " + spelled(name.reviewer),
            hint: signCommand(tag, reviewer: names.first))
    }

    private func untimely(_ fact: String, _ line: Int, _ tag: TagObject) -> Refusal {
        Refusal(
            reason: "\(fact) (line \(line) of allowed_signers), and the tag was first seen at "
                + "\(firstSeen)",
            hint: otherKeyCommand(tag))
    }

    private func refusal(
        _ defect: SSHCertificate.Defect, line: Int, _ tag: TagObject
    ) -> Refusal {
        let why =
            switch defect {
            case .notForUsers: "is not one for users"
            case .otherPrincipals(let names):
                "names \(names.isEmpty ? "nobody" : names.map(spelled).joined(separator: ", ")), "
                    + "and the tag's name says " + spelled(name.reviewer)
            case .notYetValid(let from):
                "is valid from \(from), and the tag was first seen at \(firstSeen)"
            case .expired(let end):
                "was valid until \(end), and the tag was first seen at \(firstSeen)"
            case .optionRefused(let option):
                "has the critical option \(quoted(option)), which a tag cannot meet"
            case .userNotVerified:
                "demands that the security key asks for a PIN or a finger, which it did not"
            }
        return Refusal(
            reason: "the certificate (authority in line \(line) of allowed_signers) \(why)",
            hint: otherKeyCommand(tag))
    }

    func refusal(
        _ reason: RevokedKeys.Reason, of key: SSHPublicKey, _ tag: TagObject
    ) -> Refusal {
        switch reason {
        case .key:
            Refusal(reason: "the key \(key.fingerprint) is revoked", hint: otherKeyCommand(tag))
        case .authority:
            Refusal(
                reason: "the authority of the certificate is revoked", hint: otherKeyCommand(tag))
        case .serial(let serial):
            Refusal(
                reason: "the certificate with the serial \(serial) is revoked",
                hint: otherKeyCommand(tag))
        case .keyID(let id):
            Refusal(
                reason: "the certificate with the key id \(quoted(id)) is revoked",
                hint: otherKeyCommand(tag))
        case .unreadable(let why):
            Refusal(
                reason: "no key counts, because the list of revoked keys cannot be read: \(why)",
                hint: "ssh-keygen -Q -l -f trust/revoked_keys in the state folder of the daemon; "
                    + "mend it, restart the daemon, and tag anew")
        }
    }

    /// The line for whoever runs the daemon.
    private func addCommand(_ key: SSHPublicKey) -> String {
        let line = shellWord("\(name.reviewer) \(key.type) \(key.base64)")
        return "if it is to count, whoever runs the daemon adds it in the state folder and "
            + "restarts: echo \(line) >> trust/allowed_signers; then tag anew"
    }

    /// Returns who signed by GPG, from what gpg said about exactly these bytes.
    func gpgProof(_ tag: TagObject, _ answer: GPGAnswer?) throws(Refusal) -> Proof {
        let useSSH = "git config gpg.format ssh, then: " + signCommand(tag)
        guard let answer else {
            guard !trust.gpg.principals.isEmpty else {
                throw Refusal(
                    reason: "it is signed by GPG, and no GPG key is trusted", hint: useSSH)
            }
            let error = ReviewError.otherSignatureFormat
            throw Refusal(reason: error.description, hint: useSSH)
        }
        let question = GPGQuestion(signature: tag.signature, signed: tag.signedBytes)
        guard answer.question == question else {
            throw Refusal(reason: "gpg was asked about another tag", hint: signCommand(tag))
        }
        switch gpgStanding(result: answer.result, trusted: trust.gpg.principals) {
        case .allowed(let owner, let fingerprint):
            guard owner.text.utf8.elementsEqual(name.reviewer.utf8) else {
                throw otherOwner("the key \(fingerprint)", [owner.text], tag)
            }
            return Proof(
                fingerprint: "gpg:" + fingerprint,
                aliases: trust.aliases(of: [owner], key: Array(fingerprint.utf8)))
        case .unknownKey(let fingerprint):
            throw Refusal(
                reason: "the GPG key \(fingerprint) is not in the trusted gpg_signers",
                hint: "if it is to count, whoever runs the daemon adds it in the state folder and "
                    + "restarts: echo \(shellWord("\(name.reviewer) \(fingerprint)")) >> "
                    + "trust/gpg_signers; then tag anew")
        case .notGood(let verdict):
            throw Refusal(reason: words(for: verdict), hint: otherKeyCommand(tag))
        case .neverTrusted:
            throw Refusal(
                reason: "the keyring says never to trust this GPG key", hint: otherKeyCommand(tag))
        case .tooWeak(let part):
            throw Refusal(
                reason: "the GPG signature uses the \(part) of RFC 9580, which is too weak or "
                    + "unknown", hint: useSSH)
        case .notOverBytes:
            throw Refusal(
                reason: "the GPG signature is not one over the bytes as they are",
                hint: signCommand(tag))
        }
    }

    private func words(for verdict: GPGResult.Verdict) -> String {
        switch verdict {
        case .good, .unchecked: "gpg has no key that it could check the signature by"
        case .expiredSignature: "the GPG signature has expired"
        case .expiredKey: "the GPG key has expired"
        case .revokedKey: "the GPG key is revoked"
        case .bad: "the GPG signature does not belong to these bytes"
        }
    }
}
