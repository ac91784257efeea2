/// The one next thing to do for a model.
package enum Action: Hashable, Sendable {
    /// A decision and the commit that it is about.
    package struct Entry: Hashable, Sendable {
        package var commit: CommitID
        package var decision: Decision

        package init(_ commit: CommitID, _ decision: Decision) {
            self.commit = commit
            self.decision = decision
        }
    }

    /// What the gate is asked.
    package struct Question: Hashable, Sendable {
        package var run: RunID
        package var commit: CommitID
        package var candidate: Candidate
        package var baseline: SemanticVersion?
        /// The number of the assignment that stands now.
        package var replaces: Int?
        package var lifts: SemanticVersion?
        package var policy: Digest
        /// What would run to serve it.
        package var runtime: ServingDeclaration.Runtime
        /// The preview that asks, from which nothing is released; nil: the watched branch asks.
        package var preview: String?
    }

    /// Write these decisions to the notes, all in one commit.
    case record([Entry])
    /// Write the tag `<model>@<version>`.
    case tagVersion(Release)
    /// Write the tag `<model>#<environment>#<number>`.
    case tagAssignment(Assignment)
    /// Write the tags `<model>#<environment>!#<number>` with these numbers, all at once.
    case tagUnassignment(Unassignment, numbers: [Int])
    /// Make the environment's branch say this; nil removes the model from it.
    case deploy(EnvironmentName, Deployment?)
    /// Start the run that the record names, or go on with it.
    case start(RunID, commit: CommitID, Candidate)
    /// Stop a run that is no longer wanted.
    case cancel(RunID)
    /// Let the gate decide, and record what it decides.
    case judge(Question)
    /// The run is under way.
    case awaitRun(RunID)
    /// Reviewers have the evidence.
    case awaitReview(EvidenceID)
    /// Nothing is left to do until something changes.
    case settled
}

/// Returns the next thing to do for a model, given everything that is known about it.
///
/// The order is the policy: first git catches up with what was decided, then what people said is
/// recorded, then commits that were overtaken are closed, then the head commit moves on. The
/// function is level-triggered: after a crash at any point the same question has the same answer.
package func nextAction(for seen: Seen) -> Action {
    if let action = catchUp(seen) ?? recordTags(seen) { return action }
    // Because what rests keeps what it has: nothing is stopped, started or decided.
    guard seen.suspended == nil else { return .settled }
    if let action = closeEarlier(seen) ?? cancelOthers(seen) { return action }
    let next = moveHead(seen)
    switch next {
    case .awaitRun, .awaitReview, .settled: return movePreviews(seen) ?? next
    default: return next
    }
}

/// Git must show every decision before anything new is decided.
private func catchUp(_ seen: Seen) -> Action? {
    let record = seen.record
    for release in record.releases where !seen.published.versions.contains(release.version) {
        return .tagVersion(release)
    }
    if let action = numberedTag(seen) { return action }
    let environments = Set(record.current.keys).union(seen.published.deployments.keys)
    for environment in environments.sorted() {
        let wanted = deployment(of: seen.model, in: environment, by: record)
        if wanted != seen.published.deployments[environment] {
            return .deploy(environment, wanted)
        }
    }
    return nil
}

/// The first tag with a number that git lacks: in the order of the numbers, because GTO goes by the
/// order in which tags were written.
private func numberedTag(_ seen: Seen) -> Action? {
    let known = seen.published.numbers
    let assignment = seen.record.assignments.first { !known.contains($0.number) }
    let unassignment = seen.record.unassignments.first { !known.isSuperset(of: $0.numbers) }
    if let unassignment {
        let missing = unassignment.numbers.filter { !known.contains($0) }
        if assignment.map({ missing[0] < $0.number }) ?? true {
            return .tagUnassignment(unassignment, numbers: missing)
        }
    }
    return assignment.map(Action.tagAssignment)
}

/// Returns what the environment's branch must say about the model after these decisions.
package func deployment(
    of model: ModelName, in environment: EnvironmentName, by record: ModelRecord
) -> Deployment? {
    guard let current = record.current[environment],
        let release = record.release(current.version)
    else { return nil }
    return Deployment(
        model: model, version: current.version, candidate: release.candidate,
        artifact: release.artifact, number: current.number, commit: current.commit,
        serving: current.serving)
}

/// First sight counts: what a tag says is recorded before it is used.
private func recordTags(_ seen: Seen) -> Action? {
    let known = Set(seen.record.tags.map(\.tag))
    var entries: [Action.Entry] = []
    for tag in seen.newTags where !known.contains(tag.tag) {
        let about = tag.evidence.flatMap { seen.record.shown[$0]?.commit } ?? seen.head?.commit
        if let about { entries.append(.init(about, .seen(tag))) }
    }
    for (tag, ref) in seen.goneTags.sorted(by: { $0.key < $1.key })
    where !seen.record.deletedTags.contains(tag) {
        let evidence = seen.record.tags.first { $0.tag == tag }?.evidence
        let about = evidence.flatMap { seen.record.shown[$0]?.commit } ?? seen.head?.commit
        if let about { entries.append(.init(about, .tagDeleted(tag: tag, ref: ref))) }
    }
    return entries.isEmpty ? nil : .record(entries)
}

