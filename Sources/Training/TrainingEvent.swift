package import Compute
package import Domain

/// What happens while a run is under way. After a restart, the events of the attempt that is found
/// again are reported again from its start.
package enum TrainingEvent: Hashable, Codable, Sendable {
    case stepStarted(step: StepName, attempt: Int, at: Instant)
    case metric(step: StepName, point: MetricPoint)
    /// The first line of an attempt's metrics file that cannot be understood.
    case badMetric(step: StepName, problem: Diagnostic)
    case stepEnded(step: StepName, attempt: Int, record: ExitRecord)
    /// The attempt's supervisor vanished; another attempt follows.
    case stepLost(step: StepName, attempt: Int)
    /// The output was found by its fingerprint; nothing runs.
    case stepCached(step: StepName)
}

/// What a run made.
package struct TrainingResult: Hashable, Codable, Sendable {
    /// The output of every step that was not preset.
    package var outputs: [StepName: StepOutput]
    /// Where the output of a step lies on disk, for steps that ran, were preset, or were needed by
    /// one that ran. A cached step that nobody needed is only in `outputs`.
    package var folders: [StepName: String]
    /// The steps whose output was found by its fingerprint.
    package var cached: Set<StepName>
    /// How the successful attempt of each step that ran ended.
    package var records: [StepName: ExitRecord]

    package init(
        outputs: [StepName: StepOutput] = [:], folders: [StepName: String] = [:],
        cached: Set<StepName> = [], records: [StepName: ExitRecord] = [:]
    ) {
        self.outputs = outputs
        self.folders = folders
        self.cached = cached
        self.records = records
    }
}
