package import Domain
import Host
package import Journal
package import Logging
import Synchronization

/// What every part of reporting works with.
package struct ReportTools: Sendable {
    package var journal: Journal
    package var logger: Logger
    package var clock: @Sendable () -> Instant
    /// A number from 0 to 1, for jitter.
    package var random: @Sendable () -> Double
    /// How long nothing is looked for after everything was told.
    package var pauseSeconds: Double
    /// For one request or mail.
    package var answerSeconds: Double
    /// How long what is waiting may still be sent once the daemon is to end.
    package var drainSeconds: Double
    /// How many calls a forge gets in a minute.
    package var callsPerMinute: Double
    package let counts = ReportCounts()

    package init(
        journal: Journal, logger: Logger, clock: @escaping @Sendable () -> Instant = { Host.now() },
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        pauseSeconds: Double = 2, answerSeconds: Double = 30, drainSeconds: Double = 10,
        callsPerMinute: Double = 60
    ) {
        self.journal = journal
        self.logger = logger
        self.clock = clock
        self.random = random
        self.pauseSeconds = pauseSeconds
        self.answerSeconds = answerSeconds
        self.drainSeconds = drainSeconds
        self.callsPerMinute = callsPerMinute
    }

    /// Shows what is wrong to people, until it is cleared.
    func note(_ failure: Failure, _ key: String) async {
        logger.warning("\(failure.what)", metadata: failure.hint.map { ["hint": "\($0)"] })
        do {
            try await journal.setProblem(key, failure, at: clock())
        } catch {
            logger.critical("the journal cannot be written: \(error)")
        }
    }

    func clear(_ key: String) async {
        do {
            try await journal.clearProblem(key)
        } catch {
            logger.critical("the journal cannot be written: \(error)")
        }
    }
}

/// What was told since the daemon started, for `/metrics`.
package final class ReportCounts: Sendable {
    private struct State {
        var letters = 0
        var failedLetters = 0
        var statuses = 0
        var comments = 0
        var failedCalls = 0
    }

    private let state = Mutex(State())

    package init() {}

    func addLetter(sent: Bool) {
        state.withLock { state in
            if sent { state.letters += 1 } else { state.failedLetters += 1 }
        }
    }
    func addStatus() { state.withLock { $0.statuses += 1 } }
    func addComment() { state.withLock { $0.comments += 1 } }
    func addFailedCall() { state.withLock { $0.failedCalls += 1 } }

    /// Full metric name to value.
    package var figures: [String: Double] {
        state.withLock { state in
            [
                "slipway_outbox_sent_total": Double(state.letters),
                "slipway_outbox_failed_attempts_total": Double(state.failedLetters),
                "slipway_forge_statuses_total": Double(state.statuses),
                "slipway_forge_comments_total": Double(state.comments),
                "slipway_forge_failed_calls_total": Double(state.failedCalls),
            ]
        }
    }
}
