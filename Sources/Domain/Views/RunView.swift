/// A run as people see it: `slipway runs`, `slipway status`, the API.
package struct RunView: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case running, failed, evaluated, cancelled
    }

    package var id: RunID
    package var commit: CommitID
    package var candidate: Fingerprint
    package var state: State
    /// What is being done now, in a word or two: `validate`, `train`, `evaluate`.
    package var stage: String
    package var startedAt: Instant
    package var endedAt: Instant?
    package var steps: [StepView]
    package var failure: Failure?

    package init(
        id: RunID, commit: CommitID, candidate: Fingerprint, state: State, stage: String,
        startedAt: Instant, endedAt: Instant? = nil, steps: [StepView] = [],
        failure: Failure? = nil
    ) {
        self.id = id
        self.commit = commit
        self.candidate = candidate
        self.state = state
        self.stage = stage
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.steps = steps
        self.failure = failure
    }
}

/// One step of a run as people see it.
package struct StepView: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case waiting, running, done, cached, failed
    }

    package var name: StepName
    package var state: State
    /// Counts from 1; 0 before the first.
    package var attempt: Int
    package var startedAt: Instant?
    package var endedAt: Instant?
    package var lastMetric: MetricPoint?
    package var peakMemoryBytes: Int64?

    package init(
        name: StepName, state: State = .waiting, attempt: Int = 0, startedAt: Instant? = nil,
        endedAt: Instant? = nil, lastMetric: MetricPoint? = nil, peakMemoryBytes: Int64? = nil
    ) {
        self.name = name
        self.state = state
        self.attempt = attempt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.lastMetric = lastMetric
        self.peakMemoryBytes = peakMemoryBytes
    }
}
