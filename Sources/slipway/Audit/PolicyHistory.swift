import Daemon
import Domain
import Git
import Host
import Provenance
import Review

/// Which policy was trusted when: the auditor's first trust, then what was adopted under it.
///
/// Each adoption is proven under the policy before it. One that cannot be proven ends the history,
/// so that nothing that came after it is trusted.
struct PolicyHistory: Sendable {
    /// A policy with what came of its proof.
    enum Era: Sendable {
        case trusted(TrustInForce)
        case unproven(String, hint: String?)
    }

    let first: FirstTrust
    let notes: DecisionNotes
    let repository: Repository
    /// Where gpg's homes are made.
    private let folder: String
    private let makers: ChangeMakers

    init(
        first: FirstTrust, notes: DecisionNotes, repository: Repository, folder: String
    ) {
        self.first = first
        self.notes = notes
        self.repository = repository
        self.folder = folder
        makers = ChangeMakers(repository)
    }

    /// The policy that was trusted when the record of this sequence was written.
    ///
    /// `digest` is what the evidence of that time names.
    func era(before sequence: Int, digest: Digest) async throws -> Era {
        let adoptions = notes.records.filter { record in
            guard case .policyAdopted = record.decision else { return false }
            return record.model == .policy && record.sequence < sequence
        }
        guard let oldest = adoptions.first else {
            return .trusted(first.policy(digest: digest))
        }
        let replaced = proposal(of: oldest)?.evidence.replaces
        var trusted = first.policy(digest: replaced)
        for record in adoptions {
            do throws(Unproven) {
                trusted = try await adopted(record, under: trusted)
            } catch {
                return .unproven(
                    "the policy that record \(record.sequence) adopted is not proven: "
                        + error.reason, hint: error.hint)
            }
        }
        return .trusted(trusted)
    }

    private struct Unproven: Error {
        var reason: String
        var hint: String?
    }

    private func proposal(of adoption: DecisionRecord) -> PolicyProposal? {
        guard case .policyAdopted(let adopted) = adoption.decision else { return nil }
        let found = notes.records.last { record in
            guard case .policyProposed(let proposal) = record.decision else { return false }
            return record.model == .policy && record.sequence < adoption.sequence
                && record.commit == adoption.commit
                && EvidenceID(proposal.evidenceDigest) == adopted.evidence
        }
        guard case .policyProposed(let proposal)? = found?.decision else { return nil }
        return proposal
    }

    private func adopted(
        _ record: DecisionRecord, under trusted: TrustInForce
    ) async throws(Unproven) -> TrustInForce {
        guard case .policyAdopted(let adoption) = record.decision,
            let proposal = proposal(of: record)
        else { throw Unproven(reason: "nobody proposed it") }
        let evidence = proposal.evidence
        guard sha256(canonicalJSON(evidence)) == proposal.evidenceDigest else {
            throw Unproven(reason: "its evidence is not the one that was approved")
        }
        guard evidence.replaces == trusted.digest else {
            throw Unproven(
                reason: "it replaces the policy \(evidence.replaces.short), and "
                    + "\(trusted.digest.short) was trusted",
                hint: "give the first trust of that time: slipway verify --trust FILE")
        }
        let policy: TrustInForce
        do {
            policy = try await self.policy(at: record.commit, rule: trusted.policy.rule)
        } catch {
            throw Unproven(reason: words(for: error).what, hint: words(for: error).hint)
        }
        guard policy.digest == evidence.policy, policy.digest == adoption.policy else {
            throw Unproven(
                reason: "the files of the commit \(record.commit.short) make the policy "
                    + "\(policy.digest.short), and \(adoption.policy.short) was approved")
        }
        try await requireApprovals(record, adoption, proposal, trusted)
        return policy
    }

    /// The policy that the files of a commit make, read as the daemon reads them: over the first
    /// trust.
    private func policy(at commit: CommitID, rule: ReviewRule) async throws -> TrustInForce {
        guard let declared = try await repositoryDeclaration(at: commit, of: repository) else {
            throw Stop(.wrong, "slipway.yaml cannot be read", at: "commit \(commit.short)")
        }
        let files = try await TrustFiles.read(commit, declared, of: repository)
        return TrustInForce.reading(files, over: first.files, rule: rule, commit: commit).trust
    }

