import Domain
import Host
import Synchronization

/// The time that the daemon under test believes in: ours, and what was skipped.
final class YardClock: Sendable {
    private let skippedSeconds = Mutex(0.0)

    var now: Instant { Host.now().advanced(bySeconds: skippedSeconds.withLock { $0 }) }

    func skip(hours: Double) { skippedSeconds.withLock { $0 += hours * 3600 } }
}
