package import Domain
import Git
import Planning
import Review

// What has to be true before a model may be released, and when that changes by time alone.

extension Reconciler {
    /// Who must say yes to the model's head, under what is trusted, made stricter by the commit.
    ///
    /// Who wrote the changes is only read when it decides: for a tag, or while evidence waits.
    func policy(
        of model: ModelName, head: CommitID?, _ record: ModelRecord, _ newRefs: [Reference]
    ) async throws -> Seen.Policy {
        var question = question(about: model)
        var waiting: ModelRecord.Shown?
        if let head, case .waiting(let id) = record.outcomes[head] { waiting = record.shown[id] }
        guard let head, let plan = scan.plan?.models[model], waiting != nil || !newRefs.isEmpty
        else {
            policies[model] = nil
            try await showUnmeetable([], of: model)
            return requirements(for: question).policy
        }
        let environment = plan.candidate.environment
        let base = try await existing(record.current[environment]?.commit)
        let reviewed = try await Authors(workshop.repository).reviewed(
            behind: head, record, in: environment)
        let authors = try await authors(behind: head, since: reviewed, plan, model)
        question.people = authors.map(\.people)
        question.pushers = pushers(of: head, authors.map(\.commit), record.pushes)
        question.changedPaths = try await workshop.repository.changedPaths(from: base, to: head)
            .filter(plan.inputs.contains)
        question.evidenceSince = waiting?.at
        question.tags = record.tags.map { tag in
            ReviewQuestion.Tag(
                tag: tag, firstSeen: record.seenAt[tag.tag] ?? question.now,
                isHardware: tag.isHardware ?? false)
        }
        question.soakedSince = record.soakedSince(plan.candidate.fingerprint)
        let answer = requirements(for: question)
        policies[model] = waiting == nil ? nil : answer.policy
        if waiting != nil, let next = answer.changesAt { wake(model, at: next) }
        try await showUnmeetable(waiting == nil ? [] : answer.diagnostics, of: model)
        return answer.policy
    }

    /// Roles and owners with nobody behind them, as long as evidence waits for them.
    private func showUnmeetable(_ diagnostics: [Diagnostic], of model: ModelName) async throws {
        let key = "reviewers:\(model)"
        guard let first = diagnostics.first else { return try await clear(key) }
        await note(
            Failure(
                "\(model): \(first.message)", at: first.place.description, hint: first.hint,
                .wait(for: "a change of policy"), details: Array(diagnostics.dropFirst())),
            key)
    }

    /// What is known of the rules without looking into git.
    private func question(about model: ModelName) -> ReviewQuestion {
        let plan = scan.plan
        var question = ReviewQuestion(
            model: model, environment: plan?.models[model]?.candidate.environment,
            trusted: desk.trust.policy, now: workshop.clock())
        if let plan, !plan.repositoryIsBroken { question.own = plan.repository.review }
        if let review = plan?.models[model]?.declaration.review { question.declared = review }
        return question
    }

    /// nil for a commit that a rewritten history has lost, so that everything counts as changed.
    private func existing(_ commit: CommitID?) async throws -> CommitID? {
        guard let commit, try await workshop.repository.has(commit) else { return nil }
        return commit
    }

    private func authors(
        behind head: CommitID, since base: CommitID?, _ plan: ModelPlan, _ model: ModelName
    ) async throws -> [Authors.Touch] {
        let known = authors[model].flatMap { known in
            known.base == base && known.inputs == plan.inputs ? known : nil
        }
        if let known, known.head == head { return known.touches }
        let touches = try await Authors(workshop.repository).touches(
            from: head, notFrom: base, touching: plan.inputs,
            known: known.map { ($0.head, $0.touches) })
        authors[model] = KnownAuthors(
            head: head, base: base, inputs: plan.inputs, touches: touches)
        return touches
    }

    /// How many must approve the model's head.
    package func approvalsNeeded(_ model: ModelName) -> Int {
        (policies[model] ?? requirements(for: question(about: model)).policy).approvals
    }

    /// What a release of the head needs besides a number of approvals, a phrase each.
    func waits(of model: ModelName) -> [String] {
        guard let policy = policies[model], let record = records[model],
            let head = headCommit(of: model), case .waiting(let id) = record.outcomes[head]
        else { return [] }
        let tags = record.tags.filter {
            $0.evidence == id && $0.kind == .approve && $0.refusal == nil
        }
        let counted = tags.filter { policy.ignored[$0.tag] == nil }
        let principals = Set(counted.compactMap(\.principal)).subtracting(policy.excluded)
        let ignored = tags.compactMap { tag in
            policy.ignored[tag.tag].map {
                "\(tag.principal?.text ?? "a tag") does not count: \($0)"
            }
        }
        return policy.lackingGroups(principals) + ignored
            + (policy.blocked.map { [$0.reason] } ?? [])
    }

    // MARK: Time

    /// Why the model rests now; nil: it does not.
    func suspension(of model: ModelName, _ record: ModelRecord) -> Suspension? {
        guard let plan = scan.plan else { return nil }
        let now = workshop.clock()
        let wanted = plan.models[model]?.candidate.environment
        // Because a model that is gone or broken goes nowhere, and leaves where it is.
        let environments = wanted.map { [$0] } ?? record.current.keys.sorted()
        let declared = plan.repository.suspensions.first { suspension in
            suspension.covers(model, nil, at: now)
                || environments.contains { suspension.covers(model, $0, at: now) }
        }
        let found = declared ?? forbidden(plan.models[model])
        if let end = found?.until { wake(model, at: end) }
        if found == nil { resting.models.remove(model) } else { resting.models.insert(model) }
        return found
    }

    /// Data that the trusted policy lets no such model use; nil: there is none.
    ///
    /// The model rests, because a change of policy that waits for approval may allow it.
    private func forbidden(_ plan: ModelPlan?) -> Suspension? {
        guard let plan, let first = forbiddenData(plan).first else { return nil }
        return Suspension(
            model: plan.declaration.name, reason: "\(first.place): \(first.message)",
            by: "the trusted policy")
    }

    func forbiddenData(_ plan: ModelPlan) -> [Diagnostic] {
        dataProblems(of: plan, under: desk.trust.policy.policy, since: desk.classification)
    }

    /// Looks at the model again at that time, if nothing does before.
    func wake(_ model: ModelName, at moment: Instant) {
        alarms[model] = min(alarms[model] ?? moment, moment)
    }

    var isAlarmDue: Bool {
        let now = workshop.clock()
        return alarms.values.contains { $0 <= now }
    }

    /// Marks the models whose time has come, and those that a new head may have resumed.
    func ringAlarms() {
        let now = workshop.clock()
        if resting.head != scan.head {
            dirty.formUnion(resting.models)
            resting.head = scan.head
        }
        for (model, moment) in alarms where moment <= now {
            alarms[model] = nil
            dirty.insert(model)
        }
    }
}
