import Delivery
package import Domain
import FoundationEssentials
import Git
import Journal
import Planning
import Registry
import Review

extension Reconciler {
    /// Brings the record up to what the notes say.
    func load() async throws {
        var all: [DecisionRecord]?
        if isLoaded { all = try await log.refresh() } else { all = try await log.load() }
        guard let all else { return }
        isLoaded = true
        records = Dictionary(grouping: all, by: \.model)
            .reduce(into: [:]) { $0[$1.key] = ModelRecord(model: $1.key, records: $1.value) }
        decidedHeads = [:]
        for record in all where record.decision.movesHead {
            decidedHeads[record.model] = record.commit
        }
        dirty.formUnion(records.keys)
    }

    /// Reads the branch and the reviewers' tags, and marks the models that something happened to.
    func look() async throws {
        let before = tags
        tags = try await ReviewTags.read(workshop.repository)
        if tags.refs != before.refs { await markTagChanges(before) }
        guard let head = try await watchedHead() else { return }
        guard head != scan.head else { return }
        var after = scan.head
        if after == nil { after = try await lastScanned(head) }
        let moved = try await scan.move(to: head, after: after, known: Set(records.keys))
        for (model, commits) in moved {
            let decided = records[model]?.outcomes ?? [:]
            touched[model, default: []] += commits.filter { !(decided[$0]?.isFinal ?? false) }
            dirty.insert(model)
        }
        if after == head { dirty.formUnion(records.keys) }
        try await showRepositoryDiagnostics()
    }

    /// The head of the branch that the repository itself names.
    private func watchedHead() async throws -> CommitID? {
        if scan.head == nil {
            let head = try await workshop.repository.headBranch ?? "refs/heads/main"
            branch = head.hasPrefix("refs/heads/") ? String(head.dropFirst(11)) : head
        }
        var head = try await workshop.repository.ref("refs/heads/\(branch)")
        if let head, scan.head == nil {
            let plan = try await scan.plan(of: head)
            if !plan.repositoryIsBroken { branch = plan.repository.branch }
        }
        head = try await workshop.repository.ref("refs/heads/\(branch)")
        if head == nil {
            await note(
                Failure(
                    "the branch `\(branch)` has no commits yet", at: workshop.upstream.path,
                    hint: "push one: git push origin \(branch)", .wait(for: "a commit")),
                "branch")
        } else {
            try await workshop.journal.clearProblem("branch")
        }
        return head
    }

    /// Where an earlier life of the daemon had come to; from the notes when the journal is new.
    private func lastScanned(_ head: CommitID) async throws -> CommitID? {
        if let text = try await workshop.journal.position("scanned"), let id = CommitID(text),
            try await workshop.repository.has(id)
        {
            return id
        }
        var oldest: CommitID?
        for commit in Set(decidedHeads.values)
        where try await workshop.repository.isAncestor(commit, of: head) {
            if let known = oldest {
                if try await workshop.repository.isAncestor(commit, of: known) { oldest = commit }
            } else {
                oldest = commit
            }
        }
        return oldest
    }

    private func markTagChanges(_ before: ReviewTags) async {
        let changed = Set(before.refs).symmetricDifference(tags.refs)
        for ref in changed {
            let parts = ref.name.split(separator: "/")
            if parts.count > 3, let model = ModelName(String(parts[3])) { dirty.insert(model) }
        }
        for stranger in tags.strangers(to: Set(records.keys).union(scan.plan?.modelNames ?? [])) {
            await note(
                Failure(
                    "the tag `\(stranger.name.dropFirst(10))` names no model of this repository",
                    at: stranger.name,
                    hint: "git push --delete origin '\(stranger.name.dropFirst(10))'"),
                "tag:\(stranger.name)")
        }
    }

    private func showRepositoryDiagnostics() async throws {
        let findings = (scan.plan?.diagnostics ?? []).filter { $0.severity == .error }
        guard let first = findings.first else {
            return try await workshop.journal.clearProblem("declarations")
        }
        await note(
            Failure(
                first.message, at: first.place.description, hint: first.hint,
                .wait(for: "a commit"), details: findings),
            "declarations")
    }

    /// One consistent look at everything about a model.
    func observe(_ model: ModelName) async throws -> Seen {
        let record = records[model] ?? ModelRecord(model: model)
        let head = try await headOf(model)
        let policy = try await policy(of: model, head: head?.commit, record)
        let judge = TagJudge(workshop: workshop, record: record, excluded: policy.excluded)
        let known = Set(record.tags.map(\.tag))
        var newTags: [SeenTag] = []
        for ref in tags.refs(of: model) where !known.contains(ref.target) {
            newTags.append(try await judge.judge(ref))
        }
        let (run, others) = try await runs(of: model, head: head?.commit, record)
        return Seen(
            model: model, head: head, earlier: (touched[model] ?? []).dropLast(), record: record,
            published: try await published(model, record), newTags: newTags,
            goneTags: tags.gone(from: record), run: run, otherRuns: others, policy: policy)
    }

    func headCommit(of model: ModelName) -> CommitID? {
        touched[model]?.last ?? decidedHeads[model]
    }

