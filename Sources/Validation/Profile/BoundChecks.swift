package import Domain

/// Checks of a statistic against bounds.
package enum BoundChecks {
    /// What can be bounded.
    package enum Statistic: Hashable, Sendable {
        case mean
        case stdev
        case sum
        case min
        case max
        /// Type 7; a share from 0 to 1.
        case quantile(Double)
        case distinctCount

        /// As in a manifest.
        package var name: String {
            switch self {
            case .mean: "mean"
            case .stdev: "stdev"
            case .sum: "sum"
            case .min: "min"
            case .max: "max"
            case .quantile: "quantile"
            case .distinctCount: "distinct_count"
            }
        }
    }

    /// The statistic lies between both bounds, which belong to the range.
    package static func bound(
        _ statistic: Statistic, of column: ColumnProfile, atLeast low: Double? = nil,
        atMost high: Double? = nil, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard let (value, error) = measured(statistic, column) else {
            return .tooLittle(statistic.name, column.name, "too few values to measure it")
        }
        let integer = integer(statistic, column)
        let isBelow =
            low.map { low in
                integer.map { LargeInteger.isLess($0, low) } ?? (value < low)
            } ?? false
        let isAbove =
            high.map { high in
                integer.map { LargeInteger.isGreater($0, high) } ?? (value > high)
            } ?? false
        let shown = integer.map(String.init) ?? text(value, statistic)
        let label =
            if case .quantile(let share) = statistic { "the \(shortText(share)) quantile" } else {
                "\(statistic.name)"
            }
        let least = low.map { ", at least \(shortText($0))" } ?? ""
        let most = high.map { ", at most \(shortText($0))" } ?? ""
        return CheckOutcome(
            statistic.name, column.name, value: value, limit: isBelow ? low : high ?? low,
            error: error, isBelow || isAbove ? severity.verdict : .passed,
            "\(label) is \(shown)\(note(statistic, column))\(least)\(most)")
    }

    /// An extreme as it is, because it is a cell.
    private static func text(_ value: Double, _ statistic: Statistic) -> String {
        switch statistic {
        case .min, .max: value == value.rounded() ? shortText(value) : "\(value)"
        case .mean, .stdev, .sum, .quantile, .distinctCount: shortText(value)
        }
    }

    /// All digits of an extreme beyond 2^53.
    private static func integer(_ statistic: Statistic, _ column: ColumnProfile) -> Int64? {
        switch statistic {
        case .min: column.numbers?.leastInteger
        case .max: column.numbers?.greatestInteger
        case .mean, .stdev, .sum, .quantile, .distinctCount: nil
        }
    }

    private static func measured(
        _ statistic: Statistic, _ column: ColumnProfile
    ) -> (value: Double, error: Double?)? {
        if statistic == .distinctCount {
            let count = Double(column.distinct.count)
            let error = column.distinct.standardError * count
            return (count, error > 0 ? error : nil)
        }
        guard let numbers = column.numbers else { return nil }
        switch statistic {
        case .mean: return (numbers.mean, nil)
        case .stdev: return numbers.stdev.map { ($0, nil) }
        case .sum: return (numbers.sum, nil)
        case .min: return (numbers.min, nil)
        case .max: return (numbers.max, nil)
        case .quantile(let share): return quantile(share, column, numbers)
        case .distinctCount: return nil
        }
    }

    /// Deciles and quartiles as they were taken from all that was held; others from stored points.
    private static func quantile(
        _ share: Double, _ column: ColumnProfile, _ numbers: NumberSummary
    ) -> (value: Double, error: Double?)? {
        guard (0...1).contains(share) else { return nil }
        let tenth = (share * 10).rounded()
        let spread = rankSpread(share, column)
        if tenth / 10 == share { return (numbers.deciles[Int(tenth)], spread) }
        if share == 0.25 { return (numbers.quartiles.first, spread) }
        if share == 0.75 { return (numbers.quartiles.third, spread) }
        return column.points.quantile(share).map { ($0, spread) }
    }

    /// How far the rank of a quantile may be off.
    private static func rankError(_ share: Double, _ column: ColumnProfile) -> Double {
        guard let numbers = column.numbers, share > 0, share < 1 else { return 0 }
        let isKept = (share * 10).rounded() / 10 == share || share == 0.25 || share == 0.75
        return isKept ? numbers.sketchError : numbers.rankError
    }

    /// By how much the value changes over the rank's error; nil: it is exact.
    private static func rankSpread(_ share: Double, _ column: ColumnProfile) -> Double? {
        let error = rankError(share, column)
        guard error > 0 else { return nil }
        let points = column.points
        guard let low = points.quantile(Swift.max(0, share - error)),
            let high = points.quantile(Swift.min(1, share + error))
        else { return nil }
        return (high - low) / 2
    }

    private static func note(_ statistic: Statistic, _ column: ColumnProfile) -> String {
        switch statistic {
        case .distinctCount where column.distinct.standardError > 0:
            return " (estimated, standard error \(percentText(column.distinct.standardError)))"
        case .quantile(let share):
            let error = rankError(share, column)
            guard error > 0 else { return "" }
            return " (its rank within \(percentText(error)))"
        default: return ""
        }
    }
}
