import Domain

/// `missing_pattern`: a feature that is missing more often in some classes of the label.
///
/// Where it is, whether a cell is there gives the label away, and a model learns how the data was
/// gathered.
enum MissingPattern {
    /// A difference that chance makes more often than this is none.
    static let significance = 0.01

    /// Bias-corrected Cramér's V of {missing, there} × label at most the limit, or a difference
    /// that is not significant.
    ///
    /// - Parameter found: counted over all rows.
    static func check(
        _ column: ColumnProfile, _ found: LabelAssociation, in profile: DatasetProfile,
        limit: Double, severity: CheckSeverity
    ) -> CheckOutcome {
        let check = "missing_pattern"
        guard column.valueCount < column.rows else {
            return CheckOutcome(
                check, column.name, value: 0, limit: limit, .passed, "no cell is missing")
        }
        guard found.rows >= LabelLeakage.rowsMin else {
            return .tooLittle(
                check, column.name, "\(found.rows) rows with a label: no pattern to speak of")
        }
        // With a single class on a side there is no pattern.
        let value = found.value ?? 0
        let chance = found.chance ?? 1
        let isBroken = value > limit && chance <= significance
        return CheckOutcome(
            check, column.name, value: value, limit: limit,
            isBroken ? severity.verdict : .passed,
            "Cramér's V of its being missing with the label `\(profile.label ?? "")` is "
                + "\(shortText(value)) (at most \(exactText(limit))), p = "
                + "\(shortText(chance))",
            details: ["rows": Double(found.rows), "p": chance])
    }
}
