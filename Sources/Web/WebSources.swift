package import Domain
package import Journal

/// What the server asks the daemon for; each answers soon or throws a `Failure`.
package struct WebSources: Sendable {
    /// The watched branch and the commit of it that was processed last.
    package struct Watched: Hashable, Sendable {
        package var branch: String
        package var head: CommitID?

        package init(branch: String, head: CommitID?) {
            self.branch = branch
            self.head = head
        }
    }

    /// A part of a step's log.
    package struct LogPart: Hashable, Sendable {
        package var bytes: [UInt8]
        /// Where the next part begins.
        package var nextOffset: Int
        /// Bytes in the log now.
        package var total: Int

        package init(bytes: [UInt8], nextOffset: Int, total: Int) {
            self.bytes = bytes
            self.nextOffset = nextOffset
            self.total = total
        }
    }

    /// What the system says about the daemon's own process.
    package struct ProcessFigures: Hashable, Sendable {
        package var residentBytes: Int64
        package var cpuSeconds: Double
        package var startedAt: Instant

        package init(residentBytes: Int64, cpuSeconds: Double, startedAt: Instant) {
            self.residentBytes = residentBytes
            self.cpuSeconds = cpuSeconds
            self.startedAt = startedAt
        }
    }

    package var watched: @Sendable () async -> Watched
    /// Why the loop makes no progress; nil when it does.
    package var health: @Sendable () async -> Failure?
    /// What each environment reports that it serves.
    package var live: @Sendable () async -> [EnvironmentName: LiveView]
    /// Makes the loop look at the repository soon.
    package var wake: @Sendable () async -> Void
    /// The same, because a webhook said that something was pushed.
    package var hint: @Sendable () async -> Void
    /// What is previewed now.
    package var previews: @Sendable () async throws -> [PreviewView]
    /// Who may decide, and what waits to change that; nil: nobody can say.
    package var policy: @Sendable () async -> PolicyView?
    /// Letters in a state, newest first, at most so many, as JSON.
    package var letters: @Sendable (OutboxRow.State, Int) async throws -> [UInt8]
    /// Lets a letter that was given up be tried anew, or all of them; returns how many it were.
    package var retryLetters: @Sendable (Int64?) async throws -> Int
    /// Where forges say that something was pushed.
    package var webhooks: [WebhookEndpoint]
    /// Run, step, attempt (nil: the last), offset, most bytes; nil: there is no such log.
    package var log: @Sendable (RunID, StepName, Int?, Int, Int) async throws -> LogPart?
    /// The plan of a revision as JSON.
    package var plan: @Sendable (String) async throws -> [UInt8]
    package var approvalsNeeded: @Sendable (ModelName) async -> Int
    /// Full metric name to value; a name that ends in `_total` never decreases.
    package var counters: @Sendable () async -> [String: Double]
    /// nil where the system does not tell.
    package var process: @Sendable () async -> ProcessFigures?

    package init(
        watched: @escaping @Sendable () async -> Watched,
        health: @escaping @Sendable () async -> Failure?,
        live: @escaping @Sendable () async -> [EnvironmentName: LiveView],
        wake: @escaping @Sendable () async -> Void,
        log: @escaping @Sendable (RunID, StepName, Int?, Int, Int) async throws -> LogPart?,
        plan: @escaping @Sendable (String) async throws -> [UInt8],
        approvalsNeeded: @escaping @Sendable (ModelName) async -> Int,
        counters: @escaping @Sendable () async -> [String: Double],
        process: @escaping @Sendable () async -> ProcessFigures?,
        hint: @escaping @Sendable () async -> Void = {},
        previews: @escaping @Sendable () async throws -> [PreviewView] = { [] },
        policy: @escaping @Sendable () async -> PolicyView? = { nil },
        letters: @escaping @Sendable (OutboxRow.State, Int) async throws -> [UInt8] = { _, _ in
            Array("[]\n".utf8)
        },
        retryLetters: @escaping @Sendable (Int64?) async throws -> Int = { _ in 0 },
        webhooks: [WebhookEndpoint] = []
    ) {
        self.watched = watched
        self.health = health
        self.live = live
        self.wake = wake
        self.log = log
        self.plan = plan
        self.approvalsNeeded = approvalsNeeded
        self.counters = counters
        self.process = process
        self.hint = hint
        self.previews = previews
        self.policy = policy
        self.letters = letters
        self.retryLetters = retryLetters
        self.webhooks = webhooks
    }
}

/// What one environment reports.
package struct LiveView: Hashable, Codable, Sendable {
    package var models: [LiveModel]
    /// Why the environment could not be asked; nil when it answered.
    package var problem: Failure?

    package init(models: [LiveModel], problem: Failure? = nil) {
        self.models = models
        self.problem = problem
    }
}
