import Compute
import Daemon
import Domain
import FoundationEssentials
import Host
import Web

/// After so many seconds without a turn of the loop, the daemon is not well.
private let turnSecondsMax = 120.0

extension WebSources {
    /// Shows what the daemon knows; the daemon and the web server do not know each other.
    init(
        _ sources: DaemonSources, _ folder: StateFolder, _ webhooks: [WebhookConfiguration]
    ) {
        let started = now()
        self.init(
            watched: { Watched(branch: await sources.branch(), head: await sources.head()) },
            health: {
                let seconds = await sources.secondsSinceTurn() ?? now().seconds(since: started)
                guard seconds > turnSecondsMax else { return nil }
                return Failure(
                    "the loop has not come round for \(duration(seconds))",
                    hint: "slipway status; the daemon's log says what it waits for")
            },
            live: {
                await sources.live().mapValues { report in
                    switch report {
                    case .success(let models): LiveView(models: models)
                    case .failure(let failure): LiveView(models: [], problem: failure)
                    }
                }
            },
            wake: { sources.wake() },
            log: { run, step, attempt, offset, limit in
                try await sources.log(
                    of: run, step: step, attempt: attempt, offset: offset, limit: limit
                ).map {
                    LogPart(bytes: $0.bytes, nextOffset: $0.nextOffset, total: $0.total)
                }
            },
            plan: { revision in
                let cached = try await sources.cachedSteps(at: revision)
                return try compactJSON(CachedSteps(revision: revision, models: cached))
            },
            approvalsNeeded: { await sources.approvalsNeeded($0) },
            counters: { await sources.counters() },
            process: {
                ProcessSample(of: ProcessIdentity.own.pid).map { sample in
                    // Because Linux counts in hundredths of a second here, whatever the kernel's
                    // own clock.
                    ProcessFigures(
                        residentBytes: sample.residentBytes,
                        cpuSeconds: Double(sample.cpuTicks) / 100, startedAt: started)
                }
            },
            hint: { sources.hint() },
            previews: { try await sources.previews() },
            policy: { await sources.policy() },
            letters: { try compactJSON(await sources.letters(state: $0, limit: $1)) },
            retryLetters: { try await sources.retryLetters($0) },
            webhooks: webhooks.map { webhook in
                WebhookEndpoint(
                    name: webhook.name, kind: webhook.kind, bodyBytesMax: webhook.bodyBytesMax
                ) { try webhook.secrets() }
            })
    }
}
