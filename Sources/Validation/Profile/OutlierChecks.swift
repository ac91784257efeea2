package import Domain

/// Checks of the share of numbers that lie far from the others.
package enum OutlierChecks {
    /// `outliers_tukey`: outside [Q1 − k·IQR, Q3 + k·IQR] (Tukey 1977); share ≤ limit.
    /// - Parameter k: 1.5 for the inner fences, 3 for the outer ones.
    package static func tukey(
        _ column: ColumnProfile, k: Double = 3, scale: DataCheck.Scale = .linear,
        limit: CountLimits = 0.01, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "outliers_tukey"
        guard let numbers = column.numbers else { return noValues(check, column) }
        if scale == .log, numbers.min <= 0 {
            return CheckOutcome(
                check, column.name, value: nil, limit: limit.wrongAtMost, .couldNotRun,
                "the logarithm needs positive numbers; the least is \(shortText(numbers.min))")
        }
        let points = scale == .log ? column.points.mapped(naturalLogarithm) : column.points
        guard var first = points.quantile(0.25), var third = points.quantile(0.75) else {
            return noValues(check, column)
        }
        // Because they were taken before the points were cut down.
        if scale == .linear { (first, third) = (numbers.quartiles.first, numbers.quartiles.third) }
        let low = first - k * (third - first)
        let high = third + k * (third - first)
        let outside = points.count(below: low) + points.count - points.count(atMost: high)
        let image = { (fence: Double) in scale == .log ? exponential(fence) : fence }
        return outcome(
            check, column, outside, limit, severity,
            error: scale == .log ? numbers.rankError : doubt(column, [low, high]),
            "outside [\(shortText(image(low))), \(shortText(image(high)))]",
            ["low_fence": image(low), "high_fence": image(high), "k": k])
    }

    /// `outliers_robust_z`: |0.6745·(x − median)/MAD| > threshold; share ≤ limit. With MAD = 0 the
    /// score is (x − median)/(1.2533·mean absolute deviation from the median); if that is 0 too,
    /// there are no outliers (Iglewicz and Hoaglin 1993).
    package static func robustZ(
        _ column: ColumnProfile, threshold: Double = 3.5, limit: CountLimits = 0.01,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "outliers_robust_z"
        let points = column.points
        guard let median = points.quantile(0.5) else { return noValues(check, column) }
        let deviations = points.mapped { ($0 - median).magnitude }
        let spread = deviations.quantile(0.5) ?? 0
        let unit =
            spread > 0
            ? spread / 0.6745 : 1.2533 * deviations.sum { $0 / Double(points.count) }
        let reach = threshold * unit
        let outside = unit > 0 ? deviations.count - deviations.count(atMost: reach) : 0
        return outcome(
            check, column, outside, limit, severity, error: column.numbers?.rankError ?? 0,
            "further than \(shortText(reach)) from the median \(shortText(median))",
            ["median": median, "reach": reach])
    }

    /// `outliers_z`: |x − mean|/stdev > threshold; share ≤ limit. For comparison only: outliers
    /// inflate the deviation and hide.
    package static func z(
        _ column: ColumnProfile, threshold: Double = 3, limit: CountLimits = 0.01,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "outliers_z"
        guard let numbers = column.numbers, let stdev = numbers.stdev else {
            return noValues(check, column)
        }
        let reach = threshold * stdev
        let points = column.points
        let outside =
            stdev > 0
            ? points.count(below: numbers.mean - reach) + points.count
                - points.count(atMost: numbers.mean + reach) : 0
        return outcome(
            check, column, outside, limit, severity,
            error: stdev > 0 ? doubt(column, [numbers.mean - reach, numbers.mean + reach]) : 0,
            "further than \(shortText(reach)) from the mean \(shortText(numbers.mean))",
            ["mean": numbers.mean, "reach": reach])
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

    /// By what share of the rows counts beyond the fences may be off.
    private static func doubt(_ column: ColumnProfile, _ fences: [Double]) -> Double {
        guard let numbers = column.numbers, numbers.points != nil,
            !StoredPoints.isExact(rows: numbers.count)
        else { return column.numbers?.sketchError ?? 0 }
        let rows = fences.reduce(0) { $0 + column.points.doubt(at: $1) }
        return numbers.sketchError + Double(rows) / Double(numbers.count)
    }

    private static func outcome(
        _ check: String, _ column: ColumnProfile, _ outside: Int, _ limit: CountLimits,
        _ severity: CheckSeverity, error: Double, _ place: String, _ details: [String: Double]
    ) -> CheckOutcome {
        let count = column.numbers?.count ?? 0
        let value = Double(outside) / Double(Swift.max(1, count))
        let about = error > 0 ? "about " : ""
        return CheckOutcome(
            check, column.name, count: outside, of: count, error: error, limit, severity,
            "\(about)\(outside) of \(count) numbers (\(percentText(value))"
                + (error > 0 ? ", within \(percentText(error))" : "") + ") lie \(place) (at most "
                + "\(limit.text))", details: details)
    }
}
