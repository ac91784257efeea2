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

    init(_ workshop: Workshop, _ reconciler: Reconciler) {
        self.workshop = workshop
        self.reconciler = reconciler
    }

    func run() async throws {
        let listener = LocalListener(path: workshop.folder.hookSocket)
        try await cancelWhenGracefulShutdown {
            try await listener.run { request in
                reconciler.hint()
                return Array(await answer(to: request).utf8)
            }
        }
    }

    /// `request` has git's lines `old SP new SP ref LF`, and before them `why SP text LF` when
    /// whoever pushed said why: a hint for the log, on which nothing depends.
    private func answer(to request: [UInt8]) async -> String {
        var lines: [String] = []
        var why: String?
        for line in request.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("why ") { why = String(text.dropFirst(4).prefix(whyCharactersMax)) }
            let words = text.split(separator: " ")
            guard words.count == 3, let old = ObjectID(String(words[0])),
                let new = ObjectID(String(words[1]))
            else { continue }
            let ref = String(words[2])
            if let why { workshop.logger.info("\(ref) is now \(new.short), because: \(why)") }
            do {
                lines += try await describe(old, new, ref)
            } catch {
                lines.append("slipway: noted \(ref); see `slipway status`")
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
            return "slipway: \(model) is gone and will no longer be served"
        }
        let steps = planned.declaration.steps
        let missing = try steps.filter { step in
            guard let name = planned.stepFingerprints[step.name] else { return true }
            return try workshop.store.look(name) == nil
        }
        let names = missing.map(\.name.text).joined(separator: ", ")
        let candidate = planned.candidate.fingerprint.short
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
