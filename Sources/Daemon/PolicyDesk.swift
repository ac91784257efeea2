import Domain
import Git
import Planning
import Provenance
import Review

/// Who may decide: what is trusted now, what the head of the branch wants, and who made it.
///
/// What is trusted never comes from the commit that is judged: it is the daemon's own config, or
/// the files of the last commit whose policy was approved under what was trusted before.
final class PolicyDesk {
    private let workshop: Workshop
    private(set) var record = PolicyRecord()
    private(set) var trust: TrustInForce
    /// What the trusted commit classified; nothing where its policy has no rule about data.
    private(set) var classification = ApprovedClassification()
    /// Why the head's files propose nothing; empty: they can be read.
    private(set) var broken: [Diagnostic] = []
    /// What the trusted rules ask for when they are to be changed: never nobody.
    private(set) var policy: Seen.Policy
    /// What the head says, for the last head and trust that were asked for.
    private var known: Known?
    private var people: KnownPeople?
    /// What people were shown last.
    private var told: (view: PolicyView, refs: [Reference])?

    private struct Known {
        var head: CommitID
        var trusted: Digest
        var proposal: PolicyProposal?
        var broken: [Diagnostic]
    }

    private struct KnownPeople {
        var head: CommitID
        var base: CommitID?
        var touches: [Authors.Touch]
    }

    init(_ workshop: Workshop) {
        self.workshop = workshop
        trust = workshop.trust.inForce
        policy = Seen.Policy(digest: trust.digest, approvals: 1, excluded: [])
    }

    func take(_ record: PolicyRecord) { self.record = record }

    func apply(_ decision: DecisionRecord) { record.apply(decision) }

    /// Reads what is trusted when another commit is; returns whether that changed who decides.
    ///
    /// Throws when the commit or its files cannot be read: then nothing may be decided, because
    /// nobody knows by whom.
    func refresh() async throws -> Bool {
        let commit = record.trusted?.commit
        guard trust.commit != commit else { return false }
        let before = trust.digest
        if let commit {
            let adopted = try await adopted(commit)
            classification = try await classification(of: commit, adopted)
            trust = adopted
        } else {
            (trust, classification) = (workshop.trust.inForce, ApprovedClassification())
        }
        return trust.digest != before
    }

    private func classification(
        of commit: CommitID, _ trust: TrustInForce
    ) async throws -> ApprovedClassification {
        guard !trust.policy.policy.data.isEmpty else { return ApprovedClassification() }
        // Because the planner that follows the branch must not be led back.
        let plan = try await Planner().plan(of: commit, from: PlanSource(workshop.repository))
        return ApprovedClassification(plan)
    }

    private func adopted(_ commit: CommitID) async throws -> TrustInForce {
        let repository = workshop.repository
        guard try await repository.has(commit) else {
            throw Failure(
                "the commit \(commit.short), whose policy is trusted, is gone from the repository",
                at: workshop.upstream.path,
                hint: "push it back from a clone that has it: "
                    + "git push origin \(commit):refs/heads/slipway-policy")
        }
        guard let declared = try await repositoryDeclaration(at: commit, of: repository) else {
            throw Failure(
                "the policy of \(commit.short), which is trusted, cannot be read",
                at: repositoryFile, hint: "a later version of Slipway wrote it; install that one")
        }
        let files = try await TrustFiles.read(commit, declared, of: repository)
        return workshop.trust.with(files, of: commit).trust
    }

    /// One look at everything that decides about a change of policy.
    func observe(
        head: CommitID, plan: RepositoryPlan, tags: ReviewTags
    ) async throws -> PolicySeen {
        var proposal = try await proposal(of: head, plan)
        do {
            policy = try await policy(of: proposal == nil ? nil : head)
        } catch let failure as Failure {
            // Because nobody may approve what nobody knows who wrote, and models need no proposal.
            setAside(failure)
            proposal = nil
            policy = try await policy(of: nil)
        }
        let seenTags = Set(record.tags.map(\.tag))
        let newRefs = tags.refs(of: .policy).filter { !seenTags.contains($0.target) }
        var judge = TagJudge(
            workshop: workshop, trust: trust, record: record, policy: policy)
        for ref in newRefs { try await judge.see(ref) }
        return PolicySeen(
            record: record, proposed: proposal.map { .init(commit: head, proposal: $0) },
            head: head, newTags: judge.seen, goneTags: tags.gone(from: record.tags),
            policy: policy)
    }

    /// The word of whoever changed a file of the policy since the trusted commit does not count
    /// about it, whatever the rules say of models.
    private func policy(of head: CommitID?) async throws -> Seen.Policy {
        var question = ReviewQuestion(
            model: .policy, environment: nil, trusted: trust.policy, now: workshop.clock())
        if let head {
            let touches = try await touches(of: head)
            question.people = touches.map(\.people)
            question.pushers = pushers(
                of: touches.first?.commit, touches.map(\.commit), record.pushes)
        }
        question.tags = record.tags.map { tag in
            ReviewQuestion.Tag(
                tag: tag, firstSeen: record.seenAt[tag.tag] ?? question.now,
                isHardware: tag.isHardware ?? false)
        }
        let needed = requirements(for: question)
        var policy = needed.policy
        // Because a freeze of releases must not keep a signer who has to go.
        policy.blocked = needed.unknownPusher
        policy.approvals = max(1, policy.approvals)
        policy.excluded.formUnion(
            exclusions(
                of: question.people, rule: ReviewRule(exclude: [.author, .coAuthors]),
                trust: trust.trust
            ).excluded)
        return policy
    }