/// Every commit that touched the model ends with a decision, also when a newer one overtook it.
private func closeEarlier(_ seen: Seen) -> Action? {
    guard let head = seen.head else { return nil }
    let outcomes = seen.record.outcomes
    var open = seen.earlier.filter { $0 != head.commit }
    // Because a head that was decided may be an old look at the branch: what is open beside it
    // and not before it can be newer, and is closed only when the branch moves on.
    if head.isRevisited || !(outcomes[head.commit]?.isFinal ?? false) {
        open += outcomes.filter { !$0.value.isFinal && $0.key != head.commit }.map(\.key)
            .filter { !open.contains($0) }.sorted()
    }
    let entries = open.filter { !(outcomes[$0]?.isFinal ?? false) }
        .map { Action.Entry($0, .superseded(by: head.commit)) }
    guard !entries.isEmpty else { return nil }
    // What is decided about the head follows from nothing that is closed here: one write for both.
    if case .record(let next) = moveHead(seen) { return .record(entries + next) }
    return .record(entries)
}

/// A run is unwanted when everything about its commit is decided.
private func cancelOthers(_ seen: Seen) -> Action? {
    seen.otherRuns.filter { run in
        guard let commit = seen.record.runCommits[run.number] else { return true }
        if let preview = seen.record.previews[commit], preview.run == run.number {
            return preview.isOver
        }
        return seen.record.outcomes[commit]?.isFinal ?? true
    }.min().map(Action.cancel)
}

private func moveHead(_ seen: Seen) -> Action {
    guard let head = seen.head else { return .settled }
    if let outcome = seen.record.outcomes[head.commit], outcome.isFinal, !head.isRevisited {
        if case .running(let run) = seen.run { return .cancel(run) }
        return .settled
    }
    switch head.content {
    case .absent: return remove(seen, head.commit)
    case .broken(let problems):
        return .record([.init(head.commit, .broken(problems: problems))])
    case .candidate(let candidate, let serving):
        return restore(seen, head.commit, candidate, serving)
            ?? qualify(seen, head.commit, candidate, serving)
    }
}

/// Deleting a model unassigns it everywhere.
private func remove(_ seen: Seen, _ commit: CommitID) -> Action {
    let environments = seen.record.current.keys.sorted()
    guard !environments.isEmpty else { return .record([.init(commit, .removed)]) }
    var number = seen.nextNumber
    return .record(
        environments.map { environment in
            let foreign = seen.published.foreignAssigned[environment] ?? [:]
            let taken = Unassignment(
                environment: environment, number: number,
                commits: seen.record.standing(in: environment, beside: foreign))
            number = taken.numbers.upperBound
            return .init(commit, .unassigned(taken))
        })
}

/// A head that equals what is assigned, or an earlier version that is not on hold, needs no gate.
///
/// Unless it wants another program to serve it than anybody approved: a commit alone never decides
/// what runs behind the gateway.
private func restore(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings
) -> Action? {
    let record = seen.record
    let environment = candidate.environment
    guard let release = record.release(of: candidate.fingerprint),
        record.wasApproved(release.version, run: serving.runtime, in: environment)
    else { return nil }
    let current = record.current[environment]
    if current?.version == release.version {
        let live = AlreadyLive(
            environment: environment, version: release.version, serving: serving,
            wouldPass: seen.head?.wouldPass)
        return .record([.init(commit, .alreadyLive(live))])
    }
    guard !record.isHeld(release.version, in: environment) else { return nil }
    let assignment = Assignment(
        environment: environment, version: release.version, number: seen.nextNumber,
        commit: commit, cause: .reverted, replaces: current?.version, serving: serving)
    var entries = [Action.Entry(commit, .assigned(assignment))]
    if let current {
        entries.insert(
            .init(commit, .held(environment: environment, version: current.version)), at: 0)
    }
    return .record(entries)
}

/// A candidate that is new here, or on hold, goes through run, gate and review.
private func qualify(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings
) -> Action {
    switch seen.record.outcomes[commit] {
    case .started(let number, let known) where known == candidate.fingerprint:
        let run = RunID(model: seen.model, number: number)
        return followRun(seen, commit, candidate, serving, run)
    case .waiting(let id)
    where seen.record.shown[id]?.evidence.candidate == candidate.fingerprint:
        return review(seen, commit, candidate, serving, id)
    default:
        // Because nothing that was found about another candidate speaks about this one.
        let run = RunID(model: seen.model, number: seen.record.lastRun + 1)
        return .record([
            .init(commit, .started(run: run.number, candidate: candidate.fingerprint))
        ])
    }
}

private func followRun(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings,
    _ id: RunID
) -> Action {
    switch seen.run {
    case .running(let run) where run == id: return .awaitRun(run)
    case .failed(let run, let failure) where run == id:
        return .record([.init(commit, .failed(run: run.number, failure: failure))])
    case .evaluated(let run) where run == id:
        return .judge(question(seen, commit, candidate, serving, run))
    case .none, .running, .failed, .evaluated:
        return .start(id, commit: commit, candidate)
    }
}

