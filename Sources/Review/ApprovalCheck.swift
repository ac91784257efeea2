package import Domain

/// Says whether a tag is an approval, and whose.
///
/// `raw` is the object that the ref points at, without its type and size; for a lightweight tag
/// that is a commit. `firstSeen` is when the daemon first saw the tag: keys are judged at that
/// moment, never at the tagger's date, which whoever tags can choose. `knownEvidence` is the full
/// digest that the id in the name stands for, where the caller knows it; with it a refusal can
/// name the exact line that is missing. `gpg` is the answer to `GPGQuestion(tag: raw)`; without it
/// a GPG signature is refused.
package func check(
    tag refName: String, raw: [UInt8], objectID: ObjectID, trust: Trust,
    at firstSeen: Instant, knownEvidence: Digest? = nil, gpg: GPGAnswer? = nil
) -> ApprovalCheck {
    guard ApprovalName.isApprovalSpace(refName) else { return .notAnApproval }
    guard let name = ApprovalName(ref: refName) else {
        return .refused(
            reason: "\(quoted(refName)) is not approve/<model>/<evidence id>/<reviewer>",
            hint: "\(removal(of: refName)); slipway status")
    }
    do throws(Refusal) {
        let judge = ApprovalJudge(
            name: name, knownEvidence: knownEvidence, trust: trust, firstSeen: firstSeen)
        return .approval(try judge.approval(raw, objectID, gpg))
    } catch {
        return .refused(reason: error.reason, hint: error.hint)
    }
}

/// Says whether a tag is an approval, and asks `verifyGPG` about a GPG signature.
///
/// It gets the armoured signature and the bytes that are signed; what it throws is thrown on,
/// because a gpg that cannot run says nothing about the tag.
package func check(
    tag refName: String, raw: [UInt8], objectID: ObjectID, trust: Trust,
    at firstSeen: Instant, knownEvidence: Digest? = nil,
    verifyGPG: (_ signature: [UInt8], _ signed: [UInt8]) throws -> GPGResult
) rethrows -> ApprovalCheck {
    let question = ApprovalName(ref: refName).flatMap { _ in GPGQuestion(tag: raw) }
    let answer = try question.map {
        GPGAnswer(to: $0, try verifyGPG($0.signature, $0.signed))
    }
    return check(
        tag: refName, raw: raw, objectID: objectID, trust: trust, at: firstSeen,
        knownEvidence: knownEvidence, gpg: answer)
}

struct Refusal: Error {
    var reason: String
    var hint: String
}

/// The checks of one tag, in the order in which their refusals help most.
struct ApprovalJudge {
    var name: ApprovalName
    var knownEvidence: Digest?
    var trust: Trust
    var firstSeen: Instant

    func approval(
        _ raw: [UInt8], _ objectID: ObjectID, _ gpg: GPGAnswer?
    ) throws(Refusal) -> Approval {
        let tag = try orRefuse(nil) { () throws(ReviewError) in try TagObject(raw: raw) }
        try checkName(tag)
        let proof =
            switch tag.signatureFormat {
            case .ssh: try sshProof(tag)
            case .openPGP: try gpgProof(tag, gpg)
            }
        let message = try orRefuse(tag) { () throws(ReviewError) in
            try ApprovalMessage(parsing: tag.message)
        }
        try checkEvidence(message.evidence, tag)
        return Approval(
            kind: name.kind, model: name.model, evidence: name.evidence,
            evidenceLine: message.evidence, reviewer: Principal(name.reviewer),
            aliases: proof.aliases, keyFingerprint: proof.fingerprint,
            isHardwareKey: proof.isHardwareKey, isUserVerified: proof.isUserVerified,
            certificate: proof.certificate, comment: message.comment, target: tag.target,
            tagObject: objectID)
    }

    /// Who signed, and with what, once it is known to count.
    struct Proof {
        var fingerprint: String
        var aliases: Set<Principal>
        var isHardwareKey = false
        var isUserVerified = false
        var certificate: Approval.Certificate?
    }

    private func sshProof(_ tag: TagObject) throws(Refusal) -> Proof {
        let signature = try orRefuse(tag) { () throws(ReviewError) in
            let signature = try SSHSignature(armoured: tag.signature)
            try signature.verify(message: tag.signedBytes)
            return signature
        }
        let key = signature.key
        if let reason = trust.revoked.reason(key, signature.certificate) {
            throw refusal(reason, of: key, tag)
        }
        try checkSigner(signature, tag)
        let names = signature.certificate?.principals ?? []
        return Proof(
            fingerprint: key.fingerprint,
            aliases: trust.aliases(
                of: (names + [name.reviewer]).map { Principal($0) }, key: key.blob),
            isHardwareKey: key.isHardwareKey, isUserVerified: signature.isUserVerified,
            certificate: signature.certificate.map(Approval.Certificate.init))
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

    private func checkSigner(_ signature: SSHSignature, _ tag: TagObject) throws(Refusal) {
        let standing =
            if let certificate = signature.certificate {
                trust.signers.standing(
                    of: certificate, as: name.reviewer, at: firstSeen,
                    isUserVerified: signature.isUserVerified)
            } else {
                trust.signers.standing(of: signature.key, as: name.reviewer, at: firstSeen)
            }
        if case .allowed = standing { return }
        throw refusal(standing, of: signature, tag)
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

    func otherKeyCommand(_ tag: TagObject) -> String {
        "git config user.signingkey <a key that allowed_signers names>, then: " + signCommand(tag)
    }

    /// Signs the tag anew under the right name and publishes it; in words of git alone when the
    /// evidence and the commit are known, by `slipway` otherwise.
    func signCommand(_ tag: TagObject?, reviewer: String? = nil) -> String {
        let renamed = reviewer.flatMap {
            ApprovalName(
                kind: name.kind, model: name.model, evidence: name.evidence,
                reviewer: Principal($0))
        }
        let right = renamed ?? name
        guard let tag, let digest = knownEvidence, EvidenceID(digest) == name.evidence else {
            return "\(removal(of: name.ref)); slipway \(name.kind.rawValue) \(name.model)"
        }
        return "git tag -s -f -m '<why>' -m 'Evidence: \(digest)' \(shellWord(right.tag)) "
            + "\(tag.target) && git push -f origin \(shellWord(right.ref))"
    }
}
