import Delivery
import Domain
import FoundationEssentials
import Git
import Journal
import Planning
import Provenance
import Registry

extension Reconciler {
    /// One consistent look at everything about a model.
    func observe(_ model: ModelName) async throws -> Seen {
        let record = records[model] ?? ModelRecord(model: model)
        let head = try await headOf(model, record)
        let known = Set(record.tags.map(\.tag))
        let newRefs = tags.refs(of: model).filter { !known.contains($0.target) }
        let policy = try await policy(of: model, head: head?.commit, record, newRefs)
        var judge = TagJudge(
            workshop: workshop, trust: desk.trust, record: record, policy: policy)
        for ref in newRefs { try await judge.see(ref) }
        let (run, others) = try await runs(of: model, head: head?.commit, record)
        var earlier: [CommitID] = (touched[model] ?? []).dropLast()
        earlier.removeAll { $0 == head?.commit }
        let previewed = try await previewHeads(of: model, record)
        return Seen(
            model: model, head: head, earlier: earlier, record: record,
            published: try await published(model, record), newTags: judge.seen,
            goneTags: tags.gone(from: record.tags), run: run, otherRuns: others, policy: policy,
            previews: previewed, suspended: suspension(of: model, record))
    }

    func headCommit(of model: ModelName) -> CommitID? {
        touched[model]?.last ?? decidedHeads[model]
    }

    private func headOf(_ model: ModelName, _ record: ModelRecord) async throws -> Seen.Head? {
        guard let commit = headCommit(of: model), let plan = scan.plan else { return nil }
        let isRevisited = revisited[model] == commit
        var head = Seen.Head(commit: commit, content: .absent, isRevisited: isRevisited)
        if plan.repositoryIsBroken {
            head.content = .broken(plan.diagnostics)
        } else if let problems = plan.brokenModels[model] {
            head.content = .broken(problems)
        } else if let model = plan.models[model] {
            let isDecided = record.outcomes[commit]?.isFinal ?? false
            head.content = try await content(model, commit)
            if !isDecided || isRevisited { head.wouldPass = await wouldPass(model, record) }
        }
        return head
    }

    func content(_ plan: ModelPlan, _ commit: CommitID) async throws -> Seen.Content {
        var candidate = plan.candidate
        let trailers = try await workshop.repository.commit(commit).trailers
        let bump = trailers.values(of: "Version-Bump").last
        if let bump = bump.flatMap(VersionBump.init(rawValue:)) { candidate.bump = bump }
        return .candidate(candidate, try await serving(plan))
    }

    /// Whether what is assigned would pass the head's rules; nil unless the head asks for it.
    private func wouldPass(_ plan: ModelPlan, _ record: ModelRecord) async -> Bool? {
        guard let current = record.current[plan.candidate.environment],
            record.release(current.version)?.candidate == plan.candidate.fingerprint
        else { return nil }
        return await Hindsight(workshop: workshop, plan: plan).wouldPass()
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

    private func runs(
        of model: ModelName, head: CommitID?, _ record: ModelRecord
    ) async throws -> (Seen.Run, Set<RunID>) {
        var number: Int?
        switch head.flatMap({ record.outcomes[$0] }) {
        case .started(let run, _): number = run
        case .waiting(let id): number = record.shown[id]?.run
        default: break
        }
        let others = running.union(leftovers).filter { $0.model == model && $0.number != number }
        guard let number else { return (.none, others) }
        return (try await state(of: RunID(model: model, number: number)), others)
    }

    func state(of id: RunID) async throws -> Seen.Run {
        if running.contains(id) { return .running(id) }
        switch finished[id] {
        case .evaluated: return .evaluated(id)
        case .failed(let failure): return .failed(id, failure)
        case .cancelled, .stopped, nil: break
        }
        guard let bytes = try await workshop.journal.outcome(id) else { return .none }
        let outcome = try decodeJSON(RunOutcome.self, bytes)
        // Because artifacts that are gone are made again, not judged.
        guard try Outcomes(workshop.store).isWhole(outcome) else { return .none }
        finished[id] = .evaluated(outcome)
        return .evaluated(id)
    }

    private func published(
        _ model: ModelName, _ record: ModelRecord
    ) async throws -> Seen.Published {
        var tags = publishedTags
        let found = try await tags.read(record, in: workshop.repository)
        publishedTags = tags
        try await showForeign(found.foreign, of: model)
        var published = found.published
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

extension Reconciler {
    /// Keeps the tags in the model's space that are not ours where the API finds them.
    private func showForeign(_ tags: [ForeignTag], of model: ModelName) async throws {
        guard foreignTags[model] != tags else { return }
        let text = tags.isEmpty ? nil : String(decoding: canonicalJSON(tags), as: UTF8.self)
        let key = "foreign:\(model)"
        if try await workshop.journal.position(key) != text {
            try await workshop.journal.setPosition(key, text)
        }
        foreignTags[model] = tags
    }
}

extension Decision {
    /// Whether it says how far the commit itself has come.
    var movesHead: Bool {
        switch self {
        case .started, .broken, .failed, .judged, .rejected, .assigned, .alreadyLive, .unassigned,
            .removed:
            true
        case .superseded, .seen, .tagDeleted, .released, .held, .lifted, .previewStarted,
            .previewed, .pushed, .policyProposed, .policyAdopted:
            false
        }
    }
}
