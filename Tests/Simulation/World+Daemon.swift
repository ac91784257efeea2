import Domain

/// One atomic part of an effect; the daemon can die before and after each.
enum Part {
    /// Fails when the notes are not `expected` lines long any more.
    case notes([Action.Entry], expected: Int, policy: TrustedPolicy)
    case versionTag(Release)
    /// Tags with these numbers, all in one push.
    case numberTags([Int])
    /// Fails when the branch has moved.
    case deploy(EnvironmentName, Deployment?, expected: Int)
    case intend(RunID)
    case spawn(RunID, CommitID)
    case kill(RunID)
    case forget(RunID)
    case judge(Action.Question, expected: Int, policy: TrustedPolicy)
}

/// The daemon: observe, decide, perform, record.
extension World {
    /// The daemon goes on with `model`: the next part of what it is doing, or a new look.
    func turn(_ model: ModelName) {
        if var parts = pending[model], !parts.isEmpty {
            let part = parts.removeFirst()
            pending[model] = parts
            perform(part, for: model)
            return
        }
        let seen = observe(model)
        let action = decide(seen)
        lastAction[model] = action
        pending[model] = parts(of: action, seen)
        note("\(model): \(summary(of: action))")
    }

    /// Looks at everything; what people wrote may be seen as it was some moments ago.
    func observe(_ model: ModelName) -> Seen {
        let isLate = hasFaults && !earlierLooks.isEmpty && dice.chance(percent: 20)
        let people = isLate ? dice.pick(earlierLooks) : repository.people
        let record = indexed(model)
        let touching = (repository.touching[model] ?? []).filter { $0 < people.commitCount }
        let head = touching.last.map {
            Seen.Head(
                commit: repository.commits[$0].id,
                content: repository.content(of: model, at: $0).seen(for: model))
        }
        let known = Set(record.tags.map(\.tag))
        let present = people.tags.filter { $0.model == model }.map(\.tag)
        let refs = Set(present.map(\.ref))
        let gone = record.tags.filter { !refs.contains($0.ref) }
        let runs = journal.intents.filter { $0.model == model }
        let own = head.flatMap { head in
            record.runCommits.filter { $0.value == head.commit }.keys.max()
        }.map { RunID(model: model, number: $0) }
        return Seen(
            model: model, head: head,
            earlier: touching.dropLast().map { repository.commits[$0].id }, record: record,
            published: published(model), newTags: present.filter { !known.contains($0.tag) },
            goneTags: Dictionary(gone.map { ($0.tag, $0.ref) }) { first, _ in first },
            run: own.flatMap { runs.contains($0) ? executor.state(of: $0, at: now) : nil } ?? .none,
            otherRuns: runs.filter { $0 != own && executor.state(of: $0, at: now) == .running($0) },
            policy: reviewPolicy(model, head, last: touching.last, record))
    }

    /// The daemon's index, brought up to date from the notes.
    private func indexed(_ model: ModelName) -> ModelRecord {
        var record = journal.index[model] ?? ModelRecord(model: model)
        for note in repository.notes.dropFirst(record.lastSequence) { record.apply(note) }
        journal.index[model] = record
        return record
    }

    private func published(_ model: ModelName) -> Seen.Published {
        Seen.Published(
            versions: Set((repository.versionTags[model] ?? [:]).keys),
            numbers: repository.numberTags[model] ?? [],
            deployments: repository.deployments.compactMapValues { $0[model] })
    }

    private func reviewPolicy(
        _ model: ModelName, _ head: Seen.Head?, last: Int?, _ record: ModelRecord
    ) -> Seen.Policy {
        var excluded: Set<Principal> = []
        if case .candidate(let candidate, _) = head?.content, let last {
            excluded = repository.authors(
                of: model, after: record.current[candidate.environment]?.commit, upTo: last)
        }
        return Seen.Policy(
            digest: policy.digest, approvals: policy.approvals, excluded: excluded)
    }

    private func parts(of action: Action, _ seen: Seen) -> [Part] {
        let length = repository.notes.count
        switch action {
        case .record(let entries): return [.notes(entries, expected: length, policy: policy)]
        case .tagVersion(let release): return [.versionTag(release)]
        case .tagAssignment(let assignment): return [.numberTags([assignment.number])]
        case .tagUnassignment(_, let numbers): return [.numberTags(numbers)]
        case .deploy(let environment, let deployment):
            let revision = repository.revisions[environment] ?? 0
            return [.deploy(environment, deployment, expected: revision)]
        case .start(let run, let commit, _): return [.intend(run), .spawn(run, commit)]
        case .cancel(let run): return [.kill(run), .forget(run)]
        case .judge(let question): return [.judge(question, expected: length, policy: policy)]
        case .awaitRun, .awaitReview, .settled: return []
        }
    }

    private func perform(_ part: Part, for model: ModelName) {
        switch part {
        case .notes(let entries, let expected, let policy):
            append(entries, for: model, expected: expected, policy: policy)
        case .versionTag(let release):
            checker.willTag(release, of: model)
            repository.versionTags[model, default: [:]][release.version] = release
        case .numberTags(let numbers):
            for number in numbers { checker.willTag(number, of: model) }
            repository.numberTags[model, default: []].formUnion(numbers)
        case .deploy(let environment, let deployment, let expected):
            guard expected == repository.revisions[environment] ?? 0 else { return }
            checker.willDeploy(deployment, model: model, in: environment, repository)
            repository.deployments[environment, default: [:]][model] = deployment
            repository.revisions[environment, default: 0] += 1
        case .intend(let run): journal.intents.insert(run)
        case .spawn(let run, let commit): spawn(run, commit)
        case .kill(let run): executor.kill(run)
        case .forget(let run): journal.intents.remove(run)
        case .judge(let question, let expected, let policy):
            judge(question, expected: expected, policy: policy)
        }
    }

    private func spawn(_ run: RunID, _ commit: CommitID) {
        checker.willRun(run, for: commit)
        guard let index = repository.indexes[commit],
            case .candidate(let proposal) = repository.content(of: run.model, at: index)
        else { return checker.fail("\(run) is for a commit without a candidate") }
        executor.spawn(
            run, inputs: proposal.inputs, at: now, seconds: Double(5 + dice.below(60)))
    }

    private func append(
        _ entries: [Action.Entry], for model: ModelName, expected: Int, policy: TrustedPolicy
    ) {
        guard expected == repository.notes.count else { return note("\(model): notes moved on") }
        let records = entries.enumerated().map { index, entry in
            DecisionRecord(
                sequence: expected + index + 1, at: now, model: model, commit: entry.commit,
                decision: entry.decision)
        }
        checker.willRecord(records, policy: policy, repository)
        repository.notes += records
    }
}
