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
        case .tagUnassignment(let taken, let numbers):
            try await publish("tag:\(model)#\(numbers.first ?? taken.number)") {
                try await $0.tagUnassignment(taken, numbers, of: seen.record)
            }
        case .deploy(let environment, let deployment):
            let declaration = scan.plan?.environments[environment]
            try await publish("deploy:\(model)#\(deployment?.number ?? 0)") {
                try await $0.deploy(
                    deployment, of: model, to: environment, declaration: declaration)
            }
            await ServeLink(workshop.folder, environment).wake()
        case .start(let id, let commit, let candidate):
            return try start(id, commit, candidate)
        case .cancel(let id): try await cancel(id)
        case .judge(let question): return try await ask(question, seen)
        case .awaitRun, .awaitReview, .settled: return false
        }
        return true
    }

    /// Writes decisions to git and only then believes them.
    private func record(_ entries: [Action.Entry], of model: ModelName) async throws {
        for decision in try await log.append(entries, of: model) {
            records[model, default: ModelRecord(model: model)].apply(decision.kept)
            if decision.decision.movesHead {
                decidedHeads[model] = decision.commit
                if revisited[model] == decision.commit { revisited[model] = nil }
            }
            tell(decision)
        }
        forget(model)
    }

    func tell(_ record: DecisionRecord) {
        guard case .seen(let tag) = record.decision, let reason = tag.refusal else {
            return workshop.logger.info(
                "\(record.model): \(record.decision.word)",
                metadata: ["commit": "\(record.commit.short)"])
        }
        workshop.logger.warning(
            "\(record.model): the tag `\(tag.ref.dropFirst(10))` does not count: \(reason)",
            metadata: tag.hint.map { ["hint": "\($0)"] })
    }

    /// Drops what is only needed while a commit is not decided.
    private func forget(_ model: ModelName) {
        guard let record = records[model] else { return }
        let outcomes = record.outcomes
        if var open = touched[model] {
            open.removeAll { (outcomes[$0]?.isFinal ?? false) && $0 != revisited[model] }
            touched[model] = open.isEmpty ? nil : open
        }
        for id in finished.keys where id.model == model {
            let commit = record.runCommits[id.number]
            if let state = commit.flatMap({ record.previews[$0] }), state.run == id.number {
                if state.isOver { finished[id] = nil }
            } else if commit.flatMap({ outcomes[$0] })?.isFinal ?? true {
                finished[id] = nil
            }
        }
        if let head = headCommit(of: model), outcomes[head]?.isFinal ?? false {
            authors[model] = nil
            judgements[model] = nil
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

    /// Returns whether another run of the model may be wanted at once: that of a preview.
    private func start(
        _ id: RunID, _ commit: CommitID, _ candidate: Candidate
    ) throws -> Bool {
        let isPreview = isPreview(id)
        let planned =
            isPreview ? previews.plan(of: id.model, at: commit) : scan.plan?.models[id.model]
        guard let plan = planned,
            plan.candidate.fingerprint == candidate.fingerprint
        else {
            // Because the action follows from this very plan, which only a turn moves.
            throw Failure(
                "\(id) was decided on by another plan",
                hint: "this is a bug in Slipway; report it")
        }
        guard !active.contains(id) else { return false }
        if isPreview {
            guard mayStartPreview(of: id.model) else { return false }
        } else if active.count >= workshop.configuration.runsMax || isBeingMade(candidate) {
            waitingForRoom.append(id.model)
            dirty.insert(id.model)
            return false
        }
        running.insert(id)
        active.insert(id)
        leftovers.remove(id)
        finished[id] = nil
        let pushes = records[id.model]?.pushes[commit] ?? []
        orders.append(.run(RunOrder(id: id, commit: commit, plan: plan, pushes: pushes)))
        return isPreview
    }

    private func cancel(_ id: RunID) async throws {
        try await RunTask.cancel(id, workshop)
        running.remove(id)
        // Because a run of an earlier life has no task that would notice.
        if leftovers.remove(id) != nil { orders.append(.close(id)) }
    }

    /// Takes up what the gate said to this very question, or asks it.
    private func ask(_ question: Action.Question, _ seen: Seen) async throws -> Bool {
        let model = seen.model
        if let end = judgements[model], end.question == question {
            return try await takeUp(end, question)
        }
        guard !judging.contains(model) else { return false }
        let planned =
            question.preview == nil
            ? scan.plan?.models[model] : previews.plan(of: model, at: question.commit)
        guard case .evaluated(let outcome) = finished[question.run], let plan = planned else {
            return false
        }
        var baseline: Release?
        if let version = question.baseline { baseline = seen.record.release(version) }
        judging.insert(model)
        judgements[model] = nil
        orders.append(
            .judge(
                GateOrder(
                    model: model, question: question, outcome: outcome, plan: plan,
                    baseline: baseline, releases: seen.record.releases,
                    validations: seen.record.validations,
                    released: seen.record.release(of: question.candidate.fingerprint))))
        return false
    }

    private func takeUp(_ end: GateEnd, _ question: Action.Question) async throws -> Bool {
        let model = question.candidate.model
        let decision: Decision
        switch end.result {
        case .success(let judgement):
            decision =
                question.preview.map { Self.end(of: $0, judgement) } ?? .judged(judgement)
        case .failure(let failure):
            if case .retry = failure.disposition {
                judgements[model] = nil
                throw failure
            }
            let run = question.run.number
            decision =
                question.preview.map {
                    .previewed(Preview(ref: $0, end: .failed(run: run, failure)))
                } ?? .failed(run: run, failure: failure)
        }
        try await record([.init(question.commit, decision)], of: model)
        judgements[model] = nil
        return true
    }
}
