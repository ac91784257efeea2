import Domain

/// What was decided about one model, kept apart from the machine's own fold of the notes.
struct Ledger {
    struct Given {
        var version: SemanticVersion
        var number: Int
        var commit: CommitID
    }

    /// Decisions that close a commit.
    var closed: Set<CommitID> = []
    var runs: [Int: CommitID] = [:]
    /// Evidence in the order of its judgements, and the sequence of each evidence's newest.
    var shown: [EvidenceID] = []
    var evidence: [EvidenceID: (evidence: Evidence, commit: CommitID, at: Int)] = [:]
    /// The evidence that a commit's newest judgement made.
    var latest: [CommitID: EvidenceID] = [:]
    /// What was said about an evidence up to this sequence is void.
    var voidUpTo: [EvidenceID: Int] = [:]
    var tags: [ObjectID: (tag: SeenTag, at: Int)] = [:]
    var used: Set<ObjectID> = []
    var releases: [SemanticVersion: Release] = [:]
    var lastNumber = 0
    var given: [EnvironmentName: Given] = [:]
    var everGiven: [EnvironmentName: Set<SemanticVersion>] = [:]
    /// Commits of versions whose assignment nothing took back, as GTO reads tags.
    var standing: [EnvironmentName: Set<CommitID>] = [:]
    /// Which programs people approved to serve a version, by environment.
    var runtimes: [EnvironmentName: [SemanticVersion: Set<ServingDeclaration.Runtime>]] = [:]
    /// Held versions and the sequence at which they were put on hold.
    var held: [EnvironmentName: [SemanticVersion: Int]] = [:]
    /// The sequence of the last change of what an environment is given.
    var changedAt: [EnvironmentName: Int] = [:]
}

/// Holds every event against the rules; remembers the first that breaks one.
struct Checker {
    private(set) var violation: String?
    var ledgers: [ModelName: Ledger] = [:]
    private(set) var sequence = 0

    mutating func fail(_ reason: String) {
        if violation == nil { violation = reason }
    }

    mutating func expect(_ isTrue: Bool, _ reason: @autoclosure () -> String) {
        if !isTrue { fail(reason()) }
    }

    func shown(of model: ModelName) -> [EvidenceID] { ledgers[model]?.shown ?? [] }

    // Effects: each must have been decided before.

    mutating func willTag(_ release: Release, of model: ModelName) {
        expect(
            ledgers[model]?.releases[release.version] == release,
            "\(model)@\(release.version) is tagged before its release is in git")
    }

    mutating func willTag(_ number: Int, of model: ModelName) {
        expect(
            number <= ledgers[model]?.lastNumber ?? 0,
            "\(model)'s number \(number) is tagged before it is in git")
    }

    mutating func willRun(_ run: RunID, for commit: CommitID) {
        expect(
            ledgers[run.model]?.runs[run.number] == commit,
            "\(run) is started before it is in git")
    }

    mutating func willDeploy(
        _ deployment: Deployment?, model: ModelName, in environment: EnvironmentName,
        _ repository: Repository
    ) {
        let ledger = ledgers[model] ?? Ledger()
        let given = ledger.given[environment]
        guard let deployment else {
            return expect(given == nil, "\(model) is taken from \(environment) undecided")
        }
        let release = ledger.releases[deployment.version]
        expect(
            given?.version == deployment.version && given?.number == deployment.number
                && release?.artifact == deployment.artifact,
            "\(model)@\(deployment.version) is deployed before it is in git")
        expect(
            repository.versionTags[model]?[deployment.version] != nil
                && repository.numberTags[model]?.contains(deployment.number) == true,
            "\(model)@\(deployment.version) is deployed before its tags are written")
        expect(
            ledger.held[environment]?[deployment.version] == nil,
            "\(model)@\(deployment.version) is deployed while on hold")
    }

    mutating func willServe(
        _ deployment: Deployment, model: ModelName, in environment: EnvironmentName
    ) {
        let ledger = ledgers[model] ?? Ledger()
        expect(
            deployment.model == model && ledger.releases[deployment.version] != nil
                && ledger.everGiven[environment]?.contains(deployment.version) == true,
            "\(environment) serves \(model)@\(deployment.version), which nobody approved")
    }

    // Decisions.

    /// Checks decisions that are about to enter the notes together.
    mutating func willRecord(
        _ records: [DecisionRecord], policy: TrustedPolicy, _ repository: Repository
    ) {
        for record in records {
            expect(record.sequence == sequence + 1, "the sequence has a gap")
            sequence = record.sequence
            var ledger = ledgers[record.model] ?? Ledger()
            var step = LedgerStep(
                ledger: ledger, record: record, batch: records.map(\.decision), policy: policy,
                repository: repository)
            step.take()
            ledger = step.ledger
            if let broken = step.violation { fail("\(record.model): \(broken)") }
            ledgers[record.model] = ledger
        }
        // Tags are used up by the whole of a batch, which may name them twice.
        for record in records {
            let tags: [ObjectID] =
                switch record.decision {
                case .released(let release): release.tags
                case .assigned(let assignment):
                    if case .approved(_, _, let tags) = assignment.cause { tags } else { [] }
                default: []
                }
            ledgers[record.model]?.used.formUnion(tags)
        }
    }
}
