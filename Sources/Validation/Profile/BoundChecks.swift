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

    /// The statistic lies between both bounds, which belong to the range. An estimate that may lie
    /// on either side of one of them decides nothing.
    ///
    /// - Parameter exact: the statistic of all values, where it was found beside the profile; nil:
    ///   what that says.
    package static func bound(
        _ statistic: Statistic, of column: ColumnProfile, atLeast low: Double? = nil,
        atMost high: Double? = nil, exact: Double? = nil, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard let found = BoundedFigure(statistic, column, exact: exact) else {
            return .tooLittle(statistic.name, column.name, "too few values to measure it")
        }
        let bounds = Bounds(low: low, high: high)
        let side = bounds.side(of: found)
        let verdict: CheckVerdict =
            switch side {
            case .inside: .passed
            case .below, .above: severity.verdict
            case nil: .undecided
            }
        let label =
            if case .quantile(let share) = statistic { "the \(shortText(share)) quantile" } else {
                "\(statistic.name)"
            }
        let least = low.map { ", at least \(exactText($0))" } ?? ""
        let most = high.map { ", at most \(exactText($0))" } ?? ""
        let shown = found.text(for: statistic, beside: bounds)
        var outcome = CheckOutcome(
            statistic.name, column.name, value: found.value,
            limit: side == .below ? low : high ?? low, error: found.error, verdict,
            "\(label) is \(shown)\(found.note(isDecided: side != nil))\(least)\(most)")
        if let integer = found.integer {
            outcome.figure = Figure(found.value, integer: Int64(exactly: integer))
        }
        return outcome
    }
}

/// What a statistic may be.
private struct Bounds {
    enum Side { case below, inside, above }

    var low: Double?
    var high: Double?

    /// nil: what was found may lie on several sides.
    func side(of found: BoundedFigure) -> Side? {
        if let integer = found.integer { return side(of: integer) }
        let least = side(of: found.range.lowerBound)
        return least == side(of: found.range.upperBound) ? least : nil
    }

    func side(of value: Double) -> Side {
        if let low, value < low { return .below }
        if let high, value > high { return .above }
        return .inside
    }

    /// By every digit.
    private func side(of value: Int128) -> Side {
        if let low, LargeInteger.isLess(value, low) { return .below }
        if let high, LargeInteger.isGreater(value, high) { return .above }
        return .inside
    }
}

/// A statistic of a column, and how well it is known.
private struct BoundedFigure {
    /// So many standard errors around an estimate hold the true number, but once in 15,000 times.
    private static let standardErrors = 4.0

    var value: Double
    /// All digits of an integer that its Double does not tell.
    var integer: Int128?
    /// What it may be.
    var range: ClosedRange<Double>
    /// How far the value may be off; nil: it is exact.
    var error: Double?
    private var note = ""

    /// nil: there are too few values.
    init?(_ statistic: BoundChecks.Statistic, _ column: ColumnProfile, exact: Double?) {
        if let exact {
            self.init(exactly: exact)
            return
        }
        if statistic == .distinctCount {
            self.init(different: column)
            return
        }
        guard let numbers = column.numbers else { return nil }
        switch statistic {
        case .mean: self.init(exactly: numbers.mean)
        case .stdev:
            guard let stdev = numbers.stdev else { return nil }
            self.init(exactly: stdev)
        case .sum:
            self.init(exactly: numbers.sum, LargeInteger.mayBe(numbers.sum) ? numbers.whole : nil)
        case .min: self.init(exactly: numbers.min, numbers.leastInteger.map { Int128($0) })
        case .max: self.init(exactly: numbers.max, numbers.greatestInteger.map { Int128($0) })
        case .quantile(let share): self.init(quantile: share, column, numbers)
        case .distinctCount: return nil
        }
    }

    private init(exactly value: Double, _ integer: Int128? = nil) {
        self.value = value
        self.integer = integer
        range = value...value
    }

    private init(different column: ColumnProfile) {
        let estimate = column.distinct
        self.init(exactly: Double(estimate.count))
        guard estimate.standardError > 0 else { return }
        let share = Self.standardErrors * estimate.standardError
        let most = Swift.min(Double(column.valueCount), value / (1 - share))
        range = (value / (1 + share)).rounded(.up)...Swift.max(value, most.rounded(.down))
        error = estimate.standardError * value
        note = "estimated, standard error \(percentText(estimate.standardError))"
    }

    /// Deciles and quartiles as they were taken from all that was held; others from stored points.
    private init?(quantile share: Double, _ column: ColumnProfile, _ numbers: NumberSummary) {
        guard (0...1).contains(share) else { return nil }
        let tenth = (share * 10).rounded()
        let isDecile = tenth / 10 == share
        let isKept = isDecile || share == 0.25 || share == 0.75
        let kept =
            isDecile
            ? numbers.deciles[Int(tenth)]
            : share == 0.25 ? numbers.quartiles.first : numbers.quartiles.third
        guard let value = isKept ? kept : column.points.quantile(share) else { return nil }
        self.init(exactly: value)
        let rankError = isKept ? numbers.sketchError : numbers.rankError
        guard share > 0, share < 1, rankError > 0 else { return }
        // Because they are looked up among points that are off by more than what was taken before.
        guard let ends = column.quantiles(around: share) else { return }
        range = Swift.min(ends.lowerBound, value)...Swift.max(ends.upperBound, value)
        error = (ends.upperBound - ends.lowerBound) / 2
        note = "its rank within \(percentText(rankError))"
    }

    /// What is known of how far it is off, in brackets.
    func note(isDecided: Bool) -> String {
        guard !note.isEmpty else { return "" }
        let (low, high) = (exactText(range.lowerBound), exactText(range.upperBound))
        return isDecided ? " (\(note))" : " (\(note), so from \(low) to \(high))"
    }

    /// The number for people: an extreme as it is, because it is a cell; others so that they are
    /// seen to lie on their side of the bounds.
    func text(for statistic: BoundChecks.Statistic, beside bounds: Bounds) -> String {
        if let integer { return "\(integer)" }
        if statistic == .min || statistic == .max { return exactText(value) }
        let short = shortText(value)
        let isTrue = Double(short).map { bounds.side(of: $0) == bounds.side(of: value) } ?? true
        return isTrue ? short : exactText(value)
    }
}
