import Domain

/// `label_leakage`: a feature that gives the label away.
enum LabelLeakage {
    /// Fewer rows say nothing about leakage.
    static let rowsMin = 20

    /// Bias-corrected Cramér's V of a feature with the label ≤ limit.
    ///
    /// - Parameter found: counted over all rows.
    static func check(
        _ column: ColumnProfile, _ found: LabelAssociation, in profile: DatasetProfile,
        limit: Double, severity: CheckSeverity
    ) -> CheckOutcome {
        let check = "label_leakage"
        let label = profile.label ?? ""
        guard let value = found.value, found.rows >= rowsMin else {
            return .tooLittle(check, column.name, lack(column, found, label, profile))
        }
        return CheckOutcome(
            check, column.name, value: value, limit: limit,
            value > limit ? severity.verdict : .passed,
            "Cramér's V with the label `\(label)` is \(shortText(value)) (at most "
                + "\(exactText(limit)))", details: ["rows": Double(found.rows)])
    }

    /// Why there is no association to speak of.
    private static func lack(
        _ column: ColumnProfile, _ found: LabelAssociation, _ label: String,
        _ profile: DatasetProfile
    ) -> String {
        if found.rows < rowsMin {
            return "\(counted(found.rows, "row")) with a value and the label `\(label)`, "
                + "\(rowsMin) needed"
        }
        if profile.column(label)?.distinct.count == 1 {
            return "the label `\(label)` has a single class, so nothing can tell its classes apart"
        }
        if column.distinct.count == 1 {
            return "the column is constant, so it can tell no classes apart"
        }
        return "in the \(counted(found.rows, "row")) with both, the column or the label "
            + "`\(label)` has a single value"
    }
}
