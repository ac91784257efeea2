/// What the loop did since the daemon started, for `/metrics`.
struct LoopCounts: Sendable {
    /// Looks at the repository that went well.
    var turns = 0
    /// Looks at the repository that failed.
    var failedLooks = 0
    /// Models that could not be brought forward and are tried again.
    var failedAttempts = 0

    /// Looks that a hook or a webhook asked for.
    var hints = 0

    /// Full metric name to value.
    var figures: [String: Double] {
        [
            "slipway_turns_total": Double(turns),
            "slipway_failed_looks_total": Double(failedLooks),
            "slipway_failed_attempts_total": Double(failedAttempts),
            "slipway_hinted_looks_total": Double(hints),
        ]
    }
}
