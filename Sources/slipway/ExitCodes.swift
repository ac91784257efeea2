import Domain

/// How a command ends; `docs/cli.md` says the same.
enum ExitCodes: Int32, CaseIterable, Sendable {
    case ok = 0
    /// What was asked about is wrong: a check found errors, a model was stopped, time ran out.
    case wrong = 1
    /// There is no such model, run, version, template or revision.
    case notFound = 3
    /// No daemon answers.
    case unreachable = 4
    /// Somebody said no: a rule, an existing file, the remote repository.
    case refused = 5
    /// The command line itself is wrong.
    case usage = 64
    /// A mistake of ours.
    case internalError = 70
}

/// Ends a command with an exit code, and with words unless they were said already.
struct Stop: Error, Sendable {
    var code: ExitCodes
    var failure: Failure?

    init(_ code: ExitCodes, _ failure: Failure? = nil) {
        self.code = code
        self.failure = failure
    }

    init(_ code: ExitCodes, _ what: String, at place: String? = nil, hint: String? = nil) {
        self.init(code, Failure(what, at: place, hint: hint))
    }
}
