import Domain

/// Decides what the daemon does next; the simulation runs the real one.
typealias Decider = (Seen) -> Action

struct TrustedPolicy: Hashable {
    var digest: Digest
    var approvals: Int

    static let all = [1, 2, 1].enumerated().map { index, approvals in
        TrustedPolicy(
            digest: Digest(checked: hexadecimal(for: "policy/\(index)", digits: 64)),
            approvals: approvals)
    }
}

/// Everything that is outside the function under test, under a virtual clock.
final class World {
    static let models = ["digits", "regression"].map { ModelName(checked: $0) }
    static let environments = ["production", "staging"].map { EnvironmentName(checked: $0) }
    static let reviewers = ["erin", "frank", "grace"].map { Principal($0) }
    static let engineers = ["alice", "bob", "carol"].map { Principal($0) }

    let decide: Decider
    var dice: Dice
    var now = Instant(seconds: 1_795_227_882)
    var repository = Repository()
    var executor = Executor()
    var journal = Journal()
    var policy = TrustedPolicy.all[0]
    /// What engineers and reviewers wrote, as it was some moments ago; the newest is last.
    var earlierLooks: [PeoplesRefs] = []
    /// The rest of each effect that the daemon is in the middle of.
    var pending: [ModelName: [Part]] = [:]
    var lastAction: [ModelName: Action] = [:]
    /// What each environment serves.
    var served: [EnvironmentName: [ModelName: Deployment]] = [:]
    /// Every tag object that a reviewer ever made.
    var madeTags: [(model: ModelName, tag: SeenTag)] = []
    var checker = Checker()
    var hasFaults = true
    /// Some worlds are hectic, in others most candidates have the time to be released.
    let pushesPerMille: Int
    /// In such a world engineers mostly revert each other's commits, and the reverts.
    let isDuel: Bool
    private(set) var trace: [String] = []

    init(seed: UInt64, decide: @escaping Decider = { nextAction(for: $0) }) {
        dice = Dice(seed: mixed(seed))
        pushesPerMille = dice.pick([8, 15, 30, 60])
        isDuel = dice.chance(percent: 40)
        self.decide = decide
    }

    func note(_ event: @autoclosure () -> String) {
        trace.append("\(now)  \(event())")
        if trace.count > 120 { trace.removeFirst(60) }
    }

    func model() -> ModelName { dice.pick(Self.models) }

    /// One thing happens.
    func step() {
        now = now.advanced(bySeconds: Double(dice.below(20)))
        switch dice.below(1000) {
        case ..<pushesPerMille: pushCommits()
        case 60..<105: review()
        case 105..<108: deleteTag()
        case 108..<114: pushTagAgain()
        case 114..<117: changePolicy()
        case 117..<132: crash()
        case 132..<138: loseJournal()
        case 138..<150: repeatObservations()
        case 150..<180: serve()
        default: turn(model())
        }
    }

    func changePolicy() {
        policy = dice.pick(TrustedPolicy.all)
        note("policy \(policy.digest.short) asks for \(policy.approvals) approvals")
    }

    func crash() {
        guard hasFaults else { return }
        pending = [:]
        note("the daemon is killed")
    }

    /// Whatever the daemon kept beside git is gone, also what it was in the middle of.
    func loseJournal() {
        guard hasFaults else { return }
        pending = [:]
        for model in Self.models {
            let notes = repository.notes
            let folded = ModelRecord(model: model, records: notes)
            let shuffled = notes.reversed() + notes.prefix(notes.count / 2)
            checker.expect(
                ModelRecord(model: model, records: shuffled) == folded,
                "the fold of \(model)'s notes depends on their order")
            guard let index = journal.index[model] else { continue }
            var caughtUp = index
            for record in notes { caughtUp.apply(record) }
            checker.expect(caughtUp == folded, "\(model)'s index is not the fold of the notes")
        }
        journal = Journal()
        note("the journal is lost")
    }

    /// Old notes arrive once more.
    func repeatObservations() {
        guard hasFaults, !repository.notes.isEmpty else { return }
        for _ in 0..<5 {
            let record = dice.pick(repository.notes)
            guard let index = journal.index[record.model], record.sequence <= index.lastSequence
            else { continue }
            journal.index[record.model]?.apply(record)
        }
        note("old notes are read again")
    }

    /// An environment follows its branch.
    func serve() {
        let environment = dice.pick(Self.environments)
        follow(environment)
    }

    func follow(_ environment: EnvironmentName) {
        let wanted = repository.deployments[environment] ?? [:]
        guard wanted != served[environment] ?? [:] else { return }
        for (model, deployment) in wanted {
            checker.willServe(deployment, model: model, in: environment)
        }
        served[environment] = wanted
        note("\(environment) serves \(wanted.values.map { "\($0.model)@\($0.version)" }.sorted())")
    }
}
