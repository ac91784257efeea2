package import Compute
package import Domain

extension TrainingError: CustomStringConvertible {
    /// One line of fact.
    package var description: String { failure.what }

    /// The failure with its place, its hint, and what happens next.
    package var failure: Failure {
        switch self {
        case .twice(let step):
            Failure("two steps are called `\(step)`", hint: "rename one", .wait(for: "a commit"))
        case .unknownNeed(let step, let need):
            Failure(
                "step `\(step)` needs `\(need)`, which is no step of this model",
                hint: "correct `needs`", .wait(for: "a commit"))
        case .ring(let steps):
            Failure(
                "steps wait for each other: "
                    + (steps + steps.prefix(1)).map { "`\($0)`" }
                    .joined(separator: " needs "),
                hint: "remove one of these `needs`", .wait(for: "a commit"))
        case .stepFailed(let place, let cause, let said): stepFailure(place, cause, said)
        case .lacking(let place, let paths):
            Failure(
                "step `\(place.step)` ended with status 0 but did not write "
                    + paths.map { "`\($0)`" }.joined(separator: ", "),
                at: "\(place)", hint: "write it below $SLIPWAY_OUTPUT, or correct `produces`",
                .wait(for: "a commit"))
        case .lost(let place):
            Failure(
                "step `\(place.step)` lost its supervisor \(lostMax) times", at: "\(place)",
                hint: "look for a full memory or restarts of this machine",
                .retry(afterSeconds: 60))
        case .cancelled(let run): Failure("run \(run) was cancelled", .wait(for: "a commit"))
        case .stopped(let run):
            Failure("stopped waiting for run \(run)", .retry(afterSeconds: 0))
        case .compute(let place, let error): error.failure.located(place)
        case .cache(let place, let failure): failure.located(place)
        case .preparation(let place, let problem):
            Failure(
                "cannot prepare step `\(place.step)`: \(problem)", at: "\(place)",
                .retry(afterSeconds: 30))
        }
    }
}

private func stepFailure(_ place: StepPlace, _ cause: ExitRecord.Cause, _ said: String) -> Failure {
    let tail = said.isEmpty ? "" : ": \(said)"
    let see = "see `slipway logs \(place.run)`"
    let hint: String =
        switch cause {
        case .exited, .signalled, .cancelled: see
        case .timedOut: "raise `timeout` of the step, then push; or \(see)"
        case .memoryExceeded: "raise `memory` of the step, then push; or \(see)"
        case .couldNotStart: "correct `run` of the step, then push"
        }
    return Failure(
        "step `\(place.step)` \(sentence(cause))\(tail)", at: "\(place)", hint: hint,
        .wait(for: "a commit"))
}

/// Returns how a step ended, to stand after its name.
package func sentence(_ cause: ExitRecord.Cause) -> String {
    switch cause {
    case .exited(let code): "ended with status \(code)"
    case .signalled(let number): "was killed by signal \(number)"
    case .timedOut: "did not end within its timeout"
    case .memoryExceeded: "needed more memory than its limit"
    case .cancelled: "was cancelled"
    case .couldNotStart(let problem): "could not be started: \(problem)"
    }
}

extension Failure {
    /// The same failure, with the step as its place when it has none.
    fileprivate func located(_ place: StepPlace) -> Failure {
        var failure = self
        failure.place = failure.place ?? "\(place)"
        return failure
    }
}
