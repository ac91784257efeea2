package import Compute
package import Domain

/// Why a run did not reach its artifacts.
package enum TrainingError: Error, Hashable, Sendable {
    /// Two steps have the same name.
    case twice(StepName)
    /// A step needs one that does not exist.
    case unknownNeed(step: StepName, need: StepName)
    /// These steps wait for each other.
    case ring([StepName])
    /// The last attempt that a step was allowed ended like this; with the log's last line.
    case stepFailed(StepPlace, ExitRecord.Cause, said: String)
    /// The command ended well without writing what it declares.
    case lacking(StepPlace, [String])
    /// The supervisor of a step vanished again and again.
    case lost(StepPlace)
    /// The run was cancelled.
    case cancelled(RunID)
    /// The waiting task was cancelled; steps that run go on.
    case stopped(RunID)
    /// A job could not be submitted or watched.
    case compute(StepPlace, ComputeError)
    /// Looking up or storing a step's output failed.
    case cache(StepPlace, Failure)
    /// A file that the step needs could not be prepared.
    case preparation(StepPlace, String)
}

/// One attempt at a step, for people.
package struct StepPlace: Hashable, Codable, Sendable, CustomStringConvertible {
    package var run: RunID
    package var step: StepName
    /// Counts from 1; 0 when no attempt was made yet.
    package var attempt: Int

    package init(run: RunID, step: StepName, attempt: Int) {
        self.run = run
        self.step = step
        self.attempt = attempt
    }

    package var description: String {
        attempt == 0 ? "run \(run), step \(step)" : "run \(run), step \(step), attempt \(attempt)"
    }
}
