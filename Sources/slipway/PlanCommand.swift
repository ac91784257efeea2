import ArgumentParser
import Daemon
import Domain
import Git
import Host
import Planning
import Review

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a commit would do, and why.",
        discussion: """
            Without REV: what pushing HEAD would do, compared with the remote's branch. With REV: \
            what that commit changed, compared with its parent. Names the models it touches, what \
            differs, which steps would run, and who would have to approve.

            Example:
              slipway plan
              slipway plan HEAD~3
            """)

    @Argument(help: "A commit; else HEAD.")
    var rev: String?

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func run() async throws {
        let clone = try await Clone.find()
        let commits = Commits(try clone.repository())
        let head = try await clone.commit(rev ?? "HEAD")
        let after = try await commits.plan(head)
        let branch = after.repository.branch
        let base: CommitID?
        if rev == nil {
            base = await clone.tip(of: branch, at: remote)
        } else {
            base = try await commits.repository.commit(head).parents.first
        }
        let before = try await base.asyncMap { try await commits.plan($0) }
        let changed = try await commits.repository.changedPaths(from: base, to: head)
        let touched = touchedModels(changedPaths: changed, old: before, new: after)
        let cache = await CacheView.find(daemon, head, artifacts: after.repository)
        var forecast = Forecast(
            revision: head, base: base, branch: branch, problems: after.diagnostics, models: [])
        let moment = now()
        for model in touched.sorted() {
            var planned = ModelForecast(model, before: before, after: after, cache, at: moment)
            if let inputs = after.models[model]?.inputs {
                let touches = try await Authors(commits.repository).touches(
                    from: head, notFrom: base, touching: inputs)
                planned.authors = Set(touches.flatMap(\.people.addresses)).sorted()
            }
            planned.approvals = approvals(after, model)
            if planned.reasons.isEmpty, planned.effect != .removed, planned.effect != .broken {
                planned.reasons = changed.filter(isShared).map { "\($0) changed" }
            }
            await addVersion(to: &planned)
            forecast.models.append(planned)
        }
        if format.json {
            await Console.put(bytes: try compactJSON(forecast))
        } else {
            await Console.put(forecast.text)
            if case .unknown(let why) = cache, forecast.models.contains(where: \.hasSteps) {
                await Console.say("cache unknown: \(why)")
            }
        }
    }

    /// Files that touch a model without being its own.
    private func isShared(_ path: String) -> Bool {
        path == repositoryFile || path.hasPrefix("environments/")
    }

    /// Says which released version the candidate is, where a daemon knows.
    private func addVersion(to planned: inout ModelForecast) async {
        guard planned.effect == .candidate, let client = await daemon.clientIfAny() else { return }
        let path = "/api/v1/models/\(planned.model)/versions"
        // Because a model that the daemon has never seen has no versions.
        let versions = (try? await client.get([VersionView].self, path)) ?? []
        guard let found = versions.first(where: { $0.release.candidate == planned.candidate })
        else { return }
        planned.version = found.release.version
        planned.isHeld = planned.environment.map(found.heldIn.contains) ?? false
    }

    /// The least number that the commit asks for; the daemon's own rule can only be stricter.
    private func approvals(_ plan: RepositoryPlan, _ model: ModelName) -> Int {
        let trusted = trustedApprovals(daemon.state.folder)
        let declared = plan.models[model]?.declaration.review.approvals ?? 0
        return max(trusted ?? 1, plan.repository.review.base.approvals ?? 0, declared)
    }
}

extension Optional {
    /// As `map`, for work that waits.
    func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async throws -> Value? {
        switch self {
        case .some(let value): try await body(value)
        case nil: nil
        }
    }
}
