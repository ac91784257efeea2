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

extension NumberStatistics {
    /// Every number with how often it occurs; nil: there were too many.
    fileprivate var all: WeightedPoints? {
        guard let sketches else { return WeightedPoints(counted.map { ($0.value, $0.count) }) }
        return sketches.order.isExact ? sketches.order.points : nil
    }
}
