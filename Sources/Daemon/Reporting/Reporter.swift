package import Domain
import Forges
import Journal
import Logging
import ServiceLifecycle

/// Tells people and forges what was decided, beside the loop, which never waits for it.
///
/// SIGTERM drains: what is due is still sent, for a bounded time; the rest is sent by the next
/// daemon.
package struct Reporter: Service {
    private let tools: ReportTools
    private let configuration: DaemonConfiguration
    private let reporting: Reporting
    private let sources: ReportSources

    /// Checks what the configuration says about reporting; the failure names the key.
    package init(
        _ configuration: DaemonConfiguration, _ folder: StateFolder, _ tools: ReportTools,
        _ sources: ReportSources
    ) throws(Failure) {
        reporting = try configuration.reporting(folder)
        self.configuration = configuration
        self.tools = tools
        var sources = sources
        sources.link = { configuration.link($0) }
        self.sources = sources
    }

    package func run() async throws {
        let stop = StopSignal()
        await withGracefulShutdownHandler {
            await run(until: stop)
        } onGracefulShutdown: {
            stop.raise()
        }
    }

    /// Works until the signal is raised and what is due was sent, for a bounded time.
    func run(until stop: StopSignal) async {
        await begin()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work(until: stop) }
            group.addTask {
                await stop.wait()
                // Because a wait that is cut short is over like any other.
                try? await Task.sleep(for: .seconds(tools.drainSeconds))
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func work(until stop: StopSignal) async {
        await withTaskGroup(of: Void.self) { group in
            for channel in reporting.channels {
                group.addTask { await Courier(channel, tools).run(until: stop) }
            }
            if let forge = reporting.forge {
                group.addTask {
                    await ForgeReporter(reporting, forge, tools, sources).run(until: stop)
                }
            }
            if !reporting.channels.isEmpty {
                group.addTask {
                    await ProblemWatch(configuration, tools).run(until: stop)
                }
            }
            group.addTask { await stop.wait() }
        }
    }

    /// Shows anew what is wrong, and gives up what was for channels that are no more.
    private func begin() async {
        do {
            let known = Set(reporting.channels.map(\.name))
            for problem in try await tools.journal.problems()
            where problem.key == "forge" || problem.key.hasPrefix(problemKey(of: "")) {
                await tools.clear(problem.key)
            }
            for channel in try await tools.journal.waitingChannels() where !known.contains(channel)
            {
                try await giveUp(channel)
            }
        } catch {
            tools.logger.critical("the outbox cannot be read: \(error)")
        }
    }

    private func giveUp(_ channel: String) async throws(JournalError) {
        let never = Instant(milliseconds: .max)
        while true {
            let rows = try await tools.journal.dueOutbox(of: channel, at: never, limit: 100)
            if rows.isEmpty { return }
            for row in rows {
                try await tools.journal.outboxFailed(
                    row.id, "no channel is called `\(channel)` any more", retryAt: nil)
            }
        }
    }
}

/// Tells of problems outside any decision, once they have lasted.
struct ProblemWatch: Sendable {
    private let configuration: DaemonConfiguration
    private let tools: ReportTools

    /// What mends itself sooner is told to nobody.
    static let lastedSeconds = 300.0

    init(_ configuration: DaemonConfiguration, _ tools: ReportTools) {
        self.configuration = configuration
        self.tools = tools
    }

    func run(until stop: StopSignal) async {
        while !Task.isCancelled, !stop.isRaised {
            await pass()
            await stop.sleep(seconds: max(tools.pauseSeconds, 10))
        }
    }

    /// Puts a letter for each problem into the outbox; the same problem has the same key.
    func pass() async {
        do {
            let now = tools.clock()
            for problem in try await tools.journal.problems()
            where now.seconds(since: problem.since) >= Self.lastedSeconds && !isOurs(problem) {
                let notice = Notice.problem(
                    problem.failure, key: "\(problem.key) \(problem.since.milliseconds)",
                    from: configuration.noticeSource, at: problem.since)
                try await tools.journal.post(configuration.drafts(of: notice), at: now)
            }
        } catch {
            tools.logger.critical("the journal cannot be read: \(error)")
        }
    }

    /// Because a channel that cannot be told would be told that.
    private func isOurs(_ problem: Problem) -> Bool {
        problem.key.hasPrefix(problemKey(of: "")) || problem.key.hasPrefix("tags:")
    }
}