    private func headOf(_ model: ModelName) async throws -> Seen.Head? {
        guard let commit = headCommit(of: model), let plan = scan.plan else { return nil }
        if plan.repositoryIsBroken {
            return Seen.Head(commit: commit, content: .broken(plan.diagnostics))
        }
        if let problems = plan.brokenModels[model] {
            return Seen.Head(commit: commit, content: .broken(problems))
        }
        guard let model = plan.models[model] else {
            return Seen.Head(commit: commit, content: .absent)
        }
        var candidate = model.candidate
        let trailers = try await workshop.repository.commit(commit).trailers
        if let bump = trailers.values(of: "Version-Bump").last.flatMap(VersionBump.init(rawValue:)) {
            candidate.bump = bump
        }
        return Seen.Head(
            commit: commit, content: .candidate(candidate, try await serving(model)))
    }

    private func serving(_ plan: ModelPlan) async throws -> ServingSettings {
        var requirements: Digest?
        if let file = plan.requirements {
            requirements = try workshop.store.put(await workshop.repository.blob(file.blob))
        }
        let declared = plan.declaration.serving
        return ServingSettings(
            runtime: declared?.runtime ?? .sklearn, warmup: plan.warmup,
            startTimeoutSeconds: declared?.startTimeoutSeconds ?? 60, requirements: requirements)
    }

    private func policy(
        of model: ModelName, head: CommitID?, _ record: ModelRecord
    ) async throws -> Seen.Policy {
        var rule = workshop.trust.rule
        guard let plan = scan.plan, let head, let declared = plan.models[model] else {
            return Seen.Policy(
                digest: workshop.trust.digest, approvals: rule.approvals, excluded: [])
        }
        rule = rule.tightened(by: plan.repository.review)
            .tightened(by: declared.declaration.review)
        let base = record.current[declared.candidate.environment]?.commit
        let key = AuthorsKey(head: head, base: base, model: model)
        let people: [CommitPeople]
        if let known = authors[key] {
            people = known
        } else {
            people = try await Authors(workshop.repository).people(
                from: head, notFrom: base, touching: declared.inputs)
            if authors.count > 1000 { authors = [:] }
            authors[key] = people
        }
        let excluded = exclusions(
            of: people, rule: rule, signers: workshop.trust.trust.signers
        ).excluded
        return Seen.Policy(
            digest: workshop.trust.digest, approvals: rule.approvals, excluded: excluded)
    }

    /// How many must approve the model's head.
    package func approvalsNeeded(_ model: ModelName) -> Int {
        var rule = workshop.trust.rule
        if let plan = scan.plan {
            rule = rule.tightened(by: plan.repository.review)
            if let declared = plan.models[model] {
                rule = rule.tightened(by: declared.declaration.review)
            }
        }
        return rule.approvals
    }

    private func runs(
        of model: ModelName, head: CommitID?, _ record: ModelRecord
    ) async throws -> (Seen.Run, Set<RunID>) {
        let others = running.values.filter { $0.id.model == model && $0.commit != head }.map(\.id)
        var number: Int?
        switch head.flatMap({ record.outcomes[$0] }) {
        case .started(let run, _): number = run
        case .waiting(let id): number = record.shown[id]?.run
        default: number = nil
        }
        guard let number else { return (.none, Set(others)) }
        let id = RunID(model: model, number: number)
        if running[id] != nil { return (.running(id), Set(others)) }
        switch finished[id] {
        case .evaluated: return (.evaluated(id), Set(others))
        case .failed(let failure): return (.failed(id, failure), Set(others))
        case .stopped, nil: break
        }
        if let bytes = try await workshop.journal.outcome(id) {
            finished[id] = .evaluated(try decodeJSON(RunOutcome.self, bytes))
            return (.evaluated(id), Set(others))
        }
        return (.none, Set(others))
    }

    private func published(
        _ model: ModelName, _ record: ModelRecord
    ) async throws -> Seen.Published {
        var published = Seen.Published()
        for part in ["@", "#"] {
            for ref in try await workshop.repository.refs(prefix: "refs/tags/\(model)\(part)")
            where ref.isAnnotatedTag {
                // Because a malformed tag of somebody else is set aside, never an end.
                guard let tag = try? GTOTag(parsing: String(ref.name.dropFirst(10))) else {
                    continue
                }
                if case .registered = tag.event, let version = tag.version {
                    published.versions.insert(version)
                }
                if let counter = tag.counter { published.numbers.insert(counter) }
            }
        }
        for ref in try await workshop.repository.refs(prefix: "refs/heads/slipway/") {
            guard let environment = EnvironmentName(String(ref.name.dropFirst(19))) else {
                continue
            }
            let path = DesiredState.path(of: model)
            guard let bytes = try await workshop.repository.blob(at: ref.target, path) else {
                continue
            }
            // Because an unreadable file is written anew from the decisions.
            published.deployments[environment] = try? decodeJSON(Deployment.self, bytes)
        }
        return published
    }
}

extension Decision {
    /// Whether it says how far the commit itself has come.
    var movesHead: Bool {
        switch self {
        case .started, .broken, .failed, .judged, .rejected, .assigned, .alreadyLive, .unassigned,
            .removed:
            true
        case .superseded, .seen, .tagDeleted, .released, .held, .lifted: false
        }
    }
}
