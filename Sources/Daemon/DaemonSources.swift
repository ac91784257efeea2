import Compute
package import Domain
import FoundationEssentials
import Git
import Host
package import Journal
import Logging
import Planning
import Registry
import Training

/// What the daemon hands to whoever shows its state; the web server, above all.
package struct DaemonSources: Sendable {
    package let journal: Journal
    private let workshop: Workshop
    private let reconciler: Reconciler
    private let told: ReportCounts

    init(_ workshop: Workshop, _ reconciler: Reconciler, _ told: ReportCounts = ReportCounts()) {
        journal = workshop.journal
        self.workshop = workshop
        self.reconciler = reconciler
        self.told = told
    }

    package func wake() { reconciler.wake() }

    /// A webhook says that something was pushed.
    package func hint() { reconciler.hint() }

    /// What is previewed now, in the order of refs and models.
    package func previews() async throws(Failure) -> [PreviewView] {
        do {
            return try await reconciler.previewViews { [journal] model in
                try await journal.decisions(of: model)
            }
        } catch {
            throw failure(of: error)
        }
    }

    package func branch() async -> String { await reconciler.watchedBranch }

    package func head() async -> CommitID? { await reconciler.watchedHeadCommit }

    package func approvalsNeeded(_ model: ModelName) async -> Int {
        await reconciler.approvalsNeeded(model)
    }

    /// Who may decide, and what waits to change that.
    package func policy() async -> PolicyView { await reconciler.policyView }

    /// Seconds since the loop last came round; nil: it never did.
    package func secondsSinceTurn() async -> Double? {
        await reconciler.lastTurn.map { workshop.clock().seconds(since: $0) }
    }

    /// What each environment of the repository really serves.
    package func live() async -> [EnvironmentName: Result<[LiveModel], Failure>] {
        var live: [EnvironmentName: Result<[LiveModel], Failure>] = [:]
        for environment in await reconciler.environments {
            live[environment] = await ServeLink(workshop.folder, environment).live()
        }
        return live
    }

    /// What the loop did since the daemon started: full metric name to value.
    package func counters() async -> [String: Double] {
        await reconciler.counts.figures.merging(await told.figures(journal)) { first, _ in first }
    }

    /// A part of a step's log; nil when there is no such attempt. `attempt` nil is the last one.
    ///
    /// `total` is how many bytes the log has now, never less than `nextOffset`.
    package func log(
        of run: RunID, step: StepName, attempt: Int?, offset: Int, limit: Int
    ) async throws(Failure) -> (bytes: [UInt8], nextOffset: Int, total: Int)? {
        do throws(HostError) {
            let folder = "\(workshop.folder.run(run))/\(step)"
            guard isFolder(folder) else { return nil }
            let attempts = try namesIn(folder).compactMap { Int($0) }
            guard let number = attempt ?? attempts.max(), attempts.contains(number) else {
                return nil
            }
            let file = JobFolder("\(folder)/\(number)").logFile
            guard exists(file) else { return ([], offset, offset) }
            let bytes = try readFile(file, from: offset, limitBytes: limit)
            let next = offset + bytes.count
            return (bytes, next, max(next, sizeBytes(of: file)))
        } catch {
            throw error.failure
        }
    }

    /// Which steps of each model at a revision are kept already, as `slipway plan` shows it.
    package func cachedSteps(
        at revision: String
    ) async throws(Failure) -> [ModelName: [StepName: Bool]] {
        do {
            guard let commit = CommitID(revision), try await workshop.repository.has(commit) else {
                throw Failure(
                    "the daemon does not know the commit \(revision)", hint: "push it first")
            }
            let plan = try await reconciler.plan(at: commit)
            var cached: [ModelName: [StepName: Bool]] = [:]
            for (model, planned) in plan.models {
                cached[model] = try planned.stepFingerprints.mapValues {
                    try workshop.store.look($0) != nil
                }
            }
            return cached
        } catch {
            throw failure(of: error)
        }
    }

    /// Says where the daemon can be reached, for the commands of people on this machine.
    package func bound(host: String, port: Int) async {
        struct Address: Encodable {
            var url: String
            var pid: Int32
        }
        let address = Address(url: "http://\(host):\(port)", pid: ProcessIdentity.own.pid)
        do throws(HostError) {
            try writeFileAtomically(workshop.folder.daemonAddress, prettyJSON(address))
        } catch {
            workshop.logger.error("\(error.failure.what)")
        }
    }
}

/// 0 when the file cannot be looked at.
private func sizeBytes(of file: String) -> Int {
    // Because whoever reads has what there was to read, and asks again for the rest.
    let found = try? FileManager.default.attributesOfItem(atPath: file)[.size]
    return (found as? Int) ?? (found as? UInt64).map(Int.init) ?? 0
}

extension Reconciler {
    package var watchedHeadCommit: CommitID? { scan.head }

    package var environments: [EnvironmentName] {
        let assigned = records.values.flatMap { $0.current.keys }
        return Set(assigned).union(scan.plan?.environments.keys.map(\.self) ?? []).sorted()
    }

    func plan(at commit: CommitID) async throws -> RepositoryPlan {
        try await scan.plan(of: commit)
    }
}
