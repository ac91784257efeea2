/// The distribution of the days or moments of a column, as people read it: `YYYY-MM-DD`, or RFC
/// 3339 in UTC. Members mean what those of `NumberSummary` mean.
package struct TimeSummary: Hashable, Codable, Sendable {
    package var count: Int
    package var min: String
    package var max: String
    package var deciles: [String]
    package var quartiles: Quartiles
    package var lowTail: String
    package var highTail: String
    package var histogram: Histogram
    package var rankError: Double

    /// The three quartiles.
    package struct Quartiles: Hashable, Codable, Sendable {
        package var first: String
        package var median: String
        package var third: String
    }

    /// Counts in bins of equal length between the tails, and what lies outside.
    package struct Histogram: Hashable, Codable, Sendable {
        package var low: String
        package var high: String
        package var below: Int
        package var counts: [Int]
        package var above: Int
    }

    init(_ numbers: NumberSummary, _ kind: ColumnProfile.Kind) {
        count = numbers.count
        min = kind.cellText(numbers.min)
        max = kind.cellText(numbers.max)
        deciles = numbers.deciles.map(kind.figureText)
        quartiles = Quartiles(
            first: kind.figureText(numbers.quartiles.first),
            median: kind.figureText(numbers.quartiles.median),
            third: kind.figureText(numbers.quartiles.third))
        lowTail = kind.figureText(numbers.lowTail)
        highTail = kind.figureText(numbers.highTail)
        let bins = numbers.histogram
        histogram = Histogram(
            low: kind.figureText(bins.low), high: kind.figureText(bins.high), below: bins.below,
            counts: bins.counts, above: bins.above)
        rankError = numbers.rankError
    }
}
