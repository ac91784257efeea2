import Domain

/// One decision held against the rules that decide.
struct LedgerStep {
    var ledger: Ledger
    let record: DecisionRecord
    /// The decisions that enter the notes in the same commit.
    let batch: [Decision]
    let policy: TrustedPolicy
    let repository: Repository
    private(set) var violation: String?

    init(
        ledger: Ledger, record: DecisionRecord, batch: [Decision], policy: TrustedPolicy,
        repository: Repository
    ) {
        self.ledger = ledger
        self.record = record
        self.batch = batch
        self.policy = policy
        self.repository = repository
    }

    private var commit: CommitID { record.commit }
    private var content: Content {
        repository.indexes[commit].map { repository.content(of: record.model, at: $0) } ?? .absent
    }

    private mutating func expect(_ isTrue: Bool, _ reason: @autoclosure () -> String) {
        if !isTrue, violation == nil { violation = "\(reason()) (on \(commit.short))" }
    }

    mutating func take() {
        switch record.decision {
        case .started(let run, _):
            expect(!ledger.closed.contains(commit), "a run starts for a closed commit")
            expect(run == (ledger.runs.keys.max() ?? 0) + 1, "run \(run) is out of order")
            ledger.runs[run] = commit
        case .superseded(let newer):
            let older = repository.indexes[commit] ?? .max
            expect(older < repository.indexes[newer] ?? -1, "superseded by an older commit")
            close()
        case .broken:
            if case .broken = content {} else { expect(false, "broken without a reason") }
            close()
        case .failed(let run, _):
            expect(ledger.runs[run] == commit, "run \(run) failed for another commit")
            close()
        case .judged(let judgement): judged(judgement)
        case .seen(let tag): ledger.tags[tag.tag] = (tag, record.sequence)
        case .tagDeleted(let tag, _):
            expect(ledger.tags[tag] != nil, "an unseen tag is deleted")
        case .rejected(let id, let principal):
            expect(
                ledger.tags.values.contains {
                    $0.tag.kind == .reject && $0.tag.evidence == id && $0.tag.refusal == nil
                        && $0.tag.principal == principal
                }, "nobody rejected \(id)")
            close()
        case .released(let release): released(release)
        case .assigned(let assignment): assigned(assignment)
        case .held(let environment, let version): held(version, in: environment)
        case .lifted(let environment, let version, let id):
            let since = ledger.held[environment]?[version] ?? .max
            expect(ledger.evidence[id]?.evidence.lifts == version, "\(id) names no hold")
            expect((ledger.evidence[id]?.at ?? 0) > since, "\(id) is older than the hold")
            ledger.held[environment]?[version] = nil
        case .alreadyLive(let live):
            expect(
                ledger.given[live.environment]?.version == live.version,
                "\(live.version) is not live")
            expectRuntime(live.serving, of: live.version, in: live.environment)
            close()
        case .unassigned(let taken): unassigned(taken)
        case .removed:
            expect(content == .absent && ledger.given.isEmpty, "removed, but it is there")
            close()
        // Because the simulated world has neither previews nor changes of policy: their own
        // tests have.
        case .previewStarted, .previewed, .pushed, .policyProposed, .policyAdopted:
            expect(false, "a decision that nobody asked for")
        }
    }

    /// A commit alone never decides which program serves.
    private mutating func expectRuntime(
        _ serving: ServingSettings, of version: SemanticVersion, in environment: EnvironmentName
    ) {
        expect(
            ledger.runtimes[environment]?[version]?.contains(serving.runtime) == true,
            "nobody approved \(serving.runtime) for \(version)")
    }

    private mutating func close() {
        expect(
            ledger.closed.insert(commit).inserted || batch.count > 1, "a commit is decided twice")
    }

    private mutating func judged(_ judgement: Judgement) {
        expect(ledger.runs[judgement.run] == commit, "a judgement of another commit's run")
        expect(!ledger.closed.contains(commit), "a closed commit is judged")
        let id = judgement.evidenceDigest.map { EvidenceID($0) }
        if let replaced = ledger.latest[commit], replaced != id {
            ledger.voidUpTo[replaced] = record.sequence
        }
        ledger.latest[commit] = id
        guard let id, let evidence = judgement.evidence else { return close() }
        expect(
            evidence.baseline == ledger.given[evidence.environment]?.version,
            "the baseline is not what is assigned")
        ledger.shown.append(id)
        ledger.evidence[id] = (evidence, commit, record.sequence)
    }

    private mutating func released(_ release: Release) {
        let highest = ledger.releases.keys.max()
        expect(highest.map { release.version > $0 } ?? true, "versions do not rise")
        expect(
            !ledger.releases.values.contains { $0.candidate == release.candidate },
            "a candidate is released twice")
        expect(release.commit == commit, "a release on another commit than its evidence's")
        let evidence = ledger.evidence[release.evidence]?.evidence
        expect(
            evidence?.candidate == release.candidate && evidence?.artifact == release.artifact,
            "a release of something else than its evidence's")
        expectApproval(of: release.evidence, by: release.tags)
        ledger.releases[release.version] = release
    }

