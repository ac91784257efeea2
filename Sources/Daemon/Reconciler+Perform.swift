import Compute
import Domain
import Git
import Journal
import Logging
import Planning
import Training

extension Reconciler {
    /// Carries out one action; returns whether to ask again at once.
    func perform(_ action: Action, _ seen: Seen) async throws -> Bool {
        let model = seen.model
        switch action {
        case .record(let entries): try await record(entries, of: model)
        case .tagVersion(let release):
            try await publish("tag:\(model)@\(release.version)") {
                try await $0.tagVersion(release, of: seen.record)
            }
        case .tagAssignment(let assignment):
            try await publish("tag:\(model)#\(assignment.number)") {
                try await $0.tagAssignment(assignment, of: seen.record)
            }
        case .tagUnassignment(let environment, let number):
            try await publish("tag:\(model)#\(number)") {
                try await $0.tagUnassignment(from: environment, number: number, of: seen.record)
            }
        case .deploy(let environment, let deployment):
            let declaration = scan.plan?.environments[environment]
            try await publish("deploy:\(model)#\(deployment?.number ?? 0)") {
                try await $0.deploy(
                    deployment, of: model, to: environment, declaration: declaration)
            }
            await ServeLink(workshop.folder, environment).wake()
        case .start(let id, let commit, let candidate):
            return try await start(id, commit, candidate)
        case .cancel(let id): try await cancel(id)
        case .judge(let question): return try await ask(question, seen)
        case .awaitRun, .awaitReview, .settled: return false
        }
        return true
    }

    /// Writes decisions to git and only then believes them.
    func record(_ entries: [Action.Entry], of model: ModelName) async throws {
        for decision in try await log.append(entries, of: model) {
            records[model, default: ModelRecord(model: model)].apply(decision)
            if decision.decision.movesHead { decidedHeads[model] = decision.commit }
            workshop.logger.info(
                "\(model): \(decision.decision.word)",
                metadata: ["commit": "\(decision.commit.short)"])
        }
        let outcomes = records[model]?.outcomes ?? [:]
        if var open = touched[model] {
            open.removeAll { outcomes[$0]?.isFinal ?? false }
            touched[model] = open.isEmpty ? nil : open
        }
    }

    /// An outward effect: intended before, finished after, under a key that names it.
    private func publish(
        _ key: String, _ effect: (Publishing) async throws -> Void
    ) async throws {
        try await workshop.journal.intend(key: key, what: key, at: workshop.clock())
        try await effect(Publishing(workshop: workshop))
        try await workshop.journal.finish(key: key, outcome: "done", at: workshop.clock())
    }

    private func start(
        _ id: RunID, _ commit: CommitID, _ candidate: Candidate
    ) async throws -> Bool {
        guard let plan = scan.plan?.models[id.model],
            plan.candidate.fingerprint == candidate.fingerprint
        else { return false }
        guard running.count < workshop.configuration.runsMax else {
            dirty.insert(id.model)
            return false
        }
        let baseline = records[id.model]?.current[candidate.environment]?.version
        let order = RunOrder(
            id: id, commit: commit, plan: plan,
            baseline: baseline.flatMap { records[id.model]?.release($0) })
        running[id] = order
        finished[id] = nil
        orders.append(.run(order))
        wake()
        return false
    }

    private func cancel(_ id: RunID) async throws {
        running[id] = nil
        try await RunTask.cancel(id, workshop)
    }

    private func ask(_ question: Action.Question, _ seen: Seen) async throws -> Bool {
        guard case .evaluated(let outcome) = finished[question.run],
            let plan = scan.plan?.models[seen.model]
        else { return false }
        var baseline: Release?
        if let version = question.baseline { baseline = seen.record.release(version) }
        judging.insert(seen.model)
        orders.append(
            .judge(
                GateOrder(
                    model: seen.model, question: question, outcome: outcome, plan: plan,
                    baseline: baseline,
                    released: seen.record.release(of: question.candidate.fingerprint))))
        wake()
        return false
    }

    /// Records what the gate decided, unless the question is no longer the one to ask.
    func record(_ order: GateOrder, _ result: Result<Judgement, Failure>) async throws {
        let commit = order.question.commit
        guard headCommit(of: order.model) == commit else { return }
        switch result {
        case .success(let judgement):
            try await record([.init(commit, .judged(judgement))], of: order.model)
        case .failure(let failure):
            if case .retry(let seconds) = failure.disposition {
                retryAt[order.model] = workshop.clock().advanced(bySeconds: seconds)
                return await note(failure, "model:\(order.model)")
            }
            let failed = Decision.failed(run: order.question.run.number, failure: failure)
            try await record([.init(commit, failed)], of: order.model)
        }
    }

    /// Shows where the model stands; a view, made anew from the record each time.
    func saveStatus(_ model: ModelName) async throws {
        guard let record = records[model] else { return }
        let status = ModelStatus(
            record: record, head: headCommit(of: model), approvalsNeeded: approvalsNeeded(model))
        try await workshop.journal.saveStatus(status)
    }
}
