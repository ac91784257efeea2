package import Domain

/// `label_leakage`: a feature that gives the label away.
package enum LabelLeakage {
    /// Fewer sampled rows say nothing about leakage.
    package static let rowsMin = 20

    /// One outcome for each feature: bias-corrected Cramér's V with the label ≤ limit.
    package static func check(
        _ profile: DatasetProfile, limit: Double = 0.8, severity: CheckSeverity = .warn
    ) -> [CheckOutcome] {
        profile.associations.filter { $0.measure == .cramersV }
            .map { outcome($0, label: profile.label ?? "", limit, severity) }
    }

    private static func outcome(
        _ found: Association, label: String, _ limit: Double, _ severity: CheckSeverity
    ) -> CheckOutcome {
        let check = "label_leakage"
        guard let value = found.value, found.rows >= rowsMin else {
            return .tooLittle(
                check, found.column,
                "\(found.rows) rows with one or several classes: no association to speak of")
        }
        let sampled = found.standardError > 0 ? " in a sample of \(found.rows) rows" : ""
        return CheckOutcome(
            check, found.column, value: value, limit: limit,
            error: found.standardError > 0 ? found.standardError : nil,
            value > limit ? severity.verdict : .passed,
            "Cramér's V with the label `\(label)` is \(shortText(value))\(sampled) (at most "
                + "\(shortText(limit)))", details: ["rows": Double(found.rows)])
    }
}
