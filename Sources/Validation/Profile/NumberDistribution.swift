/// The finite numbers of a column as checks see them: all of them, or those that a profile keeps.
struct NumberDistribution {
    let points: WeightedPoints
    /// The quartiles of all of them, which may be better known than the points.
    let quartiles: NumberSummary.Quartiles
    let mean: Double
    /// nil: there is a single number.
    let stdev: Double?

    /// As far as a profile has them; nil: the column has none.
    init?(_ column: ColumnProfile) {
        guard let numbers = column.numbers else { return nil }
        self.init(column.points, numbers)
    }

    /// All of them; nil: they are not known any more, or there are none.
    ///
    /// - Parameter summary: of the same numbers.
    init?(_ numbers: NumberStatistics, _ summary: NumberSummary?) {
        guard let summary, let all = numbers.all else { return nil }
        self.init(all, summary)
    }

    private init(_ points: WeightedPoints, _ summary: NumberSummary) {
        self.points = points
        quartiles = summary.quartiles
        mean = summary.mean
        stdev = summary.stdev
    }
}

extension ColumnProfile {
    /// Between which of the stored points a quantile of all numbers lies; nil: there are none.
    func quantiles(around share: Double) -> ClosedRange<Double>? {
        guard let numbers else { return nil }
        let points = self.points
        guard let low = points.quantile(Swift.max(0, share - numbers.rankError)),
            let high = points.quantile(Swift.min(1, share + numbers.rankError))
        else { return nil }
        return low...Swift.max(low, high)
    }

    /// What the interquartile range may be; nil: there are no numbers.
    var spreads: ClosedRange<Double>? {
        guard let numbers else { return nil }
        let range = numbers.quartiles.range
        guard numbers.sketchError > 0, let first = quantiles(around: 0.25),
            let third = quantiles(around: 0.75)
        else { return range...range }
        let least = Swift.max(0, third.lowerBound - first.upperBound)
        let most = third.upperBound - first.lowerBound
        return Swift.min(least, range)...Swift.max(most, range)
    }

    /// What the two bounds may be that the numbers are clipped to.
    func tails(_ numbers: NumberSummary) -> (low: ClosedRange<Double>, high: ClosedRange<Double>) {
        func range(_ tail: Double, _ share: Double) -> ClosedRange<Double> {
            guard numbers.sketchError > 0, let found = quantiles(around: share) else {
                return tail...tail
            }
            return Swift.min(found.lowerBound, tail)...Swift.max(found.upperBound, tail)
        }
        return (range(numbers.lowTail, 0.005), range(numbers.highTail, 0.995))
    }
}

extension NumberStatistics {
    /// Every number with how often it occurs; nil: there were too many.
    fileprivate var all: WeightedPoints? {
        guard let sketches else { return WeightedPoints(counted.map { ($0.value, $0.count) }) }
        return sketches.order.isExact ? sketches.order.points : nil
    }
}