    private func requireApprovals(
        _ record: DecisionRecord, _ adoption: PolicyAdoption, _ proposal: PolicyProposal,
        _ trusted: TrustInForce
    ) async throws(Unproven) {
        var signers: [Approval] = []
        var sights: [ReviewQuestion.Tag] = []
        for object in adoption.tags {
            guard let seen = firstSight(of: object, before: record.sequence) else {
                throw Unproven(reason: "the approval \(object.short) was used and never seen")
            }
            let approval = try await approval(seen, proposal.evidenceDigest, trusted)
            signers.append(approval)
            sights.append(
                .init(tag: seen.tag, firstSeen: seen.at, isHardware: approval.isHardwareKey))
        }
        var question = ReviewQuestion(
            model: .policy, environment: nil, trusted: trusted.policy, now: record.at)
        question.tags = sights
        do {
            let paths = try await TrustFiles.paths(
                from: record.commit, notFrom: trusted.commit, of: repository)
            let changes = try await makers.changes(
                from: record.commit, notFrom: trusted.commit, changingPolicyAt: paths)
            question.people = changes.map(\.people)
            let before = notes.records.filter { $0.sequence < record.sequence }
            let pushes = PolicyRecord(records: before.filter { $0.model == .policy }).pushes
            question.pushers = pushers(
                of: changes.first?.commit, changes.map(\.commit), pushes)
        } catch {
            throw Unproven(reason: words(for: error).what)
        }
        let needed = requirements(for: question)
        var policy = needed.policy
        // Because whoever changed who may decide has no word about it, whatever the rules say.
        policy.excluded.formUnion(
            exclusions(
                of: question.people, rule: ReviewRule(exclude: [.author, .coAuthors]),
                trust: trusted.trust
            ).excluded)
        if let blocked = needed.unknownPusher {
            throw Unproven(reason: "nothing could be adopted then: \(blocked.reason)")
        }
        if let author = signers.first(where: { !$0.aliases.isDisjoint(with: policy.excluded) }) {
            throw Unproven(reason: "\(author.reviewer) approved their own change")
        }
        if let reason = adoption.tags.lazy.compactMap({ policy.ignored[$0] }).first {
            throw Unproven(reason: "an approval does not count: \(reason)")
        }
        let people = distinct(signers)
        guard policy.lacking(people).isEmpty, !people.isEmpty else {
            throw Unproven(reason: policy.lacking(people).joined(separator: "; "))
        }
    }

    /// One name for each person who signed.
    private func distinct(_ approvals: [Approval]) -> Set<Principal> {
        var people: [Set<Principal>] = []
        for approval in approvals
        where !people.contains(where: { !$0.isDisjoint(with: approval.aliases) }) {
            people.append(approval.aliases)
        }
        return Set(
            people.compactMap { aliases in
                approvals.first { aliases.contains($0.reviewer) }?.reviewer
            })
    }

    private func firstSight(
        of object: ObjectID, before sequence: Int
    ) -> (tag: SeenTag, at: Instant)? {
        for record in notes.records
        where record.model == .policy && record.sequence < sequence {
            if case .seen(let tag) = record.decision, tag.tag == object { return (tag, record.at) }
        }
        return nil
    }

    private func approval(
        _ seen: (tag: SeenTag, at: Instant), _ digest: Digest, _ trusted: TrustInForce
    ) async throws(Unproven) -> Approval {
        // Because an object that cannot be read is as good as one that is not there.
        guard let raw = try? await repository.tagObject(seen.tag.tag).raw else {
            throw Unproven(reason: "the approval \(seen.tag.tag.short) is not in this clone")
        }
        let sight = TagSignatures.Sight(
            object: seen.tag.tag, ref: seen.tag.ref, firstSeen: seen.at)
        let answer: TagSignatures.Answer
        do throws(HostError) {
            answer = try await TagSignatures(trusted, folder: folder)
                .check(sight, raw, evidence: digest)
        } catch {
            throw Unproven(reason: error.failure.what, hint: error.failure.hint)
        }
        switch answer.result {
        case .approval(let approval)
        where approval.kind == .approve && approval.evidenceLine == digest:
            return approval
        case .approval: throw Unproven(reason: "an approval is about something else")
        case .refused(let reason, let hint):
            throw Unproven(reason: reason, hint: answer == .noGPG ? hint : nil)
        case .notAnApproval: throw Unproven(reason: "\(seen.tag.ref) is no approval")
        }
    }
}