    private mutating func assigned(_ assignment: Assignment) {
        let (environment, version) = (assignment.environment, assignment.version)
        let before = ledger.given[environment]
        let release = ledger.releases[version]
        expect(assignment.number == ledger.lastNumber + 1, "assignment numbers do not rise by one")
        expect(assignment.replaces == before?.version, "it replaces something else")
        if case .candidate(let proposal) = content {
            expect(
                release?.candidate == fingerprint(of: record.model, inputs: proposal.inputs)
                    && environment == proposal.environment, "not what the commit asks for")
        } else {
            expect(false, "a commit without a candidate is assigned")
        }
        expect(ledger.held[environment]?[version] == nil, "\(version) is on hold and comes back")
        switch assignment.cause {
        case .approved(let id, _, let tags):
            expect(
                ledger.evidence[id]?.evidence.candidate == release?.candidate
                    && ledger.evidence[id]?.evidence.environment == environment,
                "the evidence is for something else")
            let runtime = assignment.serving.runtime
            expect(
                ledger.evidence[id]?.evidence.runtime == runtime,
                "another program than the evidence names")
            ledger.runtimes[environment, default: [:]][version, default: []].insert(runtime)
            expectApproval(of: id, by: tags)
        case .reverted:
            expectRuntime(assignment.serving, of: version, in: environment)
            expect(
                ledger.everGiven[environment]?.contains(version) == true,
                "\(version) was never here and nobody approved it")
            if let before {
                expect(
                    batch.contains(.held(environment: environment, version: before.version)),
                    "a revert replaces \(before.version) without a hold")
            }
        }
        ledger.lastNumber = assignment.number
        if let release { ledger.standing[environment, default: []].insert(release.commit) }
        ledger.given[environment] = Ledger.Given(
            version: version, number: assignment.number, commit: assignment.commit)
        ledger.everGiven[environment, default: []].insert(version)
        ledger.changedAt[environment] = record.sequence
        close()
    }

    private mutating func held(_ version: SemanticVersion, in environment: EnvironmentName) {
        expect(ledger.given[environment]?.version == version, "\(version) is held but not live")
        expect(
            batch.contains {
                if case .assigned(let new) = $0 { new.cause == .reverted } else { false }
            }, "\(version) is held without a revert")
        ledger.held[environment, default: [:]][version] = record.sequence
    }

    private mutating func unassigned(_ taken: Unassignment) {
        let environment = taken.environment
        let served = ledger.given[environment].flatMap { ledger.releases[$0.version]?.commit }
        expect(content == .absent, "unassigned, but the commit has the model")
        expect(taken.number == ledger.lastNumber + 1, "assignment numbers do not rise by one")
        expect(served != nil, "nothing was assigned")
        expect(
            Set(taken.commits) == ledger.standing[environment]
                && taken.commits.count == ledger.standing[environment]?.count,
            "not every assignment that stands is taken back, each once")
        expect(taken.commits.last == served, "what is served is not the last to go")
        ledger.lastNumber += taken.commits.count
        ledger.standing[environment] = nil
        ledger.given[environment] = nil
        ledger.changedAt[environment] = record.sequence
        close()
    }

    /// Enough people who may say yes said yes to this evidence and nothing else, in time.
    private mutating func expectApproval(of id: EvidenceID, by tags: [ObjectID]) {
        guard let known = ledger.evidence[id] else { return expect(false, "unknown evidence") }
        let environment = known.evidence.environment
        expect(known.evidence.policy == policy.digest, "the evidence's policy is not trusted")
        // Within the batch that it is part of, an assignment follows its own release.
        let changed = ledger.changedAt[environment] ?? 0
        let voidUpTo = max(changed, ledger.voidUpTo[id] ?? 0)
        let authors = repository.authors(
            of: record.model, after: ledger.given[environment]?.commit,
            upTo: repository.indexes[commit] ?? 0)
        var approvers: Set<Principal> = []
        for tag in tags {
            guard let (seen, at) = ledger.tags[tag] else { return expect(false, "an unseen tag") }
            expect(
                seen.kind == .approve && seen.refusal == nil && seen.evidence == id,
                "\(tag.short) does not approve \(id)")
            expect(!ledger.used.contains(tag), "\(tag.short) is used twice")
            expect(at > voidUpTo, "\(tag.short) was void before this was shown")
            guard let principal = seen.principal else { continue }
            expect(!authors.contains(principal), "\(principal) approves an own change")
            approvers.insert(principal)
        }
        let needed = policy.approvals
        expect(approvers.count >= needed, "\(approvers.count) of \(needed) approved")
        let isRejected = ledger.tags.values.contains {
            $0.tag.kind == .reject && $0.tag.evidence == id && $0.tag.refusal == nil
                && $0.at > voidUpTo
        }
        expect(!isRejected, "\(id) was rejected")
    }
}