func question(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings,
    _ run: RunID
) -> Action.Question {
    let current = seen.record.current[candidate.environment]
    return Action.Question(
        run: run, commit: commit, candidate: candidate, baseline: current?.version,
        replaces: current?.number,
        lifts: holdLifted(by: candidate, in: seen.record), policy: seen.policy.digest,
        runtime: serving.runtime)
}

/// The held version that serving `candidate` again would bring back.
private func holdLifted(by candidate: Candidate, in record: ModelRecord) -> SemanticVersion? {
    guard let version = record.release(of: candidate.fingerprint)?.version,
        record.isHeld(version, in: candidate.environment)
    else { return nil }
    return version
}

private func review(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings,
    _ id: EvidenceID
) -> Action {
    guard let shown = seen.record.shown[id] else { return .settled }
    let asked = question(
        seen, commit, candidate, serving, RunID(model: seen.model, number: shown.run))
    let evidence = shown.evidence
    guard evidence.baseline == asked.baseline, evidence.replaces == asked.replaces,
        evidence.policy == asked.policy, evidence.lifts == asked.lifts,
        evidence.runtime == asked.runtime, evidence.environment == candidate.environment
    else { return rejudge(seen, asked) }
    let tags = countedTags(for: id, in: seen)
    if let refusal = tags.first(where: { $0.kind == .reject }), let by = refusal.principal {
        return .record([.init(commit, .rejected(evidence: id, by: by))])
    }
    let approvals = tags.filter { $0.kind == .approve }
    guard seen.policy.lacking(Set(approvals.compactMap(\.principal))).isEmpty,
        seen.policy.blocked == nil
    else { return .awaitReview(id) }
    return release(seen, commit, candidate, serving, shown, approvals)
}

/// The world changed under the evidence: the gate decides again, on the run that is kept.
private func rejudge(_ seen: Seen, _ asked: Action.Question) -> Action {
    switch seen.run {
    case .evaluated(let run) where run == asked.run: .judge(asked)
    case .running(let run) where run == asked.run: .awaitRun(run)
    case .failed(let run, let failure) where run == asked.run:
        .record([.init(asked.commit, .failed(run: run.number, failure: failure))])
    case .none, .running, .failed, .evaluated:
        .start(asked.run, commit: asked.commit, asked.candidate)
    }
}

/// Tags that count for the evidence: each object once, each principal once, no excluded approver,
/// none that was void before the same evidence was shown again.
private func countedTags(for id: EvidenceID, in seen: Seen) -> [SeenTag] {
    var principals: [SeenTag.Kind: Set<Principal>] = [:]
    return seen.record.tags.filter { tag in
        guard tag.evidence == id, tag.refusal == nil, let principal = tag.principal,
            !seen.record.usedTags.contains(tag.tag), !seen.record.voidTags.contains(tag.tag),
            tag.kind == .reject
                || !seen.policy.excluded.contains(principal)
                    && seen.policy.ignored[tag.tag] == nil
        else { return false }
        return principals[tag.kind, default: []].insert(principal).inserted
    }
}

/// Registration (once), lifting of the hold and assignment are decided together.
private func release(
    _ seen: Seen, _ commit: CommitID, _ candidate: Candidate, _ serving: ServingSettings,
    _ shown: ModelRecord.Shown, _ approvals: [SeenTag]
) -> Action {
    let record = seen.record
    let id = EvidenceID(shown.digest)
    let principals = approvals.compactMap(\.principal)
    var entries: [Action.Entry] = []
    let version: SemanticVersion
    if let known = record.release(of: candidate.fingerprint) {
        version = known.version
    } else {
        version = seen.nextVersion(candidate.bump)
        let release = Release(
            version: version, candidate: candidate.fingerprint, commit: commit, evidence: id,
            artifact: shown.evidence.artifact, datasets: shown.evidence.datasets,
            approvedBy: principals, tags: approvals.map(\.tag))
        entries.append(.init(commit, .released(release)))
    }
    let environment = candidate.environment
    if let lifted = shown.evidence.lifts {
        entries.append(
            .init(commit, .lifted(environment: environment, version: lifted, evidence: id)))
    }
    let assignment = Assignment(
        environment: environment, version: version, number: seen.nextNumber, commit: commit,
        cause: .approved(evidence: id, by: principals, tags: approvals.map(\.tag)),
        replaces: record.current[environment]?.version, serving: serving)
    entries.append(.init(commit, .assigned(assignment)))
    return .record(entries)
}

extension Seen {
    /// The number that no assignment or unassignment has, of ours or of anybody else's.
    fileprivate var nextNumber: Int { max(record.nextNumber, published.foreignNumber + 1) }

    /// The version after all of ours that nobody else has taken.
    fileprivate func nextVersion(_ bump: VersionBump) -> SemanticVersion {
        var version = record.releases.map(\.version).max()?.next(bump) ?? .first
        while published.foreignVersions.contains(version) { version = version.next(bump) }
        return version
    }
}
