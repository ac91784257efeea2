package import Domain

/// Checks of what is missing or no number.
package enum MissingChecks {
    /// `missing_ratio`: missing / rows ≤ limit.
    package static func missingRatio(
        _ column: ColumnProfile, limit: CountLimits = 0.05, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        guard column.rows > 0 else { return noRows("missing_ratio", column) }
        let value = Double(column.missing) / Double(column.rows)
        return CheckOutcome(
            "missing_ratio", column.name, count: column.missing, of: column.rows, limit, severity,
            "\(column.missing) of \(column.rows) cells are missing (\(percentText(value)); at most "
                + "\(limit.text))")
    }

    /// The same of a declared column that no file has, so that every row lacks it.
    static func missingRatio(
        absent name: String, rows: Int, limit: CountLimits, severity: CheckSeverity
    ) -> CheckOutcome {
        let check = DataCheck.Name.missingRatio.rawValue
        guard rows > 0 else { return .tooLittle(check, name, "the column has no rows") }
        return CheckOutcome(
            check, name, count: rows, of: rows, limit, severity,
            "no file has the column: \(rows) of \(rows) cells are missing (\(percentText(1)); "
                + "at most \(limit.text))")
    }

    /// `mixed_missing`: ways to write a missing value in one column, declared or not ≤ limit.
    package static func mixedMissing(
        _ column: ColumnProfile, limit: Int = 1, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        guard column.rows > 0 else { return noRows("mixed_missing", column) }
        let declared = Set(column.missingSpellings.map(\.text))
        let spellings =
            column.missingSpellings + column.lookAlikes.filter { !declared.contains($0.text) }
        // Because a look-alike is a cell, which nobody is to see; that one is empty anybody may.
        let named = spellings.prefix(8).map { spelling in
            let isShown = !column.isPrivate || spelling.text.isEmpty
            return (isShown ? "\"\(spelling.text)\"" : hiddenCell) + " (\(spelling.count))"
        }
        let list = named.isEmpty ? "" : ": " + named.joined(separator: ", ")
        return CheckOutcome(
            "mixed_missing", column.name, value: Double(spellings.count), limit: Double(limit),
            spellings.count <= limit ? .passed : severity.verdict,
            "\(counted(spellings.count, "spelling")) of a missing value\(list) (at most \(limit))")
    }

    /// `non_finite`: NaN and infinities ≤ limit.
    package static func nonFinite(
        _ column: ColumnProfile, limit: Int = 0, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard column.rows > 0 else { return noRows("non_finite", column) }
        let found = column.nonFinite
        return CheckOutcome(
            "non_finite", column.name, value: Double(found.count), limit: Double(limit),
            found.count <= limit ? .passed : severity.verdict,
            "\(found.nan) NaN, \(found.positiveInfinity) infinite, \(found.negativeInfinity) "
                + "negative infinite (together at most \(limit))",
            details: ["count": Double(found.count)])
    }

    /// `label_missing`: rows without a label / rows ≤ limit. A label of another type counts too.
    package static func label(
        _ label: ColumnProfile, limit: CountLimits = 0, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        guard label.rows > 0 else { return noRows("label_missing", label) }
        let count = label.rows - label.valueCount
        let value = Double(count) / Double(label.rows)
        return CheckOutcome(
            "label_missing", label.name, count: count, of: label.rows, limit, severity,
            "\(count) of \(label.rows) rows have no label (\(percentText(value)); at most "
                + "\(limit.text))")
    }
}

func noRows(_ check: String, _ column: ColumnProfile) -> CheckOutcome {
    .tooLittle(check, column.name, "the column has no rows")
}
