import Daemon
import Domain
import Git
import Planning
import Provenance
import Review

/// Everything that a clone says about versions, and the trust to judge it by.
struct VersionAudit: Sendable {
    let repository: Repository
    let notes: DecisionNotes
    let log: AuditLog.Finding
    let history: PolicyHistory
    /// Who vouches for the bot's own signatures.
    let bot: Trust
    let artifacts: AuditedArtifacts?
    private let commits: Commits

    init(
        repository: Repository, notes: DecisionNotes, log: AuditLog.Finding, first: FirstTrust,
        bot: Trust, artifacts: AuditedArtifacts?
    ) {
        self.repository = repository
        self.notes = notes
        self.log = log
        self.bot = bot
        self.artifacts = artifacts
        history = PolicyHistory(first: first, notes: notes, repository: repository)
        commits = Commits(repository)
    }

    /// Whether a tag or a decision speaks about the version.
    func knows(_ model: ModelName, _ version: SemanticVersion) async throws -> Bool {
        if try await repository.ref("refs/tags/\(model)@\(version)") != nil { return true }
        return notes.record(of: model).release(version) != nil
    }

    func proof(_ model: ModelName, _ version: SemanticVersion) async throws -> VersionProof {
        let tag = try await tagBytes("refs/tags/\(model)@\(version)")
        let facts = ReleaseFacts(model, version, notes.records)
        var policy = PolicyFinding.unknown(reason: "the release was not found", hint: nil)
        var trust = history.first.policy(digest: nil).trust
        var raws: [ObjectID: [UInt8]] = [:]
        var finding = ArtifactFinding.notChecked
        var recomputed: Fingerprint?
        if let facts {
            for object in facts.release.tags {
                // Because what cannot be read as a tag is as good as missing.
                raws[object] = try? await repository.tagObject(object).raw
            }
            let approvals = Approvals(trust: trust, raws: raws)
            (policy, trust) = try await self.policy(facts, approvals)
            if let artifacts { finding = try await artifacts.look(at: facts.release.artifact) }
            recomputed = try await fingerprint(facts)
        }
        let approvals = Approvals(trust: trust, raws: raws)
        let moment = facts?.releasedAt ?? Instant(milliseconds: 0)
        return VersionProof(
            VersionQuestion(
                model: model, version: version, tag: tag,
                tagSignature: tag.map { botSignature($0, at: moment) }, records: notes.records,
                log: log, approvalCheck: { approvals.check($0, model) },
                policyAt: { asked in
                    guard let facts, facts.isAsked(asked) else {
                        return .unknown(reason: "it is not the release's own", hint: nil)
                    }
                    return policy
                }, artifact: finding, recomputed: recomputed))
    }

    /// The object behind a ref; no bytes for one that is no tag object, nil for no ref.
    private func tagBytes(_ ref: String) async throws -> [UInt8]? {
        guard let id = try await repository.ref(ref) else { return nil }
        do throws(GitError) {
            return try await repository.tagObject(id).raw
        } catch {
            switch error {
            case .wrongKind, .tooLarge: return []
            default: throw error
            }
        }
    }

    /// nil: the commit is not in the clone, which the policy's link says.
    private func fingerprint(_ facts: ReleaseFacts) async throws -> Fingerprint? {
        guard try await repository.has(facts.release.commit) else { return nil }
        let plan = try await commits.plan(facts.release.commit)
        guard let planned = plan.models[facts.model] else {
            // Because a commit without the model makes no candidate, whatever was released.
            return Fingerprint(checked: String(repeating: "0", count: 64))
        }
        return planned.candidate.fingerprint
    }

    /// What the policy of that time demanded, and whom it trusted.
    private func policy(
        _ facts: ReleaseFacts, _ approvals: Approvals
    ) async throws -> (PolicyFinding, Trust) {
        let fallback = approvals.trust
        let commit = facts.release.commit
        let era = try await history.era(before: facts.judgedSequence, digest: facts.evidence.policy)
        switch era {
        case .unproven(let reason, let hint):
            return (.unknown(reason: reason, hint: hint), fallback)
        case .trusted(let trusted, _):
            let bases = [commit, facts.since].compactMap(\.self)
            for id in bases where try await !repository.has(id) {
                return (
                    .unknown(
                        reason: "the commit \(id.short) is not in this clone",
                        hint: "git fetch --all"), trusted.trust
                )
            }
            var question = ReviewQuestion(
                model: facts.model, environment: facts.evidence.environment, trusted: trusted,
                now: facts.releasedAt)
            try await fill(&question, facts)
            let own = Approvals(trust: trusted.trust, raws: approvals.raws)
            question.tags = own.sights(of: facts)
            return (finding(question, facts, own), trusted.trust)
        }
    }

