import Domain

// The people: what the bot saw, what the policy demands, whose signatures are good.

extension Prover {
    /// Every tag that the release used was seen before it, counted, and was used for nothing else.
    ///
    /// Returns the approvals when each of them was seen, so that their signatures can be checked.
    mutating func checkApprovals(
        _ judged: Judged, _ released: Released, _ before: ModelRecord
    ) -> [SeenApproval]? {
        let release = released.release
        let shownAt = records.first { record in
            guard case .judged(let judgement) = record.decision else { return false }
            return judgement.evidenceDigest == judged.digest
        }?.sequence
        var approvals: [SeenApproval] = []
        var people: [Principal] = []
        var objections: [(isTrue: Bool, sentence: String)] = [
            (Set(release.tags).count != release.tags.count, "one approval was counted twice")
        ]
        for object in release.tags {
            guard let (record, tag) = firstSight(of: object, before: released.record.sequence)
            else {
                note(
                    .approvals, broken: "the approval \(object.short) was used and never seen",
                    hint: Self.compare)
                return nil
            }
            let name = "the approval \(object.short)"
            objections += [
                (tag.kind != .approve, "\(name) is a rejection"),
                (tag.refusal != nil, "\(name) was refused: \(tag.refusal ?? "")"),
                (tag.evidence != release.evidence, "\(name) is about other evidence"),
                (record.sequence < shownAt ?? 0, "\(name) is older than the evidence"),
                (before.usedTags.contains(object), "\(name) was used up by an earlier release"),
                (before.voidTags.contains(object), "\(name) was void when it was used"),
            ]
            if let principal = tag.principal { people.append(principal) }
            approvals.append(
                SeenApproval(
                    object: object, ref: tag.ref, firstSeen: record.at, evidence: judged.digest))
        }
        objections.append(
            (people != release.approvedBy, "the approvals are not those of who approved"))
        let count = approvals.count == 1 ? "1 approval was" : "\(approvals.count) approvals were"
        note(
            .approvals, objections, hint: Self.compare,
            else: "\(count) seen before the release and used by it alone")
        return approvals
    }

    private func firstSight(
        of object: ObjectID, before sequence: Int
    ) -> (DecisionRecord, SeenTag)? {
        for record in records where record.sequence < sequence {
            if case .seen(let tag) = record.decision, tag.tag == object { return (record, tag) }
        }
        return nil
    }

    mutating func checkPolicy(_ judged: Judged, _ release: Release, _ before: ModelRecord) {
        let evidence = judged.evidence
        let asked = PolicyQuestion(
            evidence: evidence, commit: release.commit,
            since: before.current[evidence.environment]?.commit)
        switch question.policyAt(asked) {
        case .unknown(let reason, let hint): note(.policy, broken: reason, hint: hint)
        case .known(let policy):
            self.policy = policy
            note(
                .policy,
                [
                    (
                        policy.digest != evidence.policy,
                        "the evidence was made under the policy \(evidence.policy.short), and the "
                            + "trusted files make \(policy.digest.short)"
                    )
                ],
                hint: "give the allowed_signers and the review rule of that time: "
                    + "slipway verify --trust FILE",
                else: "the trusted files make the policy \(policy.digest.short) of the evidence")
        }
    }

    mutating func checkSignatures(
        _ approvals: [SeenApproval], _ judged: Judged, _ release: Release
    ) {
        for approval in approvals {
            let name = "the approval \(approval.object.short) (\(shortened(approval.ref)))"
            switch question.approvalCheck(approval) {
            case .good(let signer):
                guard agrees(signer, with: approval, name) else { return }
                signers.append(signer)
            case .unsigned:
                note(.signatures, broken: "\(name) is not signed")
                return
            case .bad(let reason, let hint):
                note(.signatures, broken: "\(name) does not count: \(reason)", hint: hint)
                return
            case .missing:
                note(
                    .signatures, broken: "\(name) is not in this clone",
                    hint: "\(Self.fetch); if its ref was deleted, from a clone that has it")
                return
            }
        }
        note(
            .signatures,
            holds: signers.isEmpty
                ? "no signature was needed"
                : "the signatures are good: \(signers.map(\.text).joined(separator: ", "))")
        checkPeople(release)
    }

    /// Whether the signature says what the notes say about it; notes what it does not.
    private mutating func agrees(
        _ signer: SignatureFinding.Signer, with approval: SeenApproval, _ name: String
    ) -> Bool {
        guard let (_, tag) = firstSight(of: approval.object, before: .max) else { return false }
        let objections: [(isTrue: Bool, sentence: String)] = [
            (
                signer.evidence != approval.evidence, "\(name) was signed for other evidence"
            ),
            (
                signer.principal != tag.principal,
                "\(name) was signed by \(signer.principal), and the notes say "
                    + "\(tag.principal?.text ?? "nobody")"
            ),
            (
                tag.keyFingerprint.map { $0 != signer.keyFingerprint } ?? false,
                "\(name) was signed with \(signer.keyFingerprint), and the notes say "
                    + "\(tag.keyFingerprint ?? "")"
            ),
        ]
        guard let objection = objections.first(where: \.isTrue) else { return true }
        note(.signatures, broken: objection.sentence, hint: Self.compare)
        return false
    }

    /// Enough different people, none of whom made the changes.
    private mutating func checkPeople(_ release: Release) {
        guard let policy else { return }
        let excluded = Set(policy.excluded.keys)
        let author = signers.first { !$0.aliases.isDisjoint(with: excluded) }
        var twice: SignatureFinding.Signer?
        for (index, signer) in signers.enumerated() {
            let isKnown = signers[..<index].contains {
                !$0.aliases.isDisjoint(with: signer.aliases)
                    || $0.keyFingerprint == signer.keyFingerprint
            }
            if isKnown { twice = signer }
        }
        let role = author?.aliases.sorted().compactMap { policy.excluded[$0] }.first ?? ""
        note(
            .people,
            [
                (
                    author != nil,
                    "\(author?.principal.text ?? "") approved as \(role) of the changes"
                ),
                (twice != nil, "\(twice?.principal.text ?? "") was counted twice"),
                (
                    signers.count < policy.approvals,
                    "\(signers.count) of the \(policy.approvals) approvals that the policy demands "
                        + "were given"
                ),
            ],
            else: "\(signers.count) of \(policy.approvals) approvals, none by who made the changes")
    }

    mutating func checkArtifact(_ release: Release) {
        switch question.artifact {
        case .checked(release.artifact):
            note(.artifact, holds: "the artifact \(release.artifact.short) is whole")
        case .checked(let found):
            note(
                .artifact,
                broken: "the artifact has the digest \(found.short), and "
                    + "\(release.artifact.short) was released",
                hint: "fetch it again; what is there must not be served")
        case .notChecked: note(.artifact, holds: "artifact not checked")
        case .missing:
            note(
                .artifact, broken: "the artifact \(release.artifact.short) is not there",
                hint: "slipway verify --artifacts FOLDER, with the folder that holds it")
        }
    }
}
