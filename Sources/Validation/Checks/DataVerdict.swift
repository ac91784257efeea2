import Domain

/// What a dataset came to, from all its rules and checks together.
package enum DataVerdict: String, Hashable, Codable, Sendable {
    case passed
    /// Nothing is stopped, and reviewers are told.
    case warned = "passed with warnings"
    case failed

    /// The worst that is said decides.
    init(_ severities: some Sequence<CheckSeverity>) {
        var verdict = DataVerdict.passed
        for severity in severities {
            switch severity {
            case .fail: verdict = .failed
            case .warn: if verdict == .passed { verdict = .warned }
            }
        }
        self = verdict
    }
}
