package import Domain

/// Checks of the share of numbers that lie far from the others.
package enum OutlierChecks {
    /// `outliers_tukey`: outside [Q1 − k·IQR, Q3 + k·IQR] (Tukey 1977); share ≤ limit.
    /// - Parameter k: 1.5 for the inner fences, 3 for the outer ones.
    package static func tukey(
        _ column: ColumnProfile, k: Double = 3, scale: DataCheck.Scale = .linear,
        limit: CountLimits = 0.01, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        outliers(.tukey(k: k, scale: scale), of: column, limit: limit, severity: severity)
    }

    /// `outliers_robust_z`: |0.6745·(x − median)/MAD| > threshold; share ≤ limit.
    package static func robustZ(
        _ column: ColumnProfile, threshold: Double = 3.5, limit: CountLimits = 0.01,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        outliers(.robustZ(threshold: threshold), of: column, limit: limit, severity: severity)
    }

    /// `outliers_z`: |x − mean|/stdev > threshold; share ≤ limit. For comparison only: outliers
    /// inflate the deviation and hide.
    package static func z(
        _ column: ColumnProfile, threshold: Double = 3, limit: CountLimits = 0.01,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        outliers(.z(threshold: threshold), of: column, limit: limit, severity: severity)
    }

    /// The share of numbers that a rule calls outliers is at most the limit.
    ///
    /// - Parameter exact: what was counted among all numbers beside the profile; nil: what the
    ///   numbers that it keeps say, with their error.
    static func outliers(
        _ rule: OutlierRule, of column: ColumnProfile, exact: OutlierFigures? = nil,
        limit: CountLimits, severity: CheckSeverity
    ) -> CheckOutcome {
        let check = rule.name.rawValue
        guard let numbers = NumberDistribution(column), let least = column.numbers?.min else {
            return noValues(check, column)
        }
        if rule.isOfLogarithms, least <= 0 {
            return CheckOutcome(
                check, column.name, value: nil, limit: limit.wrongAtMost, .couldNotRun,
                "the logarithm needs positive numbers; the least is \(shortText(least))")
        }
        guard let found = exact ?? rule.figures(of: numbers) else {
            return .tooLittle(check, column.name, "the column has a single number")
        }
        return outcome(
            rule, column, found, error: exact == nil ? doubt(rule, column, found) : 0, limit,
            severity)
    }

    /// A value with fewer of the values than this is rare.
    static let rareShare = 0.001

    /// `outliers_rare`: cells whose value has less than a share of its column's values / values ≤
    /// limit: isolation by rare category, for columns of text.
    /// - Parameter share: a value with fewer of the values than this is rare.
    package static func rare(
        _ column: ColumnProfile, share: Double = rareShare, limit: CountLimits = 0.01,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "outliers_rare"
        guard column.valueCount > 0 else { return noValues(check, column) }
        guard column.values.isComplete else {
            return CheckOutcome(
                check, column.name, value: nil, limit: limit.wrongAtMost, .couldNotRun,
                "the column has \(column.distinct.count) different values; values are listed up "
                    + "to \(TopValueList.completeMax)")
        }
        let rare = column.values.items.filter {
            Double($0.count) < share * Double(column.valueCount)
        }
        let cells = rare.reduce(0) { $0 + $1.count }
        let value = Double(cells) / Double(column.valueCount)
        let named = rare.suffix(5).reversed().compactMap { item in
            item.text.map { "\"\(oneLine($0, charactersMax: 40))\" (\(item.count))" }
        }
        return CheckOutcome(
            check, column.name, count: cells, of: column.valueCount, limit, severity,
            "\(counted(rare.count, "rare value")), with less than \(percentText(share)) each; "
                + "together \(cells) of \(column.valueCount) (\(percentText(value)); at most "
                + "\(limit.text))"
                + (named.isEmpty ? "" : ": " + named.joined(separator: ", ")),
            details: ["rare_values": Double(rare.count)])
    }

    /// By what share of the numbers a count of outliers may be off that the profile tells.
    private static func doubt(
        _ rule: OutlierRule, _ column: ColumnProfile, _ found: OutlierFigures
    ) -> Double {
        guard let numbers = column.numbers else { return 0 }
        switch rule {
        case .tukey(_, .log), .robustZ: return numbers.rankError
        case .tukey(_, .linear):
            return doubt(
                column, numbers, ["low_fence", "high_fence"].map { found.bounds[$0] ?? 0 })
        case .z:
            guard let reach = found.bounds["reach"], reach > 0 else { return 0 }
            return doubt(column, numbers, [numbers.mean - reach, numbers.mean + reach])
        }
    }

    private static func doubt(
        _ column: ColumnProfile, _ numbers: NumberSummary, _ fences: [Double]
    ) -> Double {
        guard numbers.points != nil, !StoredPoints.isExact(rows: numbers.count) else {
            return numbers.sketchError
        }
        let rows = fences.reduce(0) { $0 + column.points.doubt(at: $1) }
        return numbers.sketchError + Double(rows) / Double(numbers.count)
    }

    private static func outcome(
        _ rule: OutlierRule, _ column: ColumnProfile, _ found: OutlierFigures, error: Double,
        _ limit: CountLimits, _ severity: CheckSeverity
    ) -> CheckOutcome {
        let value = Double(found.outside) / Double(Swift.max(1, found.count))
        let about = error > 0 ? "about " : ""
        return CheckOutcome(
            rule.name.rawValue, column.name, count: found.outside, of: found.count, error: error,
            limit, severity,
            "\(about)\(found.outside) of \(found.count) numbers (\(percentText(value))"
                + (error > 0 ? ", within \(percentText(error))" : "")
                + ") lie \(rule.place(found)) (at most \(limit.text))", details: found.bounds)
    }
}
