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
            .map { outcome($0, in: profile, limit, severity) }
    }

    private static func outcome(
        _ found: Association, in profile: DatasetProfile, _ limit: Double,
        _ severity: CheckSeverity
    ) -> CheckOutcome {
        let check = "label_leakage"
        let label = profile.label ?? ""
        guard let value = found.value, found.rows >= rowsMin else {
            return .tooLittle(check, found.column, lack(found, label, profile))
        }
        let sampled = found.standardError > 0 ? " in a sample of \(found.rows) rows" : ""
        return CheckOutcome(
            check, found.column, value: value, limit: limit,
            error: found.standardError > 0 ? found.standardError : nil,
            value > limit ? severity.verdict : .passed,
            "Cramér's V with the label `\(label)` is \(shortText(value))\(sampled) (at most "
                + "\(exactText(limit)))", details: ["rows": Double(found.rows)])
    }

    /// Why there is no association to speak of.
    private static func lack(
        _ found: Association, _ label: String, _ profile: DatasetProfile
    ) -> String {
        if found.rows < rowsMin {
            return "\(counted(found.rows, "row")) with a value and the label `\(label)`, "
                + "\(rowsMin) needed"
        }
        if profile.column(label)?.distinct.count == 1 {
            return "the label `\(label)` has a single class, so nothing can tell its classes apart"
        }
        if profile.column(found.column)?.distinct.count == 1 {
            return "the column is constant, so it can tell no classes apart"
        }
        return "in the \(counted(found.rows, "row")) with both, the column or the label "
            + "`\(label)` has a single value"
    }
}
