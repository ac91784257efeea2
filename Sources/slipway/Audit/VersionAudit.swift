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
    /// Where gpg's homes are made.
    private let folder: String

    init(
        repository: Repository, notes: DecisionNotes, log: AuditLog.Finding, first: FirstTrust,
        bot: Trust, artifacts: AuditedArtifacts?, folder: String
    ) {
        self.repository = repository
        self.notes = notes
        self.log = log
        self.bot = bot
        self.artifacts = artifacts
        self.folder = folder
        history = PolicyHistory(
            first: first, notes: notes, repository: repository, folder: folder)
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
        var approvals = Approvals()
        var finding = ArtifactFinding.notChecked
        var recomputed: Fingerprint?
        if let facts {
            (policy, approvals) = try await self.policy(facts)
            if let artifacts { finding = try await artifacts.look(at: facts.release.artifact) }
            recomputed = try await fingerprint(facts)
        }
        let moment = facts?.releasedAt ?? Instant(milliseconds: 0)
        return VersionProof(
            VersionQuestion(
                model: model, version: version, tag: tag,
                tagSignature: tag.map { botSignature($0, at: moment) }, records: notes.records,
                log: log, approvalCheck: { [approvals] in approvals.check($0, model) },
                policyAt: { [policy] asked in
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

    /// What the policy of that time demanded, and the approvals by whom it trusted.
    private func policy(_ facts: ReleaseFacts) async throws -> (PolicyFinding, Approvals) {
        let commit = facts.release.commit
        let era = try await history.era(before: facts.judgedSequence, digest: facts.evidence.policy)
        switch era {
        case .unproven(let reason, let hint):
            let first = history.first.policy(digest: nil)
            return (.unknown(reason: reason, hint: hint), try await approvals(facts, first))
        case .trusted(let trusted):
            let own = try await approvals(facts, trusted)
            let bases = [commit, facts.since].compactMap(\.self)
            for id in bases where try await !repository.has(id) {
                return (
                    .unknown(
                        reason: "the commit \(id.short) is not in this clone",
                        hint: "git fetch --all"), own
                )
            }
            var question = ReviewQuestion(
                model: facts.model, environment: facts.evidence.environment,
                trusted: trusted.policy, now: facts.releasedAt)
            try await fill(&question, facts)
            question.tags = own.sights(of: facts)
            return (finding(question, facts), own)
        }
    }

    /// Checks the tags that the release used, those of them that the clone has.
    private func approvals(
        _ facts: ReleaseFacts, _ trust: TrustInForce
    ) async throws -> Approvals {
        let signatures = TagSignatures(trust, folder: folder)
        var approvals = Approvals()
        for (_, sight) in facts.sights {
            // Because what cannot be read as a tag is as good as missing.
            guard let raw = try? await repository.tagObject(sight.object).raw else { continue }
            approvals.answers[sight] = try await signatures.check(
                sight, raw, evidence: facts.evidenceDigest)
        }
        return approvals
    }

    /// Everything about the commits that the policy asks for.
    private func fill(_ question: inout ReviewQuestion, _ facts: ReleaseFacts) async throws {
        let commit = facts.release.commit
        let plan = try await commits.plan(commit)
        question.own = plan.repository.review
        question.evidenceSince = facts.judgedAt
        question.soakedSince = facts.before.soakedSince(facts.release.candidate)
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
        _ question: ReviewQuestion, _ facts: ReleaseFacts
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
