import Domain
import Git
import Host
import Logging
import Planning
import Registry
import ServiceLifecycle

/// Answers the post-receive hook at the local socket: says what will happen, and wakes the loop.
///
/// The answer comes from the planner, which only reads; it never waits for the loop.
struct HookService: Service {
    private let workshop: Workshop
    private let reconciler: Reconciler
    private let whyCharactersMax = 500
    private let nameCharactersMax = 200

    init(_ workshop: Workshop, _ reconciler: Reconciler) {
        self.workshop = workshop
        self.reconciler = reconciler
    }

    func run() async throws {
        let listener = LocalListener(path: workshop.folder.hookSocket)
        try await cancelWhenGracefulShutdown {
            try await listener.run { request in
                let updates = told(request)
                reconciler.hint()
                return Array(await answer(to: updates).utf8)
            }
        }
    }

    private struct Update {
        var old: ObjectID
        var new: ObjectID
        var ref: String
    }

    /// Reads git's lines `old SP new SP ref LF`, and before them `by SP name LF` where the server
    /// knows who pushed, and `why SP text LF` where they said why. Other lines are passed over, so
    /// that a later hook can say more.
    private func told(_ request: [UInt8]) -> [Update] {
        var updates: [Update] = []
        var (by, why): (String?, String?)
        for line in request.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("why ") { why = words(text.dropFirst(4), whyCharactersMax) }
            if text.hasPrefix("by ") { by = words(text.dropFirst(3), nameCharactersMax) }
            let parts = text.split(separator: " ")
            guard parts.count == 3, let old = ObjectID(String(parts[0])),
                let new = ObjectID(String(parts[1]))
            else { continue }
            let update = Update(old: old, new: new, ref: String(parts[2]))
            updates.append(update)
            if let why {
                workshop.logger.info("\(update.ref) is now \(new.short), because: \(why)")
            }
            guard by != nil || why != nil, update.ref.hasPrefix("refs/heads/") else { continue }
            let push = Push(by: by, ref: update.ref, why: why)
            reconciler.pushed(PushHint(old: old, new: new, push: push))
        }
        return updates
    }

    /// What a hook handed on, in one line without control characters; nil: nothing is left.
    private func words(_ text: Substring, _ charactersMax: Int) -> String? {
        let line = oneLine(text, charactersMax: charactersMax)
        return line.contains { $0 != " " } ? line : nil
    }

    private func answer(to updates: [Update]) async -> String {
        var lines: [String] = []
        for update in updates {
            do {
                lines += try await describe(update.old, update.new, update.ref)
            } catch {
                lines.append("slipway: noted \(update.ref); see `slipway status`")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func describe(
        _ old: ObjectID, _ new: ObjectID, _ ref: String
    ) async throws -> [String] {
        if ref.hasPrefix("refs/tags/approve/") || ref.hasPrefix("refs/tags/reject/") {
            return ["slipway: \(ref.dropFirst(10)) is being checked; see `slipway status`"]
        }
        guard ref.hasPrefix("refs/heads/"), !ref.hasPrefix("refs/heads/slipway/"), !new.isZero
        else { return [] }
        let branch = await reconciler.watchedBranch
        guard ref == "refs/heads/\(branch)" else {
            let name = ref.dropFirst(11)
            guard await reconciler.isPreview(ref) else {
                return ["slipway: \(name) is not watched; \(branch) is"]
            }
            return ["slipway: \(name) is a preview: it is judged, and nothing of it is released"]
        }
        // The earlier one first, because then the later one is planned after it.
        let before = old.isZero ? nil : try await plan(old)
        let after = try await plan(new)
        let changed =
            old.isZero
            ? try await workshop.repository.changedPaths(from: nil, to: new)
            : try await workshop.planner.changedPaths(
                from: old, to: new, in: PlanSource(workshop.repository))
        let touched = touchedModels(changedPaths: changed, old: before, new: after)
        var lines = try touched.sorted().map { try sentence($0, after) }
        if lines.isEmpty { lines = ["slipway: no model is touched"] }
        return lines + ["slipway: watch it with `slipway status --watch`"]
    }

    private func sentence(_ model: ModelName, _ plan: RepositoryPlan) throws -> String {
        if let problem = plan.brokenModels[model]?.first {
            return "slipway: \(model): \(problem.place): \(problem.message)"
        }
        guard let planned = plan.models[model] else {
            if let rest = plan.repository.suspensions.first(where: {
                $0.covers(model, nil, at: workshop.clock())
            }) {
                return "slipway: \(model) is gone, and rests: \(rest.sentence)"
            }
            return "slipway: \(model) is gone and will no longer be served"
        }
        let candidate = planned.candidate.fingerprint.short
        let (now, environment) = (workshop.clock(), planned.candidate.environment)
        if let rest = plan.repository.suspensions.first(where: {
            $0.covers(model, nil, at: now) || $0.covers(model, environment, at: now)
        }) {
            let end = rest.until == nil ? "; `slipway resume` ends that" : ""
            return "slipway: \(model): candidate \(candidate) rests, \(rest.sentence)\(end)"
        }
        let steps = planned.runSteps
        let missing = try steps.filter { step in
            guard let name = planned.stepFingerprints[step.name] else { return true }
            return try workshop.store.look(name) == nil
        }
        let names = missing.map(\.name.text).joined(separator: ", ")
        return missing.isEmpty
            ? "slipway: \(model): candidate \(candidate) is known; nothing has to run"
            : "slipway: \(model): candidate \(candidate) will be validated, then run: \(names)"
    }

    private func plan(_ commit: CommitID) async throws -> RepositoryPlan {
        try await workshop.planner.plan(of: commit, from: PlanSource(workshop.repository))
    }
}

extension Reconciler {
    package var watchedBranch: String { branch }
}