    /// The commits after `old` that change what says who may decide; none in a new branch.
    func policyCommits(
        from new: CommitID, notFrom old: CommitID?, _ plan: RepositoryPlan?
    ) async throws -> [CommitID] {
        guard let old, let plan else { return [] }
        let repository = workshop.repository
        let changed = try await repository.changedPaths(from: old, to: new)
        guard changed.contains(where: { TrustFiles.counts($0, plan.repository) }) else {
            return []
        }
        let paths = try await TrustFiles.paths(from: new, notFrom: old, of: repository)
        return try await Authors(repository).touches(
            from: new, notFrom: old, changingPolicyAt: paths
        ).map(\.commit)
    }

    private func proposal(
        of head: CommitID, _ plan: RepositoryPlan
    ) async throws -> PolicyProposal? {
        if let known, known.head == head, known.trusted == trust.digest {
            broken = known.broken
            return known.proposal
        }
        var now = Known(head: head, trusted: trust.digest, proposal: nil, broken: [])
        // Because what is wrong in `slipway.yaml` is shown as every declaration's mistakes are.
        if !plan.repositoryIsBroken {
            do {
                let files = try await TrustFiles.read(
                    head, plan.repository, of: workshop.repository)
                now = compare(workshop.trust.with(files, of: head), now)
            } catch let failure as Failure {
                now.broken = [Diagnostic(at: Place(file: failure.place ?? ""), failure.what)]
            }
        }
        known = now
        broken = now.broken
        return now.proposal
    }

    /// Lets the head propose nothing, until it or what is trusted changes.
    private func setAside(_ failure: Failure) {
        let place = Place(file: failure.place ?? "")
        broken = [Diagnostic(at: place, failure.what, hint: failure.hint)]
        known?.proposal = nil
        known?.broken = broken
    }

    private func compare(
        _ wanted: (trust: TrustInForce, diagnostics: [Diagnostic]), _ known: Known
    ) -> Known {
        var known = known
        // Because the daemon's own files are shown where they stand, and a warning breaks nothing.
        known.broken = wanted.diagnostics.filter {
            $0.severity == .error && !workshop.trust.files.paths.contains($0.place.file)
        }
        guard known.broken.isEmpty, wanted.trust.digest != trust.digest else { return known }
        let evidence = PolicyEvidence(policy: wanted.trust.digest, replaces: trust.digest)
        known.proposal = PolicyProposal(
            evidence: evidence, evidenceDigest: sha256(canonicalJSON(evidence)),
            changes: policyChanges(from: trust.policy, to: wanted.trust.policy))
        return known
    }

    private func touches(of head: CommitID) async throws -> [Authors.Touch] {
        let base = trust.commit
        if let people, people.head == head, people.base == base { return people.touches }
        let repository = workshop.repository
        let paths = try await TrustFiles.paths(from: head, notFrom: base, of: repository)
        let touches = try await Authors(repository).touches(
            from: head, notFrom: base, changingPolicyAt: paths)
        people = KnownPeople(head: head, base: base, touches: touches)
        return touches
    }

    // MARK: What people are shown

    /// Returns the view when it, or the tags behind it, are not what was returned last.
    func news(_ refs: [Reference]) -> PolicyView? {
        let now = view
        guard told?.view != now || told?.refs != refs else { return nil }
        told = (now, refs)
        return now
    }

    var view: PolicyView {
        let trusted = PolicyView.Trusted(
            policy: trust.digest, commit: trust.commit, since: record.trusted?.at,
            approvedBy: record.trusted?.approvedBy ?? [], signers: signers)
        return PolicyView(trusted: trusted, proposal: shownProposal, broken: broken)
    }

    private var signers: [Principal]? {
        guard !trust.trust.signers.lines.contains(where: \.isAuthority) else { return nil }
        return Set(trust.trust.signers.principals).union(trust.trust.gpg.principals.values).sorted()
    }

    private var shownProposal: PolicyView.Proposal? {
        let wanted = known?.proposal.map { EvidenceID($0.evidenceDigest) }
        guard let id = record.open ?? wanted, let shown = record.shown[id] else { return nil }
        var have: [Principal] = []
        let tags = record.tags.filter { $0.evidence == id }
        for tag in tags where tag.kind == .approve && tag.refusal == nil {
            guard let principal = tag.principal, !policy.excluded.contains(principal),
                !have.contains(principal), policy.ignored[tag.tag] == nil,
                !record.spentTags.contains(tag.tag)
            else { continue }
            have.append(principal)
        }
        return PolicyView.Proposal(
            shown, have: have, need: policy.approvals,
            lacking: policy.lackingGroups(Set(have)) + (policy.blocked.map { [$0.reason] } ?? []),
            excluded: policy.excluded.sorted(),
            rejectedBy: record.rejected[id], tags: tags)
    }
}