    /// Everything about the commits that the policy asks for.
    private func fill(_ question: inout ReviewQuestion, _ facts: ReleaseFacts) async throws {
        let commit = facts.release.commit
        let plan = try await commits.plan(commit)
        question.own = plan.repository.review
        question.evidenceSince = facts.judgedAt
        question.soakedSince = facts.soakedSince
        guard let planned = plan.models[facts.model] else { return }
        question.declared = planned.declaration.review
        let reviewed = try await Authors(repository).reviewed(
            behind: commit, facts.before, in: facts.evidence.environment)
        let changes = try await ChangeMakers(repository).changes(
            from: commit, notFrom: reviewed, touching: planned.inputs)
        question.people = changes.map(\.people)
        question.pushers = pushers(of: commit, changes.map(\.commit), facts.before.pushes)
        question.changedPaths = try await repository.changedPaths(
            from: facts.since, to: commit
        ).filter(planned.inputs.contains)
    }

    private func finding(
        _ question: ReviewQuestion, _ facts: ReleaseFacts, _ approvals: Approvals
    ) -> PolicyFinding {
        let needed = requirements(for: question)
        let policy = needed.policy
        let signers = facts.release.approvedBy
        if let blocked = policy.blocked {
            return .unknown(reason: "nothing could be released then: \(blocked.reason)", hint: nil)
        }
        if let reason = facts.release.tags.lazy.compactMap({ policy.ignored[$0] }).first {
            return .unknown(reason: "an approval did not count: \(reason)", hint: nil)
        }
        if let lacking = policy.lackingGroups(Set(signers)).first {
            return .unknown(reason: "too few of those who must approve: \(lacking)", hint: nil)
        }
        return .known(
            PolicyFinding.Policy(
                digest: policy.digest, approvals: policy.approvals,
                excluded: roles(of: policy.excluded, question), unmapped: needed.unmapped))
    }

    /// What each of the excluded was: the first of author, committer, co-author, last pusher.
    private func roles(
        of excluded: Set<Principal>, _ question: ReviewQuestion
    ) -> [Principal: String] {
        var roles: [Principal: String] = [:]
        let words: [(ReviewDeclaration.Excluded, String)] = [
            (.author, "author"), (.committer, "committer"), (.coAuthors, "co-author"),
        ]
        for (kind, word) in words {
            let found = exclusions(
                of: question.people, rule: ReviewRule(exclude: [kind]),
                trust: question.trusted.trust
            ).excluded
            for principal in found where excluded.contains(principal) && roles[principal] == nil {
                roles[principal] = word
            }
        }
        for principal in excluded where roles[principal] == nil {
            roles[principal] = "last pusher"
        }
        return roles
    }
}

extension VersionAudit {
    /// Whether the bot's own signature on a version tag is good, and by whom.
    private func botSignature(_ raw: [UInt8], at moment: Instant) -> SignatureFinding {
        do throws(ReviewError) {
            let tag = try Review.TagObject(raw: raw)
            guard tag.signatureFormat == .ssh else {
                return .bad(reason: "it is by GPG", hint: "git verify-tag")
            }
            let signature = try SSHSignature(armoured: tag.signature)
            try signature.verify(message: tag.signedBytes)
            let key = signature.key
            if let reason = bot.revoked.reason(key, signature.certificate) {
                return .bad(reason: "\(reason)", hint: nil)
            }
            for principal in bot.signers.principals {
                if case .allowed = bot.signers.standing(of: key, as: principal.text, at: moment) {
                    return .good(.init(principal: principal, keyFingerprint: key.fingerprint))
                }
            }
            return .bad(
                reason: "nobody vouches for the key \(key.fingerprint)",
                hint: "--bot FILE, with the bot's key in the format of allowed_signers")
        } catch {
            if case .unsigned = error { return .unsigned }
            return .bad(reason: error.description, hint: error.hint)
        }
    }
}

/// The approvals of a release, as their objects in the clone are signed.
struct Approvals: Sendable {
    let trust: Trust
    /// The objects that the clone has.
    let raws: [ObjectID: [UInt8]]

    func check(_ seen: SeenApproval, _ model: ModelName) -> SignatureFinding {
        guard let raw = raws[seen.object] else { return .missing }
        let result = Review.check(
            tag: seen.ref, raw: raw, objectID: seen.object, trust: trust, at: seen.firstSeen,
            knownEvidence: seen.evidence)
        switch result {
        case .refused(let reason, let hint): return .bad(reason: reason, hint: hint)
        case .notAnApproval: return .bad(reason: "its ref is no approval's", hint: nil)
        case .approval(let approval):
            guard approval.kind == .approve, approval.model == model else {
                return .bad(reason: "it says something else", hint: nil)
            }
            return .good(
                .init(
                    principal: approval.reviewer, aliases: approval.aliases,
                    keyFingerprint: approval.keyFingerprint, evidence: approval.evidenceLine))
        }
    }

    /// What was known about the tags when they were first seen; hardware as the signature says.
    func sights(of facts: ReleaseFacts) -> [ReviewQuestion.Tag] {
        facts.release.tags.compactMap { object in
            guard let tag = facts.before.tags.first(where: { $0.tag == object }),
                let at = facts.before.seenAt[object]
            else { return nil }
            var isHardware = false
            if let raw = raws[object],
                case .approval(let approval) = Review.check(
                    tag: tag.ref, raw: raw, objectID: object, trust: trust, at: at)
            {
                isHardware = approval.isHardwareKey
            }
            return ReviewQuestion.Tag(tag: tag, firstSeen: at, isHardware: isHardware)
        }
    }
}
