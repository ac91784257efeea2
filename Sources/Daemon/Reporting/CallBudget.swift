import Domain

/// How many calls a forge gets: a minute's worth at once, and then as many as its rate gives.
struct CallBudget: Sendable {
    private let perMinute: Double
    private var left: Double
    private var at: Instant?

    init(perMinute: Double) {
        self.perMinute = perMinute
        left = perMinute
    }

    /// Takes one call; returns false when none is left at this moment.
    mutating func take(at now: Instant) -> Bool {
        if let at {
            left = min(perMinute, left + max(0, now.seconds(since: at)) * perMinute / 60)
        }
        at = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
