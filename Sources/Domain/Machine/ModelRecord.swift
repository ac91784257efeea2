/// Everything that was decided about one model: the fold of its decisions, in their order.
///
/// It is what a deleted journal is rebuilt from, so it holds no knowledge of its own.
package struct ModelRecord: Hashable, Sendable {
    /// How far a commit that touched the model has come.
    package enum Outcome: Hashable, Sendable {
        case started(run: Int, candidate: Fingerprint)
        case superseded(by: CommitID)
        case broken([Diagnostic])
        case failed(run: Int, Failure)
        /// The gate passed it; reviewers have the evidence.
        case waiting(EvidenceID)
        /// The gate did not pass it.
        case stopped(run: Int)
        case rejected(EvidenceID, by: Principal)
        case assigned(SemanticVersion, EnvironmentName)
        case alreadyLive(SemanticVersion, EnvironmentName)
        case removed

        /// Whether nothing more will be decided about the commit.
        package var isFinal: Bool {
            switch self {
            case .started, .waiting: false
            case .superseded, .broken, .failed, .stopped, .rejected, .assigned, .alreadyLive,
                .removed:
                true
            }
        }
    }

    /// The evidence that reviewers were shown, and where.
    package struct Shown: Hashable, Sendable {
        package var evidence: Evidence
        package var digest: Digest
        package var commit: CommitID
        package var run: Int
        /// When the gate decided.
        package var at: Instant
    }

    /// A commit of a preview.
    package struct PreviewState: Hashable, Sendable {
        package var ref: String
        /// nil: it never came to a run.
        package var run: Int?
        package var candidate: Fingerprint?
        package var isOver = true
        /// What the gate would decide; nil: it was not asked.
        package var verdict: Verdict.Outcome?
    }

    /// What an environment is to serve, or that it no longer serves the model.
    package struct Current: Hashable, Sendable {
        package var version: SemanticVersion
        package var number: Int
        package var commit: CommitID
        package var serving: ServingSettings
    }

    package let model: ModelName
    package private(set) var outcomes: [CommitID: Outcome] = [:]
    package private(set) var judgements: [CommitID: Judgement] = [:]
    package private(set) var shown: [EvidenceID: Shown] = [:]
    /// In the order of first sight.
    package private(set) var tags: [SeenTag] = []
    /// Tag object to its first sight.
    package private(set) var seenAt: [ObjectID: Instant] = [:]
    package private(set) var deletedTags: Set<ObjectID> = []
    package private(set) var usedTags: Set<ObjectID> = []
    /// Tags that count no more because what they speak about was replaced: an assignment changed
    /// in the environment, or the gate decided again. The same evidence may be shown later.
    package private(set) var voidTags: Set<ObjectID> = []
    /// In the order of their numbers.
    package private(set) var releases: [Release] = []
    package private(set) var assignments: [Assignment] = []
    /// Number of an assignment to when it was decided.
    package private(set) var assignedAt: [Int: Instant] = [:]
    /// In the order of their numbers, each with its commits.
    package private(set) var unassignments: [Unassignment] = []
    package private(set) var current: [EnvironmentName: Current] = [:]
    package private(set) var held: [EnvironmentName: Set<SemanticVersion>] = [:]
    /// Commits of previews, by how far they came.
    package private(set) var previews: [CommitID: PreviewState] = [:]
    /// How a commit came to the watched branch, as the server's hook said; each push once.
    package private(set) var pushes: [CommitID: [Push]] = [:]
    package private(set) var lastRun = 0
    /// Run number to the commit that it is for.
    package private(set) var runCommits: [Int: CommitID] = [:]
    package private(set) var lastSequence = 0
    package private(set) var lastDecidedAt: Instant?

    package init(model: ModelName) { self.model = model }

    /// Folds the records of `model`, which may come in any order and more than once.
    package init(model: ModelName, records: some Sequence<DecisionRecord>) {
        self.init(model: model)
        for record in records.sorted(by: { $0.sequence < $1.sequence }) { apply(record) }
    }

    package func release(of candidate: Fingerprint) -> Release? {
        releases.first { $0.candidate == candidate }
    }

    package func release(_ version: SemanticVersion) -> Release? {
        releases.first { $0.version == version }
    }

    /// Whether reviewers approved `version` in `environment` with this program to serve it.
    package func wasApproved(
        _ version: SemanticVersion, run runtime: ServingDeclaration.Runtime,
        in environment: EnvironmentName
    ) -> Bool {
        assignments.contains { assignment in
            guard case .approved = assignment.cause else { return false }
            return assignment.version == version && assignment.environment == environment
                && assignment.serving.runtime == runtime
        }
    }

    package func isHeld(_ version: SemanticVersion, in environment: EnvironmentName) -> Bool {
        held[environment]?.contains(version) ?? false
    }

    /// The number that the next assignment or unassignment gets.
    package var nextNumber: Int {
        max(assignments.last?.number ?? 0, (unassignments.last?.numbers.upperBound ?? 1) - 1) + 1
    }

    /// Returns the commits for which GTO finds the environment's stage assigned: by our tags and by
    /// those of others, of which `foreign` says the newest number on each commit.
    ///
    /// Those of others come first, then ours as they were assigned: the version that is served now
    /// is the last.
    package func standing(
        in environment: EnvironmentName, beside foreign: [CommitID: Int] = [:]
    ) -> [CommitID] {
        var ours: [CommitID: Int] = [:]
        for assignment in assignments where assignment.environment == environment {
            guard let release = release(assignment.version) else { continue }
            ours[release.commit] = assignment.number
        }
        var taken: [CommitID: Int] = [:]
        for unassignment in unassignments where unassignment.environment == environment {
            for (commit, number) in zip(unassignment.commits, unassignment.numbers) {
                taken[commit] = number
            }
        }
        func standing(_ numbers: [CommitID: Int]) -> [CommitID] {
            numbers.filter { commit, number in taken[commit].map { number > $0 } ?? true }
                .sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        }
        let own = standing(ours)
        return standing(foreign).filter { !own.contains($0) } + own
    }

    /// Adds one decision; one that is not newer than what is known changes nothing.
    package mutating func apply(_ record: DecisionRecord) {
        guard record.model == model, record.sequence > lastSequence else { return }
        lastSequence = record.sequence
        lastDecidedAt = record.at
        apply(record.decision, on: record.commit, at: record.at)
    }

    private mutating func apply(_ decision: Decision, on commit: CommitID, at: Instant) {
        switch decision {
        case .started(let run, let candidate):
            lastRun = max(lastRun, run)
            runCommits[run] = commit
            outcomes[commit] = .started(run: run, candidate: candidate)
        case .superseded(let newer): outcomes[commit] = .superseded(by: newer)
        case .broken(let problems): outcomes[commit] = .broken(problems)
        case .failed(let run, let failure): outcomes[commit] = .failed(run: run, failure)
        case .judged(let judgement): apply(judgement, on: commit, at: at)
        case .seen(let tag):
            tags.append(tag)
            seenAt[tag.tag] = seenAt[tag.tag] ?? at
        case .tagDeleted(let tag, _): deletedTags.insert(tag)
        case .rejected(let evidence, let principal):
            outcomes[commit] = .rejected(evidence, by: principal)
        case .released(let release):
            releases.append(release)
            usedTags.formUnion(release.tags)
        case .assigned(let assignment): apply(assignment, on: commit, at: at)
        case .held(let environment, let version): held[environment, default: []].insert(version)
        case .lifted(let environment, let version, _): held[environment]?.remove(version)
        case .alreadyLive(let live):
            outcomes[commit] = .alreadyLive(live.version, live.environment)
            current[live.environment]?.serving = live.serving
        case .unassigned(let taken): apply(taken, on: commit)
        case .removed: outcomes[commit] = .removed
        case .previewStarted(let run, let candidate, let ref):
            lastRun = max(lastRun, run)
            runCommits[run] = commit
            previews[commit] = PreviewState(
                ref: ref, run: run, candidate: candidate, isOver: false)
        case .previewed(let preview): apply(preview, on: commit)
        case .pushed(let push):
            if !(pushes[commit]?.contains(push) ?? false) { pushes[commit, default: []] += [push] }
        // Because who may decide is one record for the whole repository: `PolicyRecord`.
        case .policyProposed, .policyAdopted: break
        }
    }

    private mutating func apply(_ judgement: Judgement, on commit: CommitID, at: Instant) {
        judgements[commit] = judgement
        let id = judgement.evidenceDigest.map { EvidenceID($0) }
        if case .waiting(let replaced) = outcomes[commit], replaced != id {
            voidTags.formUnion(tags.filter { $0.evidence == replaced }.map(\.tag))
        }
        guard let evidence = judgement.evidence, let digest = judgement.evidenceDigest, let id
        else {
            outcomes[commit] = .stopped(run: judgement.run)
            return
        }
        shown[id] = Shown(
            evidence: evidence, digest: digest, commit: commit, run: judgement.run, at: at)
        outcomes[commit] = .waiting(id)
    }

    private mutating func apply(_ preview: Preview, on commit: CommitID) {
        var state = previews[commit] ?? PreviewState(ref: preview.ref)
        state.ref = preview.ref
        state.isOver = true
        if case .judged(let judgement) = preview.end { state.verdict = judgement.verdict.outcome }
        previews[commit] = state
    }

    private mutating func apply(_ assignment: Assignment, on commit: CommitID, at: Instant) {
        voidWhatWasSaid(in: assignment.environment)
        assignments.append(assignment)
        assignedAt[assignment.number] = at
        current[assignment.environment] = Current(
            version: assignment.version, number: assignment.number, commit: assignment.commit,
            serving: assignment.serving)
        if case .approved(_, _, let tags) = assignment.cause { usedTags.formUnion(tags) }
        outcomes[commit] = .assigned(assignment.version, assignment.environment)
    }

    private mutating func apply(_ taken: Unassignment, on commit: CommitID) {
        var taken = taken
        if taken.commits.isEmpty, let version = current[taken.environment]?.version {
            taken.commits = release(version).map { [$0.commit] } ?? []
        }
        unassignments.append(taken)
        voidWhatWasSaid(in: taken.environment)
        current[taken.environment] = nil
        outcomes[commit] = .removed
    }

    /// What people said so far does not speak about the environment's new state.
    private mutating func voidWhatWasSaid(in environment: EnvironmentName) {
        let spoken = tags.filter { tag in
            guard let shown = tag.evidence.flatMap({ shown[$0] }) else { return true }
            return shown.evidence.environment == environment
        }
        voidTags.formUnion(spoken.map(\.tag))
    }
}
