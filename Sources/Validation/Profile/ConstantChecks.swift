package import Domain

/// Checks of columns that say nothing.
package enum ConstantChecks {
    /// `constant`: all values are one; missing cells do not count.
    package static func constant(
        _ column: ColumnProfile, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard column.valueCount > 0 else { return noValues("constant", column) }
        // An estimate is beyond the limit of exact counting, so it is never 1.
        let isConstant = column.distinct.count == 1
        return CheckOutcome(
            "constant", column.name, value: Double(column.distinct.count), limit: 2,
            isConstant ? severity.verdict : .passed,
            isConstant
                ? "all \(column.valueCount) values are the same"
                : "\(counted(column.distinct.count, "different value"))")
    }

    /// `almost_constant`: the most frequent value's share of the values < limit. It is not judged
    /// a second time where the column is constant.
    package static func almostConstant(
        _ column: ColumnProfile, limit: Double = 0.95, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        guard column.valueCount > 0 else { return noValues("almost_constant", column) }
        let rows = Double(column.valueCount)
        let value = Double(column.values.items.first?.count ?? 0) / rows
        let error = Double(column.values.countError) / rows
        let verdict: CheckVerdict =
            if column.distinct.count <= 1 || value + error < limit { .passed } else {
                value >= limit ? severity.verdict : .undecided
            }
        let fact =
            column.distinct.count <= 1
            ? "all \(column.valueCount) values are the same: the column is constant, which "
                + "`constant` judges"
            : "the most frequent value has \(percentText(value))"
                + (error > 0 ? " to \(percentText(value + error))" : "")
                + " of the values, the limit is less than \(percentText(limit))"
        return CheckOutcome(
            "almost_constant", column.name, value: value, limit: limit,
            error: error > 0 ? error : nil, verdict, fact)
    }
}

func noValues(_ check: String, _ column: ColumnProfile) -> CheckOutcome {
    .tooLittle(check, column.name, "the column has no values")
}
