/// How long the loop waits until it looks at the repository by itself.
///
/// Fast after anything happened. While nothing does, longer and longer, but only once hooks or
/// webhooks are known to arrive: a change that no hint told of takes that trust back.
struct Pace: Hashable, Sendable {
    /// What a look came to.
    struct Look: Hashable, Sendable {
        /// A branch or a tag had moved.
        var found: Bool
        /// A hook or a webhook had asked for it.
        var wasHinted: Bool
        /// Something is under way or waits to be tried again.
        var isBusy: Bool
    }

    private let fastSeconds: Double
    private let secondsMax: Double
    private static let factorMax = 8.0
    /// A fifth more or less, so that many daemons do not ask one server at the same moment.
    private static let jitter = 0.2
    private var factor = 1.0
    private var hintsArrive = false

    init(fastSeconds: Double, secondsMax: Double) {
        self.fastSeconds = fastSeconds
        self.secondsMax = secondsMax
    }

    /// Returns the seconds to the next look; `random` is from 0 to 1.
    mutating func pause(after look: Look, random: Double) -> Double {
        if look.wasHinted {
            hintsArrive = true
        } else if look.found {
            hintsArrive = false
        }
        let isIdle = !look.wasHinted && !look.found && !look.isBusy
        factor = isIdle && hintsArrive ? min(factor * 2, Self.factorMax) : 1
        let pause = fastSeconds * factor * (1 - Self.jitter + 2 * Self.jitter * random)
        return min(pause, secondsMax)
    }
}
