package import Domain
import Host

extension DeliveryError {
    /// The error as people see it, without its place.
    package var failure: Failure {
        switch self {
        case .artifact(let digest, let reason, let hint):
            Failure(
                "the model's files cannot be had: \(reason)", at: "artifact \(digest.short)",
                hint: hint, .retry(afterSeconds: 5))
        case .environment(let reason, let hint):
            Failure(
                "the runtime's Python environment cannot be made: \(reason)", hint: hint,
                .retry(afterSeconds: 5))
        case .couldNotStart(let error):
            Failure(
                "the runtime cannot be started: \(error.failure.what)", hint: error.failure.hint,
                .retry(afterSeconds: 5))
        case .noPort(let reason):
            Failure("no port for the runtime: \(reason)", .retry(afterSeconds: 5))
        case .endedEarly(let log):
            Failure(
                "the runtime ended before it was healthy\(quoted(log))",
                hint: "run its command by hand with the environment of docs/serving.md",
                .retry(afterSeconds: 5))
        case .notHealthy(let seconds, let last, let log):
            Failure(
                "the runtime was not healthy within \(seconds) s (\(last))\(quoted(log))",
                hint: "raise `serving: start_timeout:`, or make GET /v2/health/ready answer 200",
                .retry(afterSeconds: 5))
        case .warmUp(let status, let answer):
            Failure(
                "the warm-up request was answered \(status.map(String.init) ?? "by nothing")"
                    + quoted(answer),
                hint: "the `warmup:` file must hold a request that the model can predict",
                .retry(afterSeconds: 5))
        case .died(let log):
            Failure("the runtime ended by itself\(quoted(log))", .retry(afterSeconds: 1))
        case .superseded:
            Failure("the start was given up: another version is wanted now", .stalled)
        case .stateFolderInUse(let folder):
            Failure(
                "another `slipway serve` uses this state folder", at: folder,
                hint: "stop it, or give this one another folder")
        }
    }
}

/// The end of what a program said, as a part of a sentence: printable and at most 400 characters.
private func quoted(_ text: String) -> String {
    let printable = text.unicodeScalars.map { scalar -> Character in
        scalar.value < 0x20 || scalar.value == 0x7f ? " " : Character(scalar)
    }
    let words = String(printable).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? "" : ": `\(words.suffix(400))`"
}
