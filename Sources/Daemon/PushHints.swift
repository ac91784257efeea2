import Domain
import Synchronization

/// A push of which the server's hook has told, and which no turn has recorded.
struct PushHint: Hashable, Sendable {
    /// What the ref was before; all zeros: there was none.
    var old: ObjectID
    var new: ObjectID
    var push: Push
    /// Turns that looked for the push on the branch and did not find it.
    var misses = 0
}

/// Pushes that wait for a turn to record them.
///
/// They are hints like any other: who loses them, or the daemon with them, loses only who pushed.
final class PushHints: Sendable {
    /// More wait for no turn: the newest are dropped.
    static let hintsMax = 10_000
    private let hints = Mutex<[PushHint]>([])

    /// Returns whether there was room.
    func add(_ hint: PushHint) -> Bool {
        hints.withLock { hints in
            guard hints.count < Self.hintsMax else { return false }
            hints.append(hint)
            return true
        }
    }

    func takeAll() -> [PushHint] {
        hints.withLock { hints in
            defer { hints = [] }
            return hints
        }
    }

    var isEmpty: Bool { hints.withLock { $0.isEmpty } }
}
