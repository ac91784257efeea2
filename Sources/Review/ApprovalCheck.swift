package import Domain

/// Says whether a tag is an approval, and whose.
///
/// `raw` is the object that the ref points at, without its type and size; for a lightweight tag
/// that is a commit. `firstSeen` is when the daemon first saw the tag: keys are judged at that
/// moment, never at the tagger's date, which whoever tags can choose. `knownEvidence` is the full
/// digest that the id in the name stands for, where the caller knows it; with it a refusal can
/// name the exact line that is missing.
package func check(
    tag refName: String, raw: [UInt8], objectID: ObjectID, trust: Trust,
    at firstSeen: Instant, knownEvidence: Digest? = nil
) -> ApprovalCheck {
    guard ApprovalName.isApprovalSpace(refName) else { return .notAnApproval }
    guard let name = ApprovalName(ref: refName) else {
        return .refused(
            reason: "\(quoted(refName)) is not approve/<model>/<evidence id>/<reviewer>",
            hint: "git push --delete origin \(shellWord(refName)); slipway status")
    }
    do throws(Refusal) {
        let judge = Judge(name: name, knownEvidence: knownEvidence)
        return .approval(try judge.approval(raw, objectID, trust, firstSeen))
    } catch {
        return .refused(reason: error.reason, hint: error.hint)
    }
}

private struct Refusal: Error {
    var reason: String
    var hint: String
}

/// The checks of one tag, in the order in which their refusals help most.
private struct Judge {
    var name: ApprovalName
    var knownEvidence: Digest?

    func approval(
        _ raw: [UInt8], _ objectID: ObjectID, _ trust: Trust, _ firstSeen: Instant
    ) throws(Refusal) -> Approval {
        let tag = try orRefuse(nil) { () throws(ReviewError) in try TagObject(raw: raw) }
        try checkName(tag)
        let signature = try orRefuse(tag) { () throws(ReviewError) in
            let signature = try SSHSignature(armoured: tag.signature)
            try signature.verify(message: tag.signedBytes)
            return signature
        }
        try checkSigner(signature.key, trust, firstSeen, tag)
        let message = try orRefuse(tag) { () throws(ReviewError) in
            try ApprovalMessage(parsing: tag.message)
        }
        try checkEvidence(message.evidence, tag)
        let reviewer = Principal(name.reviewer)
        return Approval(
            kind: name.kind, model: name.model, evidence: name.evidence,
            evidenceLine: message.evidence, reviewer: reviewer,
            aliases: trust.signers.aliases(of: reviewer),
            keyFingerprint: signature.key.fingerprint, comment: message.comment,
            target: tag.target, tagObject: objectID)
    }

    /// git itself accepts a signed object under any other name.
    private func checkName(_ tag: TagObject) throws(Refusal) {
        guard tag.name == Array(name.tag.utf8) else {
            let inside = quoted(String(decoding: tag.name, as: UTF8.self))
            throw Refusal(
                reason: "the object says that it is the tag \(inside), but it was pushed as "
                    + quoted(name.tag),
                hint: signCommand(tag))
        }
    }

    private func checkSigner(
        _ key: SSHPublicKey, _ trust: Trust, _ firstSeen: Instant, _ tag: TagObject
    ) throws(Refusal) {
        let owner = "the key \(key.fingerprint)"
        guard !trust.revoked.contains(key) else {
            throw Refusal(reason: "\(owner) is revoked", hint: otherKeyCommand(tag))
        }
        let line = shellWord("\(name.reviewer) \(publicKeyLine(key))")
        let addLine =
            "if it is to count, whoever runs the daemon adds it in the state folder and "
            + "restarts: echo \(line) >> trust/allowed_signers; then tag anew"
        switch trust.signers.standing(of: key, as: name.reviewer, at: firstSeen) {
        case .allowed: return
        case .unknownKey:
            throw Refusal(reason: "\(owner) is not in the trusted allowed_signers", hint: addLine)
        case .otherPrincipal(let names):
            let owners = names.map(quoted).joined(separator: ", ")
            throw Refusal(
                reason: "\(owner) belongs to \(owners), and the tag's name says "
                    + quoted(name.reviewer),
                hint: signCommand(tag, reviewer: names.first))
        case .onlyByPattern(let number):
            throw Refusal(
                reason: "line \(number) of allowed_signers covers \(quoted(name.reviewer)) by a "
                    + "wildcard only, which does not say whose key it is",
                hint: addLine)
        case .namespaceNotAllowed(let number):
            throw Refusal(
                reason: "line \(number) of allowed_signers does not let \(owner) sign for \"git\"",
                hint: "add `git` to namespaces=\"…\" in that line of trust/allowed_signers in the "
                    + "state folder, restart the daemon, and tag anew")
        case .notYetValid(let number, let from):
            throw Refusal(
                reason: "\(owner) is valid from \(from) (line \(number) of allowed_signers), and "
                    + "the tag was first seen at \(firstSeen)",
                hint: otherKeyCommand(tag))
        case .expired(let number, let end):
            throw Refusal(
                reason: "\(owner) was valid until \(end) (line \(number) of allowed_signers), and "
                    + "the tag was first seen at \(firstSeen)",
                hint: otherKeyCommand(tag))
        }
    }

    private func checkEvidence(_ evidence: Digest, _ tag: TagObject) throws(Refusal) {
        guard EvidenceID(evidence) == name.evidence else {
            throw Refusal(
                reason: "the `Evidence:` line begins with \(evidence.hex.prefix(16)), and the "
                    + "tag's name says \(name.evidence)",
                hint: signCommand(tag))
        }
    }

    private func orRefuse<Value>(
        _ tag: TagObject?, _ body: () throws(ReviewError) -> Value
    ) throws(Refusal) -> Value {
        do throws(ReviewError) {
            return try body()
        } catch {
            var reason = error.description
            if error == .evidenceMissing, let knownEvidence {
                reason += "; add: Evidence: \(knownEvidence)"
            }
            let first = error.hint.map { "\($0), then: " } ?? ""
            throw Refusal(reason: reason, hint: first + signCommand(tag))
        }
    }

    private func otherKeyCommand(_ tag: TagObject) -> String {
        "git config user.signingkey <a key that allowed_signers names>, then: " + signCommand(tag)
    }

    private func publicKeyLine(_ key: SSHPublicKey) -> String {
        "\(key.type) \(key.base64)"
    }

    /// Signs the tag anew under the right name and publishes it; in words of git alone when the
    /// evidence and the commit are known, by `slipway` otherwise.
    private func signCommand(_ tag: TagObject?, reviewer: String? = nil) -> String {
        let renamed = reviewer.flatMap {
            ApprovalName(
                kind: name.kind, model: name.model, evidence: name.evidence,
                reviewer: Principal($0))
        }
        let right = renamed ?? name
        guard let tag, let digest = knownEvidence, EvidenceID(digest) == name.evidence else {
            return "git push --delete origin \(shellWord(name.ref)); "
                + "slipway \(name.kind.rawValue) \(name.model)"
        }
        return "git tag -s -f -m '<why>' -m 'Evidence: \(digest)' \(shellWord(right.tag)) "
            + "\(tag.target) && git push -f origin \(shellWord(right.ref))"
    }
}
