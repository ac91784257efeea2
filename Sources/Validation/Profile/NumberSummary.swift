import FoundationEssentials

/// The distribution of the finite numbers of a column.
package struct NumberSummary: Hashable, Codable, Sendable {
    package var count: Int
    package var min: Double
    package var max: Double
    /// Of integers that may be beyond 2^53, with all digits; nil: there is none.
    package var leastLarge: Int64?
    package var greatestLarge: Int64?
    /// The nearest number to the exact sum.
    package var sum: Double
    package var mean: Double
    /// The sample deviation (n − 1); nil for a single number.
    package var stdev: Double?
    /// The least, the nine deciles, the greatest: eleven numbers (type 7).
    package var deciles: [Double]
    package var quartiles: Quartiles
    /// The bounds that 0.5 % of the numbers lie below and above.
    package var lowTail: Double
    package var highTail: Double
    package var histogram: Histogram
    /// By what share of the rows the rank of a quantile may be off, with probability 0.99; 0 where
    /// quantiles are exact.
    package var rankError: Double
    /// The same for all ranks at once, as a distance between distributions needs it.
    package var uniformError: Double
    /// At most 2,048 ascending numbers in base64 (eight bytes, little endian), the weights of which
    /// `StoredPoints` derives from `count`; nil where the list of values is complete.
    package var points: String?
    /// What the two errors are made from; nil where quantiles are exact.
    package var rankNoise: RankNoise?
    /// All digits of the sum and of the sum of squares, each `digits[i]` · 2^e with
    /// e = 32·(first + i) − 1075·scale.
    var exactSum: ExactSum
    var exactSquares: ExactSum

    enum CodingKeys: CodingKey {
        case count, min, max, leastLarge, greatestLarge, sum, mean, stdev, deciles, quartiles
        case lowTail, highTail, histogram, rankError, uniformError, points, rankNoise
        case exactSum, exactSquares
    }

    /// The three quartiles.
    package struct Quartiles: Hashable, Codable, Sendable {
        package var first: Double
        package var median: Double
        package var third: Double

        /// The interquartile range.
        package var range: Double { third - first }
    }

    /// Sums everything up; nil when there are no numbers.
    init?(_ numbers: NumberStatistics) {
        let points: WeightedPoints
        var moments: NumberMoments
        var order: QuantileSketch?
        if let sketches = numbers.sketches {
            points = sketches.order.points
            moments = sketches.moments.settled
            order = sketches.order
        } else {
            moments = NumberMoments()
            let counted = numbers.counted
            moments.add(counted: counted)
            points = WeightedPoints(counted.map { ($0.value, $0.count) })
            moments = moments.settled
        }
        guard let mean = moments.mean else { return nil }
        count = moments.count
        min = moments.min
        max = moments.max
        leastLarge = numbers.extremes?.lowerBound
        greatestLarge = numbers.extremes?.upperBound
        sum = moments.sum
        self.mean = mean
        stdev = moments.stdev
        let at = { (share: Double) in points.quantile(share) ?? mean }
        deciles = [moments.min] + (1...9).map { at(Double($0) / 10) } + [moments.max]
        quartiles = Quartiles(first: at(0.25), median: at(0.5), third: at(0.75))
        lowTail = at(0.005)
        highTail = at(0.995)
        histogram = Histogram(points, from: lowTail, to: highTail)
        rankError = order?.rankError ?? 0
        uniformError = order?.uniformError ?? 0
        rankNoise = order.flatMap { RankNoise(variance: $0.variance, slack: $0.slack) }
        (exactSum, exactSquares) = moments.stored
        self.points = nil
        if numbers.sketches != nil || points.values.count > TopValueList.completeMax {
            keep(points)
        }
    }

    /// Cuts the points down, and says what that costs.
    private mutating func keep(_ points: WeightedPoints) {
        self.points = Data(StoredPoints.packed(StoredPoints.values(of: points)))
            .base64EncodedString()
        guard !StoredPoints.isExact(rows: count) else { return }
        rankError += StoredPoints.rankError
        uniformError += StoredPoints.rankError
        rankNoise = RankNoise(
            variance: rankNoise?.variance ?? 0,
            slack: (rankNoise?.slack ?? 0) + Double(count) * StoredPoints.rankError)
    }

    /// The stored points with their weights.
    func storedPoints() -> [(value: Double, weight: Int)] {
        guard let points, let data = Data(base64Encoded: points),
            let values = StoredPoints.unpacked([UInt8](data))
        else { return [] }
        return Array(zip(values, StoredPoints.weights(rows: count)))
    }

    var moments: NumberMoments {
        NumberMoments(count: count, min: min, max: max, sums: exactSum, squares: exactSquares)
    }

    /// The least and the greatest that may be beyond 2^53.
    var extremes: ClosedRange<Int64>? {
        guard let leastLarge, let greatestLarge else { return nil }
        return leastLarge...greatestLarge
    }

    /// All digits of the least number, where its Double does not tell them.
    package var leastInteger: Int64? { LargeInteger.mayBe(min) ? leastLarge : nil }

    /// The same of the greatest.
    package var greatestInteger: Int64? { LargeInteger.mayBe(max) ? greatestLarge : nil }

    /// All digits of the sum, where it is an integer below 2^120; nil: it is not.
    var whole: Int128? { exactSum.integer }

    /// The part of `rankError` that is in deciles and quartiles, which are taken before points are
    /// cut down.
    var sketchError: Double {
        points == nil || StoredPoints.isExact(rows: count)
            ? rankError : Swift.max(0, rankError - StoredPoints.rankError)
    }

    /// Whether a profile that was read holds what this version writes.
    var isSound: Bool {
        guard (leastLarge ?? .min) <= (greatestLarge ?? .max),
            (leastLarge == nil) == (greatestLarge == nil)
        else { return false }
        guard count > 0, min <= max, deciles.count == 11, histogram.counts.count == Histogram.bins,
            rankNoise?.isSound ?? true, exactSum.isSound(scale: 1), exactSquares.isSound(scale: 2)
        else { return false }
        guard let points else { return true }
        return Data(base64Encoded: points).flatMap { StoredPoints.unpacked([UInt8]($0)) }?.count
            == StoredPoints.weights(rows: count).count
    }
}

/// Counts in equal bins between the tails, and what lies outside.
package struct Histogram: Hashable, Codable, Sendable {
    static let bins = 30

    package var low: Double
    package var high: Double
    /// Rows below `low`.
    package var below: Int
    /// Rows in each bin from its lower edge up to, but not with, its upper; the last one with it.
    package var counts: [Int]
    /// Rows above `high`.
    package var above: Int

    init(_ points: WeightedPoints, from low: Double, to high: Double) {
        self.low = low
        self.high = high
        below = points.count(below: low)
        above = points.count - points.count(atMost: high)
        counts = []
        var before = below
        for bin in 1...Self.bins {
            // Halved, because high − low can be beyond the range of numbers.
            let step = (high / 2 - low / 2) * (Double(bin) / Double(Self.bins))
            let isLast = bin == Self.bins
            let upTo = isLast ? points.count - above : points.count(below: low + step + step)
            counts.append(Swift.max(0, upTo - before))
            before = Swift.max(before, upTo)
        }
    }
}
